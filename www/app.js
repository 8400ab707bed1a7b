// The shell: the tabs of the pages, the state of the connection, notices and the login. A page is a module in pages/:
//   export function open(main, signal);   draws the page into <main>; `signal` aborts when the page is left
//   export function mayLeave();           optional: a promise of false keeps the page open (unsaved changes)

import { duration, html, icon, live, load, onLoginNeeded, recall, render, styles, t, time, update } from './base.js';

// A page is a file in pages/ and a line here: the file, its title, and its icon of index.html.
const pages = [
  ['/pages/dashboard.js', t('dashboard'), 'dashboard'],
  ['/pages/data.js', t('data'), 'data'],
  ['/pages/settings.js', t('settings'), 'settings'],
  ['/pages/log.js', t('log'), 'log'],
  ['/pages/system.js', t('system'), 'system'],
  ['/pages/guide.js', t('guide')], // without an icon it has no tab
].map(([file, title, symbol]) => ({ file, title, symbol, hash: file.replace(/.*\/(\w+)\.js.*/, '#/$1') }));

const element = (id) => document.getElementById(id);
const main = element('main');
let shown = { page: null, module: null, leave: new AbortController() };

// ---- Pages ----

/** Open the page of the address. What follows its name there, "#/settings/wifi", is for the page. */
async function show(again = false) {
  const page = pages.find(({ hash }) => hash === location.hash || location.hash.startsWith(`${hash}/`));
  if (!page) {
    history.replaceState(null, '', pages[0].hash);
    return show();
  }
  if (page === shown.page && !again) return;
  if (shown.module?.mayLeave && !(await mayLeave())) return;

  const first = !shown.page;
  shown.leave.abort();
  const leave = new AbortController();
  shown = { page, module: null, leave };
  for (const failure of document.querySelectorAll('.toast.bad')) failure.remove(); // it was the other page's
  for (const tab of document.querySelectorAll('.tabs a')) {
    if (tab.hash === page.hash) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  showTitle();
  try {
    const [module] = await Promise.all([load(page.file), page !== pages[0] && styles('/pages.css')]);
    if (leave.signal.aborted) return;
    shown.module = module;
    main.dataset.page = page.hash.slice(2);
    if (live.link === 'locked') showLocked();
    else module.open(main, leave.signal);
  } catch (error) {
    if (leave.signal.aborted) return;
    console.warn(error);
    render(main, html`<div class="empty">${icon('warn')}<h1>${t('pageNotLoaded')}</h1><p>${t('pageNotLoadedHelp')}</p>
      <button type="button" class="primary">${t('tryAgain')}</button></div>`);
    main.querySelector('button').onclick = () => show(true);
    live.addEventListener('link', () => live.answers && show(true), { signal: leave.signal });
  }
  if (first) return;
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// The address has changed already when a page is asked whether it may be left: put it back while it asks.
async function mayLeave() {
  const wanted = location.hash;
  history.pushState(null, '', shown.page.hash);
  if (!(await shown.module.mayLeave())) return false;
  history.replaceState(null, '', wanted);
  return true;
}

/** The board shows nothing without the login, and that was cancelled: say so in place of the page. */
function showLocked() {
  render(main, html`<div class="empty">${icon('lock')}<h1>${t('locked')}</h1><p>${t('loginToRead')}</p>
    <button type="button" class="primary">${t('logIn')}</button></div>`);
  main.querySelector('button').onclick = logIn;
}

const boardName = ({ mode, ssid, hostname } = {}) => (mode === 'ap' ? ssid : hostname) || t('dataLogger');

function showTitle() {
  element('board-name').textContent = boardName(live.status?.wifi);
  document.title = `${shown.page.title} · ${boardName(live.status?.wifi)}`;
}

// ---- Connection ----

const links = {
  connecting: ['wait', 'wait', t('connecting')],
  live: ['ok', 'live', t('live')],
  polling: ['ok', 'restart', t('polling')],
  lost: ['bad', 'bad', t('offline')],
  restarting: ['info', 'restart', t('restarting')],
  locked: ['warn', 'lock', t('locked')],
};
let locked = false;

function showLink() {
  const state = live.link === 'lost' && live.restarting ? 'restarting' : live.link;
  const [kind, symbol, word] = links[state];
  element('link').className = `state ${kind}`;
  render(element('link'), html`${icon(symbol)}<span>${word}</span>`);
  document.documentElement.classList.toggle('stale', live.link === 'lost');
  element('lost').className = `lost ${kind}`;
  render(element('lost'), html`${state === 'restarting' ? html`${icon('restart')}<p><b>${t('boardRestarts')}</b> ${t('goesOn')}</p>`
    : state === 'lost' && html`${icon('bad')}<p><b>${live.trouble ? t('onlyErrors') : t('boardOffline')}</b> ${live.trouble || t('checkPower')}</p>`}`);
  showAge();
  if (live.link === 'locked') {
    locked = true;
    showSession(false);
    shown.leave.abort();
    shown.leave = new AbortController();
    showLocked();
  } else if (locked && live.answers) {
    locked = false;
    show(true);
  }
}

/** How old the values are that are still shown. */
function showAge() {
  const away = live.link === 'lost' && live.heard;
  element('age').hidden = !away;
  if (away) element('age').textContent = t('valuesFrom', { time: time(live.heard), age: duration(Date.now() / 1000 - live.heard) });
}
setInterval(showAge, 1000);

// ---- Notices ----

let firstVersion = null; // of the board's software, when this page was loaded
const guideDone = () => recall('guide') === 'done';

/** The default passwords in use, by name; a board that was never set up leads to the first steps. */
function defaultPasswords({ default_passwords: which }) {
  if (!which.length) return [];
  if (!guideDone()) return [['warn', 'lock', t('noticeDefaultPassword'), '#/guide', t('setUp')]];
  const names = { ADMIN_PASSWORD: [t('noticeDefaultAdmin'), '#/system/password'], AP_PASSWORD: [t('noticeDefaultWifi'), '#/system/wifi-password'] };
  return which.map((key) => ['warn', 'lock', ...names[key], t('changeIt')]);
}

/** What needs a hand: [kind, icon, text, address, its word]. */
function notices({ board, recorder, login, battery, wifi, clock, restart_needed: restartNeeded }) {
  const problems = {
    full: ['bad', 'warn', t('noticeFull'), '#/data', t('deleteFiles')],
    error: ['bad', 'bad', t('noticeError', { reason: recorder.reason }), '#/dashboard', t('look')],
    paused: ['warn', 'pause', t('noticePaused'), '#/dashboard', t('look')],
    stopped: ['warn', 'stop', t('noticeStopped'), '#/dashboard', t('look')],
  };
  const ahead = clock.set ? Math.abs(clock.epoch - live.statusAt) : 0;
  return [
    problems[recorder.state],
    ...defaultPasswords(login),
    restartNeeded && ['info', 'restart', t('noticeRestart'), '#/system/restart', t('restart')],
    battery.low && ['warn', 'warn', t('noticeBattery', { volts: battery.volts, limit: battery.limit })],
    board.app !== (firstVersion ??= board.app) && ['info', 'info', t('noticeNewSoftware'), '/', t('loadIt')],
    wifi.fallback && ['warn', 'warn', t('noticeFallback'), '#/settings/wifi', t('checkWifi')],
    clock.set && ahead < 86400 * 365 && (ahead > 120 || (!clock.zone && clock.utc_offset_s !== offset())) && ['info', 'wait', t('noticeClock'), '#/system/clock', t('setIt')],
  ].filter(Boolean);
}

function showStatus({ detail: status }) {
  showTitle();
  showSession(status.login.logged_in);
  update(element('notices'), html`${notices(status).map(([kind, symbol, text, link, word]) => html`<p class="notice ${kind}">
    ${icon(symbol)}<span>${text}</span>${link && html`<a href="${link}">${word}</a>`}</p>`)}`);
  keepClock(status);
}

// ---- Clock ----

const offset = () => -60 * new Date().getTimezoneOffset();
let clockTried = 0;
let uptime = 0;

/**
 * The board may have no battery behind its clock. This device's time is the best it can get: setting an unset clock needs no
 * login, and whoever is logged in renews the offset to UTC, which changes twice a year.
 */
function keepClock({ clock, login, uptime_s: upSince }) {
  if (upSince < uptime) clockTried = 0; // it has started anew
  uptime = upSince;
  const wrong = !clock.set || (login.logged_in && !clock.zone && clock.utc_offset_s !== offset());
  if (!wrong || Date.now() - clockTried < 60000) return;
  clockTried = Date.now();
  setTimeout(async () => {
    if (clock.set || !live.status.clock.set) { // else another page was faster
      await load('/parts/actions.js').then(({ setClockUnasked }) => setClockUnasked(clock.set)).catch(() => {}); // it is tried again
    }
  }, 1500);
}

// ---- Login ----

function showSession(loggedIn) {
  element('session').hidden = false;
  element('session').textContent = loggedIn ? t('logOut') : t('logIn');
}

async function logIn() {
  const { login } = await load('/parts/ui.js');
  return login(live.link === 'locked' ? t('loginToRead') : undefined);
}

element('session').onclick = async () => {
  if (!live.status?.login.logged_in) return logIn();
  const { act, logout } = await load('/parts/ui.js');
  return act(element('session'), logout, t('loggedOut'));
};
onLoginNeeded(async () => (await load('/parts/ui.js')).login(t('loginToRead')));

document.querySelector('.skip').onclick = (event) => {
  event.preventDefault();
  main.focus();
};
render(document.querySelector('.tabs'), html`${pages.filter(({ symbol }) => symbol).map(({ hash, title, symbol }) => html`<a href="${hash}">${icon(symbol)}<span>${title}</span></a>`)}`);
for (const part of document.querySelectorAll('[data-text]')) part.textContent = t(part.dataset.text);
for (const part of document.querySelectorAll('[data-label]')) part.setAttribute('aria-label', t(part.dataset.label));
// For whoever puts the page on a home screen; after the first view, which these would make slower.
live.addEventListener('readings', () => {
  for (const [rel, href] of [['manifest', '/manifest.json'], ['apple-touch-icon', '/touch-icon.png']]) {
    document.head.append(Object.assign(document.createElement('link'), { rel, href }));
  }
}, { once: true });
live.addEventListener('status', showStatus);
live.addEventListener('link', showLink);
addEventListener('hashchange', () => show());
showLink();
show();
live.start();
