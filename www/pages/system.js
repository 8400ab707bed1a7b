// System: the board and its parts, and what can be done with them.

import { bytes, date, duration, figures, html, icon, live, load, measured, number, render, t, translate, update } from '../base.js';

const licences = [
  [t('thisLogger'), 'MIT', ''],
  [t('uplotCharts'), 'MIT', '/uplot/LICENSE.txt'],
  [t('qrCodes'), 'MIT', '/lean-qr/LICENSE.txt'],
  [t('adafruitLibraries'), 'MIT', ''],
];

export function open(main, signal) {
  render(main, html`
    <h1>${t('system')}</h1>
    <p class="loading">${t('loading')}</p>
    <div class="cards" hidden>
      <section class="card"><h2>${t('board')}</h2><dl id="board"></dl>
        <p class="buttons"><button type="button" id="restart">${icon('restart')}${t('restart')}</button></p></section>
      <section class="card"><h2>${t('memoryAndDrive')}</h2><div id="space"></div></section>
      <section class="card"><h2>${t('driveAccess')}</h2><div id="owner"></div>
        <p class="buttons"><button type="button" id="drive"></button></p></section>
      <section class="card"><h2>${t('clock')}</h2><div id="clock"></div><dl id="time-sources"></dl>
        <p class="buttons"><button type="button" id="set-clock">${icon('wait')}${t('setFromDevice')}</button></p></section>
      <section class="card"><h2>${t('wifi')}</h2><dl id="wifi"></dl>
        <details id="join"><summary>${t('joinByQr')}</summary><div class="qr"></div></details></section>
      <section class="card"><h2>${t('buses')}</h2><p class="quiet">${t('busesHelp')}</p><div role="status"><ul class="names" id="buses"></ul></div>
        <p class="buttons"><button type="button" id="look">${icon('live')}${t('lookAtBuses')}</button></p></section>
      <section class="card" id="passwords"><h2>${t('passwords')}</h2><div id="login-state"></div>
        <p class="buttons"><button type="button" data-key="ADMIN_PASSWORD">${icon('lock')}${t('changeAdminPassword')}</button>
          <button type="button" data-key="AP_PASSWORD">${icon('live')}${t('changeWifiPassword')}</button></p></section>
      <section class="card"><h2>${t('licences')}</h2><ul class="names">${licences.map(([what, licence, link]) => html`<li>${what}:
        ${link ? html`<a href="${link}">${licence}</a>` : licence}</li>`)}</ul>
        <p><a href="#/guide">${t('openGuide')}</a></p></section>
    </div>`);
  const find = (id) => main.querySelector(id);
  // All at once: what comes bit by bit moves what stands below it.
  const show = () => {
    if (!live.status || !live.readings) return;
    showStatus(find, live.status);
    find('.loading')?.remove();
    find('.cards').hidden = false;
    jump(find);
  };
  const action = (id, run) => {
    find(id).onclick = async ({ currentTarget }) => run(await load('/parts/actions.js'), currentTarget);
  };
  action('#restart', (actions, button) => actions.restart(button));
  action('#set-clock', async (actions, button) => (await load('/parts/ui.js')).act(button, actions.setClock, t('clockSet')));
  action('#drive', (actions, button) => actions.changeDrive(button, live.status.drive.owner === 'board' ? 'computer' : 'board'));
  find('#look').onclick = async ({ currentTarget }) => (await load('/parts/buses.js')).look(currentTarget, find('#buses'), signal);
  for (const button of find('#passwords').querySelectorAll('[data-key]')) {
    button.onclick = async () => (await load('/parts/actions.js')).changePassword(button, button.dataset.key);
  }
  find('#join').addEventListener('toggle', async () => (await load('/parts/join.js')).open(find('.qr'), signal), { once: true });
  addEventListener('hashchange', () => jump(find), { signal });
  live.addEventListener('status', show, { signal });
  live.addEventListener('readings', show, { signal }); // more often than the status: for the clock
  show();
}

/** Do what a notice leads to: "#/system/password" opens the very dialog. */
function jump(find) {
  const what = location.hash.split('/')[2];
  const buttons = {
    password: '[data-key=ADMIN_PASSWORD]', 'wifi-password': '[data-key=AP_PASSWORD]', restart: '#restart', clock: '#set-clock',
  };
  if (!buttons[what] || find('.cards').hidden) return;
  history.replaceState(null, '', '#/system');
  const button = find(buttons[what]);
  button.scrollIntoView({ block: 'center' });
  button.focus();
  button.click();
}

const list = (rows) => html`${rows.filter(Boolean).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}`;

function showStatus(find, status) {
  showBoard(find, status);
  showWifi(find, status);
  showClock(find, status);
  const { drive, login } = status;
  const boards = drive.owner === 'board';
  update(find('#owner'), html`<p class="state ${boards ? 'ok' : 'warn'}">${icon(boards ? 'ok' : 'pause')}<span>
    <b>${boards ? t('boardHasIt') : t('computerHasIt')}</b> ${boards ? t('boardHasItHelp') : t('computerHasItHelp')}</span></p>`);
  update(find('#drive'), html`${boards ? t('giveBackToComputer') : t('takeDrive')}`);
  find('#drive').disabled = !drive.can_change;
  update(find('#login-state'), html`<p class="state ${login.default_password ? 'warn' : 'ok'}">${icon(login.default_password ? 'warn' : 'lock')}<span>
    <b>${login.default_password ? t('defaultInUse') : t('ownPasswords')}</b>
    ${login.default_password ? t('defaultInUseHelp') : login.required_to_read ? t('readingNeedsLogin') : t('readingIsOpen')}</span></p>`);
}

