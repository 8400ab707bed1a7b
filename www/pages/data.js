// Data: the recorded files by month, what they hold, and for how long the drive keeps them.

import { bytes, duration, html, icon, live, load, number, read, render, request, t, update } from '../base.js';

const CONTROLS = 'input, button, a, summary'; // of a row or a month
const isSeconds = (stamp) => /^[0-9.]+$/.test(stamp);
const isDated = ({ to, name }) => (to === null ? /^\d{4}-\d\d/.test(name) : !isSeconds(to));

/** A time as the file has it: a date, or seconds since start. */
const when = (stamp) => (isSeconds(stamp) ? t('afterStart', { time: duration(Number(stamp)) }) : stamp.slice(0, 19).replace('T', ' '));

/** From when to when, the day only once. */
function period({ from, to }) {
  if (from === null) return t('noRowsYet');
  const [first, last] = [when(from), when(to)];
  return html`${first} <span class="hidden">${t('to')}</span><span aria-hidden="true">–</span> ${
    !isSeconds(from) && first.slice(0, 10) === last.slice(0, 10) ? last.slice(11) : last}`;
}

/** What an empty list has to expect. */
function firstWrite(recorder) {
  if (recorder && recorder.state !== 'recording') return t('firstWriteBlocked');
  return t('firstWrite', { time: duration(recorder?.next_write_s ?? 600) });
}

const sizeOf = (files) => files.reduce((sum, { size }) => sum + size, 0);
const byName = (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true });
/** The file being recorded, then the dated ones, newest first, then the undated ones, whose numbers count the starts. */
const byTime = (a, b) => (b.current - a.current) || (isDated(b) - isDated(a))
  || (isDated(a) ? (b.to ?? b.name).localeCompare(a.to ?? a.name) : byName(b, a));
const orders = {
  newest: [t('newestFirst'), byTime],
  name: [t('byName'), byName],
  rows: [t('mostRows'), (a, b) => b.rows - a.rows],
  size: [t('largest'), (a, b) => b.size - a.size],
};

/** Files in groups [key, title, files]: a month, or those without a date. */
function groups(files, order) {
  if (order !== 'newest') return [['all', '', files]];
  const found = new Map();
  for (const file of files) {
    const month = isDated(file) ? (file.to ?? file.name).slice(0, 7) : '';
    const title = month ? new Date(`${month}-15`).toLocaleDateString(document.documentElement.lang, { month: 'long', year: 'numeric' }) : t('withoutDate');
    if (!found.has(month)) found.set(month, [month, title, []]);
    found.get(month)[2].push(file);
  }
  return [...found.values()];
}

export function open(main, signal) {
  render(main, html`
    <h1>${t('data')}</h1>
    <label class="order" id="place" ${live.status?.drive.recordings !== 'card' && html`hidden`}>${t('showFilesOn')} <select><option value="">${t('sdCard')}</option><option value="internal">${t('internalDrive')}</option></select></label>
    <section class="card space" aria-label="${t('spaceOnDrive')}"><p class="loading">${t('loadingFiles')}</p></section>
    <section class="card list" aria-label="${t('filesTitle')}" hidden>
      <header>
        <h2>${t('filesTitle')}</h2>
        <label class="order">${t('sortBy')} <select>${Object.entries(orders).map(([key, [label]]) => html`<option value="${key}">${label}</option>`)}</select></label>
      </header>
      <div class="selection buttons" role="group" aria-label="${t('selectedFiles')}">
        <label class="all"><input type="checkbox" id="select-all"> <span>${t('allButCurrent')}</span></label>
        <span class="quiet number" id="picked" role="status"></span>
        <button type="button" id="chart-selected" disabled>${icon('trace')}${t('showAsChart')}</button>
        <button type="button" id="save-selected" disabled>${icon('download')}${t('downloadAsOne')}</button>
        <button type="button" id="delete-selected" class="danger" disabled>${icon('delete')}${t('delete')}</button>
      </div>
      <div class="files"></div>
    </section>
    <section class="card files-chart" aria-label="${t('chartOfFiles')}" hidden></section>`);
  new DataPage(main, signal).load();
}

class DataPage {
  #main;
  #signal;
  #files = [];
  #picked = new Set();
  #place = ''; // 'internal' while files are shown of a drive that is not in use
  #folded = null; // keys of the months that are closed; at first all but the newest two
  #buffered = live.status?.recorder.buffered ?? 0;
  #find = (selector) => this.#main.querySelector(selector);

