// Dashboard: what the board measures now, whether that is recorded, and the history of it.

import { count, duration, figures, html, icon, live, load, read, render, update } from '../base.js';

const TREND_S = 600; // a trend compares with the value of this long ago
const HOUR_S = 3600;

export function open(main, signal) {
  render(main, html`
    <h1 class="hidden">Dashboard</h1>
    <section class="card recorder" aria-label="Recorder">
      <p class="state wait" role="status">${icon('wait')}<b>Asking the board…</b></p>
      <p class="quiet"></p>
      <button type="button" class="primary" hidden>Take over the drive</button>
    </section>
    <ul class="tiles" aria-label="Readings now"></ul>
    <section class="card history" aria-label="History of the readings">
      <header>
        <h2>History</h2>
        <p class="quiet" role="status"></p>
        <fieldset class="choice"><legend class="hidden">Time shown</legend>
          <label><input type="radio" name="range" value="hour" checked><span>Last hour</span></label>
          <label><input type="radio" name="range" value="start"><span>Since start</span></label>
        </fieldset>
      </header>
      <div class="chart"><p class="quiet">The chart follows when the values are here.</p></div>
    </section>`);
  const history = new History();
  const recorder = main.querySelector('.recorder');
  const tiles = new Tiles(main.querySelector('.tiles'), history);
  const on = (type, then) => live.addEventListener(type, then, { signal });

  on('readings', () => tiles.show(live.readings));
  on('status', () => showRecorder(recorder, live.status));
  if (live.readings) tiles.show(live.readings);
  else tiles.expect();
  if (live.status) showRecorder(recorder, live.status);
  recorder.querySelector('button').onclick = async ({ currentTarget }) => {
    const { changeDrive } = await load('/parts/ui.js');
    changeDrive(currentTarget, 'board');
  };

  // Content first: the chart's code, its library and its data come when the values are there.
  const start = () => setTimeout(() => signal.aborted || new HistoryChart(main.querySelector('.history'), history, tiles, signal));
  if (live.readings) start();
  else live.addEventListener('readings', start, { once: true, signal });
}

// ---- Tiles ----

class Tiles {
  #list;
  #history;
  #names = '';

  constructor(list, history) {
    this.#list = list;
    this.#history = history;
  }

  /** Empty tiles, as many as last time, so that nothing moves when the values come. */
  expect() {
    let known = [];
    try {
      known = JSON.parse(localStorage.getItem('readings')) ?? known;
    } catch { /* storage is off or holds something else: expect three */ }
    if (!known.length) known = Array.from({ length: 3 }, () => ({ label: '\u00a0', unit: '', decimals: 0 }));
    this.#make(known);
  }

  #make(readings) {
    render(this.#list, html`${readings.map(({ label, unit }) => html`<li class="tile">
      <h2>${label}</h2>
      <p class="value"><b>–</b> <span>${unit}</span></p>
      <p class="trend"></p>
      <p class="span"><span>min <b>–</b></span><i><i></i></i><span>max <b>–</b></span></p>
    </li>`)}`);
  }

  show({ t, readings }) {
    const names = JSON.stringify(readings.map(({ name, label, unit, decimals }) => ({ name, label, unit, decimals })));
    if (names !== this.#names) {
      this.#names = names;
      this.#make(readings);
      try {
        localStorage.setItem('readings', names);
      } catch { /* only a convenience */ }
    }
    readings.forEach((reading, i) => this.#showOne(this.#list.children[i], reading, this.#history.before(reading.name, t - TREND_S)));
  }

  #showOne(tile, reading, earlier) {
    const [value, unit] = figures(reading.value, reading);
    const [low, high] = tile.querySelectorAll('.span b');
    tile.classList.toggle('failing', Boolean(reading.error));
    tile.querySelector('.value b').textContent = value;
    tile.querySelector('.value span').textContent = unit;
    [low.textContent] = figures(reading.min, reading);
    [high.textContent] = figures(reading.max, reading);
    const wide = reading.max - reading.min;
    const part = reading.value !== null && wide > 0 ? (reading.value - reading.min) / wide : 0.5;
    tile.querySelector('.span i i').style.left = `${100 * part}%`;
    render(tile.querySelector('.trend'), reading.error ? html`${icon('warn')}${reading.error}` : trend(reading, earlier));
  }
}

