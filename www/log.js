// Log: what the board did and what went wrong, as it happens.

import { count, date, duration, html, icon, live, render, read, request, update } from './app.js';

export const title = 'Log';

const KEPT = 1000; // entries on the page
const levels = { debug: ['info', 'log'], info: ['info', 'info'], warning: ['warn', 'warn'], error: ['bad', 'bad'] };
const names = Object.keys(levels);

export function open(main, signal) {
  render(main, html`
    <h1>Log</h1>
    <section class="card log">
      <div class="filters">
        <label class="field"><span>Level</span><select id="level">
          <option value="debug">Everything</option><option value="info">From info on</option>
          <option value="warning">Warnings and errors</option><option value="error">Errors only</option></select></label>
        <label class="field grow"><span>Text</span><input type="search" id="text" placeholder="Show lines that hold this" autocomplete="off"></label>
        <label class="check"><input type="checkbox" id="follow" checked><span>Follow</span></label>
        <p class="buttons">
          <a class="button" href="/api/log?format=text" download="log.txt">${icon('download')}Download</a>
          <button type="button" id="clear" class="danger">${icon('delete')}Clear</button></p>
      </div>
      <p class="quiet number" id="log-count">Asking the board for its log…</p>
      <div class="lines" role="log" tabindex="0" aria-label="Log entries, oldest first"><ol></ol></div>
    </section>`);
  new LogPage(main, signal).load();
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
        this.#entries = [];
        return await this.load();
      }
      this.#next = next;
      this.#entries = this.#entries.concat(entries).slice(-KEPT);
      this.#draw();
    } catch (error) {
      if (!this.#signal.aborted) this.#find('#log-count').textContent = `The log did not come: ${error.message}`;
    } finally {
      this.#loading = false;
    }
    return undefined;
  }

  #draw() {
    const from = names.indexOf(this.#find('#level').value);
    const text = this.#find('#text').value.toLowerCase();
    const shown = this.#entries.filter((entry) => names.indexOf(entry.level) >= from && entry.text.toLowerCase().includes(text));
    this.#find('#log-count').textContent = shown.length === this.#entries.length
      ? count(shown.length, 'entry', 'entries') : `${shown.length} of ${count(this.#entries.length, 'entry', 'entries')}`;
    const drawn = update(this.#find('.lines ol'), html`${shown.map(({ t, epoch, level, text: line }) => {
      const [kind, symbol] = levels[level] ?? levels.info;
      return html`<li class="${kind}">${icon(symbol)}<span class="level">${level}</span>
        <time>${epoch === null ? `${duration(t)} after start` : date(epoch)}</time><span class="line">${line}</span></li>`;
    })}${!shown.length && html`<li class="empty">${this.#entries.length ? 'No line matches the filter.' : 'The log is empty. What the board does comes here.'}</li>`}`);
    if (drawn) this.#scroll();
  }

  #scroll() {
    const lines = this.#find('.lines');
    if (this.#find('#follow').checked) lines.scrollTop = lines.scrollHeight;
  }

  async #clear(button) {
    const { act, ask } = await import('./ui.js');
    const sure = await ask({
      title: 'Clear the log?',
      body: html`<p>${count(this.#entries.length, 'entry', 'entries')} are gone for good. Download the log first if somebody may ask for it.</p>`,
      confirm: 'Clear the log',
      danger: true,
    });
    if (!sure) return;
    const answer = await act(button, () => request('DELETE', '/api/log'), ({ cleared }) => `Cleared ${count(cleared, 'entry', 'entries')}.`);
    if (!answer) return;
    this.#entries = [];
    this.#draw();
    await this.load();
  }
}
