// Spans of the recordings: columns of lowest, mean and highest values on one time axis, as GET /api/history gives them.
//   {channels: [name], x: [time], low, mean, high: [[value or null] for each channel], step: seconds, notes: [[time, text]]}

import { read } from '../base.js';

const LONG_S = 60; // a week takes the board a while to read

/** What the board knows from `from` (null: of all) to `to`, in about `points` points. */
export async function readHistory({ from, to, points, signal }) {
  const span = from === null ? '' : `from=${Math.max(0, Math.floor(from))}&to=${Math.ceil(to)}&`;
  const answer = await read(`/api/history?${span}points=${points}`, { signal, seconds: LONG_S });
  const column = (place) => answer.channels.map((_, i) => answer.rows.map((row) => row[1 + 3 * i + place] ?? null));
  return {
    channels: answer.channels, x: answer.rows.map(([x]) => x), low: column(0), mean: column(1), high: column(2),
    step: answer.step, notes: answer.notes ?? [],
  };
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
