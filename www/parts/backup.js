// Restoring settings from a backup, and resetting all of them.

import { html, live, load, request, t } from '../base.js';
import { label, saveSettings, shownValue } from './fields.js';

export async function restore(button, file, form) {
  const [{ act, ask, tell }, { restart }] = await Promise.all([load('/parts/ui.js'), load('/parts/actions.js')]);
  if (file.size > 20000) return tell('bad', t('tooLarge', { name: file.name }), button);
  const body = await file.text();
  const preview = await act(button, () => request('PUT', '/api/settings.toml?preview', { body }));
  if (!preview) return undefined;
  const n = preview.changes.length;
  if (!n) return tell('ok', t('nothingToRestore', { name: file.name }), button);
  const of = (key) => form.field(key)?.setting ?? {};
  const sure = await ask({
    title: t('restoreTitle', { name: file.name }),
    body: html`<p>${t('wouldChange', { n })}</p>
      <ul class="names">${preview.changes.map(({ key, from, to }) => html`<li><b>${label({ ...of(key), key })}</b> <span class="quiet">${key}</span><br>${to === undefined
        ? t('anotherPassword') : html`${shownValue(of(key), from)} → ${shownValue(of(key), to)}`}</li>`)}</ul>`,
    confirm: t('restore'),
  });
  if (!sure) return undefined;
  const answer = await act(button, () => request('PUT', '/api/settings.toml', { body }), t('restored', { n, name: file.name }));
  if (!answer) return undefined;
  await form.load();
  live.refresh().catch(() => {});
  return answer.restart_needed ? restart(button, t('takesEffect')) : undefined;
}

/** Every setting back to its default; passwords stay, or nobody could log in with the one that is known. */
export async function factoryReset(button, form) {
  const [{ act, ask, tell }, { restart }] = await Promise.all([load('/parts/ui.js'), load('/parts/actions.js')]);
  const changed = form.fields.map(({ setting }) => setting).filter(({ secret, value, default: usual }) => !secret && value !== usual);
  if (!changed.length) return tell('ok', t('allDefault'), button);
  const sure = await ask({
    title: t('factoryTitle'),
    body: html`<p>${t('factoryBody')}</p><ul class="names">${changed.map((setting) => html`<li><b>${label(setting)}</b><br>${shownValue(setting, setting.value)} → ${shownValue(setting, setting.default)}</li>`)}</ul>`,
    confirm: t('factoryReset'),
    danger: true,
  });
  if (!sure) return undefined;
  const answer = await act(button, () => saveSettings(changed.map((setting) => ({ setting, value: setting.default }))), t('factoryDone', { n: changed.length }));
  if (!answer) return undefined;
  await form.load();
  live.refresh().catch(() => {});
  return answer.restart_needed ? restart(button, t('takesEffect')) : undefined;
}
