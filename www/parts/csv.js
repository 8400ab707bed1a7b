// Recordings as text: reads what the board writes, and what a spreadsheet made of it; writes what a spreadsheet reads.

import { date, number } from '../base.js';

const COMMENT = /^#\s*note\s+(\S+(?: \d\d?:\d\d(?::\d\d)?)?)\s+(.*)$/;
const SECONDS = /^\d+([.,]\d*)?$/;
const UNIT = /^(.*?)\s*[[(]([^\])]*)[\])]$/;

/** Rows read from CSV text that comes in pieces. The first column is the time, an empty field is a missing value. */
export class CsvReader {
  columns = []; // names
  units = []; // beside them, '' where the file names none
  times = [];
  values = []; // one array for each column
  notes = []; // [time, text]
  absolute = true; // the times are dates, otherwise seconds since start
  #rest = '';
  #separator = ',';
  #offset = ''; // of the times to UTC, where the header tells it
  #start = 0; // of the run whose seconds the times are, where the header tells it

  /** Take the next piece of the text; the last line may be unfinished. */
  push(text) {
    const lines = (this.#rest + text).split(/\r?\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
  }

  /** The text has ended. A last line without its end was being written: it counts only where it is whole. */
  end() {
    if (this.columns.length && this.#fields(this.#rest).length === this.columns.length + 1 && !this.times.length) this.#line(this.#rest);
    this.#rest = '';
  }

  #line(line) {
    const text = line.replace(/^\ufeff/, '').trimEnd();
    if (text.startsWith('#') || text.startsWith('"#')) return this.#comment(text.replace(/^"|"$/g, ''));
    if (!text) return undefined;
    return this.columns.length ? this.#row(this.#fields(text)) : this.#header(text);
  }

  #comment(text) {
    const [, when, note] = text.replace(/[;,]+$/, '').match(COMMENT) ?? [];
    const time = when && this.#time(when);
    if (Number.isFinite(time)) this.notes.push([time, note]);
  }

  #header(text) {
    this.#separator = [',', ';', '\t'].sort((a, b) => text.split(b).length - text.split(a).length)[0];
    const [first, ...names] = this.#fields(text);
    [, this.#offset = ''] = first.match(/([+-]\d\d:?\d\d|Z)\b/) ?? [];
    const [, since] = first.match(/ since (\S+ \S+)/) ?? [];
    if (since) this.#start = timeOf(since, this.#offset);
    this.columns = names.map((name) => name.match(UNIT)?.[1] ?? name);
    this.units = names.map((name) => name.match(UNIT)?.[2] ?? '');
    this.values = names.map(() => []);
  }

  #time(text) {
    return timeOf(text, this.#offset) + (SECONDS.test(text) ? this.#start : 0);
  }

  #fields(text) {
    if (!text.includes('"')) return text.split(this.#separator);
    const pattern = new RegExp(`(?:^|${this.#separator})(?:"((?:[^"]|"")*)"|([^${this.#separator}]*))`, 'g');
    return [...text.matchAll(pattern)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  }

  #row(fields) {
    if (fields.length < 2 || fields.length > this.columns.length + 1) return;
    if (!this.times.length) this.absolute = this.#start > 0 || !SECONDS.test(fields[0].trim());
    const time = this.#time(fields[0].trim());
    if (!Number.isFinite(time)) return;
    this.times.push(time);
    for (let i = 0; i < this.columns.length; i += 1) this.values[i].push(this.#number(fields[i + 1] ?? ''));
  }

  #number(field) {
    const text = field.trim();
    const value = text === '' ? NaN : Number(this.#separator === ',' ? text : text.replace(',', '.'));
    return Number.isFinite(value) ? value : null;
  }
}

/** Seconds since 1970 of a date as the board or a spreadsheet writes it, or the seconds since start that it is. */
export function timeOf(text, known = '') {
  if (SECONDS.test(text)) return Number(text.replace(',', '.'));
  const parts = text.match(/^(\d+)[-./](\d+)[-./](\d+)[T ]+(\d+):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*([AP]M)?\s*(Z|[+-]\d\d:?\d\d)?$/i);
  if (!parts) return NaN;
  const [a, b, c, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  // 2026-11-29, 29.11.2026, and 11/29/2026, where a first number above 12 is the day.
  const [year, month, day] = parts[1].length === 4 ? [a, b, c] : [c < 100 ? 2000 + c : c, ...(text.includes('/') && a <= 12 ? [a, b] : [b, a])];
  const hours = parts[7] ? (hour % 12) + (parts[7].toUpperCase() === 'PM' ? 12 : 0) : hour;
  const offset = parts[8] ?? known;
  if (!offset) return new Date(year, month - 1, day, hours, minute, second).getTime() / 1000;
  const [h, m] = offset === 'Z' ? [0, 0] : [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  return Date.UTC(year, month - 1, day, hours, minute, second) / 1000 - (offset[0] === '-' ? -1 : 1) * (h * 3600 + m * 60);
}

/**
 * A table for spreadsheets of this country: local times, units in the header, and where numbers have a decimal comma,
 * semicolons between them. `columns`: [{name, unit, decimals, values}].
 */
export function csvText(times, columns, absolute, notes = []) {
  const comma = number(0.5, 1).includes(',');
  const [separator, point] = comma ? [';', ','] : [',', '.'];
  const quoted = (text) => (/["\n,;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const shown = (value, decimals = 3) => (value === null || value === undefined ? '' : value.toFixed(decimals).replace('.', point));
  const head = [absolute ? 'time' : 'seconds', ...columns.map(({ name, unit }) => (unit ? `${name} (${unit})` : name))];
  const noted = [...notes].sort((a, b) => a[0] - b[0]).filter(([x]) => x >= times[0] && x <= times[times.length - 1]);
  const when = (x) => (absolute ? date(x) : shown(x, 1));
  const lines = [head.map(quoted).join(separator)];
  times.forEach((x, i) => {
    while (noted.length && noted[0][0] <= x) lines.push(`# note ${when(noted[0][0])} ${noted.shift()[1]}`);
    lines.push([when(x), ...columns.map(({ values, decimals }) => shown(values[i], decimals))].join(separator));
  });
  return `\ufeff${lines.join('\r\n')}\r\n`;
}
