// What actions need: a button that shows what becomes of it, questions before something is lost, and the login.

import { BoardError, html, icon, live, render, request, t } from '../base.js';

const MESSAGE_MS = 6000;
const messages = new WeakMap(); // the message about what a button did last

/**
 * Say what came of something: kind "ok" goes by itself. "bad" stays until it is closed, the same `owner` has something else
 * to say, or its cause is gone: the page is left (see app.js), or the board that was not reached answers again.
 */
export function tell(kind, text, owner = null, lost = false) {
  const note = document.createElement('p');
  const leave = new AbortController();
  const close = () => {
    leave.abort();
    note.remove();
    leaveRoom();
  };
  note.className = `toast ${kind}`;
  if (kind === 'bad') note.setAttribute('role', 'alert');
  render(note, html`${icon(kind)}<span>${text}</span>
    <button type="button" class="plain" aria-label="${t('closeMessage')}">${icon('close')}</button>`);
  note.querySelector('button').onclick = close;
  if (kind === 'ok') setTimeout(close, MESSAGE_MS);
  if (lost) live.addEventListener('status', close, { signal: leave.signal });
  if (owner) {
    messages.get(owner)?.();
    messages.set(owner, close);
  }
  document.getElementById('toasts').append(note);
  leaveRoom();
}

/** What the messages cover can be scrolled out from under them. */
function leaveRoom() {
  document.documentElement.style.setProperty('--messages', `${document.getElementById('toasts').offsetHeight}px`);
}

let dialogs = 0; // one may ask for the login on top of another: each heading has an id of its own

/** Open a native dialog and resolve with the value of the button that closed it, "" when it was left by Escape. */
export function openDialog(markup) {
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
export async function ask({ title, body, confirm, cancel = t('cancel'), danger = false }) {
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
    <p class="buttons"><button class="primary" autofocus>${t('close')}</button></p></form>`);
}

let loginOpen = null;

/** Ask for the admin password; true once the board took it. `reason` says what needs it. */
export function login(reason = t('changesNeedLogin')) {
  loginOpen ??= askPassword(reason).finally(() => {
    loginOpen = null;
  });
  return loginOpen;
}

async function askPassword(reason) {
  const { dialog, closed } = openDialog(html`<form class="login">
    <h2>${t('logIn')}</h2>
    <p>${reason}</p>
    <input type="text" name="username" value="admin" autocomplete="username" hidden>
    <p class="field"><label for="login-password">${t('password')}</label>
      <input id="login-password" type="password" autocomplete="current-password" autofocus aria-describedby="login-error"></p>
    <p id="login-error" class="error" role="alert"></p>
    <p class="buttons"><button type="button" value="cancel">${t('cancel')}</button><button class="primary">${t('logIn')}</button></p></form>`);
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
      error.textContent = problem.status === 401 ? t('wrongPassword') : problem.message;
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
export async function act(button, run, done, onFailure = (error) => tell('bad', advice(error), button, error.sent)) {
  if (isBusy(button)) return undefined;
  messages.get(button)?.();
  setBusy(button, true);
  try {
    const result = await withLogin(run);
    if (result === false) return undefined;
    flash(button, 'done');
    if (done) tell('ok', typeof done === 'function' ? done(result) : done, button);
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
export function advice(error) {
  if (!(error instanceof BoardError)) {
    console.error(error);
    return t('pageFailed', { error: error.message });
  }
  const { status, message, sent } = error;
  if (sent) return t('maybeDone', { message });
  if (status === 403) return t('wrongAddress', { message });
  if (status >= 500) return t('seeLog', { message });
  return message;
}
