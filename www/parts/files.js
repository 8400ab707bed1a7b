// The chart of recorded files: reads CSV as it arrives and joins several files on one time axis.

import { bytes, count, html, icon, live, render, read } from '../base.js';
import { Chart } from './chart.js';

/** Rows read from CSV text that comes in pieces. The first column is the time, an empty field is a missing value. */
class CsvReader {
  columns = [];
  times = [];
  values = []; // one array for each column
  absolute = true; // the times are ISO 8601, otherwise seconds since start
  #rest = '';

  /** Take the next piece of the text; the last line may be unfinished. */
  push(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
  }

  /** The text has ended. A last line without its end was being written: it is not read. */
  end() {
    this.#rest = '';
  }

  #line(line) {
    const fields = line.trimEnd().split(',');
    if (!this.columns.length) {
      this.columns = fields.slice(1);
      this.values = this.columns.map(() => []);
      return;
    }
    if (fields.length !== this.columns.length + 1) return;
    if (!this.times.length) this.absolute = fields[0].includes('T');
    const time = this.absolute ? Date.parse(fields[0]) / 1000 : Number(fields[0]);
    if (!Number.isFinite(time)) return;
    this.times.push(time);
    for (let i = 0; i < this.columns.length; i += 1) {
      const value = fields[i + 1] === '' ? NaN : Number(fields[i + 1]);
      this.values[i].push(Number.isFinite(value) ? value : null);
    }
  }
}

/**
 * Put the rows of several readers on one time axis, oldest first; a column that one lacks is missing there. A clock that was
 * set back leaves rows that are older than those before them: the chart needs them in order.
 */
export function join(readers) {
  const ordered = readers.filter(({ times }) => times.length).sort((a, b) => a.times[0] - b.times[0]);
  const columns = [...new Set(ordered.flatMap((reader) => reader.columns))];
  const times = ordered.flatMap((reader) => reader.times);
  const values = columns.map((column) => ordered.flatMap((reader) => {
    const at = reader.columns.indexOf(column);
    return at < 0 ? new Array(reader.times.length).fill(null) : reader.values[at];
  }));
  if (times.every((time, i) => !i || time >= times[i - 1])) return { columns, times, values };
  const order = times.map((_, i) => i).sort((a, b) => times[a] - times[b]);
  return { columns, times: order.map((i) => times[i]), values: values.map((column) => order.map((i) => column[i])) };
}

/**
 * Rows [t, value, ...] of the present run up to `before`, both in seconds since start, from the files that hold them.
 * `offset`: the clock minus the time since start, null while the clock is unset.
 */
export async function readRun(columns, before, offset, signal) {
  const { files } = await read('/api/files', { signal });
  const rows = [];
  for (const { name, to, current } of files) {
    const dated = to?.includes('T');
    if (to === null || (dated ? offset === null || Date.parse(to) / 1000 < offset : !current)) continue;
    const { absolute, times, values, ...reader } = await readFile(name, signal, () => {});
    const at = columns.map((column) => values[reader.columns.indexOf(column)]);
    times.forEach((time, i) => {
      const t = absolute ? time - offset : time;
      if (t >= 0 && t < before) rows.push([t, ...at.map((column) => column?.[i] ?? null)]);
    });
  }
  return rows.sort((a, b) => a[0] - b[0]);
}

let leave = new AbortController();

/** Show files as charts in `section`: the dated ones as one, each run with an unset clock as its own. */
export async function openFiles(section, files, pageSignal) {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  pageSignal.addEventListener('abort', () => leave.abort());
  section.hidden = false;
  render(section, html`<header><h2>${files.length === 1 ? files[0].name : count(files.length, 'file')}</h2>
    <button type="button" class="plain" id="close-chart">${icon('close')}Close</button></header>
    <p class="quiet" role="status">Reading…</p><div class="charts"></div>`);
  section.querySelector('#close-chart').onclick = () => {
    leave.abort();
    section.hidden = true;
  };
  section.scrollIntoView({ block: 'start' });
  const progress = section.querySelector('[role=status]');
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let got = 0;
  const readers = [];
  try {
    for (const file of files) {
      const reader = await readFile(file.name, signal, (length) => {
        got += length;
        progress.textContent = `Reading ${bytes(got)} of ${bytes(total)}`;
      });
      readers.push({ reader, name: file.name });
    }
  } catch (error) {
    if (signal.aborted) return;
    progress.textContent = `The files could not be read: ${error.message}`;
    throw error;
  }
  const rows = readers.reduce((sum, { reader }) => sum + reader.times.length, 0);
  progress.textContent = rows ? `${count(rows, 'row')}. Drag over a time, or spread two fingers, to look closer.` : 'No rows yet: nothing to draw.';
  const dated = readers.filter(({ reader }) => reader.absolute).map(({ reader }) => reader);
  const groups = readers.filter(({ reader }) => !reader.absolute && reader.times.length).map(({ reader, name }) => [name, [reader]]);
  if (dated.some(({ times }) => times.length)) groups.unshift([groups.length ? 'Dated files' : '', dated]);
  for (const [name, members] of groups) draw(section.querySelector('.charts'), name, join(members), members[0].absolute, signal);
}

async function readFile(name, signal, onPiece) {
  const response = await read(`/api/files/${encodeURIComponent(name)}`, { raw: true, signal });
  const reader = new CsvReader();
  const decoder = new TextDecoder();
  const stream = response.body.getReader();
  for (;;) {
    const { done, value } = await stream.read();
    if (done) break;
    reader.push(decoder.decode(value, { stream: true }));
    onPiece(value.length);
  }
  reader.end();
  return reader;
}

function draw(box, name, { columns, times, values }, absolute, signal) {
  const known = new Map((live.readings?.readings ?? []).map((reading) => [reading.name, reading]));
  const part = document.createElement('div');
  render(part, html`${name && html`<h3>${name}</h3>`}<div class="chart"></div>`);
  box.append(part);
  const chart = new Chart(part.querySelector('.chart'), signal);
  chart.ready.then(() => chart.show({
    absolute,
    series: columns.map((column) => known.get(column) ?? { name: column, label: column, unit: '', decimals: 2 }),
    x: times,
    columns: values,
    range: [times[0], Math.max(times[times.length - 1], times[0] + 1)],
  })).catch((error) => render(part, html`<p class="quiet">${error.message}</p>`));
}
