// System: the board and its parts, and what can be done with them.

import { bytes, count, date, duration, html, icon, live, load, render, request, update } from '../base.js';

const licences = [
  ['This data logger and ehttpserver', 'MIT', ''],
  ['uPlot, the charts', 'MIT', '/uplot/LICENSE.txt'],
  ['Adafruit CircuitPython libraries: adafruit_ticks, neopixel', 'MIT', ''],
];

export function open(main, signal) {
  render(main, html`
    <h1>System</h1>
    <div class="cards">
      <section class="card"><h2>Board</h2><dl id="board"></dl>
        <p class="buttons"><button type="button" id="restart">${icon('restart')}Restart</button></p></section>
      <section class="card"><h2>Memory and drive</h2><div id="space"></div></section>
      <section class="card"><h2>Wi-Fi</h2><dl id="wifi"></dl></section>
      <section class="card"><h2>Clock</h2><div id="clock"></div>
        <p class="buttons"><button type="button" id="set-clock">${icon('wait')}Set from this device</button></p></section>
      <section class="card"><h2>Who writes the drive</h2><div id="owner"></div>
        <p class="buttons"><button type="button" id="drive"></button></p></section>
      <section class="card" id="passwords"><h2>Passwords</h2><div id="login-state"></div>
        <p class="buttons"><button type="button" data-key="ADMIN_PASSWORD">${icon('lock')}Change the admin password</button>
          <button type="button" data-key="AP_PASSWORD">${icon('live')}Change the Wi-Fi password</button></p></section>
      <section class="card"><h2>Licences</h2><ul class="names">${licences.map(([what, licence, link]) => html`<li>${what}:
        ${link ? html`<a href="${link}">${licence}</a>` : licence}</li>`)}</ul></section>
    </div>`);
  const find = (id) => main.querySelector(id);
  const show = () => live.status && showStatus(find, live.status);
  live.addEventListener('status', show, { signal });
  live.addEventListener('readings', show, { signal }); // more often than the status: for the clock
  show();

  const action = (id, run) => {
    find(id).onclick = async ({ currentTarget }) => run(await load('/parts/ui.js'), currentTarget);
  };
  action('#restart', (ui, button) => ui.restart(button));
  action('#set-clock', (ui, button) => ui.act(button, ui.setClock, "The board's clock has this device's time."));
  action('#drive', (ui, button) => ui.changeDrive(button, live.status.drive.owner === 'board' ? 'computer' : 'board'));
  for (const button of find('#passwords').querySelectorAll('[data-key]')) {
    button.onclick = async () => (await load('/parts/ui.js')).changePassword(button);
  }
}

const list = (rows) => html`${rows.filter(Boolean).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}`;

function showStatus(find, { board, uptime_s: uptime, clock, memory, drive, wifi, battery, login, errors }) {
  update(find('#board'), list([
    ['Board', board.name], ['Firmware', board.firmware], ['Data logger', board.app], ['ehttpserver', board.server],
    ['Unique ID', board.uid], ['Running for', duration(uptime)], ['Last reset', resets[board.reset_reason] ?? board.reset_reason],
    ['Supply voltage', battery.volts === null ? 'unknown' : `${battery.volts.toFixed(2)} V`],
    errors > 0 && ['Errors', html`<a href="#/log">${errors} in the log</a>`],
  ]));
  if (update(find('#space'), html`
    ${bar('Memory', memory.total - memory.free, memory.total)}
    ${bar('Drive', drive.total - drive.free, drive.total)}
    <dl>${list([
      ['Data that still fit', drive.days_left === null ? 'unknown' : `${drive.days_left.toFixed(1)} days`],
      ['Flash life at these settings', drive.flash_years === null ? 'unknown' : flashLife(drive.flash_years)],
    ])}</dl>
    <p class="quiet">Every write wears the flash. Writing less often makes it last longer: see “Write to the drive every” in
      <a href="#/settings">Settings</a>.</p>`)) {
    for (const meter of find('#space').querySelectorAll('.bar')) meter.firstElementChild.style.width = `${meter.dataset.percent}%`;
  }
  const modes = { ap: 'Own access point', station: 'In your network', off: 'Off' };
  update(find('#wifi'), list([
    ['Network', wifi.ssid ?? '–'], ['Mode', (modes[wifi.mode] ?? wifi.mode) + (wifi.fallback ? ' (could not join yours)' : '')],
    ['Address', wifi.address ?? '–'], wifi.hostname && ['Name', wifi.hostname],
    wifi.clients !== null && ['Devices joined', wifi.clients],
    wifi.signal_dbm !== null && ['Signal', `${wifi.signal_dbm} dBm, ${signal(wifi.signal_dbm)}`],
  ]));
  const ahead = clock.set ? Math.round(clock.epoch - live.statusAt) : 0;
  const now = clock.epoch + Date.now() / 1000 - live.statusAt;
  update(find('#clock'), clock.set
    ? html`<p class="state ${Math.abs(ahead) < 5 ? 'ok' : 'warn'}">${icon('wait')}<span><b>${date(now)}</b>
        ${Math.abs(ahead) < 5 ? 'as on this device' : `${duration(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} this device`}</span></p>`
    : html`<p class="state warn">${icon('warn')}<span><b>Not set.</b> Recordings carry seconds since start.</span></p>`);
  const boards = drive.owner === 'board';
  update(find('#owner'), html`<p class="state ${boards ? 'ok' : 'warn'}">${icon(boards ? 'ok' : 'pause')}<span>
    <b>${boards ? 'The board' : 'A computer'}</b> ${boards ? 'records; a computer sees the drive read-only.'
      : drive.reason || 'writes; the board keeps its samples in memory.'}</span></p>`);
  update(find('#drive'), html`${boards ? 'Give it back to the computer' : 'Take it over'}`);
  find('#drive').disabled = !drive.can_change;
  update(find('#login-state'), html`<p class="state ${login.default_password ? 'warn' : 'ok'}">${icon(login.default_password ? 'warn' : 'lock')}<span>
    <b>${login.default_password ? 'A shipped password is in use.' : 'Your own passwords are in use.'}</b>
    ${login.default_password ? 'Everybody near can change this board: give it passwords of your own.'
      : login.required_to_read ? 'Reading needs the login as well.' : 'Reading needs no login, every change does.'}</span></p>`);
}

const resets = {
  POWER_ON: 'Power came on', BROWNOUT: 'Power was too low', SOFTWARE: 'Restarted by software', WATCHDOG: 'Watchdog: the program hung',
  DEEP_SLEEP_ALARM: 'Woke up', RESET_PIN: 'Reset button', UNKNOWN: 'Unknown', RESCUE_DEBUG: 'Debugger',
};

function bar(name, used, total) {
  const percent = Math.round((100 * used) / total);
  return html`<div class="meter"><p><b>${name}</b> <span class="number">${bytes(used)} of ${bytes(total)} used</span></p>
    <div class="bar" role="img" aria-label="${percent} % used" data-percent="${percent}"><i class="used"></i></div></div>`;
}

/** The life of the flash in words; less than a year of it is a warning. */
function flashLife(years) {
  if (years >= 1) return `about ${years.toFixed(1)} years`;
  const days = Math.round(365 * years);
  const left = days > 60 ? count(Math.round(days / 30.4), 'month') : count(days, 'day');
  return html`<span class="state warn">${icon('warn')}<span>only about ${left}</span></span>`;
}

const signal = (dbm) => (dbm > -60 ? 'strong' : dbm > -75 ? 'good' : 'weak');