function trend(reading, earlier) {
  if (!earlier || reading.value === null) return html`${icon('steady')}no trend yet`;
  const change = reading.value - earlier.value;
  const [amount, unit] = figures(Math.abs(change), reading);
  const since = duration(earlier.ago);
  if (!Number(amount)) return html`${icon('steady')}steady for ${since}`;
  return html`${icon(change > 0 ? 'up' : 'down')}${change > 0 ? '+' : '\u2212'}${amount} ${unit} in ${since}`;
}

// ---- Recorder ----

function showRecorder(card, { recorder, drive }) {
  const waiting = `${count(recorder.buffered, 'row')} ${recorder.buffered === 1 ? 'waits' : 'wait'} in memory`;
  const states = {
    recording: ['ok', 'record', 'Recording', recorder.file && html`to <a href="#/data">${recorder.file}</a>`,
      `${recorder.next_write_s === null ? '' : `Next write in ${duration(recorder.next_write_s)}. `}${recorder.buffered ? `${waiting}.` : ''}`],
    paused: ['warn', 'pause', 'Paused.', recorder.reason || 'A computer has the drive.', `${waiting}.`],
    full: ['bad', 'warn', 'Stopped: the drive is full.', recorder.reason, 'Delete files on the Data page to go on.'],
    error: ['bad', 'bad', 'Recording failed.', recorder.reason, `It is tried again by itself. ${waiting}.`],
  };
  const [kind, symbol, word, reason, detail] = states[recorder.state] ?? ['warn', 'warn', recorder.state, recorder.reason, ''];
  const lost = recorder.dropped ? ` ${count(recorder.dropped, 'row')} lost since start.` : '';
  const offer = recorder.state === 'paused' && drive.can_change;
  const [stateLine, detailLine, button] = card.children; // kept: one is a live region, one may have the focus or be busy
  stateLine.className = `state ${kind}`;
  update(stateLine, html`${icon(symbol)}<span><b>${word}</b> ${reason}</span>`);
  detailLine.textContent = `A sample every ${duration(recorder.sample_s)}. ${detail}${lost}`;
  button.hidden = !offer;
}

// ---- History chart ----

/** The samples since the page was opened and the 240 before it: rows of [t, value, ...]. */
class History {
  columns = [];
  rows = [];
  sampleS = 60;
  offset = null; // epoch minus t, null while the board's clock is unset
  whole = false; // whether the rows reach back to the start

  get last() {
    return this.rows.length ? this.rows[this.rows.length - 1][0] : -1;
  }

  /** Fetch what is missing; all of it after the board started anew or its clock was set. */
  async catchUp(signal) {
    const since = this.rows.length ? `?since=${this.last}` : '';
    const answer = await read(`/api/history${since}`, { signal });
    const jumped = answer.epoch !== null && this.offset !== null && Math.abs(answer.epoch - answer.t - this.offset) > 30;
    if (answer.t < this.last || jumped || String(answer.columns) !== String(this.columns)) {
      const whole = since ? await read('/api/history', { signal }) : answer;
      Object.assign(this, { columns: whole.columns, rows: whole.rows, whole: false });
    } else {
      this.rows.push(...answer.rows.filter(([t]) => t > this.last));
    }
    this.sampleS = answer.sample_s;
    this.setClock(answer);
  }

  /** Fetch what is older than the board's memory reaches back, from the files. */
  async reachBack(signal) {
    const [first] = this.rows;
    if (this.whole || !first) return;
    if (first[0] > 2 * this.sampleS) {
      const { readRun } = await load('/parts/files.js');
      const older = await readRun(this.columns, first[0] - this.sampleS / 2, this.offset, signal);
      if (this.rows[0] !== first) return; // the board started anew meanwhile, or somebody else was faster
      this.rows = older.concat(this.rows);
    }
    this.whole = true;
  }

