// Settings: a form made from the schema that the board sends, and backup and restore of all of them.

import { count, duration, html, icon, live, load, read, render, request } from '../base.js';

const MAX_BODY = 1024; // bytes of changes that the board takes at once

const byteLength = (text) => new TextEncoder().encode(text).length;

let form = null; // the form on the page, which is asked before it is left

export function open(main, signal) {
  render(main, html`
    <h1>Settings</h1>
    <form class="settings" novalidate autocomplete="off"><p class="loading">Asking the board for its settings…</p></form>
    <section class="card backup">
      <h2>Backup and restore</h2>
      <p class="quiet">The backup is the file settings.toml without its passwords. Restoring shows first what would change;
        passwords that the file lacks stay as they are.</p>
      <p class="buttons">
        <a class="button" href="/api/settings.toml" download="settings.toml">${icon('download')}Download backup</a>
        <button type="button" id="restore">${icon('upload')}Restore from a file…</button>
        <input type="file" id="restore-file" accept=".toml,text/plain" hidden aria-label="Backup to restore">
      </p>
    </section>`);
  form = new SettingsForm(main.querySelector('form'), signal);
  form.load();
  const file = main.querySelector('#restore-file');
  const button = main.querySelector('#restore');
  button.onclick = () => file.click();
  file.onchange = () => {
    if (file.files[0]) restore(button, file.files[0], form);
    file.value = '';
  };
  addEventListener('beforeunload', (event) => form.changed.length && event.preventDefault(), { signal });
  signal.addEventListener('abort', () => {
    form = null;
  });
}

/** Unsaved changes are not thrown away without a word. */
export async function mayLeave() {
  if (!form?.changed.length) return true;
  const { ask } = await load('/parts/ui.js');
  return ask({
    title: 'Leave without saving?',
    body: html`<p>These changes are not saved:</p><ul class="names">${form.changed.map(({ setting }) => html`<li>${setting.label}</li>`)}</ul>`,
    confirm: 'Leave without saving',
    cancel: 'Stay here',
    danger: true,
  });
}

/** One input of the form. */
class Field {
  constructor(setting, row) {
    this.setting = setting;
    this.row = row;
    this.input = row.querySelector('input, select');
    this.error = row.querySelector('.error');
    this.open = !setting.secret; // a secret takes a new value only after "change"
  }

  /** What the person entered, in the type of the setting; a text that is no number stays a text. */
  get value() {
    const { type } = this.setting;
    const { value, checked } = this.input;
    if (type === 'bool') return checked;
    if (type === 'int' || type === 'float') return value.trim() && Number(value.replace(',', '.'));
    return value;
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
      if (length < min || length > max) return `${min} to ${max} characters are allowed; this is ${length}.`;
      return /[\u0000-\u001f\u007f]/.test(value) ? 'Control characters are not allowed.' : '';
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'A number is needed.';
    if (type === 'int' && !Number.isInteger(value)) return 'A whole number is needed.';
    return value < min || value > max ? `From ${min} to ${max} ${unit}.`.replace(' .', '.') : '';
  }

  show(problem = this.problem) {
    this.error.textContent = problem;
    this.input.setAttribute('aria-invalid', Boolean(problem));
    this.row.classList.toggle('changed', this.changed);
    const meaning = this.row.querySelector('.meaning');
    if (meaning) meaning.textContent = this.value >= 60 ? `= ${duration(this.value)}` : '';
  }
}

/** The changes as bodies of a size that the board takes; what depends on each other stays together. */
function parts(changed) {
  const isWiFi = ({ setting }) => setting.group === 'wifi';
  const bodies = [{}];
  for (const { setting, value } of [...changed.filter(isWiFi), ...changed.filter((field) => !isWiFi(field))]) {
    const longer = { ...bodies.at(-1), [setting.key]: value };
    if (byteLength(JSON.stringify(longer)) <= MAX_BODY) bodies[bodies.length - 1] = longer;
    else bodies.push({ [setting.key]: value });
  }
  return bodies;
}

async function saveInParts(changed) {
  const saved = [];
  let answer;
  for (const body of parts(changed)) {
    answer = await request('PUT', '/api/settings', { body });
    saved.push(...answer.saved);
  }
  return { ...answer, saved };
}

class SettingsForm {
  #form;
  #signal;
  #fields = [];

  constructor(element, signal) {
    this.#form = element;
    this.#signal = signal;
    element.onsubmit = (event) => {
      event.preventDefault();
      this.#save(event.submitter ?? element.querySelector('.save'));
    };
  }

  get changed() {
    return this.#fields.filter((field) => field.changed);
  }