  constructor(main, signal) {
    this.#main = main;
    this.#signal = signal;
    this.#find('.list .order select').onchange = () => this.#draw();
    this.#find('#place select').onchange = ({ target }) => this.#show(target.value);
    this.#find('#select-all').onchange = ({ target }) => {
      this.#picked = new Set(target.checked ? this.#done : []);
      this.#draw();
    };
    const selected = (id, run) => {
      this.#find(id).onclick = ({ currentTarget }) => run(currentTarget, [...this.#picked]);
    };
    selected('#chart-selected', (button, names) => this.#chart(button, names));
    selected('#save-selected', (button, names) => this.#save(button, names));
    selected('#delete-selected', (button, names) => this.#delete(button, names));
    const list = this.#find('.files');
    list.addEventListener('change', ({ target }) => this.#pick(target));
    list.addEventListener('click', ({ target }) => this.#press(target));
    list.addEventListener('toggle', ({ target }) => (target.open ? this.#folded?.delete(target.dataset.name) : this.#folded?.add(target.dataset.name)), true);
    live.addEventListener('link', () => live.answers && this.load(), { signal });
    live.addEventListener('status', ({ detail: { recorder, drive } }) => {
      if (this.#place && drive.recordings !== 'card') this.#show(''); // now the internal drive is in use
      if (recorder.buffered < this.#buffered) this.load(); // the board has written
      else if (this.#files.length || this.#find('.files .empty')) this.#draw(); // what it says of itself
      this.#buffered = recorder.buffered;
    }, { signal });
  }

  /** Names of the files that are not being recorded. */
  get #done() {
    return this.#files.filter(({ current }) => !current).map(({ name }) => name);
  }

  /** Show the files of the drive in use, or with 'internal' those of the internal drive beside an SD card. */
  #show(place) {
    this.#place = this.#find('#place select').value = place;
    this.#picked.clear();
    this.#folded = null;
    this.load();
  }

  /** The address of a file, or of the list. */
  #address(name = '', ...query) {
    if (this.#place) query.unshift(this.#place);
    return `/api/files${name && '/'}${encodeURIComponent(name)}${query.length ? '?' : ''}${query.join('&')}`;
  }

  async load() {
    const place = this.#place;
    try {
      const answer = await read(this.#address(), { signal: this.#signal });
      if (place !== this.#place) return; // another drive was chosen meanwhile
      this.#files = answer.files.map((file) => ({ ...file, address: this.#address(file.name) }));
      this.#picked = new Set(this.#files.map(({ name }) => name).filter((name) => this.#picked.has(name)));
      this.#drawSpace(answer);
      this.#draw();
    } catch (error) {
      if (this.#signal.aborted) return;
      render(this.#find('.space'), html`<p class="state bad">${icon('bad')}<span>${error.message}</span></p>
        <button type="button">${t('tryAgain')}</button>`);
      this.#find('.space button').onclick = () => this.load();
    }
  }

  #drawSpace({ free, total, reserve, days_left: days, retention, files }) {
    const used = total - free;
    const left = Math.max(0, free - reserve);
    const recorded = sizeOf(files);
    // What has been recorded would fit again: room that is used and room that is left, at the present pace.
    const keeps = left ? Math.round((days * (left + recorded)) / left) : 0;
    const stops = retention === 'stop';
    const onCard = live.status?.drive.recordings === 'card';
    this.#find('#place').hidden = !onCard;
    const words = this.#place ? t('notInUse') : days === null ? t('keepsUnknown') : keeps < 1 ? (stops ? t('roomForLess') : t('keepsLess')) : stops ? t('roomFor', { n: keeps }) : t('keeps', { n: keeps });
    render(this.#find('.space'), html`
      <p class="keeps"><b>${words}</b> <span class="quiet">${onCard && !this.#place ? t('sdCard') : t('internalDrive')}${!this.#place && `: ${t('atPresentSettings', { days: days === null ? '–' : number(days, days < 10 ? 1 : 0), reserve: bytes(reserve) })}`}</span></p>
      <div class="bar" role="img" aria-label="${t('spaceLabel', { used: bytes(used), total: bytes(total), left: bytes(left), reserve: bytes(reserve) })}">
        <i class="used"></i><i class="free"></i><i class="reserve"></i></div>
      <p class="key quiet"><span class="used">${t('used', { size: bytes(used) })}</span><span class="free">${t('free', { size: bytes(left) })}</span><span class="reserve">${t('reserve', { size: bytes(free - left) })}</span></p>`);
    const parts = this.#main.querySelectorAll('.bar i');
    [used, left, free - left].forEach((part, i) => {
      parts[i].style.flexGrow = part;
    });
  }

  #draw() {
    const order = this.#find('.list .order select').value;
    const files = [...this.#files].sort(orders[order][1]);
    const picked = this.#picked.size;
    this.#find('.list').hidden = false;
    this.#find('.selection').hidden = this.#find('.list .order').hidden = !files.length;
    this.#find('#picked').textContent = picked ? t('selectedOf', { picked, n: files.length }) : t('noneSelected');
    const box = this.#find('#select-all');
    box.checked = picked > 0 && this.#done.every((name) => this.#picked.has(name));
    box.indeterminate = picked > 0 && !box.checked;
    box.disabled = !this.#done.length;
    for (const id of ['#chart-selected', '#save-selected', '#delete-selected']) this.#find(id).disabled = !picked;
    const list = this.#find('.files');
    if (!files.length) {
      update(list, html`<div class="empty">${icon('data')}<h2>${t('noFiles')}</h2>${!this.#place && html`<p>${firstWrite(live.status?.recorder)} ${t('fileAppears')}</p>`}</div>`);
      return;
    }
    const all = groups(files, order);
    this.#folded ??= new Set(all.slice(2).map(([key]) => key));
    const focused = document.activeElement.closest('.files [data-name]');
    const name = focused?.dataset.name;
    const control = focused && [...focused.querySelectorAll(CONTROLS)].indexOf(document.activeElement);
    if (!update(list, html`${all.map((group) => this.#group(...group))}`)) return;
    // Drawn anew, the list keeps the focus where it was.
    const again = focused && [...list.querySelectorAll('[data-name]')].find(({ dataset }) => dataset.name === name);
    again?.querySelectorAll(CONTROLS)[control]?.focus({ preventScroll: true });
  }

  #group(key, title, files) {
    const rows = html`<ul>${files.map((file) => this.#row(file))}</ul>`;
    if (!title) return rows;
    const done = files.filter(({ current }) => !current);
    return html`<details class="month" data-name="${key}" ${!this.#folded.has(key) && html`open`}>
      <summary><b>${title}</b> <span class="quiet number">${t('files', { n: files.length })}, ${bytes(sizeOf(files))}</span></summary>
      ${done.length > 1 && html`<label class="check"><input type="checkbox" class="pick-month" ${done.every((file) => this.#picked.has(file.name)) && html`checked`}>
        <span class="quiet">${t('selectMonth', { title })}</span></label>`}
      ${rows}</details>`;
  }

  #row(file) {
    const { name, rows, size, current } = file;
    const recording = live.status?.recorder.state ?? 'recording';
    return html`<li data-name="${name}">
      <label class="name"><input type="checkbox" class="pick" ${this.#picked.has(name) && html`checked`} aria-label="${t('selectFile', { name })}">
        <b>${name}</b>${current && html`<span class="tag ${recording}">${icon(recording === 'recording' ? 'record' : 'pause')}${recording === 'recording' ? t('beingRecorded') : t('open')}</span>`}</label>
      <span class="quiet number period">${period(file)}</span>
      <span class="number rows">${t('rows', { n: rows })}</span>
      <span class="number size">${bytes(size)}</span>
      <span class="buttons">
        <button type="button" class="plain chart-one" aria-label="${t('showFileAsChart', { name })}" title="${t('showAsChart')}">${icon('trace')}</button>
        <a class="button plain" href="${this.#address(name, 'download')}" download="${name}" aria-label="${t('downloadFile', { name })}" title="${t('download')}">${icon('download')}</a>
        <button type="button" class="plain delete-one" aria-label="${t('deleteFile', { name })}" title="${t('delete')}">${icon('delete')}</button>
      </span></li>`;
  }

  #pick(target) {
    const names = target.matches('.pick-month') ? [...target.closest('.month').querySelectorAll('[data-name]')].map(({ dataset }) => dataset.name)
      : [target.closest('[data-name]').dataset.name];
    const done = names.length > 1 ? names.filter((name) => this.#done.includes(name)) : names;
    for (const name of done) {
      if (target.checked) this.#picked.add(name);
      else this.#picked.delete(name);
    }
    this.#draw();
  }

  #press(target) {
    const button = target.closest('.chart-one, .delete-one');
    if (!button) return;
    const { name } = button.closest('[data-name]').dataset;
    if (button.matches('.chart-one')) this.#chart(button, [name]);
    else this.#delete(button, [name]);
  }

  async #delete(button, names) {
    const { act, ask } = await load('/parts/ui.js');
    const current = names.find((name) => this.#files.some((file) => file.name === name && file.current));
    const sure = await ask({
      title: t('deleteTitle', { n: names.length }),
      body: html`<ul class="names">${names.map((name) => html`<li>${name}</li>`)}</ul>
        <p>${t('goneForGood')} ${current && t('newFileBegins', { name: current })}</p>`,
      confirm: t('deleteThem', { n: names.length }),
      danger: true,
    });
    if (!sure) return;
    const gone = [];
    await act(button, async () => {
      for (const name of names) {
        if (gone.includes(name)) continue;
        await request('DELETE', this.#address(name));
        gone.push(name);
        this.#picked.delete(name);
      }
    }, () => t('deletedFiles', { n: gone.length, name: gone[0] }));
    if (gone.length) await this.load();
    // The button that had the focus may be gone with its file.
    if (document.activeElement === document.body) this.#main.focus({ preventScroll: true });
  }

  async #save(button, names) {
    const [{ act }, { saveJoined }] = await Promise.all([load('/parts/ui.js'), load('/parts/files.js')]);
    const files = this.#files.filter(({ name }) => names.includes(name));
    const picked = this.#find('#picked');
    await act(button, () => saveJoined(files, this.#signal, (words) => {
      picked.textContent = words;
    }));
    this.#draw();
  }

  async #chart(button, names) {
    const [{ act }, { openFiles }] = await Promise.all([load('/parts/ui.js'), load('/parts/files.js')]);
    const files = this.#files.filter(({ name }) => names.includes(name));
    await act(button, () => openFiles(this.#find('.files-chart'), files, this.#signal));
  }
}
