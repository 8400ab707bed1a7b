// How a phone joins the board: its network and its address as QR codes. The board never tells its Wi-Fi password, so the
// person who knows it types it here; it stays in this browser's memory and goes nowhere.

import { html, live, load, render, t, update } from '../base.js';

export function open(box, signal) {
  render(box, html`<div class="codes"></div>
    <form hidden><input name="username" value="Wi-Fi" autocomplete="username" hidden><label class="field"><span>${t('wifiPassword')}</span><input type="password" autocomplete="off" maxlength="63"></label></form>
    <p class="quiet"></p>`);
  const show = () => live.status && draw(box, live.status.wifi);
  box.querySelector('form').oninput = show;
  box.querySelector('form').onsubmit = (event) => event.preventDefault();
  live.addEventListener('status', show, { signal });
  show();
}

/** In QR codes of networks these characters are escaped. */
const escaped = (text) => text.replace(/[\\;,:"]/g, '\\$&');

async function draw(box, { mode, ssid, address, hostname }) {
  const own = mode === 'ap';
  const password = box.querySelector('[type=password]').value;
  box.querySelector('form').hidden = !own;
  box.querySelector('p').textContent = own ? t('qrHelp') : '';
  const codes = [[t('qrAddress'), `http://${(!own && hostname) || address || location.host}/`]];
  if (own && password.length >= 8) codes.unshift([t('qrNetwork', { ssid }), `WIFI:T:WPA;S:${escaped(ssid)};P:${escaped(password)};;`]);
  const places = box.querySelector('.codes');
  if (!update(places, html`${codes.map(([title, text]) => html`<figure><canvas role="img" aria-label="${t('qrOf', { title })}" data-text="${text}"></canvas><figcaption>${title}</figcaption></figure>`)}`)) return;
  const { generate } = await load('/lean-qr/lean-qr.js');
  for (const canvas of places.querySelectorAll('canvas')) paint(canvas, generate(canvas.dataset.text));
}

/** Black on white in both themes, with the quiet zone that scanners need. */
function paint(canvas, code) {
  const [dot, edge] = [6, 4];
  canvas.width = canvas.height = (code.size + 2 * edge) * dot;
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = '#fff';
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = '#000';
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) ctx.fillRect((x + edge) * dot, (y + edge) * dot, dot, dot);
  }
}
