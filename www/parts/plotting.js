// What the chart computes before it draws: where samples are missing, ticks, bounds, and statistics of what is shown.

import { number } from '../base.js';

const NEAR = 5; // distances on either side that a gap is compared with
const GAP = 2.5; // times the usual distance around it

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Indices before which samples are missing: the distance there is much longer than on both sides of it. */
export function gaps(x) {
  const distances = x.slice(1).map((value, i) => value - x[i]);
  const found = [];
  for (let i = 0; i < distances.length; i += 1) {
    if (distances[i] <= 2 * Math.min(distances[i - 1] ?? Infinity, distances[i + 1] ?? Infinity)) continue;
    const usual = Math.max(median(distances.slice(Math.max(0, i - NEAR), i)), median(distances.slice(i + 1, i + 1 + NEAR)));
    if (usual && distances[i] > GAP * usual) found.push(i + 1);
  }
  return found;
}

/** The data as it is drawn: bytes as KB, rows without any value left out, and a row of nulls wherever samples are missing. */
export function prepared(data) {
  const kinds = ['low', 'mean', 'high'];
  const kept = data.x.map((_, i) => i).filter((i) => data.mean.some((column) => column[i] !== null));
  const x = kept.map((i) => data.x[i]);
  const holes = new Set(gaps(x));
  const spread = (pick, between) => x.flatMap((_, i) => (holes.has(i) ? [between(i), pick(i)] : [pick(i)]));
  const inBytes = data.series.map(({ unit }) => unit === 'B');
  const result = {
    ...data,
    series: data.series.map((one, i) => (inBytes[i] ? { ...one, unit: 'KB', decimals: 1 } : one)),
    x: spread((i) => x[i], (i) => (x[i - 1] + x[i]) / 2),
  };
  for (const kind of kinds) {
    result[kind] = (data[kind] ?? data.mean).map((column, at) => {
      const scaled = inBytes[at] ? column.map((value) => value && value / 1024) : column;
      return spread((i) => scaled[kept[i]], () => null);
    });
  }
  return result;
}

/** Whether a channel has minima and maxima of its own to show as a band. */
export const hasBand = ({ low, high }, i) => low[i].some((value, row) => value !== high[i][row]);

/** Indices of values without a neighbour, which no line would show; null for none. */
export function lonely(column) {
  const absent = (value) => value === null || value === undefined;
  const found = [];
  column.forEach((value, i) => {
    if (!absent(value) && absent(column[i - 1]) && absent(column[i + 1])) found.push(i);
  });
  return found.length ? found : null;
}

/** Bounds of a lane around its values, never so close that noise of the last digit fills it. */
export function padded(low, high, { decimals }) {
  if (low === null || low === undefined) return [0, 1];
  const span = Math.max(high - low, 6 * 10 ** -decimals);
  const middle = (low + high) / 2;
  return [middle - 0.58 * span, middle + 0.58 * span];
}

/** Round values between two bounds: at least three, and few more. */
export function ticks(low, high) {
  let power = 10 ** Math.ceil(Math.log10(high - low));
  for (;;) {
    for (const step of [5 * power, 2 * power, power]) {
      const first = Math.ceil(low / step - 1e-9);
      const last = Math.floor(high / step + 1e-9);
      if (last - first >= 2) return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
    }
    power /= 10;
  }
}

/** Labels of ticks, all with the same decimals. */
export function tickLabels(values) {
  const step = values[1] - values[0];
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return values.map((value) => number(Math.abs(value) < step / 1000 ? 0 : value, decimals));
}

/** Seconds since start to the second, "1 h 1 min 30 s": ticks and samples that are close together differ. */
export function elapsed(seconds) {
  const parts = [];
  let rest = Math.round(seconds);
  for (const [size, unit] of [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']]) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)} ${unit}`);
    rest %= size;
  }
  return parts.join(' ') || '0 s';
}

/** Of each channel from..to: {low, mean, high, above: seconds above its limit, null without one}. */
export function statistics({ x, series, low, mean, high }, [from, to]) {
  const rows = x.map((_, i) => i).filter((i) => x[i] >= from && x[i] <= to);
  return series.map((one, at) => {
    const filled = rows.filter((i) => mean[at][i] !== null && mean[at][i] !== undefined);
    if (!filled.length) return { low: null, mean: null, high: null, above: null };
    const reduce = (column, pick) => filled.reduce((best, i) => pick(best, column[i]), column[filled[0]]);
    const limit = one.high ?? null;
    return {
      low: reduce(low[at], Math.min),
      high: reduce(high[at], Math.max),
      mean: filled.reduce((sum, i) => sum + mean[at][i], 0) / filled.length,
      above: limit === null ? null : filled.reduce((sum, i) => sum + (mean[at][i] > limit && i + 1 < x.length && mean[at][i + 1] !== null ? x[i + 1] - x[i] : 0), 0),
    };
  });
}
