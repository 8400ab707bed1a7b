// What every page stands on: showing text safely, writing numbers for people, talking to the board, and the board as it
// is now. It knows no page and imports none.

import english from './words.js';

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

// ---- Words and numbers for people ----

const translations = { de: () => import('./words-de.js') };
const language = navigator.languages.map((one) => one.slice(0, 2)).find((one) => one === 'en' || translations[one]) ?? 'en';
const translated = await translations[language]?.().catch(console.warn);
const words = { ...english, ...translated?.default };
document.documentElement.lang = translated ? language : 'en';

/**
 * The text of that name in words.js with its {placeholders} filled in. Of "one|many" the number `n` chooses. It is text,
 * or Markup where one of the values is.
 */
export function t(name, values = {}) {
  const [one, many = one] = words[name].split('|');
  const parts = (values.n === 1 ? one : many).split(/\{(\w+)\}/).map((part, i) => {
    const value = i % 2 ? values[part] : part;
    return typeof value === 'number' ? number(value) : value;
  });
  return parts.some((part) => part instanceof Markup) ? new Markup(parts.map(markupOf).join('')) : parts.join('');
}

/** What a translation says instead of a text that the board sends in English. */
export const translate = (name, text) => words[name] ?? text;

/** A number as people here write it, with that many decimals, or as many as it needs. */
export function number(value, decimals) {
  const digits = decimals === undefined ? { maximumFractionDigits: 6 } : { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: 'min2' };
  return value.toLocaleString(undefined, digits).replace('-', '\u2212');
}

/** "812 bytes", "8.1 KB", "295 KB": 1 KB is 1024 bytes, as everywhere in this project. */
export function bytes(size) {
  if (size < 1024) return t('bytes', { n: Math.round(size) });
  const [value, unit] = size < 1048576 ? [size / 1024, 'KB'] : size < 1073741824 ? [size / 1048576, 'MB'] : [size / 1073741824, 'GB'];
  return `${number(value, value < 99.95 ? 1 : 0)} ${unit}`;
}

/** The two largest units: "45 s", "4 min", "2 h 5 min", "3 days 4 h". */
export function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  const hours = Math.floor(s / 3600);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min${s < 600 && s % 60 ? ` ${s % 60} s` : ''}`;
  if (hours < 24) return `${hours} h${s % 3600 >= 60 ? ` ${Math.floor((s % 3600) / 60)} min` : ''}`;
  return `${t('days', { n: Math.floor(hours / 24) })}${hours % 24 ? ` ${hours % 24} h` : ''}`;
}

const two = (figure) => String(figure).padStart(2, '0');
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
/** Since when something is so: the time of day, with the day where that was another one. */
export function since(epoch) {
  return date(epoch).slice(0, 10) === date(Date.now() / 1000).slice(0, 10) ? time(epoch).slice(0, 5) : date(epoch).slice(0, 16);
}

/** A value of GET /api/readings as [figures, unit]; bytes are shown in KB. */
export function figures(value, { unit, decimals }) {
  const [shown, places, unitShown] = unit === 'B' ? [value / 1024, 1, 'KB'] : [value, decimals, unit];
  return [value === null || value === undefined ? '–' : number(shown, places), unitShown];
}

/** What is measured, without what the board only tells of itself. */
export const measured = (readings) => readings.filter(({ name, unit }) => !(live.status?.channels?.find((one) => one.name === name)?.diagnostic ?? unit === 'B'));

/** What this browser remembers; null where it has nothing, or keeps nothing. */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch { /* only a convenience */ }
}

// ---- Talking to the board ----

/** `status` is 0 when no answer came; `sent` tells that the board may have done what it was asked all the same. */
export class BoardError extends Error {
  constructor(message, { status = 0, field = null, sent = false } = {}) {
    super(message);
    Object.assign(this, { status, field, sent });
  }
}

let askForLogin = async () => false;

/** What asks for the login when reading needs one: a function whose promise is true once the board took the password. */
export function onLoginNeeded(ask) {
  askForLogin = ask;
}

/** GET, after the login where the board wants one even for reading. Options and result as of request(). */
export async function read(path, options) {
  try {
    return await request('GET', path, options);
  } catch (error) {
    if (error.status !== 401 || !(await askForLogin())) throw error;
    return await request('GET', path, options);
  }
}

let latest = Promise.resolve();

/**
 * Do what fetches a file once the one before has come, or hasn't within 5 s. A browser asks for all at once: five of them
 * want more connections than the board has room for.
 */
export function inTurn(work) {
  const done = latest.then(work);
  latest = Promise.race([done.catch(() => {}), new Promise((resolve) => { setTimeout(resolve, 5000); })]);
  return done;
}

/** Load a module, named from here. A browser remembers that a module did not come: it is asked for by another address then. */
export const load = (path) => inTurn(() => import(path).catch(() => import(`${path}?${Date.now()}`)));

/** Load a style sheet once; a page looks odd without it, and still works. */
export function styles(href) {
  if (document.querySelector(`link[href="${href}"]`)) return undefined;
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  return inTurn(() => new Promise((resolve) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove(); // so that the next page that wants it tries again
      resolve();
    };
    document.head.append(link);
  }));
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
    throw new BoardError(told.error || t('answeredOnly', { status: response.status }),
      { status: response.status, field: told.field });
  } catch (error) {
    if (error instanceof BoardError || signal?.aborted) throw error;
    if (answered) throw new BoardError(t('answerBroken'), { sent: true });
    if (limit.signal.aborted) throw new BoardError(t('noAnswer', { seconds }), { sent: true });
    throw new BoardError(t('notReached'), { sent: true });
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
