// The chart: one lane for each unit, all on the same time, drawn by uPlot. Lanes zoom and point together. Above each lane
// stand its channels with the value pointed at; a press on one switches it off.

import { date, duration, figures, html, icon, load, number, render, t, update } from '../base.js';
import { followKeys, followTouch, followWheel } from './gestures.js';
import { laneOptions, loadLibrary } from './lanes.js';
import { elapsed, hasBand, prepared, statistics } from './plotting.js';

const MIN_SPAN_S = 5; // the closest zoom
const COLOURS = 12;
let charts = 0;

export class Chart {
  #box;
  #lanes = []; // [{unit, members, plot, box}]
  #data = null;
  #off = new Set(); // names of channels that are switched off
  #view = null; // the zoomed time, null for all of it
  #cursor = null; // index of the row pointed at
  #gutter = 0; // width of the labels of values, the same in all lanes
  #key = `chart-${(charts += 1)}`; // what uPlot knows the lanes of this chart by
  #built = '';
  #told = 0; // the timer that tells of another view
  #options;

  /** `name`: what is shown, for saved files. `onView`: told of the zoomed time, null for all of it. */
  constructor(box, signal, { name = 'chart', onView = () => {} } = {}) {
    this.#box = box;
    this.#options = { name, onView };
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
   * data.series: [{name, label, unit, decimals, high, low}], limits null without one; data.x: times in s, ascending;
   * data.mean, and where they differ data.low and data.high: an array of numbers or null for each series; data.absolute: x is
   * seconds since 1970, otherwise since the board started; data.range: [from, to] of x without zoom; data.notes: [[x, text]].
   */
  show(data) {
    this.#data = prepared(data);
    const built = JSON.stringify([data.absolute, data.series.map(({ name, label, unit }, i) => [name, label, unit, hasBand(this.#data, i)])]);
    if (built !== this.#built) {
      if (this.#built && JSON.parse(this.#built)[0] !== data.absolute) this.#view = null;
      this.#built = built;
      this.#build();
    } else {
      for (const lane of this.#lanes) lane.plot.setData(this.#laneData(lane), false);
      this.#applyView();
    }
    this.#showValues();
  }

  #frame() {
    render(this.#box, html`
      <div class="chart-bar">
        <div class="cursor-time number" tabindex="0" role="slider" aria-label="${t('chartCursor')}" title="${t('chartKeys')}"
          aria-valuemin="0" aria-valuemax="0" aria-valuenow="0"></div>
        <span class="buttons">
          <button type="button" class="plain" data-zoom="0.5" aria-label="${t('zoomIn')}" title="${t('zoomIn')}">${icon('plus')}</button>
          <button type="button" class="plain" data-zoom="2" aria-label="${t('zoomOut')}" title="${t('zoomOut')}">${icon('minus')}</button>
          <button type="button" class="plain" data-zoom="0">${t('showAll')}</button>
          <button type="button" class="plain" data-save="png" aria-label="${t('savePng')}">${icon('download')}PNG</button>
          <button type="button" class="plain" data-save="csv" aria-label="${t('saveCsv')}">${icon('download')}CSV</button>
        </span>
      </div>
      <p class="off"></p><div class="lanes"></div><ul class="chart-notes"></ul><div class="stats"></div>`);
    const lanes = this.#box.querySelector('.lanes');
    const slider = this.#box.querySelector('[role=slider]');
    for (const button of this.#box.querySelectorAll('[data-zoom]')) button.onclick = () => this.zoom(Number(button.dataset.zoom));
    for (const button of this.#box.querySelectorAll('[data-save]')) button.onclick = () => this.#save(button.dataset.save);
    followKeys(slider, this);
    followTouch(lanes, this);
    followWheel(lanes, slider, this);
  }

  #destroy() {
    for (const lane of this.#lanes) lane.plot?.destroy();
    this.#lanes = [];
  }

  // ---- Lanes ----

  #colour = (i) => ((this.#data.series[i].colour ?? i) % COLOURS) + 1;

  #chip(i) {
    const { name, label } = this.#data.series[i];
    return html`<button type="button" class="chip series-${this.#colour(i)}" data-series="${i}" aria-pressed="${String(!this.#off.has(name))}"><i></i><span>${label}</span> <b></b></button>`;
  }

  /** Lay out the lanes anew: other channels, another theme, one switched on or off. */
  #build() {
    this.#destroy();
    this.#gutter = 0;
    const { series } = this.#data;
    const on = (i) => !this.#off.has(series[i].name);
    const all = series.map((_, i) => i);
    const lanes = [...new Set(series.map(({ unit }) => unit))]
      .map((unit) => ({ unit, members: all.filter((i) => series[i].unit === unit && on(i)) }))
      .filter(({ members }) => members.length);
    const box = this.#box.querySelector('.lanes');
    render(this.#box.querySelector('.off'), html`${all.filter((i) => !on(i)).map((i) => this.#chip(i))}`);
    render(box, html`${lanes.map(({ members }) => html`<div class="lane"><p class="lane-head">${members.map((i) => this.#chip(i))}</p><div class="plot"></div></div>`)}
      ${!lanes.length && html`<p class="quiet">${t('allOff')}</p>`}`);
    for (const chip of this.#box.querySelectorAll('.chip')) chip.onclick = () => this.#toggle(series[chip.dataset.series].name);
    this.#lanes = lanes;
    lanes.forEach((lane, i) => {
      lane.box = box.children[i].querySelector('.plot');
      lane.plot = new window.uPlot(this.#optionsOf(lane, i === lanes.length - 1), this.#laneData(lane), lane.box);
    });
    this.#applyView();
  }

  #toggle(name) {
    if (!this.#off.delete(name)) this.#off.add(name);
    this.#build();
    this.#showValues();
    const at = this.#data.series.findIndex((one) => one.name === name);
    this.#box.querySelector(`.chip[data-series="${at}"]`).focus();
  }

  /** Columns of a lane: of each member its mean, and where there is a band its highest and lowest. */
  #laneData({ members }) {
    const { x, low, mean, high } = this.#data;
    return [x, ...members.flatMap((i) => (hasBand(this.#data, i) ? [mean[i], high[i], low[i]] : [mean[i]]))];
  }

  #size(last) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const lane = this.#lanes.length > 4 ? 5.5 : this.#lanes.length > 2 ? 6.5 : 8;
    return { width: this.#box.querySelector('.lanes').clientWidth, height: Math.round((lane + (last ? 2.4 : 0)) * rem) };
  }

  #resize() {
    this.#lanes.forEach((lane, i) => lane.plot?.setSize(this.#size(i === this.#lanes.length - 1)));
  }

  #optionsOf({ members }, last) {
    return laneOptions({
      data: this.#data, members, last, size: this.#size(last), colour: this.#colour, key: this.#key, width: (labels, figure) => this.#widest(labels, figure),
      on: { zoomed: (scale) => this.#zoomed(scale), pointed: (index) => this.#pointed(index), reset: () => this.zoom(0), data: () => this.#data },
    });
  }

  /** The room that labels of values need, which is that of the widest in any lane: times stand below each other. */
  #widest(labels, figure) {
    const width = Math.ceil(Math.max(0, ...(labels ?? []).map((label) => label.length)) * figure + 8);
    if (width > this.#gutter) {
      this.#gutter = width;
      queueMicrotask(() => this.#lanes.forEach(({ plot }) => plot?.redraw(false, true)));
    }
    return this.#gutter;
  }

  // ---- Zoom ----

  get view() {
    return this.#view ?? this.#data.range;
  }

  #applyView() {
    const [min, max] = this.view;
    for (const { plot } of this.#lanes) plot?.setScale('x', { min, max });
    this.#showSpan();
  }

  #setView(view) {
    this.#view = view;
    this.#applyView();
    clearTimeout(this.#told);
    this.#told = setTimeout(() => this.#options.onView(this.#view), 400);
  }

  #zoomed({ min, max }) {
    const [low, high] = this.view;
    if (min === null || (min === low && max === high)) return;
    this.#setView([min, max]);
  }

  /** Times the shown span by `factor` around a fraction of the width, else the cursor or the middle; 0 shows all. */
  zoom(factor, fraction = null) {
    const [low, high] = this.view;
    const about = fraction !== null ? low + fraction * (high - low) : this.#cursor === null ? (low + high) / 2 : this.#data.x[this.#cursor];
    const span = Math.max(MIN_SPAN_S, (high - low) * factor);
    this.#setView(factor === 0 ? null : this.#inside(about - ((about - low) / (high - low)) * span, span));
  }

  /** Move the view by a part of its span. */
  move(part) {
    const [low, high] = this.view;
    this.#setView(this.#inside(low + part * (high - low), high - low));
  }

  /** Move and stretch the shown time, for fingers: what lay at fractions a0 and b0 of the width is now at a1 and b1. */
  pinch([low, high], [a0, b0], [a1, b1]) {
    const scale = (b0 - a0) / (b1 - a1);
    if (!Number.isFinite(scale) || scale <= 0) return;
    const span = Math.max(MIN_SPAN_S, (high - low) * scale);
    this.#setView(this.#inside(low + a0 * (high - low) - a1 * span, span));
  }

  /** A view of that span within what there is; null where it would be all of it. */
  #inside(from, span) {
    const [first, end] = this.#data.range;
    if (span >= end - first) return null;
    const start = Math.max(first, Math.min(from, end - span));
    return [start, start + span];
  }

  // ---- Cursor ----

  pointAt(fraction) {
    const [low, high] = this.view;
    this.point(this.#lanes[0]?.plot.valToIdx(low + fraction * (high - low)) ?? null);
  }

  /** Point all lanes at a row, null for none. */
  point(index) {
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

  /** A tenth of the rows in view. */
  get page() {
    const [low, high] = this.view;
    return Math.ceil(this.#data.x.filter((value) => value >= low && value <= high).length / 10);
  }

  /** Point some rows further. */
  step(rows) {
    const { x } = this.#data;
    if (!x.length) return;
    const index = Math.max(0, Math.min(x.length - 1, (this.#cursor ?? x.length) + rows));
    const [low, high] = this.view;
    if (x[index] < low || x[index] > high) this.#setView(this.#inside(x[index] - (high - low) / 2, high - low));
    this.point(index);
  }

  // ---- Words ----

  #when = (x) => (this.#data.absolute ? date(x) : t('afterStart', { time: elapsed(x) }));

  #showValues() {
    const { series, x, mean } = this.#data;
    const index = this.#cursor ?? x.length - 1;
    const when = x.length ? this.#when(x[index]) : '';
    const values = series.map((one, i) => figures(mean[i][index], one).join('\u00a0'));
    const slider = this.#box.querySelector('[role=slider]');
    slider.textContent = !x.length ? t('noSamples') : this.#cursor === null ? t('latest', { time: when }) : when;
    for (const chip of this.#box.querySelectorAll('.chip')) chip.querySelector('b').textContent = values[chip.dataset.series];
    slider.setAttribute('aria-valuemax', Math.max(0, x.length - 1));
    slider.setAttribute('aria-valuenow', Math.max(0, index));
    slider.setAttribute('aria-valuetext', `${when}: ${series.map(({ label }, i) => `${label} ${values[i]}`).join(', ')}`);
  }

  /** What the visible span holds: statistics of each channel, and its notes. */
  #showSpan() {
    const { series, notes = [] } = this.#data;
    const [from, to] = this.view;
    const rows = statistics(this.#data, [from, to]).map((row, i) => [series[i], row, i]).filter(([{ name }]) => !this.#off.has(name));
    const limits = rows.some(([, { above }]) => above !== null);
    const value = (one, shown) => (shown === null ? '–' : number(shown, one.decimals));
    update(this.#box.querySelector('.stats'), html`<table><caption>${t('inView', { time: duration(to - from) })}</caption>
      <thead><tr><th scope="col">${t('channel')}</th><th scope="col">${t('min')}</th><th scope="col">${t('mean')}</th><th scope="col">${t('max')}</th>${limits && html`<th scope="col">${t('timeAbove')}</th>`}</tr></thead>
      <tbody>${rows.map(([one, { low, mean, high, above }, i]) => html`<tr class="series-${this.#colour(i)}"><th scope="row"><i></i>${one.label} <span class="quiet">${one.unit}</span></th>
        <td>${value(one, low)}</td><td>${value(one, mean)}</td><td>${value(one, high)}</td>${limits && html`<td>${above === null ? '–' : duration(above)}</td>`}</tr>`)}</tbody></table>`);
    update(this.#box.querySelector('.chart-notes'), html`${notes.filter(([x]) => x >= from && x <= to).slice(-20).map(([x, text]) => html`<li>${icon('note')}<time>${this.#when(x)}</time> <span>${text}</span></li>`)}`);
  }

  async #save(kind) {
    const saving = await load('/parts/saving.js');
    const shown = { name: this.#options.name, data: this.#data, view: this.view, when: this.#when, off: this.#off };
    if (kind === 'csv') saving.saveCsv(shown);
    else saving.savePng({ ...shown, lanes: this.#lanes, colour: this.#colour });
  }
}
