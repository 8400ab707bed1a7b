// Spans of the recordings: columns of lowest, mean and highest values on one time axis, as GET /api/history gives them.
//   {channels: [name], x: [time], low, mean, high: [[value or null] for each channel], step: seconds, notes: [[time, text]]}

import { load, read } from '../base.js';

const LONG_S = 60; // a week takes the board a while to read

/**
 * What the board knows from `from` (null: of all) to `to`, in about `points` points. `offset`: the clock less the time since
 * the start, null while it is unset; times are then since the start. `quick`: only what it has at hand.
 */
export async function readHistory({ from, to, points, offset, signal, quick = false }) {
  const span = from === null ? '' : `from=${Math.floor(from)}&to=${Math.ceil(to)}&`;
  const answer = await read(`/api/history?${span}points=${points}`, { signal, seconds: LONG_S });
  if (!answer.channels) return fromSamples(answer, { from: from ?? 0, to, points, offset, signal, quick });
  const column = (place) => answer.channels.map((_, i) => answer.rows.map((row) => row[1 + 3 * i + place] ?? null));
  return {
    channels: answer.channels, x: answer.rows.map(([x]) => x), low: column(0), mean: column(1), high: column(2),
    step: answer.step, notes: answer.notes ?? [],
  };
}

/** A board whose history is only the samples in memory: what is older is read from its files. */
async function fromSamples({ columns, rows, sample_s: sampleS }, { from, to, points, offset, signal, quick }) {
  const shift = offset ?? 0;
  const samples = rows.map(([x, ...values]) => [x + shift, ...values]);
  const first = samples[0]?.[0] ?? to;
  let notes = [];
  if (!quick && first > from + 2 * sampleS) {
    const { readRows } = await load('/parts/files.js');
    const older = await readRows(columns, from, first - sampleS / 2, offset, signal);
    samples.unshift(...older.rows);
    ({ notes } = older);
  }
  const inside = samples.filter(([x]) => x >= from && x <= to + 1);
  return { ...bucketed(columns, inside, Math.max(sampleS, (to - (inside[0]?.[0] ?? from)) / points)), notes };
}

/** Rows [x, value, ...] put together, one for each `step` seconds in which there is any. */
export function bucketed(channels, rows, step) {
  const span = { channels, x: [], step, notes: [], low: channels.map(() => []), mean: channels.map(() => []), high: channels.map(() => []) };
  for (let start = 0; start < rows.length;) {
    const bucket = Math.floor(rows[start][0] / step);
    let end = start + 1;
    while (end < rows.length && Math.floor(rows[end][0] / step) === bucket) end += 1;
    span.x.push((rows[start][0] + rows[end - 1][0]) / 2);
    channels.forEach((_, i) => {
      const values = rows.slice(start, end).map((row) => row[i + 1]).filter((value) => value !== null);
      const sum = values.reduce((total, value) => total + value, 0);
      span.low[i].push(values.length ? Math.min(...values) : null);
      span.mean[i].push(values.length ? sum / values.length : null);
      span.high[i].push(values.length ? Math.max(...values) : null);
    });
    start = end;
  }
  return span;
}

/** Put a recorded row behind a span. False where it does not fit: other channels, or it is older. */
export function append(span, x, row) {
  const last = span.x[span.x.length - 1];
  if (row.length !== span.channels.length || x < last || x - last > Math.max(300, 3 * span.step)) return false;
  if (x === last) return true;
  span.x.push(x);
  row.forEach((value, i) => {
    for (const columns of [span.low, span.mean, span.high]) columns[i].push(value);
  });
  return true;
}

/** One span of the channels `names`: `span`, within it the closer look `fine`, and behind both the live readings `tail`. */
export function between(span, fine, tail, names) {
  const parts = [];
  const cut = (part, inside) => part && parts.push({ part, rows: part.x.map((_, i) => i).filter((i) => inside(part.x[i])) });
  if (fine) {
    cut(span, (x) => x < fine.from);
    cut(fine, () => true);
    cut(span, (x) => x > fine.to);
  } else {
    cut(span, () => true);
  }
  const column = (name, kind) => [
    ...parts.flatMap(({ part, rows }) => {
      const at = part.channels.indexOf(name);
      return rows.map((i) => (at < 0 ? null : part[kind][at][i]));
    }),
    ...tail.map(([, values]) => values[name] ?? null),
  ];
  return {
    x: [...parts.flatMap(({ part, rows }) => rows.map((i) => part.x[i])), ...tail.map(([x]) => x)],
    low: names.map((name) => column(name, 'low')),
    mean: names.map((name) => column(name, 'mean')),
    high: names.map((name) => column(name, 'high')),
    notes: span?.notes ?? [],
  };
}
