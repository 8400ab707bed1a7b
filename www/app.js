// What every page stands on, in one file so that the first view costs few requests: showing text safely, writing numbers
// for people, talking to the board, and the shell with its tabs. Each tab is a module, loaded when it is first opened:
//   export const title;                   for the browser's title
//   export function open(main, signal);   draws the page into <main>; `signal` aborts when the page is left
//   export function mayLeave();           optional: a promise of false keeps the page open (unsaved changes)

// ---- Showing text ----

class Markup {
  constructor(text) {
    this.text = text;
  }
}

function markupOf(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(markupOf).join('');
  if (value === false || value === null || value === undefined) return '';
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** HTML whose ${values} are shown as text, whatever they hold; arrays and nested html`` are put in as they are. */
export function html(strings, ...values) {
  return new Markup(strings.map((string, i) => string + markupOf(values[i])).join(''));
}

export function render(element, markup) {
  element.innerHTML = markup.text;
}

const rendered = new WeakMap();

/** Render only what differs from the last time, so that nothing flickers and no focus is lost. Tells whether it did. */
export function update(element, markup) {
  if (rendered.get(element) === markup.text) return false;
  rendered.set(element, markup.text);
  render(element, markup);
  return true;
}

export const icon = (name) => html`<svg class="icon" aria-hidden="true"><use href="#i-${name}"/></svg>`;

// ---- Numbers for people ----

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

/** "812 bytes", "8.1 KB", "295 KB": 1 KB is 1024 bytes, as everywhere in this project. */
export function bytes(number) {
  if (number < 1024) return count(Math.round(number), 'byte');
  const [value, unit] = number < 1048576 ? [number / 1024, 'KB'] : [number / 1048576, 'MB'];
  return `${value.toFixed(value < 99.95 ? 1 : 0)} ${unit}`;
}

/** The two largest units: "45 s", "4 min", "2 h 5 min", "3 days 4 h". */
export function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  const hours = Math.floor(s / 3600);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (hours < 24) return `${hours} h${s % 3600 >= 60 ? ` ${Math.floor((s % 3600) / 60)} min` : ''}`;
  return `${count(Math.floor(hours / 24), 'day')}${hours % 24 ? ` ${hours % 24} h` : ''}`;
}

