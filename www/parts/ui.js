// What actions need: a button that shows what becomes of it, questions before something is lost, and the login.

import { BoardError, html, icon, live, render, request } from '../base.js';

/** Say what came of something: kind "ok" goes by itself, "bad" stays until it is closed. */
export function tell(kind, text) {
  const note = document.createElement('p');
  note.className = `toast ${kind}`;
  if (kind === 'bad') note.setAttribute('role', 'alert');
  render(note, html`${icon(kind)}<span>${text}</span>
    <button type="button" class="plain" aria-label="Close this message">${icon('close')}</button>`);
  note.querySelector('button').onclick = () => note.remove();
  if (kind === 'ok') setTimeout(() => note.remove(), 6000);
  document.getElementById('toasts').append(note);
}

let dialogs = 0; // one may ask for the login on top of another: each heading has an id of its own

/** Open a native dialog and resolve with the value of the button that closed it, "" when it was left by Escape. */
function openDialog(markup) {
  const dialog = document.createElement('dialog');
  render(dialog, markup);
  const heading = dialog.querySelector('h2');
  heading.id = `dialog-${(dialogs += 1)}`;
  dialog.setAttribute('aria-labelledby', heading.id);
  document.body.append(dialog);
  dialog.showModal();
  const closed = new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
  return { dialog, closed };
}

/**
 * Ask before something is done; true when the person says so. `confirm` is the word on the button, `danger` marks what
 * can't be undone (then the harmless button has the focus).
 */
export async function ask({ title, body, confirm, cancel = 'Cancel', danger = false }) {
  const { closed } = openDialog(html`<form method="dialog">
    <h2>${title}</h2>
    ${body}
    <p class="buttons">
      <button value="" ${danger && html`autofocus`}>${cancel}</button>
      <button value="yes" class="${danger ? 'danger' : 'primary'}" ${!danger && html`autofocus`}>${confirm}</button>
    </p></form>`);
  return (await closed) === 'yes';
}

/** Show something with only a way out of it. */
export function show({ title, body }) {
  openDialog(html`<form method="dialog"><h2>${title}</h2>${body}
    <p class="buttons"><button class="primary" autofocus>Close</button></p></form>`);
}

let loginOpen = null;

/** Ask for the admin password; true once the board took it. `reason` says what needs it. */
export function login(reason = 'Changes need the admin password of the board.') {
  loginOpen ??= askPassword(reason).finally(() => {
    loginOpen = null;
  });
  return loginOpen;
}

async function askPassword(reason) {
  const { dialog, closed } = openDialog(html`<form class="login">
    <h2>Log in</h2>
    <p>${reason}</p>
    <input type="text" name="username" value="admin" autocomplete="username" hidden>
    <p class="field"><label for="login-password">Password</label>
      <input id="login-password" type="password" autocomplete="current-password" autofocus aria-describedby="login-error"></p>
    <p id="login-error" class="error" role="alert"></p>
    <p class="buttons"><button type="button" value="cancel">Cancel</button><button class="primary">Log in</button></p></form>`);
  const input = dialog.querySelector('#login-password');
  const [cancel, submit] = dialog.querySelectorAll('button');
  const error = dialog.querySelector('#login-error');
  let passed = false;
  cancel.onclick = () => dialog.close();
  dialog.querySelector('form').onsubmit = async (event) => {
    event.preventDefault();
    if (isBusy(submit)) return;
    error.textContent = '';
    setBusy(submit, true);
    try {
      await request('POST', '/api/login', { body: { password: input.value } });
      passed = true;
      dialog.close();
      live.wake();
    } catch (problem) {
      error.textContent = problem.status === 401 ? 'This is not the password. Try again.' : problem.message;
      input.select();
    }
    setBusy(submit, false);
  };
  await closed;
  return passed;
}

export async function logout() {
  await request('POST', '/api/logout');
  live.wake();
}

export async function setClock() {
  await request('POST', '/api/time', {
    body: { epoch: Math.round(Date.now() / 1000), utc_offset_s: -60 * new Date().getTimezoneOffset() },
  });
  live.refresh().catch(() => {});
}

/** What the shell does by itself at the first visit after a restart. */
export async function setUnsetClock() {
  await setClock();
  tell('ok', "The board's clock was not set. It now has this device's time.");
}

