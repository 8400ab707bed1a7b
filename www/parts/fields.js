// The fields of the settings: what stands in them, what it means, and what is wrong with it.

import { duration, html, icon, number, request, t, translate } from '../base.js';
import { fieldNumber, parseNumber } from './numbers.js';

const byteLength = (text) => new TextEncoder().encode(text).length;
const MAX_BODY = 1024; // bytes of changes that the board takes at once
const PRESETS_S = [1, 2, 5, 10, 60, 600, 3600, 86400];

/** What people read for a value of a setting. */
export function shownValue({ key, type, unit, choices = [], choice_labels: labels = choices }, value) {
  if (type === 'bool') return value ? t('on') : t('off');
  if (type === 'choice') return translate(`choice${key}${value}`, labels[choices.indexOf(value)] ?? value);
  if (typeof value === 'number') return unit === 's' ? duration(value) : `${number(value)}${unit && ` ${unit}`}`;
  return value || t('empty');
}

export const label = ({ key, label: text }) => translate(`setting${key}`, text);
const help = ({ key, help: text }) => translate(`help${key}`, text);

/** The row of a setting: its name and what it is for, and the field. */
export function row(setting) {
  const { key, type, unit, secret, restart, set, is_default: isDefault } = setting;
  const id = `setting-${key}`;
  return html`<div class="setting" data-key="${key}" tabindex="-1">
    <div><label for="${id}">${label(setting)}</label>${restart && html` <span class="tag restart" title="${t('restartNeeded')}">${icon('restart')}${t('restartTag')}</span>`}
      <p class="quiet" id="${id}-help">${help(setting)}</p></div>
    <div class="entry"><div class="buttons">${input(setting, id)}
      ${unit && html`<span class="unit">${unit}</span>`}${(unit === 's' || type === 'int' || type === 'float') && html`<span class="meaning quiet number"></span>`}
      ${secret && html`<button type="button" class="change" aria-label="${t('change')}: ${label(setting)}">${t('change')}</button>`}</div>
      ${unit === 's' && presets(setting)}
      ${secret && set && isDefault && html`<p class="state warn">${icon('warn')}<span>${t('shippedPassword')}</span></p>`}
      <p class="error" id="${id}-error" aria-live="polite"></p>
      <p class="quiet after"><span class="mark">${icon('info')}${t('notSavedYet')}</span>
        ${!secret && html`<button type="button" class="plain reset" hidden>${icon('restart')}${t('resetTo', { value: shownValue(setting, setting.default) })}</button>`}</p></div></div>`;
}

const presets = ({ min, max }) => html`<p class="presets" role="group" aria-label="${t('presets')}">${PRESETS_S.filter((value) => value >= min && value <= max).map((value) => html`
  <button type="button" data-value="${value}">${duration(value)}</button>`)}</p>`;

const formOf = (key) => `form-${key}`;
/** The form of a secret alone, before it on the page: a browser that keeps passwords would mix up several in one form. */
export const secretForm = ({ key }) => html`<form id="${formOf(key)}"><input name="username" value="${key === 'ADMIN_PASSWORD' ? 'admin' : key}" autocomplete="username"><button></button></form>`;

function input({ type, value, choices, choice_labels: labels = choices, secret, set, key }, id) {
  const described = html`id="${id}" aria-describedby="${id}-help ${id}-error"`;
  if (secret) {
    return html`<span class="mask">${set ? html`<span class="dots">••••••••</span>` : t('notSet')}</span>
      <input type="password" form="${formOf(key)}" autocomplete="new-password" ${described} hidden>
      <button type="button" class="show" aria-pressed="false" hidden>${t('show')}</button>`;
  }
  if (type === 'bool') return html`<input type="checkbox" role="switch" ${described} ${value && html`checked`}>`;
  if (type === 'choice') {
    return html`<select ${described}>${choices.map((choice, at) => html`<option value="${choice}" ${choice === value && html`selected`}>${translate(`choice${key}${choice}`, labels[at])}</option>`)}</select>`;
  }
  if (type === 'text') return html`<input type="text" ${described} value="${value}">`;
  return html`<input type="text" inputmode="${type === 'int' ? 'numeric' : 'decimal'}" class="number" size="7" ${described} value="${fieldNumber(value)}">`;
}

