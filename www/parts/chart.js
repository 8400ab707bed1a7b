// The chart: one lane for each unit, all on the same time, drawn by uPlot. Lanes zoom and point together; every series
// can be switched off; the values at the cursor stand beside their names.

import { date, figures, html, icon, render } from '../base.js';

const LANE_REM = 8.5;
const MIN_SPAN_S = 5; // the closest zoom
let library = null;
let charts = 0;

/** Load uPlot once, from the board. */
function loadLibrary() {
  library ??= new Promise((resolve, reject) => {
    const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/uplot/uPlot.css' });
    const script = Object.assign(document.createElement('script'), { src: '/uplot/uPlot.js' });
    script.onload = () => resolve(window.uPlot);
    script.onerror = () => {
      library = null;
      reject(new Error('The board did not send the chart library.'));
    };
    document.head.prepend(style);
    document.head.append(script);
  });
  return library;
}

// Time labels in 24-hour form: [tick distance in s, label, extra on a new year, month, day, hour, minute, second, mode].
const TIME_LABELS = [
  [2419200, '{YYYY}-{MM}', null, null, null, null, null, null, 1],
  [86400, '{MM}-{DD}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, '\n{MM}-{DD}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{YYYY}-{MM}-{DD}', null, '\n{MM}-{DD}', null, null, null, 1],
];

// Tick distances in s for times since start.
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

export class Chart {
  #box;
  #lanes = [];
  #data = null;
  #off = new Set(); // names of series that are switched off
  #view = null; // the zoomed time, null for all of it
  #cursor = null; // index of the row pointed at
  #key = `chart-${(charts += 1)}`; // what uPlot knows the lanes of this chart by
  #built = '';

  constructor(box, signal) {
    this.#box = box;
    this.ready = loadLibrary();
    const again = () => this.#data && this.#build();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again, { signal });
    const size = new ResizeObserver(() => this.#resize());
    signal.addEventListener('abort', () => {
      size.disconnect();
      this.#destroy();
    });
    this.ready.then(() => {
      if (signal.aborted) return;
      this.#frame();
      size.observe(box);
    }, () => {});
  }

  /**
   * data.series: [{name, label, unit, decimals}]; data.x: times in s, ascending; data.columns: one array of numbers or null
   * for each series; data.absolute: x is seconds since 1970, otherwise since the board started; data.gap: a longer
   * time than this without a sample is shown as a gap; data.range: [from, to] of x without zoom.
   */
  show(data) {
    this.#data = prepared(data);
    const built = JSON.stringify([data.absolute, data.series.map(({ name, label, unit }) => [name, label, unit])]);
    if (built !== this.#built) {
      this.#built = built;
      this.#view = null;
      this.#build();
    } else {
      for (const lane of this.#lanes) lane.plot?.setData(this.#laneData(lane), false);
      this.#applyView();
    }
    this.#showValues();
  }

  #frame() {
    render(this.#box, html`
      <div class="chart-bar">
        <output class="cursor-time"></output>
        <span class="buttons">
          <button type="button" class="plain" data-zoom="0.5" aria-label="Zoom in" title="Zoom in">${icon('plus')}</button>
          <button type="button" class="plain" data-zoom="2" aria-label="Zoom out" title="Zoom out">${icon('minus')}</button>
          <button type="button" class="plain" data-zoom="0">All</button>
        </span>
      </div>
      <div class="chips"></div>
      <div class="lanes" tabindex="0" role="slider" aria-label="Time pointed at. Arrow keys move it, plus and minus zoom, Escape shows all."
        aria-valuemin="0" aria-valuemax="0" aria-valuenow="0"></div>`);
    const lanes = this.#box.querySelector('.lanes');
    for (const button of this.#box.querySelectorAll('[data-zoom]')) {
      button.onclick = () => this.#zoom(Number(button.dataset.zoom));
    }
    lanes.onkeydown = (event) => this.#press(event);
    lanes.onblur = () => this.#point(null);
    followTouch(lanes, this);
  }

  #destroy() {
    for (const lane of this.#lanes) lane.plot?.destroy();
    this.#lanes = [];
  }

  /** Lay out chips and lanes anew: other series, another theme, one switched on or off. */
  #build() {
    this.#destroy();
    const { series } = this.#data;
    const style = getComputedStyle(document.documentElement);
    const colours = series.map((_, i) => style.getPropertyValue(`--series-${(i % 6) + 1}`).trim());
    const chips = this.#box.querySelector('.chips');
    render(chips, html`${series.map(({ label }, i) => html`<button type="button" class="chip series-${(i % 6) + 1} ${i >= 6 && 'dashed'}"
      aria-pressed="${String(!this.#off.has(series[i].name))}"><i></i><span>${label}</span> <b></b></button>`)}`);
    [...chips.children].forEach((chip, i) => {
      chip.onclick = () => this.#toggle(series[i].name, i);
    });
    const units = [...new Set(series.map(({ unit }) => unit))];
    this.#lanes = units
      .map((unit) => ({ unit, members: series.map((_, i) => i).filter((i) => series[i].unit === unit && !this.#off.has(series[i].name)) }))
      .filter(({ members }) => members.length);
    const box = this.#box.querySelector('.lanes');
    render(box, html`${this.#lanes.length ? '' : html`<p class="quiet">All series are switched off.</p>`}`);
    this.#lanes.forEach((lane, i) => {
      lane.plot = new window.uPlot(this.#options(lane, i === this.#lanes.length - 1, colours, style), this.#laneData(lane), box);
    });
    this.#applyView();
  }

  #toggle(name, index) {
    if (!this.#off.delete(name)) this.#off.add(name);
    this.#build();
    this.#showValues();
    this.#box.querySelector('.chips').children[index].focus();
  }

  #laneData({ members }) {
    return [this.#data.x, ...members.map((i) => this.#data.columns[i])];
  }

  #size(last) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    return { width: this.#box.clientWidth, height: Math.round((LANE_REM + (last ? 2.6 : 0)) * rem) };
  }

  #resize() {
    this.#lanes.forEach((lane, i) => lane.plot.setSize(this.#size(i === this.#lanes.length - 1)));
  }

  #options({ members }, last, colours, style) {
    const css = (name) => style.getPropertyValue(name).trim();
    const rem = parseFloat(style.fontSize);
    const font = `${0.75 * rem}px ${style.fontFamily}`;
    const line = { stroke: css('--line'), width: 1 };
    const { series, absolute } = this.#data;
    const [, unit] = figures(0, series[members[0]]);
    return {
      ...this.#size(last),
      legend: { show: false },
      padding: [rem * 0.75, rem, last ? 0 : rem * 0.25, 0],
      scales: { x: { time: absolute, auto: false }, y: { range: (u, low, high) => padded(low, high, series[members[0]]) } },
      cursor: {
        sync: { key: this.#key }, y: false, drag: { x: true, y: false, dist: 8 }, points: { size: 7 },
        bind: { dblclick: () => () => this.#zoom(0) },
      },
      series: [{}, ...members.map((i) => ({ label: series[i].label, stroke: colours[i], width: 1.75, dash: i < 6 ? undefined : [8, 4], points: { size: 4 } }))],
      axes: [
        { stroke: css('--quiet'), font, grid: line, ticks: { ...line, size: last ? 5 : 0 }, size: last ? 2.6 * rem : 0,
          values: last ? (absolute ? TIME_LABELS : (u, ticks) => ticks.map(elapsed)) : () => [], space: 4.5 * rem, ...(absolute ? {} : { incrs: TIME_STEPS }) },
        { stroke: css('--quiet'), font, grid: line, ticks: { show: false }, size: 4 * rem, gap: 6, space: 2 * rem,
          label: unit, labelSize: 1.1 * rem, labelFont: font, labelGap: 0 },
      ],
      hooks: {
        setScale: [(u, key) => key === 'x' && this.#zoomed(u.scales.x)],
        setCursor: [(u) => this.#pointed(u.cursor.idx ?? null)],
      },
    };
  }

  // ---- Zoom ----

  #applyView() {
    const [min, max] = this.#view ?? this.#data.range;
    for (const { plot } of this.#lanes) plot.setScale('x', { min, max });
  }

  #zoomed({ min, max }) {
    const [low, high] = this.#view ?? this.#data.range;
    if (min === null || (min === low && max === high)) return;
    this.#view = [min, max];
    this.#applyView();
  }

  /** Times the shown span by `factor` around the cursor or the middle; 0 shows all. */
  #zoom(factor) {
    const [low, high] = this.#view ?? this.#data.range;
    const about = this.#cursor === null ? (low + high) / 2 : this.#data.x[this.#cursor];
    const span = Math.max(MIN_SPAN_S, (high - low) * factor);
    const [first, end] = this.#data.range;
    const from = Math.max(first, Math.min(about - ((about - low) / (high - low)) * span, end - span));
    this.#view = factor === 0 || span >= end - first ? null : [from, from + span];
    this.#applyView();
  }

  /** Move and stretch the shown time, for fingers: what lay at fractions a0 and b0 of the width is now at a1 and b1. */
  pinch([low, high], [a0, b0], [a1, b1]) {
    const scale = (b0 - a0) / (b1 - a1);
    if (!Number.isFinite(scale) || scale <= 0) return;
    const span = Math.max(MIN_SPAN_S, (high - low) * scale);
    const from = low + a0 * (high - low) - a1 * span;
    this.#view = [from, from + span];
    this.#applyView();
  }

  get view() {
    return this.#view ?? this.#data.range;
  }

  // ---- Cursor ----

  pointAt(fraction) {
    const [low, high] = this.view;
    this.#point(this.#lanes[0]?.plot.valToIdx(low + fraction * (high - low)) ?? null);
  }

  /** Point all lanes at a row, null for none. */
  #point(index) {
    for (const { plot } of this.#lanes) {
      const left = index === null ? -10 : plot.valToPos(this.#data.x[index], 'x');
      plot.setCursor({ left, top: index === null ? -10 : 10 }, false);
    }
    this.#pointed(index);
  }

  #pointed(index) {
    this.#cursor = index;
    this.#showValues();
  }

  #press(event) {
    const { x } = this.#data;
    const [low, high] = this.view;
    const inView = (index) => Math.max(0, Math.min(x.length - 1, index));
    const at = this.#cursor ?? x.length;
    const page = Math.ceil(x.filter((value) => value >= low && value <= high).length / 10);
    const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -x.length, End: x.length };
    if (event.key in moves && x.length) this.#point(inView(at + moves[event.key]));
    else if (event.key === '+') this.#zoom(0.5);
    else if (event.key === '-') this.#zoom(2);
    else if (event.key === 'Escape' || event.key === '0') this.#zoom(0);
    else return;
    event.preventDefault();
    const point = x[this.#cursor];
    if (point < low || point > high) this.#view = [point - (high - low) / 2, point + (high - low) / 2];
    this.#applyView();
    if (this.#cursor !== null) this.#point(this.#cursor);
  }

  #showValues() {
    const { series, x, columns, absolute } = this.#data;
    const index = this.#cursor ?? x.length - 1;
    const when = x.length ? (absolute ? date(x[index]) : `${elapsed(x[index])} after start`) : '';
    const time = this.#box.querySelector('.cursor-time');
    time.textContent = x.length ? `${this.#cursor === null ? 'Latest' : 'At'} ${when}` : 'No samples yet';
    const values = series.map((one, i) => figures(columns[i][index], one).join('\u00a0'));
    [...this.#box.querySelectorAll('.chip b')].forEach((chip, i) => {
      chip.textContent = values[i];
    });
    const slider = this.#box.querySelector('.lanes');
    slider.setAttribute('aria-valuemax', Math.max(0, x.length - 1));
    slider.setAttribute('aria-valuenow', Math.max(0, index));
    slider.setAttribute('aria-valuetext', `${when}: ${series.map(({ label }, i) => `${label} ${values[i]}`).join(', ')}`);
  }
}

