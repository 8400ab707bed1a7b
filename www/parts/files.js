// Recorded files: reads them as they arrive, joins several on one time axis, shows them as a chart and saves them as one.

import { bytes, html, icon, live, load, read, render, t } from '../base.js';
import { CsvReader, csvText } from './csv.js';

/** A file's rows; `onPiece` is told how many bytes came. */
async function readFile(address, signal, onPiece) {
  const response = await read(address, { raw: true, signal });
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

/** Several files [{name, size, address}] one after the other, with `onProgress(words)`: [{name, reader}]. */
async function readFiles(files, signal, onProgress) {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let got = 0;
  const found = [];
  for (const file of files) {
    const reader = await readFile(file.address, signal, (length) => {
      got += length;
      onProgress(t('readingFiles', { got: bytes(got), total: bytes(Math.max(got, total)) }));
    });
    found.push({ name: file.name, reader });
  }
  return found;
}

/**
 * Put the rows of several readers on one time axis, oldest first; a column that one lacks is missing there. A clock that was
 * set back leaves rows that are older than those before them: the chart needs them in order.
 */
function join(readers) {
  const ordered = readers.filter(({ times }) => times.length).sort((a, b) => a.times[0] - b.times[0]);
  const columns = [...new Set(ordered.flatMap((reader) => reader.columns))];
  const units = columns.map((column) => ordered.map((reader) => reader.units[reader.columns.indexOf(column)]).find(Boolean) ?? '');
  const times = ordered.flatMap((reader) => reader.times);
  const notes = readers.flatMap((reader) => reader.notes);
  const values = columns.map((column) => ordered.flatMap((reader) => {
    const at = reader.columns.indexOf(column);
    return at < 0 ? new Array(reader.times.length).fill(null) : reader.values[at];
  }));
  if (times.every((time, i) => !i || time >= times[i - 1])) return { columns, units, times, values, notes };
  const order = times.map((_, i) => i).sort((a, b) => times[a] - times[b]);
  return { columns, units, notes, times: order.map((i) => times[i]), values: values.map((column) => order.map((i) => column[i])) };
}

/** What is known of a column: as the board measures it now, else what the file says. */
function series({ columns, units }) {
  const now = live.readings?.readings ?? [];
  let next = now.length;
  return columns.map((name, i) => {
    const at = now.findIndex((reading) => reading.name === name);
    return at < 0 ? { name, label: name, unit: units[i], decimals: 2, colour: next++ } : { ...now[at], colour: at };
  });
}

/** Save files as one table; `onProgress(words)` while they are read. Files without dates can't share a table with others. */
export async function saveJoined(files, signal, onProgress) {
  const { download } = await load('/parts/saving.js');
  const found = await readFiles(files, signal, onProgress);
  const dated = found.filter(({ reader }) => reader.absolute && reader.times.length);
  const parts = found.filter(({ reader }) => !reader.absolute && reader.times.length).map((one) => [one]);
  if (dated.length) parts.unshift(dated);
  for (const part of parts) {
    const joined = join(part.map(({ reader }) => reader));
    const known = series(joined).map((one, i) => ({ ...one, values: joined.values[i] }));
    const names = part.map(({ name }) => name.replace(/\.csv$/, '')).sort();
    const name = names.length > 1 ? `${names[0]}_${names[names.length - 1]}` : names[0];
    download(new Blob([csvText(joined.times, known, part[0].reader.absolute, joined.notes)], { type: 'text/csv' }), `${name}.csv`);
  }
  onProgress('');
  return parts.length;
}

let leave = new AbortController();

/** Show files as charts in `section`: the dated ones as one, each run with an unset clock as its own. */
export async function openFiles(section, files, pageSignal) {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  pageSignal.addEventListener('abort', () => leave.abort());
  section.hidden = false;
  render(section, html`<header><h2>${files.length === 1 ? files[0].name : t('files', { n: files.length })}</h2>
    <button type="button" class="plain" id="close-chart">${icon('close')}${t('close')}</button></header>
    <p class="quiet" role="status">${t('reading')}</p><div class="charts"></div>`);
  section.querySelector('#close-chart').onclick = () => {
    leave.abort();
    section.hidden = true;
  };
  section.scrollIntoView({ block: 'start' });
  const progress = section.querySelector('[role=status]');
  let found;
  try {
    found = await readFiles(files, signal, (words) => {
      progress.textContent = words;
    });
  } catch (error) {
    if (signal.aborted) return;
    progress.textContent = t('filesNotRead', { error: error.message });
    throw error;
  }
  const rows = found.reduce((sum, { reader }) => sum + reader.times.length, 0);
  progress.textContent = rows ? t('rowsShown', { n: rows }) : t('nothingToDraw');
  const dated = found.filter(({ reader }) => reader.absolute && reader.times.length).map(({ reader }) => reader);
  const groups = found.filter(({ reader }) => !reader.absolute && reader.times.length).map(({ reader, name }) => [name, [reader]]);
  if (dated.length) groups.unshift([groups.length ? t('datedFiles') : '', dated]);
  for (const [name, members] of groups) await draw(section.querySelector('.charts'), name, join(members), members[0].absolute, signal);
  section.scrollIntoView({ block: 'start' });
  section.querySelector('[role=slider]')?.focus({ preventScroll: true });
}

async function draw(box, name, joined, absolute, signal) {
  const part = document.createElement('div');
  render(part, html`${name && html`<h3>${name}</h3>`}<div class="chart"></div>`);
  box.append(part);
  const { times } = joined;
  try {
    const { Chart } = await load('/parts/chart.js');
    const chart = new Chart(part.querySelector('.chart'), signal, { name: name || 'recordings' });
    await chart.ready;
    chart.show({
      absolute, series: series(joined), x: times, mean: joined.values, notes: joined.notes,
      range: [times[0], Math.max(times[times.length - 1], times[0] + 1)],
    });
  } catch (error) {
    render(part, html`<p class="quiet">${error.message}</p>`);
  }
}
