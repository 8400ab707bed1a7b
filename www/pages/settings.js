// Settings: a form made from the schema that the board sends, and backup, restore and reset of all of them.

import { html, icon, live, load, read, render, t, translate } from '../base.js';
import { Field, label, row, saveSettings, secretForm } from '../parts/fields.js';

let form = null; // the form on the page, which is asked before it is left

export function open(main, signal) {
  render(main, html`
    <h1>${t('settings')}</h1>
    <div class="secrets" hidden></div>
    <div class="with-jumps">
    <nav class="jumps" aria-label="${t('sections')}"></nav>
    <form class="settings" novalidate autocomplete="off"><p class="loading">${t('loadingSettings')}</p></form></div>
    <section class="card backup" id="section-backup">
      <h2>${t('backupTitle')}</h2>
      <p class="quiet">${t('backupHelp')}</p>
      <p class="buttons">
        <a class="button" href="/api/settings.toml" download="settings.toml">${icon('download')}${t('downloadBackup')}</a>
        <button type="button" id="restore">${icon('upload')}${t('restoreFromFile')}</button>
        <input type="file" id="restore-file" accept=".toml,text/plain" hidden aria-label="${t('backupToRestore')}">
        <button type="button" id="factory" class="danger">${icon('restart')}${t('factoryReset')}</button>
      </p>
    </section>`);
  form = new SettingsForm(main, signal);
  form.load();
  const file = main.querySelector('#restore-file');
  const button = main.querySelector('#restore');
  const backup = (action, ...more) => load('/parts/backup.js').then((module) => module[action](...more, form));
  button.onclick = () => file.click();
  file.onchange = () => {
    if (file.files[0]) backup('restore', button, file.files[0]);
    file.value = '';
  };
  main.querySelector('#factory').onclick = ({ currentTarget }) => backup('factoryReset', currentTarget);
  addEventListener('beforeunload', (event) => form.changed.length && event.preventDefault(), { signal });
  addEventListener('hashchange', () => form?.jump(), { signal });
  signal.addEventListener('abort', () => {
    form = null;
  });
}

/** Unsaved changes are not thrown away without a word. */
export async function mayLeave() {
  if (!form?.changed.length) return true;
  const { ask } = await load('/parts/ui.js');
  return ask({
    title: t('leaveTitle'),
    body: html`<p>${t('leaveBody')}</p><ul class="names">${form.changed.map(({ setting }) => html`<li>${label(setting)}</li>`)}</ul>`,
    confirm: t('leave'),
    cancel: t('stay'),
    danger: true,
  });
}

class SettingsForm {
  #form;
  #secrets;
  #jumps;
  #signal;
  #fields = [];