  setClock({ t, epoch }) {
    const offset = epoch === null ? null : epoch - t;
    // The epoch is in whole seconds: follow the clock only when it was set, not its rounding.
    if (offset === null || this.offset === null || Math.abs(offset - this.offset) > 2) this.offset = offset;
  }

  /** False when this sample does not follow the last one, so that the history is to be fetched. */
  add({ t, epoch, row }) {
    if (row.length !== this.columns.length || t < this.last || t - this.last > 2 * this.sampleS) return false;
    if (t > this.last) this.rows.push([t, ...row]);
    this.setClock({ t, epoch });
    return true;
  }

  /** The value of a reading at the oldest sample that is not older than `t`, with how long ago that is. */
  before(name, t) {
    const column = this.columns.indexOf(name) + 1;
    const row = column && this.rows.find((candidate) => candidate[0] >= t && candidate[column] !== null);
    return row ? { value: row[column], ago: t + TREND_S - row[0] } : null;
  }
}

/** The card with the chart: fetches code and samples, again if need be whenever the board is back. */
class HistoryChart {
  #section;
  #history;
  #tiles;
  #signal;
  #chart = null;
  #busy = false;

  constructor(section, history, tiles, signal) {
    this.#section = section;
    this.#history = history;
    this.#tiles = tiles;
    this.#signal = signal;
    const on = (type, then) => live.addEventListener(type, then, { signal });
    on('sample', ({ detail }) => (history.add(detail) ? this.#draw() : this.#refresh()));
    on('link', () => live.answers && this.#refresh());
    on('readings', () => live.link === 'polling' && live.readings.t - history.last > history.sampleS && this.#refresh());
    section.addEventListener('change', () => this.#changeRange(), { signal });
    this.#refresh();
  }

  async #refresh() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await (this.#chart ? this.#history.catchUp(this.#signal) : this.#load());
      if (live.readings) this.#tiles.show(live.readings);
      this.#draw();
    } catch (error) {
      if (!this.#chart && !this.#signal.aborted) {
        render(this.#section.querySelector('.chart'), html`<p class="quiet">The chart did not come: ${error.message}
          It is asked for again when the board answers.</p>`);
      }
    }
    this.#busy = false;
  }

  async #load() {
    const [{ Chart }] = await Promise.all([load('/parts/chart.js'), this.#history.catchUp(this.#signal)]);
    const chart = new Chart(this.#section.querySelector('.chart'), this.#signal);
    await chart.ready;
    this.#chart = chart;
  }

  async #changeRange() {
    const note = this.#section.querySelector('[role=status]');
    this.#draw();
    if (!this.#showsAll || this.#history.whole) return;
    note.textContent = 'Reading the recordings…';
    try {
      await this.#history.reachBack(this.#signal);
      note.textContent = '';
    } catch (error) {
      if (this.#signal.aborted) return;
      render(note, html`Older samples did not come: ${error.message} <button type="button" class="plain">Try again</button>`);
      note.querySelector('button').onclick = () => this.#changeRange();
    }
    this.#draw();
  }

  get #showsAll() {
    return this.#section.querySelector('[value=start]').checked;
  }

  #draw() {
    if (!this.#chart || !live.readings || this.#signal.aborted) return;
    const { t, epoch, readings } = live.readings;
    const { columns, rows, offset, sampleS } = this.#history;
    const known = new Map(readings.map((reading) => [reading.name, reading]));
    const shift = offset ?? 0;
    const now = Math.max(shift + 60, epoch === null ? t : Math.max(epoch, t + shift));
    const start = shift; // of the board: nothing is older
    this.#chart.show({
      absolute: epoch !== null,
      series: columns.map((name) => known.get(name) ?? { name, label: name, unit: '', decimals: 2 }),
      x: rows.map((row) => row[0] + shift),
      columns: columns.map((_, i) => rows.map((row) => row[i + 1])),
      gap: 2.5 * sampleS,
      range: [this.#showsAll ? start : Math.max(start, now - HOUR_S), now],
    });
  }
}
