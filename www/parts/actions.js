// What people do with the board from more than one page: its recorder, clock, drive, passwords, and a restart.

import { html, live, request, t } from '../base.js';
import { act, advice, ask, openDialog, tell } from './ui.js';

// ---- Recorder ----

const RECORDER = {
  write: () => t('written'), sample: () => t('sampled'), note: () => t('noted'), stop: () => t('nowStopped'), start: () => t('nowRecording'),
};

/** One of "write", "sample", "note", "stop", "start", or "drive". */
export async function recorderAction(button, action) {
  if (action === 'drive') return changeDrive(button, 'board');
  const text = action === 'note' ? await askForNote() : undefined;
  if (action === 'note' && !text) return undefined;
  if (action === 'stop' && !(await ask({ title: t('stopTitle'), body: html`<p>${t('stopBody')}</p>`, confirm: t('stopRecording') }))) return undefined;
  const answer = await act(button, () => request('POST', '/api/recorder', { body: { action, text } }), RECORDER[action],
    (error) => tell('bad', error.status === 404 ? t('notThere') : advice(error), button, error.sent));
  if (answer) live.refresh().catch(() => {});
  return answer;
}

async function askForNote() {
  const { dialog, closed } = openDialog(html`<form method="dialog">
    <h2>${t('addNote')}</h2><p>${t('noteHelp')}</p>
    <p class="field"><label for="note-text">${t('noteText')}</label><input id="note-text" type="text" maxlength="100" autocomplete="off" autofocus></p>
    <p class="buttons"><button type="button">${t('cancel')}</button><button class="primary" value="yes">${t('addIt')}</button></p></form>`);
  dialog.querySelector('[type=button]').onclick = () => dialog.close('');
  return (await closed) === 'yes' ? dialog.querySelector('input').value.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim() : '';
}

// ---- Clock ----

export async function setClock() {
  await request('POST', '/api/time', {
    body: { epoch: Math.round(Date.now() / 1000), utc_offset_s: -60 * new Date().getTimezoneOffset() },
  });
  live.refresh().catch(() => {});
}

/** What the shell does by itself: set a clock that is unset, or, where it `wasSet`, renew its offset to UTC. */
export async function setClockUnasked(wasSet) {
  await setClock();
  tell('ok', wasSet ? t('offsetRenewed') : t('clockWasUnset'));
}

// ---- Restart and drive ----

/** Ask for a restart; `more` says what else to know before it. */
export async function restart(button, more) {
  const waiting = live.status?.recorder.buffered;
  const sure = await ask({
    title: t('restartTitle'),
    body: html`<p>${t('restartBody')} ${waiting > 0 && t('restartWrites')}</p>${more && html`<p>${more}</p>`}`,
    confirm: t('restart'),
  });
  if (!sure) return;
  if (await act(button, () => request('POST', '/api/restart'))) live.expectRestart();
}

/** Let "board" or "computer" write the drive, after asking where that has consequences. */
export async function changeDrive(button, owner) {
  const restarts = live.status?.drive.needs_restart;
  const toComputer = owner === 'computer';
  if (toComputer || restarts) {
    const sure = await ask({
      title: toComputer ? t('giveBackTitle') : t('takeDriveTitle'),
      body: html`<p>${toComputer ? t('giveBackBody') : t('takeDriveBody')}</p>${restarts && html`<p>${t('restartsForThis')}</p>`}`,
      confirm: toComputer ? t('giveBack') : t('takeOver'),
    });
    if (!sure) return;
  }
  const done = ({ restarting }) => (restarting ? t('afterRestart') : toComputer ? t('computerGetsDrive') : t('boardHasDrive'));
  const answer = await act(button, () => request('POST', '/api/drive', { body: { owner } }), done);
  if (answer?.restarting) live.expectRestart();
  else if (answer) live.refresh().catch(() => {});
}

// ---- Passwords ----

/**
 * Ask for a new password and save it; `key` is its setting. The admin password in force is asked for in the same dialog.
 * Returns whether it was changed; `offerRestart` asks for the restart that a new Wi-Fi password needs.
 */
export async function changePassword(button, key, offerRestart = true) {
  const admin = key === 'ADMIN_PASSWORD';
  const known = !admin && live.status?.login.logged_in;
  const { dialog, closed } = openDialog(html`<form>
    <h2>${admin ? t('newAdminPassword') : t('newWifiPassword')}</h2>
    <p>${admin ? t('adminPasswordUse') : t('wifiPasswordUse')}</p>
    <input type="text" name="username" value="${known ? 'Wi-Fi' : 'admin'}" autocomplete="username" hidden>
    ${!known && html`<p class="field"><label for="old-password">${t('presentPassword')}</label>
      <input id="old-password" type="password" autocomplete="current-password" autofocus aria-describedby="old-error"></p>
      <p id="old-error" class="error" role="alert"></p>`}
    <p class="field"><label for="new-password">${t('newPassword')}</label>
      <input id="new-password" type="password" autocomplete="new-password" ${known && html`autofocus`} aria-describedby="password-hint password-error"></p>
    <p class="field"><label for="again">${t('sameAgain')}</label>
      <input id="again" type="password" autocomplete="new-password" aria-describedby="password-error"></p>
    <label class="check"><input type="checkbox"> <span>${t('showPasswords')}</span></label>
    <p id="password-hint" class="quiet">${t('passwordLength')}</p>
    <p id="password-error" class="error" role="alert"></p>
    <p class="buttons"><button type="button">${t('cancel')}</button><button class="primary">${t('changeIt')}</button></p></form>`);
  const find = (selector) => dialog.querySelector(selector);
  const [cancel, submit] = dialog.querySelectorAll('.buttons button');
  cancel.onclick = () => dialog.close();
  find('[type=checkbox]').onchange = ({ target }) => {
    for (const input of dialog.querySelectorAll('#old-password, #new-password, #again')) input.type = target.checked ? 'text' : 'password';
  };
  const say = (selector, text) => {
    find(selector).textContent = text;
    return undefined;
  };
  find('form').onsubmit = async (event) => {
    event.preventDefault();
    for (const error of dialog.querySelectorAll('.error')) error.textContent = '';
    const length = new TextEncoder().encode(find('#new-password').value).length;
    if (length < 8 || length > 63) return say('#password-error', t('passwordLength'));
    if (find('#new-password').value !== find('#again').value) return say('#password-error', t('notTheSame'));
    if (!known && !(await act(submit, () => logInWith(find('#old-password').value), undefined, (problem) => {
      say('#old-error', problem.message);
      find('#old-password').select();
    }))) return undefined;
    const saved = await act(submit, () => request('PUT', '/api/settings', { body: { [key]: find('#new-password').value } }), t('passwordChanged'),
      (problem) => say('#password-error', advice(problem)));
    if (!saved) return undefined;
    if (admin) await logInWith(find('#new-password').value).catch(() => {}); // a new password ends all sessions
    dialog.close('done');
    return undefined;
  };
  if ((await closed) !== 'done') return false;
  live.wake();
  live.refresh().catch(() => {});
  if (!admin && offerRestart) restart(button, t('wifiPasswordRestart'));
  return true;
}

async function logInWith(password) {
  try {
    return await request('POST', '/api/login', { body: { password } });
  } catch (error) {
    if (error.status !== 401) throw error;
    throw Object.assign(new Error(t('wrongPassword')), { status: 0 });
  }
}