/** The data as it is drawn: bytes as KB, and a row of nulls wherever samples are missing. */
function prepared(data) {
  const gap = data.gap ?? 3 * usualDistance(data.x);
  const series = data.series.map((one) => (one.unit === 'B' ? { ...one, unit: 'KB', decimals: 1 } : one));
  const inKB = (column) => column.map((value) => (value === null ? null : value / 1024));
  const columns = data.columns.map((column, i) => (data.series[i].unit === 'B' ? inKB(column) : column));
  const holes = [];
  for (let i = 1; i < data.x.length; i += 1) if (data.x[i] - data.x[i - 1] > gap) holes.push(i);
  if (!holes.length) return { ...data, series, columns };
  const filled = (column, between) => {
    const parts = [];
    let start = 0;
    for (const hole of holes) {
      parts.push(column.slice(start, hole), [between(hole)]);
      start = hole;
    }
    return parts.concat(column.slice(start)).flat();
  };
  return {
    ...data,
    series,
    x: filled(data.x, (i) => (data.x[i - 1] + data.x[i]) / 2),
    columns: columns.map((column) => filled(column, () => null)),
  };
}

/** Seconds since start to the second, "1 h 1 min 30 s": ticks and samples that are close together differ. */
function elapsed(seconds) {
  const parts = [];
  let rest = Math.round(seconds);
  for (const [size, unit] of [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']]) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)} ${unit}`);
    rest %= size;
  }
  return parts.join(' ') || '0 s';
}

/** The median time between two samples. */
function usualDistance(x) {
  const distances = x.slice(1, 500).map((value, i) => value - x[i]).sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)] ?? Infinity;
}