const two = (number) => String(number).padStart(2, '0');
/** Seconds since 1970 as this device's "14:05:09". */
export function time(epoch) {
  const at = new Date(epoch * 1000);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
/** Seconds since 1970 as this device's "2026-11-23 14:05:09". */
export function date(epoch) {
  const at = new Date(epoch * 1000);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time(epoch)}`;
}

/** A value of GET /api/readings as [figures, unit]; bytes are shown in KB. */
export function figures(value, { unit, decimals }) {
  if (value === null || value === undefined) return ['–', unit];
  const [shown, places, unitShown] = unit === 'B' ? [value / 1024, 1, 'KB'] : [value, decimals, unit];
  return [shown.toFixed(places).replace('-', '\u2212'), unitShown];
}

// ---- Talking to the board ----

/** `status` is 0 when no answer came; `sent` tells that the board may have done what it was asked all the same. */
export class BoardError extends Error {
  constructor(message, { status = 0, field = null, sent = false } = {}) {
    super(message);
    Object.assign(this, { status, field, sent });
  }
}

/** GET, after the login where the board wants one even for reading. Options and result as of request(). */
export async function read(path, options) {
  try {
    return await request('GET', path, options);
  } catch (error) {
    if (error.status !== 401) throw error;
    const { login } = await import('./ui.js');
    if (!(await login('This board shows nothing without its admin password.'))) throw error;
    return await request('GET', path, options);
  }
}

/**
 * One request, sent once. `body`: an object goes as JSON, a string as text. Returns the parsed JSON, or the Response
 * itself when `raw`, for which the time limit ends with its head.
 */
export async function request(method, path, { body, raw = false, seconds = 15, signal } = {}) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), seconds * 1000);
  const leave = () => limit.abort();
  signal?.addEventListener('abort', leave);
  let answered = false;
  try {
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const type = typeof body === 'object' ? 'application/json' : 'text/plain';
    const response = await fetch(path, {
      method, body: text, headers: body === undefined ? {} : { 'Content-Type': type }, signal: limit.signal, cache: 'no-cache',
    });
    answered = true;
    if (response.ok) return raw ? response : await response.json();
    const told = await response.json().catch(() => ({}));
    throw new BoardError(told.error || `The board answered ${response.status} without saying why.`,
      { status: response.status, field: told.field });
  } catch (error) {
    if (error instanceof BoardError || signal?.aborted) throw error;
    if (answered) throw new BoardError("The board's answer broke off or made no sense.", { sent: true });
    if (limit.signal.aborted) throw new BoardError(`The board gave no answer within ${seconds} s.`, { sent: true });
    throw new BoardError('The board could not be reached.', { sent: true });
  } finally {
    clearTimeout(timer);
    if (!raw) signal?.removeEventListener('abort', leave);
  }
}

const SILENCE_S = 4; // after this the board is asked whether it is still there
const PROBE_S = 3.5; // and this long it has to say so
const RESTART_S = 60; // a restart that takes longer has failed
const STREAM_SILENCE_S = 15; // the stream carries a status every 10 s: a longer silence means that it is dead

/**
 * The board as it is now. Events: "status", "readings", "sample" (as in docs/api.md) and "link", when the connection
 * changes. Server-sent events where they work, polling where not; nothing while the page is hidden.
 */
class Live extends EventTarget {
  status = null;
  readings = null;
  link = 'connecting'; // or live, polling, lost, locked (nothing is shown without the login)
  trouble = ''; // why it is lost, if the board said so
  restarting = 0; // when a restart was asked for, 0 for none
  heard = 0; // when the board was last heard, seconds since 1970
  statusAt = 0; // when the status came, likewise

  #stream = null;
  #streamHeard = 0;
  #nextStream = 0;
  #nextPoll = 0;
  #asking = false;
  #told = '';

  /** Whether the board answers and shows its values. */
  get answers() {
    return this.link === 'live' || this.link === 'polling';
  }

  start() {
    document.addEventListener('visibilitychange', () => this.wake());
    addEventListener('pagehide', () => this.#closeStream());
    addEventListener('pageshow', (event) => event.persisted && this.wake());
    setInterval(() => this.#watch(), 1000);
    this.wake();
  }

  /** Listen anew, for instance after a login; stop listening while nobody sees the page. */
  wake() {
    if (document.hidden) return this.#closeStream();
    if (this.link === 'locked') this.#setLink('connecting');
    this.#openStream();
  }

  /** Ask for the status now, for instance after a change; the answer comes as an event. */
  async refresh() {
    this.take('status', await read('/api/status', { seconds: PROBE_S }));
  }

  /** The board said that it restarts: wait for it to come back as a lost one, in other words. */
  expectRestart() {
    this.restarting = Date.now();
    this.#closeStream();
    this.#setLink('lost');
  }

  /** Hand out what the board said. */
  take(type, data) {
    // Still the run before the restart that is expected.
    const age = Date.now() - this.restarting;
    if (this.restarting && age < 15000 && !(type === 'status' && data.uptime_s * 1000 < age + 2000)) return;
    this.restarting = 0;
    this.heard = Date.now() / 1000;
    if (type !== 'sample') this[type] = data;
    if (type === 'status') this.statusAt = this.heard;
    this.#setLink(this.#stream && this.#streamHeard ? 'live' : 'polling');
    this.dispatchEvent(new CustomEvent(type, { detail: data }));
  }

  #setLink(link, trouble = '') {
    const told = `${link} ${Boolean(this.restarting)} ${trouble}`;
    if (told === this.#told) return;
    this.#told = told;
    Object.assign(this, { link, trouble });
    this.dispatchEvent(new Event('link'));
  }

  #openStream() {
    this.#closeStream();
    const stream = new EventSource('/api/events');
    this.#stream = stream;
    this.#streamHeard = 0;
    this.#nextStream = Date.now() + STREAM_SILENCE_S * 1000;
    for (const type of ['status', 'readings', 'sample']) {
      stream.addEventListener(type, (event) => {
        this.#streamHeard = Date.now();
        this.take(type, JSON.parse(event.data));
      });
    }
    stream.onerror = () => {
      // A stream that worked is opened again soon; one that was refused (two are open already) after a while.
      this.#nextStream = Date.now() + (this.#streamHeard ? 1 : STREAM_SILENCE_S) * 1000;
      this.#closeStream();
      this.#ask();
    };
  }

  #closeStream() {
    this.#stream?.close();
    this.#stream = null;
  }

  #watch() {
    const now = Date.now();
    if (document.hidden || this.link === 'locked') return;
    if (this.#stream && now > Math.max(this.#streamHeard + STREAM_SILENCE_S * 1000, this.#nextStream)) this.#openStream();
    if (!this.#stream && now > this.#nextStream && this.link !== 'lost') this.#openStream();
    if (this.#stream ? now - this.heard * 1000 > SILENCE_S * 1000 : now > this.#nextPoll) this.#ask();
  }

  /** Poll once; this is also how a lost board is noticed and found again. */
  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const wasLost = this.link === 'lost';
      await this.refresh();
      if (wasLost && this.link !== 'lost') this.#openStream();
      if (!this.#stream && !this.restarting) this.take('readings', await read('/api/readings', { seconds: PROBE_S }));
    } catch (error) {
      this.#closeStream();
      if (Date.now() - this.restarting > RESTART_S * 1000) this.restarting = 0;
      if (error.status === 401) this.#setLink('locked');
      else this.#setLink('lost', error.status ? error.message : '');
    } finally {
      this.#asking = false;
      this.#nextPoll = Date.now() + 2500;
    }
  }
}

export const live = new Live();

// ---- The shell ----

const pages = {
  dashboard: () => import('./dashboard.js'),
  data: () => import('./data.js'),
  settings: () => import('./settings.js'),
  log: () => import('./log.js'),
  system: () => import('./system.js'),
};
const element = (id) => document.getElementById(id);
const main = element('main');
let shown = { hash: '', module: null, leave: new AbortController() };

async function show(again = false) {
  const name = location.hash.slice(2);
  if (!pages[name]) {
    history.replaceState(null, '', '#/dashboard');
    return show();
  }
  if (location.hash === shown.hash && !again) return;
  if (shown.module?.mayLeave && !(await mayLeave())) return;

  const first = !shown.hash;
  shown.leave.abort();
  const leave = new AbortController();
  shown = { hash: location.hash, module: null, leave };
  for (const tab of document.querySelectorAll('.tabs a')) {
    if (tab.hash === shown.hash) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  try {
    const module = await pages[name]();
    if (leave.signal.aborted) return;
    shown.module = module;
    showTitle();
    main.dataset.page = name;
    module.open(main, leave.signal);
  } catch (error) {
    if (leave.signal.aborted) return;
    console.warn(error);
    render(main, html`<div class="empty">${icon('warn')}<h1>This page could not be loaded</h1>
      <p>The board did not send it. It is loaded again when the board answers.</p>
      <button type="button" class="primary">Load again</button></div>`);
    main.querySelector('button').onclick = () => location.reload();
    live.addEventListener('link', () => live.answers && show(true), { signal: leave.signal });
  }
  if (first) return;
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// The address has changed already when a page is asked whether it may be left: put it back while it asks.
async function mayLeave() {
  const wanted = location.hash;
  history.pushState(null, '', shown.hash);
  if (!(await shown.module.mayLeave())) return false;
  history.replaceState(null, '', wanted);
  return true;
}

const boardName = ({ mode, ssid, hostname } = {}) => (mode === 'ap' ? ssid : hostname) || 'Data logger';

function showTitle() {
  element('board-name').textContent = boardName(live.status?.wifi);
  document.title = `${shown.module?.title ?? 'Dashboard'} · ${boardName(live.status?.wifi)}`;
}

const links = {
  connecting: ['wait', 'wait', 'Connecting'],
  live: ['ok', 'live', 'Live'],
  polling: ['ok', 'restart', 'Polling'],
  lost: ['bad', 'bad', 'Lost'],
  locked: ['warn', 'lock', 'Locked'],
};

function showLink() {
  const [kind, symbol, word] = links[live.link];
  if (live.link === 'locked') showSession(false);
  element('link').className = `state ${kind}`;
  render(element('link'), html`${icon(symbol)}<span>${word}</span>`);
  document.documentElement.classList.toggle('stale', live.link === 'lost');
  render(element('lost'), html`${live.link !== 'lost' ? '' : live.restarting ? html`${icon('restart')}<p><b>The board restarts.</b> This page goes on by itself when it is back.</p>`
    : html`${icon('bad')}<p><b>${live.trouble ? 'The board answers with errors only' : 'The board does not answer'}</b>${
      live.heard && ` since ${time(live.heard)}`}. ${live.trouble || "Check its power and this device's Wi-Fi."}
      What you see may be old; the page goes on by itself when the board is back.</p>`}`);
}

let firstVersion = null; // of the board's software, when this page was loaded

function notices({ board, login, battery, wifi, restart_needed: restartNeeded }) {
  return [
    login.default_password && ['warn', 'lock', 'The shipped password is known to everybody.', '#/system', 'Change it'],
    restartNeeded && ['info', 'restart', 'Changed settings wait for a restart.', '#/system', 'Restart'],
    battery.low && ['warn', 'warn',
      `The battery is low (${battery.volts} V, limit ${battery.limit} V): settings and code are not written.`],
    board.app !== (firstVersion ??= board.app) && ['info', 'info', 'The software of the board has changed.', '/', 'Load it'],
    wifi.fallback && ['warn', 'warn', 'The board could not join its network and runs its own access point instead.',
      '#/settings', 'Check the Wi-Fi'],
  ].filter(Boolean);
}

function showSession(loggedIn) {
  element('session').hidden = false;
  element('session').textContent = loggedIn ? 'Log out' : 'Log in';
}

function showStatus({ detail: status }) {
  showTitle();
  showSession(status.login.logged_in);
  const list = notices(status);
  update(element('notices'), html`${list.map(([kind, symbol, text, link, word]) => html`<p class="notice ${kind}">
    ${icon(symbol)}<span>${text}</span>${link && html`<a href="${link}">${word}</a>`}</p>`)}`);
  if (!status.clock.set) setClock();
}

// The board has no battery behind its clock. This device's time is the best it can get, and setting it needs no login.
let clockTried = 0;

function setClock() {
  if (Date.now() - clockTried < 60000) return;
  clockTried = Date.now();
  // Another page may be faster.
  setTimeout(() => import('./ui.js').then(({ setUnsetClock }) => live.status.clock.set || setUnsetClock()).catch(() => {}), 1500);
}

element('session').onclick = async () => {
  const { act, login, logout } = await import('./ui.js');
  if (live.status?.login.logged_in) act(element('session'), logout, 'Logged out.');
  else login();
};
document.querySelector('.skip').onclick = (event) => {
  event.preventDefault();
  main.focus();
};

live.addEventListener('status', showStatus);
live.addEventListener('link', showLink);
addEventListener('hashchange', () => show());
showLink();
show();
live.start();