function showBoard(find, { board, uptime_s: uptime, memory, drive, battery, errors }) {
  const diagnostics = (live.readings?.readings ?? []).filter((one) => !measured([one]).length);
  update(find('#board'), list([
    [t('board'), board.name], [t('firmware'), board.firmware], [t('dataLogger'), board.app], ['ehttpserver', board.server],
    [t('uniqueId'), board.uid], [t('runningFor'), duration(uptime)], [t('lastReset'), translate(`reset${board.reset_reason}`, board.reset_reason)],
    [t('supplyVoltage'), battery.volts === null ? t('unknown') : `${number(battery.volts, 2)} V`],
    ...diagnostics.map((one) => [one.label, figures(one.value, one).join('\u00a0')]),
    errors > 0 && [t('errors'), html`<a href="#/log">${t('errorsInLog', { n: errors })}</a>`],
  ]));
  if (update(find('#space'), html`
    ${bar(t('memory'), memory.total - memory.free, memory.total)}
    ${bar(t('drive'), drive.total - drive.free, drive.total)}
    <dl>${list([
      drive.recordings === 'card' && [t('recordingsAreOn'), t('sdCard')],
      [t('dataThatFits'), drive.days_left === null ? t('unknown') : t('days', { n: Number(drive.days_left.toFixed(1)) })],
      drive.recordings !== 'card' && [t('flashLife'), drive.flash_years === null ? t('unknown') : flashLife(drive.flash_years)],
    ])}</dl>
    <p class="quiet">${t('flashWears', { settings: html`<a href="#/settings">${t('settings')}</a>` })}</p>`)) {
    for (const meter of find('#space').querySelectorAll('.bar')) meter.firstElementChild.style.width = `${meter.dataset.percent}%`;
  }
}

function showWifi(find, { wifi }) {
  const modes = { ap: t('ownNetwork'), station: t('yourNetwork'), off: t('off') };
  update(find('#wifi'), list([
    [t('network'), wifi.ssid ?? '–'], [t('mode'), `${modes[wifi.mode] ?? wifi.mode}${wifi.fallback ? ` (${t('couldNotJoin')})` : ''}`],
    [t('address'), wifi.address ?? '–'], wifi.hostname && [t('name'), wifi.hostname],
    wifi.clients !== null && [t('devicesJoined'), wifi.clients],
    wifi.signal_dbm !== null && [t('signal'), `${number(wifi.signal_dbm)} dBm, ${wifi.signal_dbm > -60 ? t('strong') : wifi.signal_dbm > -75 ? t('good') : t('weak')}`],
  ]));
}

function showClock(find, { clock }) {
  const ahead = clock.set ? Math.round(clock.epoch - live.statusAt) : 0;
  const now = clock.epoch + Date.now() / 1000 - live.statusAt;
  const right = Math.abs(ahead) < 5;
  const difference = { time: duration(Math.abs(ahead)) };
  update(find('#clock'), clock.set
    ? html`<p class="state ${right ? 'ok' : 'warn'}">${icon('wait')}<span><b class="number">${date(now)}</b>
        ${right ? t('asOnDevice') : ahead > 0 ? t('aheadOfDevice', difference) : t('behindDevice', difference)}</span></p>`
    : html`<p class="state warn">${icon('warn')}<span><b>${t('clockUnset')}</b> ${t('clockUnsetHelp')}</span></p>`);
  update(find('#time-sources'), list([
    clock.source && [t('clockSetBy'), translate(`source_${clock.source}`, clock.source)],
    clock.zone && [t('timeZone'), clock.zone],
    ...Object.entries(clock.drifts ?? {}).sort().map(([source, seconds]) => [
      translate(`source_${source}`, source), drift(seconds)]),
  ]));
}

/** How far a source was ahead of the clock when it was last heard. */
function drift(seconds) {
  const by = { time: duration(Math.abs(seconds)) };
  return seconds === 0 ? t('noDrift') : seconds > 0 ? t('clockWasBehind', by) : t('clockWasAhead', by);
}

function bar(name, used, total) {
  const percent = Math.round((100 * used) / total);
  return html`<div class="meter"><p><b>${name}</b> <span class="number">${t('usedOf', { used: bytes(used), total: bytes(total) })}</span></p>
    <div class="bar" role="img" aria-label="${t('percentUsed', { percent })}" data-percent="${percent}"><i class="used"></i></div></div>`;
}

/** The life of the flash in words; less than a year of it is a warning. */
function flashLife(years) {
  if (years >= 1) return t('aboutYears', { years: number(years, 1) });
  const days = Math.round(365 * years);
  const left = days < 1 ? t('lessThanADay') : t('onlyAbout', { time: days > 60 ? t('months', { n: Math.round(days / 30.4) }) : t('days', { n: days }) });
  return html`<span class="state warn">${icon('warn')}<span>${left}</span></span>`;
}
