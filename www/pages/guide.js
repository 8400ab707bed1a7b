// First steps: what a new board should get once, step by step. Each can be skipped; the progress is kept in this browser.

import { duration, html, icon, live, load, measured, read, recall, remember, render, request, t, update } from '../base.js';

const INTERVALS_S = [10, 60, 600, 3600];
const passedSteps = () => recall('guide-steps') ?? [];

export function open(main, signal) {
  render(main, html`<h1>${t('guide')}</h1><p>${t('guideHelp')}</p><ol class="guide"><li class="card loading">${t('loading')}</li></ol>`);
  new Guide(main, signal).load();
}

const steps = [
  {
    name: 'name',
    title: t('stepName'),
    has: ({ DEVICE_NAME: name }) => name,
    body: ({ DEVICE_NAME: name }) => html`<p>${t('stepNameHelp')}</p><p class="field"><label for="guide-name">${t('boardName')}</label>
      <input id="guide-name" type="text" value="${name.value}" maxlength="32" autocomplete="off" aria-describedby="guide-name-error"></p>
      <p class="error" id="guide-name-error" role="alert"></p><p><button type="button" class="primary" data-do="name">${t('save')}</button></p>`,
  },
  {
    name: 'passwords',
    title: t('stepPasswords'),
    has: ({ ADMIN_PASSWORD: password }) => password,
    body: ({ ADMIN_PASSWORD: admin, AP_PASSWORD: network }) => html`<p>${t('stepPasswordsHelp')}</p>
      <p class="buttons">${[[admin, t('changeAdminPassword')], [network, t('changeWifiPassword')]].filter(([one]) => one).map(([one, word]) => html`
        <button type="button" class="${one.is_default && 'primary'}" data-do="password" data-password="${one.key}">${icon(one.is_default ? 'warn' : 'ok')}${word}</button>`)}</p>`,
    done: ({ ADMIN_PASSWORD: admin, AP_PASSWORD: network }) => !admin?.is_default && !network?.is_default,
  },
  {
    name: 'network',
    title: t('stepNetwork'),
    has: ({ WIFI_MODE: mode }) => mode,
    body: () => html`<p>${t('stepNetworkHelp')}</p><p class="buttons"><button type="button" data-do="done">${t('keepOwnNetwork')}</button>
      <a class="button" href="#/settings/wifi">${t('joinANetwork')}</a></p>`,
  },
  {
    name: 'interval',
    title: t('stepInterval'),
    has: ({ SAMPLE_SECONDS: every }) => every,
    body: ({ SAMPLE_SECONDS: every }) => html`<p>${t('stepIntervalHelp')}</p><p class="buttons presets">${INTERVALS_S.map((value) => html`
      <button type="button" data-do="interval" data-value="${value}" aria-pressed="${String(value === every.value)}">${duration(value)}</button>`)}</p>`,
  },
  {
    name: 'sensors',
    title: t('stepSensors'),
    has: () => true,
    body: ({ SENSORS: sensors }) => html`<p>${live.readings ? t('nowMeasured', { names: measured(live.readings.readings).map(({ label }) => label).join(', ') }) : ''} ${t('stepSensorsHelp')}</p>
      <p class="buttons">${sensors && html`<a class="button" href="#/settings/${sensors.group}">${t('chooseSensors')}</a>`}<button type="button" data-do="done">${t('asItIs')}</button></p>`,
  },
];

class Guide {
  #main;
  #signal;
  #settings = null;

  constructor(main, signal) {
    this.#main = main;
    this.#signal = signal;
    // What is measured, and whether a restart is needed.
    for (const type of ['readings', 'status']) live.addEventListener(type, () => this.#settings && this.#draw(), { signal });
  }

  async load() {
    const list = this.#main.querySelector('ol');
    try {
      const { settings } = await read('/api/settings', { signal: this.#signal });
      this.#settings = Object.fromEntries(settings.map((setting) => [setting.key, setting]));
      this.#draw();
    } catch (error) {
      if (this.#signal.aborted) return;
      update(list, html`<li class="card"><p class="state bad">${icon('bad')}<span>${error.message}</span></p><p><button type="button">${t('tryAgain')}</button></p></li>`);
      list.querySelector('button').onclick = () => this.load();
    }
  }

  #draw() {
    const passed = passedSteps();
    const shown = steps.filter((step) => step.has(this.#settings));
    const isDone = (step) => passed.includes(step.name) || step.done?.(this.#settings);
    const next = shown.find((step) => !isDone(step));
    const list = this.#main.querySelector('ol');
    if (!next) remember('guide', 'done');
    if (!update(list, html`${shown.map((step, i) => html`<li class="card ${isDone(step) && 'passed'}" data-step="${step.name}">
      <h2>${isDone(step) ? icon('ok') : html`<span class="count" aria-hidden="true">${i + 1}</span>`}${step.title}${isDone(step) && html`<span class="hidden">${t('done')}</span>`}</h2>
      ${step === next ? html`${step.body(this.#settings)}<p><button type="button" class="plain" data-do="done">${t('skipStep')}</button></p>`
        : isDone(step) && html`<p><button type="button" class="plain" data-do="again">${t('changeAgain')}</button></p>`}</li>`)}
      ${!next && html`<li class="card"><h2>${icon('ok')}${t('guideDone')}</h2><p>${live.status?.restart_needed ? t('guideRestart') : t('guideEnd')}</p>
        <p class="buttons">${live.status?.restart_needed && html`<button type="button" class="primary" data-do="restart">${t('restart')}</button>`}
          <a class="button" href="#/dashboard">${t('toDashboard')}</a></p></li>`}`)) return;
    for (const button of list.querySelectorAll('[data-do]')) button.onclick = () => this.#do(button, button.closest('[data-step]')?.dataset.step);
  }

  #pass(name) {
    remember('guide-steps', [...new Set([...passedSteps(), name])]);
    this.#draw();
    this.#main.querySelector(`[data-do]:not([data-do=again])`)?.focus();
  }

  async #do(button, name) {
    const actions = {
      done: () => this.#pass(name),
      again: () => {
        remember('guide-steps', passedSteps().filter((one) => one !== name));
        this.#draw();
      },
      name: () => this.#save(button, name, { DEVICE_NAME: this.#main.querySelector('#guide-name').value, AP_SSID: this.#main.querySelector('#guide-name').value }),
      interval: () => this.#save(button, name, { SAMPLE_SECONDS: Number(button.dataset.value) }),
      restart: async () => (await load('/parts/actions.js')).restart(button, t('takesEffect')),
      password: async () => {
        const { changePassword } = await load('/parts/actions.js');
        if (await changePassword(button, button.dataset.password, false)) await this.load();
      },
    };
    await actions[button.dataset.do]();
  }

  async #save(button, name, body) {
    const { act, advice } = await load('/parts/ui.js');
    const known = Object.fromEntries(Object.entries(body).filter(([key]) => this.#settings[key]));
    const saved = await act(button, () => request('PUT', '/api/settings', { body: known }), undefined, (error) => {
      const place = button.closest('li').querySelector('.error');
      if (place) place.textContent = advice(error);
      else load('/parts/ui.js').then(({ tell }) => tell('bad', advice(error), button, error.sent));
    });
    if (!saved) return;
    live.refresh().catch(() => {});
    this.#pass(name);
    await this.load();
  }
}