/** Bounds of a lane around its values, never so close that noise of the last digit fills it. */
function padded(low, high, { decimals }) {
  if (low === null || low === undefined) return [0, 1];
  const span = Math.max(high - low, 6 * 10 ** -decimals);
  const middle = (low + high) / 2;
  return [middle - 0.58 * span, middle + 0.58 * span];
}

/** One finger points, two zoom and move; up and down still scrolls the page. */
function followTouch(lanes, chart) {
  const fingers = new Map();
  let start = null;
  const fraction = (event) => {
    const area = lanes.querySelector('.u-over').getBoundingClientRect();
    return (event.clientX - area.left) / area.width;
  };
  lanes.onpointerdown = (event) => {
    if (event.pointerType !== 'touch' || !lanes.querySelector('.u-over')) return;
    fingers.set(event.pointerId, fraction(event));
    start = { view: chart.view, at: [...fingers.values()] };
    if (fingers.size === 1) chart.pointAt(start.at[0]);
  };
  lanes.onpointermove = (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, fraction(event));
    if (fingers.size === 1) chart.pointAt(fraction(event));
    else if (fingers.size === 2) chart.pinch(start.view, start.at, [...fingers.values()]);
  };
  lanes.onpointerup = lanes.onpointercancel = (event) => {
    fingers.delete(event.pointerId);
    start = { view: chart.view, at: [...fingers.values()] };
  };
}