  constructor(main, signal) {
    this.#form = main.querySelector('form');
    this.#jumps = main.querySelector('.jumps');
    this.#signal = signal;
    this.#secrets = main.querySelector('.secrets');
    this.#form.onsubmit = this.#secrets.onsubmit = (event) => {
      event.preventDefault();
      this.#save(this.#form.querySelector('.save'));
    };
    this.#form.oninput = ({ target }) => this.#entered(this.#at(target));
    this.#form.onclick = ({ target }) => this.#press(target.closest('button'));
  }

  get changed() {
    return this.#fields.filter((field) => field.changed);
  }

  get fields() {
    return this.#fields;
  }

  /** `key`: the setting that gets the focus, which its present place loses. */
  async load(key) {
    const typing = this.#fields.find(({ input }) => input === document.activeElement);
    try {
      this.#draw(await read('/api/settings', { signal: this.#signal }));
      if (typing && !typing.setting.secret) this.field(typing.setting.key).input.focus();
      else if (key) this.field(key).row.focus();
      this.jump();
    } catch (error) {
      if (this.#signal.aborted) return;
      render(this.#form, html`<div class="card empty">${icon('bad')}<p>${error.message}</p><button type="button">${t('tryAgain')}</button></div>`);
      this.#form.querySelector('button').onclick = () => this.load();
    }
  }

  field(key) {
    return this.#fields.find(({ setting }) => setting.key === key);
  }

  /** The field that an element of the form belongs to. */
  #at(element) {
    return this.field(element.closest('[data-key]')?.dataset.key);
  }

  #draw(schema) {
    const { groups, settings } = schema;
    const title = ({ name, label: text }) => translate(`group_${name}`, text);
    render(this.#form, html`
      ${groups.map((group) => html`<fieldset class="card" id="section-${group.name}"><legend>${title(group)}</legend>
        ${settings.filter((setting) => setting.group === group.name).map(row)}</fieldset>`)}
      <div class="save-bar" hidden>
        <p role="status"></p>
        <p class="buttons"><button type="button" class="discard">${t('discard')}</button><button class="primary save">${t('save')}</button></p>
      </div>`);
    render(this.#jumps, html`${[...groups.map((group) => [group.name, title(group)]), ['backup', t('backupTitle')]].map(([name, text]) => html`
      <a href="#/settings/${name}">${text}</a>`)}`);
    render(this.#secrets, html`${settings.filter(({ secret }) => secret).map(secretForm)}`);
    this.#fields = settings.map((setting) => new Field(setting, this.#form.querySelector(`[data-key="${setting.key}"]`)));
    for (const field of this.#fields) field.show();
    this.#showMode();
    this.#form.querySelector('.discard').onclick = () => {
      const [first] = this.changed;
      this.#draw(schema);
      this.field(first.setting.key).row.focus();
    };
    for (const field of ['CHANNELS', 'LIMITS'].map((key) => this.field(key)).filter(Boolean)) {
      load('/parts/channels.js').then(({ addChannels }) => this.#signal.aborted || addChannels(field, this, this.#signal)).catch(console.warn);
    }
    const network = this.field('STATION_SSID');
    if (network) load('/parts/wifi.js').then(({ addScan }) => this.#signal.aborted || addScan(network, this, this.#signal)).catch(console.warn);
  }

  /** Scroll to the section that the address names: "#/settings/wifi". */
  jump() {
    const section = document.getElementById(`section-${location.hash.split('/')[2]}`);
    if (!section) return;
    history.replaceState(null, '', '#/settings');
    section.scrollIntoView({ block: 'start' });
    section.querySelector('input:not([hidden]), select, a, button')?.focus({ preventScroll: true });
  }

  /** Of the two networks only the settings of the chosen one. */
  #showMode() {
    const mode = this.field('WIFI_MODE')?.value;
    for (const { setting: { key }, row: element } of mode ? this.#fields : []) {
      if (/^(AP|STATION)_/.test(key)) element.hidden = key.startsWith('AP_') !== (mode === 'ap');
    }
  }

  #entered(field) {
    if (!field) return;
    field.show();
    this.#showMode();
    const { length } = this.changed;
    this.#form.querySelector('.save-bar').hidden = !length;
    this.#form.querySelector('.save-bar [role=status]').textContent = t('unsavedChanges', { n: length });
  }

  #press(button) {
    const field = button && this.#at(button);
    if (!field) return;
    if (button.matches('.presets button')) field.value = Number(button.dataset.value);
    else if (button.matches('.reset')) field.value = field.setting.default;
    else if (button.matches('.change')) field.toggle();
    else if (button.matches('.show')) return void field.reveal();
    else return;
    this.#entered(field);
    if (!button.matches('.presets button') && (field.open || button.matches('.reset'))) field.input.focus();
  }

  /** Put a value into a field, as if it had been typed. */
  enter(key, value) {
    const field = this.field(key);
    field.value = value;
    this.#entered(field);
    return field;
  }

  async #save(button) {
    const { changed } = this;
    const wrong = changed.find((field) => field.problem);
    if (wrong) {
      wrong.input.focus();
      return;
    }
    const [{ act, advice, tell }, { restart }] = await Promise.all([load('/parts/ui.js'), load('/parts/actions.js')]);
    const joins = this.field('WIFI_MODE')?.value === 'station' && changed.some(({ setting }) => /^(WIFI_MODE|STATION_)/.test(setting.key));
    if (joins && !(await (await load('/parts/wifi.js')).tryNetwork(button, this))) return;
    const names = (saved) => changed.filter(({ setting }) => saved.includes(setting.key)).map(({ setting }) => label(setting)).join(', ');
    const answer = await act(button, () => saveSettings(changed), ({ saved }) => t('saved', { names: names(saved) }), (error) => {
      const field = this.field(error.field);
      if (!field) return tell('bad', advice(error), button, error.sent);
      field.show(error.message);
      return field.input.focus();
    });
    if (!answer) return;
    await this.load(changed[0].setting.key);
    live.refresh().catch(() => {});
    if (answer.restart_needed && changed.some(({ setting }) => setting.restart)) {
      if (changed.some(({ setting }) => /^(WIFI_|STATION_)/.test(setting.key))) (await load('/parts/wifi.js')).restartInto(button, this);
      else restart(button, t('takesEffect'));
    }
  }
}

