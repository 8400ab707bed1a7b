// The history on the dashboard: what the board's recordings hold of a span, and the live readings after it. The same
// answers tell the tiles what today and the last hours brought.

import { html, live, load, measured, render, t } from '../base.js';
import { append, between, readHistory } from './spans.js';

const HOUR_S = 3600;
const SPARK_S = 6 * HOUR_S;
const DAY_POINTS = 96;
const POINTS = 120; // a week of three channels then costs less than 10 KB
const DAY_AGAIN_S = 900;
const TRY_AGAIN_MS = 30_000;
const TAIL = 600; // live readings kept after the last sample

export function open(main, tiles, signal) {
  new History(main.querySelector('.history'), tiles, signal).start();
}

class History {
  #section;
  #tiles;
  #signal;
  #chart = null;
  #chartFailed = false;
  #span = null; // what the chart shows: as of spans.js
  #fine = null; // a closer look at a part of it
  #tail = []; // live readings since then: [x, {name: value}]
  #day = null;
  #dayAt = 0;
  #offset = null; // the board's clock less the time since its start, null while it is unset
  #busy = false;
  #again = false;
  #failedAt = -Infinity;

  constructor(section, tiles, signal) {
    this.#section = section;
    this.#tiles = tiles;
    this.#signal = signal;
  }

