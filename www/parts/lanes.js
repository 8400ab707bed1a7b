// A lane of the chart: how uPlot draws the channels of one unit, on a time axis that all lanes share.

import { inTurn, styles, t } from '../base.js';
import { elapsed, hasBand, lonely, padded, tickLabels, ticks } from './plotting.js';

let library = null;

/** Load uPlot once, from the board. */
export function loadLibrary() {
  library ??= Promise.all([inTurn(addScript), styles('/uplot/uPlot.css')]).then(() => window.uPlot);
  library.catch(() => {
    library = null;
  });
  return library;
}

function addScript() {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), { src: '/uplot/uPlot.js', onload: resolve });
    script.onerror = () => reject(new Error(t('noChartLibrary')));
    document.head.append(script);
  });
}

// Time labels in 24-hour form, without the year where the edge would cut it off: [tick distance in s, label, extra on a new year, month, day, hour, minute, second, mode].
const TIME_LABELS = [
  [2419200, '{YYYY}-{MM}', null, null, null, null, null, null, 1],
  [86400, '{MM}-{DD}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{MM}-{DD}', null, '\n{MM}-{DD}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{MM}-{DD}', null, '\n{MM}-{DD}', null, null, null, 1],
];
// Tick distances in s for times since start.
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

/**
 * Options of uPlot for a lane. `members`: indices of its channels in `data`; `last`: it carries the time axis; `colour(i)`: the
 * number of a channel's colour; `width(labels, figure)`: the room for labels of values; `key`: of the chart; `on`: what uPlot
 * tells: zoomed(scale), pointed(index), reset(); on.data() is the data as it is now.
 */
export function laneOptions({ data, members, last, size, colour, width, key, on }) {
  const style = getComputedStyle(document.documentElement);
  const css = (name) => style.getPropertyValue(name).trim();
  const rem = parseFloat(style.fontSize);
  const font = `${0.75 * rem}px ${style.fontFamily}`;
  const line = { stroke: css('--line'), width: 1 };
  const { series, absolute } = data;
  const lines = [{}];
  const bands = [];
  for (const i of members) {
    const stroke = css(`--series-${colour(i)}`);
    lines.push({ stroke, width: 1.75, points: { size: 5, fill: stroke, show: () => false, filter: (u, at) => lonely(u.data[at]) } });
    if (!hasBand(data, i)) continue;
    lines.push({ width: 0, points: { show: false } }, { width: 0, points: { show: false } });
    bands.push({ series: [lines.length - 2, lines.length - 1], fill: `${stroke}38` });
  }
  return {
    ...size,
    legend: { show: false },
    padding: [rem * 0.4, rem * 1.75, last ? 0 : rem * 0.4, rem * 0.25], // pages.css lets it reach into the card's own
    scales: { x: { time: absolute, auto: false }, y: { range: (u, low, high) => padded(low, high, series[members[0]]) } },
    cursor: {
      sync: { key }, y: false, drag: { x: true, y: false, dist: 8 }, points: { size: 7 },
      bind: { dblclick: () => () => on.reset() },
    },
    series: lines,
    bands,
    axes: [
      { stroke: css('--quiet'), font, grid: line, ticks: { ...line, size: last ? 4 : 0 }, size: last ? 2.4 * rem : 0, gap: 3,
        values: last ? (absolute ? TIME_LABELS : (u, values) => values.map(elapsed)) : () => [], space: 4.5 * rem, ...(absolute ? {} : { incrs: TIME_STEPS }) },
      { stroke: css('--quiet'), font, grid: line, ticks: { show: false }, gap: 5,
        splits: (u, axis, low, high) => ticks(low, high), values: (u, values) => tickLabels(values),
        size: (u, labels) => width(labels, 0.42 * rem) },
    ],
    hooks: {
      setScale: [(u, scale) => scale === 'x' && on.zoomed(u.scales.x)],
      setCursor: [(u) => on.pointed(u.cursor.idx ?? null)],
      draw: [(u) => drawMarks(u, on.data(), members, css)],
    },
  };
}

/** Notes as vertical lines, limits as horizontal ones. */
function drawMarks(plot, data, members, css) {
  const { ctx, bbox } = plot;
  const dash = (colour, x0, y0, x1, y1) => {
    ctx.strokeStyle = colour;
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  };
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const [x] of data.notes ?? []) {
    const at = plot.valToPos(x, 'x', true);
    dash(css('--ink'), at, bbox.top, at, bbox.top + bbox.height);
  }
  for (const i of members) {
    for (const limit of [data.series[i].low, data.series[i].high]) {
      if (limit === null || limit === undefined) continue;
      const at = plot.valToPos(limit, 'y', true);
      dash(css('--bad'), bbox.left, at, bbox.left + bbox.width, at);
    }
  }
  ctx.restore();
}