  /** `key`: the setting that gets the focus, which its present place loses. */
  async load(key) {
    const typing = this.#fields.find(({ input }) => input === document.activeElement);
    try {
      this.#draw(await read('/api/settings', { signal: this.#signal }));
      if (typing && !typing.setting.secret) this.#field(typing.setting.key).input.focus();
      else if (key) this.#field(key).row.focus();
    } catch (error) {
      if (this.#signal.aborted) return;
      render(this.#form, html`<div class="card empty">${icon('bad')}<p>${error.message}</p><button type="button">Try again</button></div>`);
      this.#form.querySelector('button').onclick = () => this.load();
    }
  }

  #field(key) {
    return this.#fields.find(({ setting }) => setting.key === key);
  }

  label(key) {
    return this.#field(key)?.setting.label ?? key;
  }

  #draw(schema) {
    const { groups, settings } = schema;
    render(this.#form, html`
      ${groups.map(({ name, label }) => html`<fieldset class="card"><legend>${label}</legend>
        ${settings.filter(({ group }) => group === name).map(row)}</fieldset>`)}
      <div class="save-bar" hidden>
        <p role="status"></p>
        <p class="buttons"><button type="button" class="discard">Discard</button><button class="primary save">Save</button></p>
      </div>`);
    this.#fields = settings.map((setting) => new Field(setting, this.#form.querySelector(`[data-key="${setting.key}"]`)));
    for (const field of this.#fields) {
      field.input.addEventListener('input', () => this.#entered(field));
      const button = field.row.querySelector('.change');
      if (button) button.onclick = () => this.#openSecret(field, button);
      field.show();
    }
    this.#form.querySelector('.discard').onclick = () => {
      const [first] = this.changed;
      this.#draw(schema);
      this.#field(first.setting.key).row.focus();
    };
  }

  #entered(field) {
    field.show();
    const { length } = this.changed;
    this.#form.querySelector('.save-bar').hidden = !length;
    this.#form.querySelector('.save-bar [role=status]').textContent = `${count(length, 'unsaved change')}`;
  }

  #openSecret(field, button) {
    field.open = !field.open;
    field.input.hidden = !field.open;
    field.row.querySelector('.mask').hidden = field.open;
    field.input.value = '';
    button.textContent = field.open ? 'Keep the present one' : 'Change';
    button.setAttribute('aria-label', `${button.textContent}: ${field.setting.label}`);
    this.#entered(field);
    if (field.open) field.input.focus();
  }

  async #save(button) {
    const { changed } = this;
    const wrong = changed.find((field) => field.problem);
    if (wrong) {
      wrong.input.focus();
      return;
    }
    const { act, restart } = await load('/parts/ui.js');
    const answer = await act(button, () => saveInParts(changed).catch((error) => {
      const field = this.#field(error.field);
      field?.show(error.message);
      field?.input.focus();
      throw error;
    }), ({ saved }) => `Saved: ${changed.filter(({ setting }) => saved.includes(setting.key)).map(({ setting }) => setting.label).join(', ')}.`);
    if (!answer) return;
    await this.load(changed[0].setting.key);
    live.refresh().catch(() => {});
    if (answer.restart_needed && changed.some(({ setting }) => setting.restart)) {
      restart(button, 'What you changed takes effect at the restart. If it was the Wi-Fi, this device may have to join it again.');
    }
  }
}

function row(setting) {
  const { key, label, help, unit, secret, restart, set, is_default: isDefault } = setting;
  const id = `setting-${key}`;
  return html`<div class="setting" data-key="${key}" tabindex="-1">
    <div><label for="${id}">${label}</label>
      <p class="quiet" id="${id}-help">${help}${restart && ' Takes effect at a restart.'}</p></div>
    <div class="entry"><div class="buttons">${input(setting, id)}
      ${unit && html`<span class="unit">${unit}</span>`}${unit === 's' && html`<span class="meaning quiet number"></span>`}
      ${secret && html`<button type="button" class="change" aria-label="Change: ${label}">Change</button>`}</div>
      ${secret && set && isDefault && html`<p class="state warn">${icon('warn')}<span>This is the shipped one, which everybody knows.</span></p>`}
      <p class="error" id="${id}-error" aria-live="polite"></p>
      <p class="mark">${icon('info')}Not saved yet</p></div></div>`;
}

function input({ type, value, choices, choice_labels: labels = choices, secret, set }, id) {
  const described = html`id="${id}" aria-describedby="${id}-help ${id}-error"`;
  if (secret) {
    return html`<span class="mask">${set ? html`<span class="dots">••••••••</span>` : 'not set'}</span>
      <input type="password" autocomplete="new-password" ${described} hidden>`;
  }
  if (type === 'bool') return html`<input type="checkbox" ${described} ${value && html`checked`}>`;
  if (type === 'choice') {
    return html`<select ${described}>${choices.map((choice, at) => html`<option value="${choice}" ${choice === value && html`selected`}>${labels[at]}</option>`)}</select>`;
  }
  if (type === 'text') return html`<input type="text" ${described} value="${value}">`;
  return html`<input type="text" inputmode="${type === 'int' ? 'numeric' : 'decimal'}" class="number" size="7" ${described} value="${value}">`;
}

async function restore(button, file, settingsForm) {
  const { act, ask, restart, tell } = await load('/parts/ui.js');
  if (file.size > 20000) return tell('bad', `${file.name} is too large to be a backup of settings.`);
  const body = await file.text();
  const preview = await act(button, () => request('PUT', '/api/settings.toml?preview', { body }));
  if (!preview) return;
  if (!preview.changes.length) return tell('ok', `${file.name} holds what is set already: nothing to restore.`);
  const shown = (value) => String(value) || '(empty)';
  const sure = await ask({
    title: `Restore ${file.name}?`,
    body: html`<p>${count(preview.changes.length, 'setting')} would change:</p>
      <ul class="names">${preview.changes.map(({ key, from, to }) => html`<li><b>${settingsForm.label(key)}</b> <span class="quiet">${key}</span><br>${to === undefined
        ? 'Another password' : html`${shown(from)} → ${shown(to)}`}</li>`)}</ul>`,
    confirm: 'Restore',
  });
  if (!sure) return;
  const answer = await act(button, () => request('PUT', '/api/settings.toml', { body }), `Restored ${count(preview.changes.length, 'setting')} from ${file.name}.`);
  if (!answer) return;
  await settingsForm.load();
  live.refresh().catch(() => {});
  if (answer.restart_needed) restart(button, 'Some of it takes effect at the restart. If it was the Wi-Fi, this device may have to join it again.');
}
