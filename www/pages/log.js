// Log: what the board did and what went wrong, as it happens.

import { date, duration, html, icon, live, load, read, render, request, t } from '../base.js';

const KEPT = 1000; // entries on the page
const levels = { debug: ['info', 'log'], info: ['info', 'info'], warning: ['warn', 'warn'], error: ['bad', 'bad'] };
const names = Object.keys(levels);

export function open(main, signal) {
  render(main, html`
    <h1>${t('log')}</h1>
    <section class="card log">
      <div class="filters">
        <label class="field"><span>${t('level')}</span><select id="level">
          <option value="debug">${t('everything')}</option><option value="info">${t('infoAndAbove')}</option>
          <option value="warning">${t('warningsAndErrors')}</option><option value="error">${t('errorsOnly')}</option></select></label>
        <label class="field grow"><span>${t('text')}</span><input type="search" id="text" autocomplete="off"></label>
        <label class="check"><input type="checkbox" id="follow" checked><span>${t('follow')}</span></label>
        <p class="buttons">
          <a class="button" href="/api/log?format=text" download="log.txt">${icon('download')}${t('download')}</a>
          <button type="button" id="clear" class="danger">${icon('delete')}${t('clear')}</button></p>
      </div>
      <p class="quiet number" id="log-count" role="status">${t('loadingLog')}</p>
      <div class="lines" role="log" tabindex="0" aria-label="${t('logEntries')}"><ol></ol></div>
    </section>`);
  new LogPage(main, signal).load();
}

function line({ t: up, epoch, level, text }) {
  const [kind, symbol] = levels[level] ?? levels.info;
  return html`<li class="${kind}">${icon(symbol)}<span class="level">${level}</span>
    <time>${epoch === null ? t('afterStart', { time: duration(up) }) : date(epoch)}</time><span class="line">${text}</span></li>`;
}

class LogPage {
  #main;
  #signal;
  #entries = [];
  #next = 0;
  #loading = false;
  #find = (selector) => this.#main.querySelector(selector);

  constructor(main, signal) {
    this.#main = main;
    this.#signal = signal;
    this.#find('#level').onchange = this.#find('#text').oninput = () => this.#draw();
    this.#find('#follow').onchange = () => this.#scroll();
    this.#find('#clear').onclick = ({ currentTarget }) => this.#clear(currentTarget);
    const lines = this.#find('.lines');
    lines.onwheel = lines.ontouchmove = lines.onkeyup = () => {
      this.#find('#follow').checked = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 30;
    };
    // A notice above them or a phone that is turned leaves them another height.
    const resized = new ResizeObserver(() => this.#scroll());
    resized.observe(lines);
    signal.addEventListener('abort', () => resized.disconnect());
    // The board sends its status whenever the log has grown.
    live.addEventListener('status', () => this.load(), { signal });
  }

  async load() {
    if (this.#loading) return;
    this.#loading = true;
    try {
      const { next, entries } = await read(`/api/log?since=${this.#next}`, { signal: this.#signal });
      if (next < this.#next) { // the board started anew
        this.#next = 0;
        this.#loading = false;
        return await this.load();
      }
      if (this.#next) this.#add(entries);
      else this.#draw(entries);
      this.#next = next;
    } catch (error) {
      if (!this.#signal.aborted) this.#find('#log-count').textContent = t('logNotLoaded', { error: error.message });
    } finally {
      this.#loading = false;
    }
    return undefined;
  }

  /** The entries that the filter lets through. */
  #filtered(entries) {
    const from = names.indexOf(this.#find('#level').value);
    const text = this.#find('#text').value.toLowerCase();
    return entries.filter((entry) => names.indexOf(entry.level) >= from && entry.text.toLowerCase().includes(text));
  }

  /** Draw all lines: at first, and whenever the filter has changed. Only what is added later is read out. */
  #draw(entries = this.#entries) {
    this.#entries = entries;
    const shown = this.#filtered(entries);
    const lines = this.#find('.lines');
    lines.setAttribute('aria-live', 'off');
    setTimeout(() => lines.setAttribute('aria-live', 'polite'), 500);
    render(lines.firstElementChild, html`${shown.map(line)}${!shown.length && html`<li class="empty">${
      entries.length ? t('noMatch') : t('logEmpty')}</li>`}`);
    this.#drawn(shown.length);
  }

  /** Put new lines below the others, and take as many off the top as are too many. */
  #add(entries) {
    if (!entries.length) return;
    const list = this.#find('.lines ol');
    const excess = this.#entries.length + entries.length - KEPT;
    const gone = this.#filtered(this.#entries.splice(0, Math.max(0, excess))).length;
    this.#entries.push(...entries);
    const added = document.createElement('template');
    render(added, html`${this.#filtered(entries).map(line)}`);
    if (added.content.childElementCount) list.querySelector('.empty')?.remove();
    for (let i = 0; i < gone; i += 1) list.firstElementChild.remove();
    list.append(added.content);
    this.#drawn(list.querySelectorAll('li:not(.empty)').length);
  }

  #drawn(shown) {
    const all = t('entries', { n: this.#entries.length });
    this.#find('#log-count').textContent = shown === this.#entries.length ? all : t('shownOf', { shown, all });
    this.#scroll();
  }

  #scroll() {
    const lines = this.#find('.lines');
    if (this.#find('#follow').checked) lines.scrollTop = lines.scrollHeight;
  }

  async #clear(button) {
    const { act, ask } = await load('/parts/ui.js');
    const sure = await ask({
      title: t('clearTitle'),
      body: html`<p>${t('clearBody', { n: this.#entries.length })}</p>`,
      confirm: t('clearLog'),
      danger: true,
    });
    if (!sure) return;
    const answer = await act(button, () => request('DELETE', '/api/log'), ({ cleared }) => t('cleared', { n: cleared }));
    if (!answer) return;
    this.#draw([]);
    await this.load();
  }
}
