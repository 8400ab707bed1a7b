// Data: the recorded files, what they hold, and how much more fits.

import { bytes, count, duration, html, icon, live, load, read, render, request, update } from '../base.js';

const CONTROLS = 'input, button, a'; // of a row
const address = (name) => `/api/files/${encodeURIComponent(name)}`;
/** A time as the file has it: ISO 8601, or seconds since start. */
const when = (stamp) => (stamp === null ? '–' : /^[0-9.]+$/.test(stamp) ? `${duration(Number(stamp))} after start`
  : stamp.slice(0, 19).replace('T', ' '));

/** From when to when, the day only once. */
function period({ from, to }) {
  if (from === null) return 'no rows yet';
  const [first, last] = [when(from), when(to)];
  return html`${first} <span class="hidden">to</span><span aria-hidden="true">–</span> ${
    first.slice(0, 10) === last.slice(0, 10) && from.includes('T') ? last.slice(11) : last}`;
}

/** What an empty list has to expect. */
function firstWrite(recorder) {
  if (recorder && recorder.state !== 'recording') return 'The board writes its first file once it records; the dashboard says what is in the way.';
  return `The board writes its first file in ${duration(recorder?.next_write_s ?? 600)}.`;
}

const orders = {
  newest: ['Newest first', (a, b) => (b.current - a.current) || compare(b.to ?? '', a.to ?? '') || compare(b.name, a.name)],
  name: ['Name', (a, b) => compare(a.name, b.name)],
  rows: ['Most rows', (a, b) => b.rows - a.rows],
  size: ['Largest', (a, b) => b.size - a.size],
};
const compare = (a, b) => (a < b ? -1 : Number(a > b));

export function open(main, signal) {
  render(main, html`
    <h1>Data</h1>
    <section class="card space" aria-label="Space on the drive"><p class="loading">Asking the board for its files…</p></section>
    <section class="card list" aria-label="Files" hidden>
      <header>
        <h2>Files</h2>
        <label class="order">Sort by <select>${Object.entries(orders).map(([key, [label]]) => html`<option value="${key}">${label}</option>`)}</select></label>
      </header>
      <div class="selection buttons" role="group" aria-label="The selected files">
        <label class="all"><input type="checkbox" id="select-all"> <span>All but the one being recorded</span></label>
        <span class="quiet number" id="picked" role="status"></span>
        <button type="button" id="chart-selected" disabled>${icon('trace')}Show as chart</button>
        <button type="button" id="delete-selected" class="danger" disabled>${icon('delete')}Delete</button>
      </div>
      <ul class="files"></ul>
    </section>
    <section class="card files-chart" aria-label="Chart of files" hidden></section>`);
  new DataPage(main, signal).load();
}

class DataPage {
  #main;
  #signal;
  #files = [];
  #picked = new Set();
  #buffered = live.status?.recorder.buffered ?? 0;
  #find = (selector) => this.#main.querySelector(selector);

  constructor(main, signal) {
    this.#main = main;
    this.#signal = signal;
    this.#find('.order select').onchange = () => this.#draw();
    this.#find('#select-all').onchange = ({ target }) => {
      this.#picked = new Set(target.checked ? this.#done : []);
      this.#draw();
    };
    this.#find('#chart-selected').onclick = ({ currentTarget }) => this.#chart(currentTarget, [...this.#picked]);
    this.#find('#delete-selected').onclick = ({ currentTarget }) => this.#delete(currentTarget, [...this.#picked]);
    live.addEventListener('link', () => live.answers && this.load(), { signal });
    live.addEventListener('status', ({ detail: { recorder } }) => {
      if (recorder.buffered < this.#buffered) this.load(); // the board has written
      else if (this.#find('.files .empty')) this.#draw(); // it says how long it takes yet
      this.#buffered = recorder.buffered;
    }, { signal });
  }

  /** Names of the files that are not being recorded. */
  get #done() {
    return this.#files.filter(({ current }) => !current).map(({ name }) => name);
  }

