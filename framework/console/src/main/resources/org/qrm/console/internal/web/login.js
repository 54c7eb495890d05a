// Logging in: by a page of its own, and over the page that is shown when a session has ended.
import { changePassword, forget, login, resume, session, whenSessionEnds } from './api.js';
import { html, nothing, render, told } from './ui.js';

/** What one tab tells the others: that the session has ended, that one has begun, that somebody has logged out. */
const channel = new BroadcastChannel('qrm-session');

const fields = (user) => html`
  <label class="form-label" for="user">User</label>
  <input class="form-control mb-3" id="user" name="user" autocomplete="username" required ?autofocus=${!user} .value=${user}>
  <label class="form-label" for="password">Password</label>
  <input class="form-control mb-3" id="password" name="password" type="password" autocomplete="current-password" required ?autofocus=${Boolean(user)}>
  <button class="btn btn-primary w-100">Log in</button>`;

async function enter(submitted) {
  submitted.preventDefault();
  const form = new FormData(submitted.target);
  await login(form.get('user'), form.get('password'));
  channel.postMessage('began');
}

/** The page; entered is called once somebody has logged in. */
export function loginPage(element, entered, failure) {
  document.title = 'Log in · QRM';
  const submit = (submitted) => enter(submitted).then(entered, (failed) => loginPage(element, entered, told(failed)));
  render(html`<main class="container narrow pt-5">
    <h1 class="h3 mb-3">QRM</h1>
    ${failure ? html`<div class="alert alert-danger" role="alert">${failure}</div>` : nothing}
    <form @submit=${submit}>${fields('')}</form></main>`, element);
}

/** The password that the server made opens nothing but the page that changes it. */
export function firstPasswordPage(element, { changed, leave, ended }, failure) {
  const again = (why) => firstPasswordPage(element, { changed, leave, ended }, why);
  const change = async (submitted) => {
    submitted.preventDefault();
    const form = new FormData(submitted.target);
    if (form.get('chosen') !== form.get('again')) {
      again('The two new ones differ. Type the same twice.');
      return;
    }
    try {
      await changePassword(form.get('present'), form.get('chosen'));
      changed();
    } catch (failed) {
      if (failed.status === 401) ended(told(failed));
      else again(told(failed));
    }
  };
  document.title = 'Choose a password · QRM';
  render(html`<main class="container narrow pt-5">
    <h1 class="h3 mb-3">Choose a password</h1>
    <p>The password of ${session.user} is the one that the server made. It opens nothing until you have changed it.</p>
    ${failure ? html`<div class="alert alert-danger" role="alert">${failure}</div>` : nothing}
    <form id="first-password" @submit=${change}>
      <input class="visually-hidden" name="user" autocomplete="username" tabindex="-1" aria-hidden="true" readonly .value=${session.user}>
      <label class="form-label" for="present">The present one</label>
      <input class="form-control mb-3" id="present" name="present" type="password" autocomplete="current-password" required autofocus>
      <label class="form-label" for="chosen">The new one, from 8 characters</label>
      <input class="form-control mb-3" id="chosen" name="chosen" type="password" minlength="8" maxlength="256" autocomplete="new-password" required>
      <label class="form-label" for="again">The new one, once more</label>
      <input class="form-control mb-3" id="again" name="again" type="password" minlength="8" maxlength="256" autocomplete="new-password" required>
      <button class="btn btn-primary w-100 mb-2">Change and go on</button>
      <button type="button" class="btn btn-outline-secondary w-100" @click=${leave}>Log out</button>
    </form></main>`, element);
}

/** The dialog over the page while it asks: { user, dialog, asked: promise of whether the same user is back, settle }. */
let over = null;

/** Asks, over whatever is shown, until the same user is logged in again; another user begins anew. */
function reenter(told = false) {
  if (over) return over.asked;
  if (session.user === null) return Promise.resolve(false); // somebody has logged out meanwhile
  if (!told) channel.postMessage('ended');
  const dialog = document.createElement('dialog');
  dialog.id = 'login';
  dialog.setAttribute('aria-labelledby', 'login-title');
  document.body.append(dialog);
  over = { user: session.user, dialog, asked: null, settle: null };
  over.asked = new Promise((settle) => { over.settle = settle; });
  document.addEventListener('keydown', stay, true);
  dialog.addEventListener('close', () => over && dialog.showModal()); // there is nothing to go on with
  draw();
  dialog.showModal();
  return over.asked;
}

/** Escape would close it, and the form below it, too. */
function stay(pressed) {
  if (pressed.key === 'Escape') pressed.preventDefault();
}

function draw(failure) {
  const submit = (submitted) => enter(submitted).then(back, (failed) => draw(told(failed)));
  render(html`<h2 class="h5" id="login-title">Your session has ended</h2>
    <p>Log in again to go on. What you have typed is kept, in all tabs.</p>
    ${failure ? html`<div class="alert alert-danger" role="alert">${failure}</div>` : nothing}
    <form @submit=${submit}>${fields(over.user)}</form>
    <button type="button" class="btn btn-outline-secondary w-100 mt-2" @click=${leave}>Leave, and lose it</button>`, over.dialog);
}

/** Somebody is logged in again, here or in another tab. */
function back() {
  if (!over) return;
  if (session.user !== over.user || session.firstPassword) {
    location.reload();
    return;
  }
  drop(true);
}

function drop(same) {
  const { dialog, settle } = over;
  over = null;
  document.removeEventListener('keydown', stay, true);
  dialog.close();
  dialog.remove();
  settle(same);
}

function leave() {
  channel.postMessage('left');
  left();
}

let leftCalled = () => {};

/** Somebody has logged out: all tabs go to the page for logging in. */
function left() {
  forget();
  if (over) drop(false);
  leftCalled();
}

export const isAsked = () => over !== null;

/** Tells the other tabs of it. */
export const loggedOut = leave;

/** Follows what other tabs tell: left is called when somebody has logged out, entered when somebody has logged in where nobody was. */
export function followSession({ left: whenLeft, entered }) {
  leftCalled = whenLeft;
  whenSessionEnds(() => reenter());
  channel.onmessage = async ({ data }) => {
    if (data === 'left' && session.user !== null) left();
    else if (data === 'ended' && session.user !== null && !over && !await resume().catch(() => true)) reenter(true);
    else if (data === 'began') await began(entered).catch(() => {});
  };
}

async function began(entered) {
  const before = over?.user ?? session.user;
  if (!await resume()) return;
  if (over) back();
  else if (before === null) entered();
  else if (before !== session.user) location.reload();
}