/** Save changes, [{setting, value}], in bodies of a size that the board takes; what depends on each other stays together. */
export async function saveSettings(changes) {
  const isWiFi = ({ setting }) => setting.group === 'wifi';
  const bodies = [{}];
  for (const { setting, value } of [...changes.filter(isWiFi), ...changes.filter((change) => !isWiFi(change))]) {
    const longer = { ...bodies.at(-1), [setting.key]: value };
    if (byteLength(JSON.stringify(longer)) <= MAX_BODY) bodies[bodies.length - 1] = longer;
    else bodies.push({ [setting.key]: value });
  }
  const saved = [];
  let answer;
  for (const body of bodies) {
    answer = await request('PUT', '/api/settings', { body });
    saved.push(...answer.saved);
  }
  return { ...answer, saved };
}

/** One field on the page. */
export class Field {
  constructor(setting, element) {
    this.setting = setting;
    this.row = element;
    this.input = element.querySelector('input, select');
    this.error = element.querySelector('.error');
    this.open = !setting.secret; // a secret takes a new value only after "change"
  }

  /** What the person entered, in the type of the setting; null for a text that is no number. */
  get value() {
    const { type } = this.setting;
    const { value, checked } = this.input;
    if (type === 'bool') return checked;
    if (type === 'int' || type === 'float') return parseNumber(value, type === 'int');
    return value;
  }

  set value(value) {
    if (this.setting.type === 'bool') this.input.checked = value;
    else this.input.value = typeof value === 'number' ? fieldNumber(value) : value;
  }

  get changed() {
    return this.setting.secret ? this.open : this.value !== this.setting.value;
  }

  /** What is wrong with the value, "" when nothing is. */
  get problem() {
    const { type, min, max, unit, optional } = this.setting;
    const { value } = this;
    if (!this.open || type === 'bool' || type === 'choice') return '';
    if (type === 'text') {
      const length = byteLength(value);
      if (!length && optional) return '';
      if (length < min || length > max) return t('charactersAllowed', { min, max, length });
      return /[\u0000-\u001f\u007f]/.test(value) ? t('noControlCharacters') : '';
    }
    if (value === null || !Number.isFinite(value)) return t('numberNeeded');
    if (type === 'int' && !Number.isInteger(value)) return t('wholeNumberNeeded');
    return value < min || value > max ? t('fromTo', { min, max, unit }).replace(/\s+\.$/, '.') : '';
  }

  show(problem = this.problem) {
    const { type, unit, default: usual } = this.setting;
    this.error.textContent = problem;
    this.input.setAttribute('aria-invalid', Boolean(problem));
    this.row.classList.toggle('changed', this.changed);
    for (const button of this.row.querySelectorAll('.presets button')) button.setAttribute('aria-pressed', String(Number(button.dataset.value) === this.value));
    const reset = this.row.querySelector('.reset');
    if (reset) reset.hidden = this.value === usual;
    const meaning = this.row.querySelector('.meaning');
    if (!meaning || this.value === null) return;
    const typed = this.input.value.trim();
    meaning.textContent = unit === 's' && this.value >= 60 ? `= ${duration(this.value)}`
      : (type === 'int' || type === 'float') && /[.,]/.test(typed) && typed !== fieldNumber(this.value) ? `= ${number(this.value)}` : '';
  }

  /** Open or close the field of a secret. */
  toggle() {
    this.open = !this.open;
    this.input.value = '';
    this.input.type = 'password';
    this.input.hidden = !this.open;
    this.row.querySelector('.mask').hidden = this.open;
    const [show, button] = [this.row.querySelector('.show'), this.row.querySelector('.change')];
    show.hidden = !this.open;
    button.textContent = this.open ? t('keepPresent') : t('change');
    button.setAttribute('aria-label', `${button.textContent}: ${label(this.setting)}`);
  }

  /** Show or hide what is typed into a secret. */
  reveal() {
    const shown = this.input.type === 'password';
    this.input.type = shown ? 'text' : 'password';
    this.row.querySelector('.show').setAttribute('aria-pressed', String(shown));
  }
}
