// Dashboard: what is measured and whether it is right, what the recorder does, and the history of it all.

import { duration, figures, html, icon, live, load, measured, recall, remember, render, since, styles, t, update } from '../base.js';

export function open(main, signal) {
  render(main, html`
    <h1 class="hidden">${t('dashboard')}</h1>
    <ul class="tiles" aria-label="${t('readingsNow')}"></ul>
    <section class="card recorder wait" aria-label="${t('recorder')}">
      <p class="state" role="status">${icon('wait')}<span><b>${t('waitingForBoard')}</b></span></p>
      <p class="quiet"></p>
      <p class="buttons"></p>
    </section>
    <section class="card outputs" aria-label="${t('outputs')}" hidden></section>
    <section class="card history" aria-label="${t('history')}">
      <header>
        <h2>${t('history')}</h2>
        <p class="quiet" role="status"></p>
        <fieldset class="choice"><legend class="hidden">${t('timeShown')}</legend>
          ${[['1', t('range1h')], ['6', t('range6h')], ['24', t('range24h')], ['168', t('range7d')], ['all', t('rangeAll')]].map(([value, word]) => html`
            <label><input type="radio" name="range" value="${value}" ${value === '1' && html`checked`}><span>${word}</span></label>`)}
        </fieldset>
      </header>
      <div class="chart"><p class="quiet">${t('chartFollows')}</p></div>
    </section>`);
  const recorder = main.querySelector('.recorder');
  const tiles = new Tiles(main.querySelector('.tiles'));
  const on = (type, then) => live.addEventListener(type, then, { signal });

  on('readings', () => tiles.show());
  on('status', () => {
    showRecorder(recorder, live.status);
    tiles.show();
  });
  if (live.readings) tiles.show();
  else tiles.expect();
  if (live.status) showRecorder(recorder, live.status);
  recorder.onclick = async ({ target }) => {
    const button = target.closest('[data-action]');
    if (button) (await load('/parts/actions.js')).recorderAction(button, button.dataset.action);
  };

  // Content first: the code of the chart, its library and its data come when the readings are there.
  const start = () => setTimeout(() => openRest(main, tiles, signal).catch((error) => {
    if (signal.aborted) return;
    const box = main.querySelector('.chart');
    render(box, html`<p class="quiet">${t('chartNotLoaded', { error: error.message })} <button type="button" class="plain">${t('tryAgain')}</button></p>`);
    const again = () => {
      live.removeEventListener('link', answered);
      start();
    };
    const answered = () => live.answers && again();
    box.querySelector('button').onclick = again;
    live.addEventListener('link', answered, { signal });
  }));
  if (live.readings && live.status) start();
  else live.addEventListener(live.readings ? 'status' : 'readings', start, { once: true, signal });
}

/** History and outputs, which come after the readings. */
async function openRest(main, tiles, signal) {
  const [{ open: openHistory }] = await Promise.all([load('/parts/history.js'), styles('/pages.css')]);
  if (signal.aborted) return;
  openHistory(main, tiles, signal);
  if (live.status?.outputs) (await load('/parts/outputs.js')).open(main.querySelector('.outputs'), signal);
}

// ---- Tiles ----

const SPARK = { width: 100, height: 28 };

class Tiles {
  #list;
  #made = '';
  #day = new Map(); // of each channel: what today and the last hours brought

  constructor(list) {
    this.#list = list;
  }

  /** Empty tiles, as many as last time, so that nothing moves when the readings come. */
  expect() {
    const known = recall('readings') ?? [];
    this.#make(known.length ? known : Array.from({ length: 3 }, () => ({ label: '\u00a0', unit: '' })));
  }

