// The shell: the tabs of the pages, the state of the connection, notices and the login. A page is a module in pages/:
//   export function open(main, signal);   draws the page into <main>; `signal` aborts when the page is left
//   export function mayLeave();           optional: a promise of false keeps the page open (unsaved changes)

import { html, icon, live, load, onLoginNeeded, render, time, update } from './base.js';

// A page is a file in pages/ and a line here: the file, its title, and its icon of index.html.
const pages = [
  ['/pages/dashboard.js', 'Dashboard', 'dashboard'],
  ['/pages/data.js', 'Data', 'data'],
  ['/pages/settings.js', 'Settings', 'settings'],
  ['/pages/log.js', 'Log', 'log'],
  ['/pages/system.js', 'System', 'system'],
].map(([file, title, symbol]) => ({ file, title, symbol, hash: file.replace(/.*\/(\w+)\.js.*/, '#/$1') }));

const element = (id) => document.getElementById(id);
const main = element('main');
let shown = { page: null, module: null, leave: new AbortController() };

render(document.querySelector('.tabs'), html`${pages.map(({ hash, title, symbol }) => html`<a href="${hash}">${icon(symbol)}<span>${title}</span></a>`)}`);

async function show(again = false) {
  const page = pages.find(({ hash }) => hash === location.hash);
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
  for (const tab of document.querySelectorAll('.tabs a')) {
    if (tab.hash === page.hash) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  showTitle();
  try {
    const module = await load(page.file);
    if (leave.signal.aborted) return;
    shown.module = module;
    main.dataset.page = page.hash.slice(2);
    module.open(main, leave.signal);
  } catch (error) {
    if (leave.signal.aborted) return;
    console.warn(error);
    render(main, html`<div class="empty">${icon('warn')}<h1>Couldn't load this page</h1>
      <p>The board did not send it. It is loaded again when the board answers.</p>
      <button type="button" class="primary">Load again</button></div>`);
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

const boardName = ({ mode, ssid, hostname } = {}) => (mode === 'ap' ? ssid : hostname) || 'Data logger';

function showTitle() {
  element('board-name').textContent = boardName(live.status?.wifi);
  document.title = `${shown.page.title} · ${boardName(live.status?.wifi)}`;
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
  setTimeout(() => load('/parts/ui.js').then(({ setUnsetClock }) => live.status.clock.set || setUnsetClock()).catch(() => {}), 1500);
}

element('session').onclick = async () => {
  const { act, login, logout } = await load('/parts/ui.js');
  if (live.status?.login.logged_in) act(element('session'), logout, 'Logged out.');
  else login();
};
document.querySelector('.skip').onclick = (event) => {
  event.preventDefault();
  main.focus();
};

onLoginNeeded(async () => {
  const { login } = await load('/parts/ui.js');
  return login('This board shows nothing without its admin password.');
});
live.addEventListener('status', showStatus);
live.addEventListener('link', showLink);
addEventListener('hashchange', () => show());
showLink();
show();
live.start();
