// Joining a network: look for networks, choose one, try it, and what to do while the board is away for that.

import { html, icon, live, load, render, request, t } from '../base.js';

const SCAN_S = 20;
const TRY_S = 30; // the board takes at most 20 s, and a phone that lost its network some more
const BACK_S = 90; // a board that can't join has its own network again after about a minute

const strength = (rssi) => (rssi > -60 ? 3 : rssi > -75 ? 2 : 1);

/** Put "Look for networks" below the field of the network to join. */
export function addScan(field, form, signal) {
  const box = document.createElement('div');
  box.className = 'scan';
  render(box, html`<p class="buttons"><button type="button">${icon('live')}${t('lookForNetworks')}</button></p>
    <p class="quiet" role="status"></p><ul class="networks"></ul>`);
  field.row.querySelector('.entry').append(box);
  const button = box.querySelector('button');
  button.onclick = async () => {
    const { act } = await load('/parts/ui.js');
    const status = box.querySelector('[role=status]');
    status.textContent = live.status?.wifi.mode === 'ap' ? t('scanningOwn') : t('scanning');
    const done = await act(button, () => scan(box.querySelector('.networks'), form, signal), undefined, (error) => {
      status.textContent = error.status === 404 ? t('notThere') : error.message;
    });
    if (done) status.textContent = box.querySelector('li') ? t('chooseNetwork') : t('noNetworks');
  };
}

async function scan(list, form, signal) {
  const end = Date.now() + SCAN_S * 1000;
  for (;;) {
    const { scanning, networks } = await request('GET', '/api/wifi/scan', { signal });
    show(list, networks, form);
    if (!scanning || Date.now() > end) return true;
    await new Promise((resolve) => {
      setTimeout(resolve, 1000);
    });
  }
}

/** The strongest of each name, strongest first. */
function show(list, networks, form) {
  const best = new Map();
  for (const network of networks) {
    if (network.ssid && !(best.get(network.ssid)?.rssi >= network.rssi)) best.set(network.ssid, network);
  }
  const bars = [t('weak'), t('good'), t('strong')];
  render(list, html`${[...best.values()].sort((a, b) => b.rssi - a.rssi).map(({ ssid, rssi, secure }) => html`<li><button type="button" data-ssid="${ssid}">
    <span class="bars bars-${strength(rssi)}" aria-hidden="true"><i></i><i></i><i></i></span><b>${ssid}</b>
    <span class="quiet">${bars[strength(rssi) - 1]}${secure ? html` ${icon('lock')}<span class="hidden">${t('needsPassword')}</span>` : `, ${t('openNetwork')}`}</span></button></li>`)}`);
  for (const button of list.querySelectorAll('button')) {
    button.onclick = () => {
      form.enter('STATION_SSID', button.dataset.ssid);
      const password = form.field('STATION_PASSWORD');
      if (password && !password.open) password.row.querySelector('.change').click();
      else password?.input.focus();
    };
  }
}

/**
 * Let the board try the network that is about to be saved. True when it worked, or the person wants it saved anyway; also
 * where the board can't try it.
 */
export async function tryNetwork(button, form) {
  const network = form.field('STATION_SSID').value;
  if (!network) return true; // the board says what is missing
  const password = form.field('STATION_PASSWORD');
  const ui = await load('/parts/ui.js');
  return ui.act(button, () => isToBeSaved(network, password?.open ? password.value : null, ui));
}

async function isToBeSaved(network, password, { openDialog, tell }) {
  try {
    await request('POST', '/api/wifi/try', { body: { ssid: network, password } });
  } catch (error) {
    if (error.status === 404) return true;
    throw error;
  }
  const { mode, ssid } = live.status?.wifi ?? {};
  const { dialog, closed } = openDialog(html`<form method="dialog"><h2>${t('trying', { network })}</h2>
    <p class="countdown number" role="timer"></p><p class="outcome" role="status">${mode === 'ap' ? t('tryingBeside', { network: ssid }) : t('tryingAway', { network: ssid ?? '' })}</p>
    <p class="buttons"><button>${t('cancel')}</button><button value="save">${t('saveAnyway')}</button></p></form>`);
  const outcome = await outcomeOf(dialog);
  if (dialog.open && outcome?.state === 'joined') {
    dialog.close('save');
    tell('ok', t('tryWorked', { network, address: outcome.address }));
  } else if (dialog.open) {
    dialog.querySelector('h2').textContent = network;
    dialog.querySelector('.countdown').remove();
    dialog.querySelector('.outcome').textContent = reason(outcome?.message);
  }
  return (await closed) === 'save';
}

/** What came of the try; undefined where the dialog was closed before, or the board has not answered for long. */
async function outcomeOf(dialog) {
  const end = Date.now() + TRY_S * 1000;
  while (dialog.open && Date.now() < end) {
    dialog.querySelector('.countdown').textContent = t('secondsLeft', { n: Math.ceil((end - Date.now()) / 1000) });
    const outcome = await request('GET', '/api/wifi/try', { seconds: 3 }).catch(() => ({})); // away for the try
    if (/joined|failed/.test(outcome.state)) return outcome;
    await new Promise((resolve) => {
      setTimeout(resolve, 1000);
    });
  }
  return undefined;
}

/** Why it did not work, in the words of the page for what CircuitPython says. */
function reason(message) {
  if (!message) return t('tryUnknown');
  if (message.startsWith('Authentication')) return t('tryPassword');
  return message.startsWith('No network') ? t('tryNotFound') : t('tryFailed', { message });
}

/** Restart to join the network that was saved, and count down to where the page is found again. */
export async function restartInto(button, form) {
  const value = (key) => form.field(key)?.setting.value;
  const { act, ask, openDialog } = await load('/parts/ui.js');
  const joins = value('WIFI_MODE') === 'station';
  const [network, own, host] = [value('STATION_SSID'), value('AP_SSID'), `http://${value('DEVICE_NAME') ?? 'datalogger'}.local/`];
  const there = html`<a href="${joins ? host : 'http://192.168.4.1/'}">${joins ? host : 'http://192.168.4.1/'}</a>`;
  const sure = await ask({
    title: t('restartTitle'),
    body: html`<ol class="steps"><li>${joins ? t('willJoin', { network }) : t('willOpen', { network: own })}</li><li>${t('joinToo', { network: joins ? network : own, address: there })}</li>
      ${joins && html`<li>${t('wayBack', { network: own })}</li>`}</ol>`,
    confirm: t('restart'),
  });
  if (!sure || !(await act(button, () => request('POST', '/api/restart')))) return;
  live.expectRestart();
  const { dialog, closed } = openDialog(html`<form method="dialog"><h2>${joins ? t('joining', { network }) : t('boardRestarts')}</h2>
    <p class="countdown number" role="timer"></p><p>${t('joinToo', { network: joins ? network : own, address: there })}</p>
    ${joins && html`<p class="quiet">${t('wayBack', { network: own })}</p>`}<p class="buttons"><button autofocus>${t('close')}</button></p></form>`);
  const end = Date.now() + BACK_S * 1000;
  const count = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    dialog.querySelector('.countdown').textContent = left > 0 ? t('secondsLeft', { n: left }) : t('shouldBeBack');
  };
  const timer = setInterval(count, 1000);
  count();
  live.addEventListener('status', () => dialog.close(), { once: true });
  await closed;
  clearInterval(timer);
}