/** Ask for a restart; `more` says what else to know before it. */
export async function restart(button, more) {
  const waiting = live.status?.recorder.buffered;
  const sure = await ask({
    title: 'Restart the board?',
    body: html`<p>It is away for some seconds; this page goes on by itself.
      ${waiting > 0 && 'What waits in memory is written first, if the board has the drive.'}</p>${more && html`<p>${more}</p>`}`,
    confirm: 'Restart',
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
      title: toComputer ? 'Give the drive back to the computer?' : 'Take over the drive?',
      body: html`<p>${toComputer
        ? 'The computer can then write files. The board keeps its samples in memory meanwhile; take the drive again afterwards.'
        : 'Eject the drive on the computer first, so that nothing it has not written yet is lost.'}</p>
        ${restarts && html`<p>The board restarts for this.</p>`}`,
      confirm: toComputer ? 'Give it back' : 'Take it over',
    });
    if (!sure) return;
  }
  const answer = await act(button, () => request('POST', '/api/drive', { body: { owner } }),
    ({ restarting }) => `${toComputer ? 'The computer gets the drive' : 'The board has the drive'}${restarting ? ' after the restart' : ''}.`);
  if (answer?.restarting) live.expectRestart();
  else if (answer) live.refresh().catch(() => {});
}

const isBusy = (button) => button.getAttribute('aria-disabled') === 'true';

function setBusy(button, busy) {
  button.classList.toggle('busy', busy);
  if (busy) button.setAttribute('aria-disabled', 'true');
  else button.removeAttribute('aria-disabled');
}

function flash(button, kind) {
  button.classList.add(kind);
  setTimeout(() => button.classList.remove(kind), 2500);
}

/**
 * Do what a button stands for: busy while it is under way, then what came of it, in words. Asks for the login when the
 * board does and goes on after it. Nothing is repeated otherwise: what to do about a failure is the person's choice.
 * `run` returns false when the person chose otherwise. Returns what `run` returned, undefined when it failed.
 * `onFailure(error)` may show the failure elsewhere than in a message.
 */
export async function act(button, run, done, onFailure = (error) => tell('bad', advice(error))) {
  if (isBusy(button)) return undefined;
  setBusy(button, true);
  try {
    const result = await withLogin(run);
    if (result === false) return undefined;
    flash(button, 'done');
    if (done) tell('ok', typeof done === 'function' ? done(result) : done);
    return result ?? true;
  } catch (error) {
    flash(button, 'failed');
    onFailure(error);
    return undefined;
  } finally {
    setBusy(button, false);
  }
}

async function withLogin(run) {
  try {
    return await run();
  } catch (error) {
    if (error.status !== 401) throw error;
    return (await login()) ? await run() : false;
  }
}

/** What happened and what to do about it. */
function advice(error) {
  if (!(error instanceof BoardError)) {
    console.error(error);
    return `This page failed: ${error.message}. Reload it.`;
  }
  const { status, message, sent } = error;
  if (sent) return `${message} It may have done this all the same: look first, then try again.`;
  if (status === 403) return `${message} Open this page by the board's own address.`;
  if (status === 429) return message;
  if (status >= 500) return `${message} The log may say more; try again.`;
  return message;
}

/** Ask for a new password and save it; the button's data-key says which setting it is. */
export async function changePassword(button) {
  const { key } = button.dataset;
  const admin = key === 'ADMIN_PASSWORD';
  const { dialog, closed } = openDialog(html`<form>
    <h2>${admin ? 'New admin password' : 'New Wi-Fi password'}</h2>
    <p>${admin ? 'Every change of this board needs it.' : "For the board's own network. After a restart every device joins with the new one."}</p>
    <p class="field"><label for="new-password">New password</label>
      <input id="new-password" type="password" autocomplete="new-password" autofocus aria-describedby="password-hint password-error"></p>
    <p class="field"><label for="again">The same again</label>
      <input id="again" type="password" autocomplete="new-password" aria-describedby="password-error"></p>
    <p id="password-hint" class="quiet">8 to 63 characters.</p>
    <p id="password-error" class="error" role="alert"></p>
    <p class="buttons"><button type="button">Cancel</button><button class="primary">Change it</button></p></form>`);
  const [first, again] = dialog.querySelectorAll('input');
  const [cancel, submit] = dialog.querySelectorAll('button');
  const error = dialog.querySelector('.error');
  cancel.onclick = () => dialog.close();
  const save = () => request('PUT', '/api/settings', { body: { [key]: first.value } });
  dialog.querySelector('form').onsubmit = async (event) => {
    event.preventDefault();
    error.textContent = '';
    const length = new TextEncoder().encode(first.value).length;
    if (length < 8 || length > 63) error.textContent = 'It needs 8 to 63 characters.';
    else if (first.value !== again.value) error.textContent = 'The two are not the same.';
    else if (await act(submit, save, 'The password is changed.', (problem) => {
      error.textContent = advice(problem);
    })) {
      dialog.close('done');
      live.refresh().catch(() => {});
    }
  };
  if ((await closed) === 'done' && !admin) restart(button, 'The new password holds from then on. Join the network again with it.');
}