  async load() {
    try {
      const answer = await read('/api/files', { signal: this.#signal });
      this.#files = answer.files;
      this.#picked = new Set(this.#files.map(({ name }) => name).filter((name) => this.#picked.has(name)));
      this.#drawSpace(answer);
      this.#draw();
    } catch (error) {
      if (this.#signal.aborted) return;
      render(this.#find('.space'), html`<p class="state bad">${icon('bad')}<span>${error.message}</span></p>
        <button type="button">Try again</button>`);
      this.#find('.space button').onclick = () => this.load();
    }
  }

  #drawSpace({ free, total, reserve, days_left: days }) {
    const used = total - free;
    const left = Math.max(0, free - reserve);
    render(this.#find('.space'), html`
      <p class="value"><b>${days === null ? '–' : days < 10 ? days.toFixed(1) : Math.round(days)}</b> <span>days of data still fit</span></p>
      <p class="quiet">At the present settings. ${bytes(reserve)} always stay free.</p>
      <div class="bar" role="img" aria-label="${bytes(used)} of ${bytes(total)} used, ${bytes(left)} free for data, ${bytes(reserve)} reserve">
        <i class="used"></i><i class="free"></i><i class="reserve"></i></div>
      <p class="key quiet"><span class="used">Used ${bytes(used)}</span><span class="free">Free ${bytes(left)}</span><span class="reserve">Reserve ${bytes(free - left)}</span></p>`);
    const parts = this.#main.querySelectorAll('.bar i');
    [used, left, free - left].forEach((part, i) => {
      parts[i].style.flexGrow = part;
    });
  }

  #draw() {
    const files = [...this.#files].sort(orders[this.#find('.order select').value][1]);
    const list = this.#find('.files');
    const picked = this.#picked.size;
    this.#find('.list').hidden = false;
    this.#find('.selection').hidden = this.#find('.order').hidden = !files.length;
    this.#find('#picked').textContent = picked ? `${picked} of ${files.length} selected` : 'None selected';
    this.#find('#select-all').checked = picked > 0 && this.#done.every((name) => this.#picked.has(name));
    this.#find('#select-all').indeterminate = picked > 0 && !this.#find('#select-all').checked;
    this.#find('#select-all').disabled = !this.#done.length;
    for (const id of ['#chart-selected', '#delete-selected']) this.#find(id).disabled = !picked;
    if (!files.length) {
      update(list, html`<li class="empty">${icon('data')}<h2>No files yet</h2>
        <p>${firstWrite(live.status?.recorder)} The file then appears here by itself, to look at and to download.</p></li>`);
      return;
    }
    const focused = document.activeElement.closest('.files li');
    const control = focused && [...focused.querySelectorAll(CONTROLS)].indexOf(document.activeElement);
    if (!update(list, html`${files.map((file, i) => html`<li data-name="${file.name}">
      <input type="checkbox" id="file-${i}" ${this.#picked.has(file.name) && html`checked`} aria-label="Select ${file.name}">
      <label for="file-${i}"><b>${file.name}</b>${file.current && html`<span class="tag">${icon('record')}recording</span>`}</label>
      <span class="quiet number period">${period(file)}</span>
      <span class="number rows">${count(file.rows, 'row')}</span>
      <span class="number size">${bytes(file.size)}</span>
      <span class="buttons">
        <button type="button" class="plain chart-one" aria-label="Show ${file.name} as chart" title="Show as chart">${icon('trace')}</button>
        <a class="button plain" href="${address(file.name)}?download" download="${file.name}" aria-label="Download ${file.name}" title="Download">${icon('download')}</a>
        <button type="button" class="plain delete-one" aria-label="Delete ${file.name}" title="Delete">${icon('delete')}</button>
      </span></li>`)}`)) return;
    for (const row of list.children) {
      const { name } = row.dataset;
      row.querySelector('input').onchange = ({ target }) => {
        if (target.checked) this.#picked.add(name);
        else this.#picked.delete(name);
        this.#draw();
      };
      row.querySelector('.chart-one').onclick = ({ currentTarget }) => this.#chart(currentTarget, [name]);
      row.querySelector('.delete-one').onclick = ({ currentTarget }) => this.#delete(currentTarget, [name]);
      // Drawn anew, the list keeps the focus where it was.
      if (name === focused?.dataset.name) row.querySelectorAll(CONTROLS)[control]?.focus({ preventScroll: true });
    }
  }

  async #delete(button, names) {
    const { act, ask } = await load('/parts/ui.js');
    const current = names.find((name) => this.#files.some((file) => file.name === name && file.current));
    const sure = await ask({
      title: names.length === 1 ? 'Delete this file?' : `Delete ${names.length} files?`,
      body: html`<ul class="names">${names.map((name) => html`<li>${name}</li>`)}</ul>
        <p>${names.length === 1 ? 'It is' : 'They are'} gone for good.${current && ` ${current} is being recorded: a new file begins.`}</p>`,
      confirm: names.length === 1 ? 'Delete it' : `Delete ${names.length} files`,
      danger: true,
    });
    if (!sure) return;
    const gone = [];
    await act(button, async () => {
      for (const name of names) {
        if (gone.includes(name)) continue;
        await request('DELETE', address(name));
        gone.push(name);
        this.#picked.delete(name);
      }
    }, () => `Deleted ${gone.length === 1 ? gone[0] : count(gone.length, 'file')}.`);
    if (gone.length) await this.load();
    // The button that had the focus may be gone with its file.
    if (document.activeElement === document.body) this.#main.focus({ preventScroll: true });
  }

  async #chart(button, names) {
    const [{ act }, { openFiles }] = await Promise.all([load('/parts/ui.js'), load('/parts/files.js')]);
    const files = this.#files.filter(({ name }) => names.includes(name));
    await act(button, () => openFiles(this.#find('.files-chart'), files, this.#signal));
  }
}