  #make(readings) {
    render(this.#list, html`${readings.map(({ label, unit }, i) => html`<li class="tile series-${(i % 12) + 1}">
      <h2><i></i><span>${label}</span></h2>
      <p class="value"><b>–</b> <span>${unit}</span></p>
      <div class="spark">${spark}</div>
      <p class="span">&nbsp;</p>
    </li>`)}`);
  }

  show() {
    if (!live.readings) return;
    const readings = measured(live.readings.readings);
    const names = JSON.stringify(readings.map(({ name, label, unit, decimals }) => ({ name, label, unit, decimals })));
    if (names !== this.#made) {
      this.#made = names;
      this.#make(readings);
      remember('readings', JSON.parse(names));
    }
    const states = new Map((live.status?.channels ?? []).map((channel) => [channel.name, channel]));
    readings.forEach((reading, i) => this.#showOne(this.#list.children[i], reading, states.get(reading.name)));
  }

  /** Take of each channel {low, high, points: [[x, y], ...]}: extremes of today, and the last hours scaled to 0 to 1. */
  showDay(day) {
    this.#day = day;
    this.show();
  }

  #showOne(tile, reading, { state = 'ok', message = '', since: from = null } = {}) {
    const failing = reading.error || state === 'failing';
    const limit = !failing && state !== 'ok';
    const [value, unit] = figures(reading.value, reading);
    tile.className = `tile ${tile.className.match(/series-\d+/)[0]} ${failing ? 'failing' : limit ? 'limit' : ''}`;
    tile.querySelector('.value b').textContent = value;
    tile.querySelector('.value span').textContent = unit;
    tile.querySelector('.value').classList.toggle('long', value.length + unit.length > 7);
    const day = this.#day.get(reading.name);
    const picture = tile.querySelector('.spark');
    update(picture, failing ? html`<p class="message">${icon('warn')}<span>${reading.error || message}</span></p>` : spark);
    if (!failing) drawSpark(picture, day?.points ?? []);
    update(tile.querySelector('.span'), failing ? html`${from && t('failingSince', { time: since(from) })}`
      : limit ? html`${icon('warn')}<b>${state === 'high' ? t('tooHigh') : t('tooLow')}</b> ${from && t('sinceTime', { time: since(from) })}`
      : extremes(day, reading));
  }
}

const spark = html`<svg viewBox="0 0 ${SPARK.width} ${SPARK.height}" preserveAspectRatio="none" aria-hidden="true"><path class="area"/><path class="line"/></svg>`;

/** The last hours as a line, from points scaled to 0 to 1. */
function drawSpark(picture, points) {
  const place = ([x, y]) => `${(x * SPARK.width).toFixed(1)} ${(2 + (1 - y) * (SPARK.height - 4)).toFixed(1)}`;
  const line = points.length > 1 ? `M${points.map(place).join('L')}` : '';
  const [area, stroke] = picture.querySelectorAll('path');
  const edge = (at) => `${(points[at][0] * SPARK.width).toFixed(1)} ${SPARK.height}`;
  stroke.setAttribute('d', line);
  area.setAttribute('d', line && `${line}L${edge(points.length - 1)}L${edge(0)}Z`);
}

function extremes(day, reading) {
  if (!day || day.low === null) return html`&nbsp;`;
  const [[low], [high]] = [figures(day.low, reading), figures(day.high, reading)];
  return html`<span title="${t('lowestToday')}">${icon('down')}<span class="hidden">${t('lowestToday')}</span>${low}</span>
    <span title="${t('highestToday')}">${icon('up')}<span class="hidden">${t('highestToday')}</span>${high}</span>`;
}

// ---- Recorder ----

const buttons = {
  write: ['write', t('writeNow')],
  sample: ['sample', t('sampleNow')],
  note: ['note', t('addNote')],
  stop: ['stop', t('stopRecording')],
  start: ['play', t('startRecording')],
  drive: ['write', t('takeDrive')],
};

function showRecorder(card, { recorder, drive }) {
  const waiting = t('rowsWait', { n: recorder.buffered });
  const controls = ['write', 'sample', 'note', 'stop'];
  const file = recorder.file && html`<a href="#/data">${recorder.file}</a>`;
  const next = recorder.next_write_s === null || !recorder.buffered ? '' : t('nextWrite', { n: recorder.buffered, time: duration(recorder.next_write_s) });
  const states = {
    recording: ['ok', 'record', t('recording'), file && t('toFile', { file }), next, controls],
    stopped: ['warn', 'stop', t('stopped'), t('stoppedHelp'), recorder.buffered ? waiting : '', ['start', 'sample', 'note']],
    paused: ['warn', 'pause', t('paused'), recorder.reason || t('computerHasDrive'), waiting, drive.can_change ? ['drive'] : []],
    full: ['bad', 'warn', t('full'), recorder.reason, t('fullHelp'), []],
    error: ['bad', 'bad', t('recordingFailed'), recorder.reason, `${t('triedAgain')} ${waiting}`, ['start']],
  };
  const [kind, symbol, word, reason, detail, offered] = states[recorder.state] ?? ['warn', 'warn', recorder.state, recorder.reason, '', []];
  const [stateLine, detailLine, row] = card.children; // kept: one is a live region, one may have the focus or be busy
  card.className = `card recorder ${kind} ${recorder.state}`;
  stateLine.className = `state ${kind}`;
  update(stateLine, html`${icon(symbol)}<span><b>${word}</b> ${reason}</span>`);
  detailLine.textContent = [t('sampleEvery', { time: duration(recorder.sample_s) }), detail, recorder.dropped ? t('rowsLost', { n: recorder.dropped }) : ''].filter(Boolean).join(' ');
  update(row, html`${offered.map((action) => html`<button type="button" data-action="${action}" class="${['start', 'drive'].includes(action) && 'primary'}">${icon(buttons[action][0])}${buttons[action][1]}</button>`)}`);
}