  start() {
    const on = (type, then) => live.addEventListener(type, then, { signal: this.#signal });
    on('readings', () => this.#heard());
    on('sample', ({ detail }) => this.#sampled(detail));
    on('link', () => {
      if (!live.answers) return;
      if (this.#chartFailed) this.#open();
      this.refresh();
    });
    this.#section.addEventListener('change', () => {
      this.#fine = null;
      this.refresh();
    }, { signal: this.#signal });
    this.#heard();
    this.#open();
    if (!this.#busy) this.refresh();
  }

  /** The chart comes at once, with the live readings; the history joins them when it is here. */
  async #open() {
    const box = this.#section.querySelector('.chart');
    this.#chartFailed = false;
    try {
      const { Chart } = await load('/parts/chart.js');
      const chart = new Chart(box, this.#signal, { name: t('history'), onView: (view) => this.#look(view) });
      await chart.ready;
      this.#chart = chart;
      this.#draw();
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#chartFailed = true;
      render(box, html`<p class="quiet">${t('chartNotLoaded', { error: error.message })} <button type="button" class="plain">${t('tryAgain')}</button></p>`);
      box.querySelector('button').onclick = () => this.#open();
      setTimeout(() => this.#chartFailed && !this.#signal.aborted && this.#open(), TRY_AGAIN_MS);
    }
  }

  get #range() {
    const { value } = this.#section.querySelector('[name=range]:checked');
    return value === 'all' ? null : Number(value) * HOUR_S;
  }

  /** Now, as the board counts: seconds since 1970, or since its start while its clock is unset. */
  get #now() {
    return live.readings.t + (this.#offset ?? 0);
  }

  #setClock({ t: up, epoch }) {
    const offset = epoch === null ? null : epoch - up;
    // The epoch is in whole seconds: follow the clock only when it was set, not its rounding.
    if (offset !== null && this.#offset !== null && Math.abs(offset - this.#offset) < 3) return;
    if (offset === this.#offset) return;
    this.#offset = offset;
    this.#tail = [];
    this.#span = this.#fine = this.#day = null;
    this.refresh();
  }

  #heard() {
    if (!live.readings) return;
    this.#setClock(live.readings);
    const x = this.#now;
    const [last] = this.#tail[this.#tail.length - 1] ?? [-1];
    if (x < last) this.#tail = [];
    if (x !== last) this.#tail.push([x, Object.fromEntries(live.readings.readings.map(({ name, value }) => [name, value]))]);
    this.#tail.splice(0, this.#tail.length - TAIL);
    if (!this.#busy && (x - this.#dayAt > DAY_AGAIN_S || x < this.#dayAt)) this.#renew();
    this.#showDay();
    this.#draw();
  }

  /** A row was recorded: it takes the place of the live readings up to it. */
  #sampled({ t: up, epoch, row }) {
    this.#setClock({ t: up, epoch });
    const x = up + (this.#offset ?? 0);
    if (!this.#span || !append(this.#span, x, row)) return this.#renew();
    this.#tail = this.#tail.filter(([at]) => at > x);
    return this.#draw();
  }

  /** What comes by itself leaves the board, and the button, alone for a while after a failure. */
  #renew() {
    return performance.now() - this.#failedAt > TRY_AGAIN_MS && this.refresh();
  }

  /** Ask the board for what is shown; what is asked for meanwhile follows. */
  async refresh() {
    this.#again = true;
    if (this.#busy || !live.readings) return;
    this.#busy = true;
    const note = this.#section.querySelector('header [role=status]');
    while (this.#again) {
      this.#again = false;
      const range = this.#range;
      try {
        if (range === null || range > 24 * HOUR_S) note.textContent = t('readingRecordings');
        const to = this.#now;
        const span = await readHistory({ from: range && to - range, to, points: POINTS, signal: this.#signal });
        if (range === this.#range) this.#take(span);
        await this.#askForDay();
        note.textContent = '';
        this.#failedAt = -Infinity;
      } catch (error) {
        if (this.#signal.aborted) return;
        this.#failedAt = performance.now();
        render(note, html`${t('historyNotLoaded', { error: error.message })} <button type="button" class="plain">${t('tryAgain')}</button>`);
        note.querySelector('button').onclick = () => this.refresh();
      }
    }
    this.#busy = false;
  }

  #take(span) {
    this.#span = span;
    const last = span.x[span.x.length - 1] ?? -1;
    this.#tail = this.#tail.filter(([at]) => at > last);
    this.#draw();
  }

  async #askForDay() {
    const now = this.#now;
    if (this.#day && now - this.#dayAt < DAY_AGAIN_S && now >= this.#dayAt) return;
    const midnight = this.#offset === null ? 0 : new Date(now * 1000).setHours(0, 0, 0, 0) / 1000;
    const from = Math.min(midnight, now - SPARK_S);
    this.#day = await readHistory({ from: Math.max(0, from), to: now, points: DAY_POINTS, signal: this.#signal });
    this.#day.midnight = midnight;
    this.#dayAt = now;
    this.#showDay();
  }

  #showDay() {
    if (!this.#day) return;
    const now = this.#now;
    const day = this.#day;
    this.#tiles.showDay(new Map(measured(live.readings.readings).map(({ name, value }) => {
      const at = day.channels.indexOf(name);
      const xs = [...(at < 0 ? [] : day.x), now];
      const of = (columns) => [...(at < 0 ? [] : columns[at]), value];
      const today = (columns) => of(columns).filter((one, i) => one !== null && xs[i] >= day.midnight);
      const recent = of(day.mean).map((one, i) => [xs[i], one]).filter(([x, one]) => one !== null && x >= now - SPARK_S);
      const start = recent[0]?.[0] ?? now; // a board that has just started fills the tile too
      const [low, high] = [Math.min(...recent.map(([, one]) => one)), Math.max(...recent.map(([, one]) => one))];
      return [name, {
        low: today(day.low).length ? Math.min(...today(day.low)) : null,
        high: today(day.high).length ? Math.max(...today(day.high)) : null,
        points: recent.map(([x, one]) => [(x - start) / Math.max(1, now - start), high > low ? (one - low) / (high - low) : 0.5]),
      }];
    })));
  }

  /** The chart was zoomed: where the board has more than is shown, ask for that part. */
  async #look(view) {
    const span = this.#span;
    if (!span || !view || view[1] - view[0] > span.step * POINTS * 0.6 || span.step < 1.5 * (live.status?.recorder.sample_s ?? 60)) return;
    if (this.#fine && view[0] >= this.#fine.from && view[1] <= this.#fine.to && this.#fine.step <= (1.5 * (view[1] - view[0])) / POINTS) return;
    const [from, to] = view;
    try {
      const fine = await readHistory({ from, to, points: POINTS, signal: this.#signal });
      if (span !== this.#span) return;
      this.#fine = { ...fine, from, to };
      this.#draw();
    } catch { /* the coarse look stays */ }
  }

  #draw() {
    if (!this.#chart || !live.readings || this.#signal.aborted) return;
    const series = measured(live.readings.readings);
    const limits = new Map((live.status?.channels ?? []).map((channel) => [channel.name, channel]));
    const data = between(this.#span, this.#fine, this.#tail, series.map(({ name }) => name));
    const now = this.#now;
    const first = data.x[0] ?? now;
    const start = now - (this.#range ?? Infinity);
    const from = first - 2 * (this.#span?.step ?? 0) > start ? first : start;
    this.#chart.show({
      ...data,
      absolute: this.#offset !== null,
      series: series.map((one) => ({ ...one, high: limits.get(one.name)?.high ?? null, low: limits.get(one.name)?.low ?? null })),
      range: [from, Math.max(now, from + 30)],
    });
  }
}
