// The frame: login, navigation, and which page is shown. Pages are { load(parameters), view(data, again) }.
import { render } from './lib/lit-html.js';
import { Away, changePassword, follow, login, logout, may, resume, session } from './api.js';
import { dropFailures, html, nothing, told } from './ui.js';
import { keyOf, partsAt, pluginPage, refreshParts } from './parts.js';
import { overview } from './pages/overview.js';
import { picture } from './pages/picture.js';
import { resources, resource } from './pages/resources.js';
import { admission } from './pages/admission.js';
import { environments, environment } from './pages/environments.js';
import { images } from './pages/images.js';
import { plugins, plugin } from './pages/plugins.js';
import { operations, operation } from './pages/operations.js';
import { events } from './pages/events.js';
import { subscriptions } from './pages/subscriptions.js';
import { users } from './pages/users.js';
import { audit } from './pages/audit.js';

const PAGES = [
  ['', 'Overview', overview],
  ['picture', 'Data centre', picture],
  ['resources', 'Resources', resources, resource],
  ['admission', 'Admission', admission],
  ['environments', 'Virtual environments', environments, environment],
  ['images', 'Images', images, images],
  ['plugins', 'Plug-ins', plugins, plugin],
  ['operations', 'Operations', operations, operation],
  ['events', 'Events', events],
  ['subscriptions', 'Subscriptions', subscriptions, undefined, 'admin'],
  ['users', 'Users', users],
  ['audit', 'Audit', audit, undefined, 'admin'],
];
const PLUGIN_PAGE = ['plugin', 'Plug-in', pluginPage, pluginPage];
const EVERY = 5000;

const app = document.getElementById('app');
const shown = { page: null, parameters: null, data: null, away: false, menu: false };
let unfollow = null;
let turn = 0;

function place() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  const entry = [...PAGES, PLUGIN_PAGE].find(([each]) => each === name) ?? PAGES[0];
  const id = rest.length ? decodeURIComponent(rest.join('/')) : null;
  return { name: entry[0], title: entry[1], page: id && entry[3] ? entry[3] : entry[2], parameters: { id, ...Object.fromEntries(new URLSearchParams(query)) } };
}

async function again() {
  const mine = ++turn;
  const { page, parameters, title } = place();
  if (page !== shown.page || JSON.stringify(parameters) !== JSON.stringify(shown.parameters)) {
    Object.assign(shown, { page, parameters, data: null, failure: null, menu: false });
    document.title = `${title} · QRM`;
    draw();
  }
  try {
    const data = await page.load(parameters, again);
    if (mine !== turn) return;
    Object.assign(shown, { data, failure: null, away: false });
  } catch (failed) {
    if (mine !== turn) return;
    if (failed.status === 401) {
      end();
      return;
    }
    if (failed instanceof Away) shown.away = true;
    else shown.failure = failed;
  }
  draw();
}

function draw() {
  const { name, page, parameters } = place();
  render(html`
    <a class="visually-hidden-focusable" href="#content" @click=${toContent}>To the content</a>
    <nav class="navbar navbar-expand border-bottom px-3" aria-label="Pages">
      <a class="navbar-brand fw-bold" href="#/">QRM</a>
      <button type="button" class="menu-button btn btn-sm btn-outline-secondary ms-auto" aria-controls="menu" aria-expanded=${shown.menu ? 'true' : 'false'}
        @click=${() => openMenu(!shown.menu)}>Menu</button>
      <div id="menu" class="menu ${shown.menu ? 'open' : ''}">
        <ul class="navbar-nav flex-wrap me-auto">${PAGES.filter(([, , , , role]) => may(role ?? 'viewer')).map(([each, title]) => html`
          <li class="nav-item"><a class="nav-link ${each === name ? 'active fw-semibold' : ''}" href="#/${each}"
            aria-current=${each === name ? 'page' : 'false'}>${title}</a></li>`)}
          ${partsAt('menu').map((part) => html`<li class="nav-item"><a class="nav-link ${parameters.id === keyOf(part) ? 'active fw-semibold' : ''}"
            href="#/plugin/${encodeURIComponent(keyOf(part))}">${part.title}</a></li>`)}</ul>
        <div class="d-flex align-items-center gap-2 ms-auto">
          <button type="button" class="btn btn-sm btn-outline-secondary" @click=${switchTheme}>Light / dark</button>
          <span class="text-body-secondary">${session.user} (${session.role})</span>
          <button type="button" class="btn btn-sm btn-outline-secondary" @click=${leave}>Log out</button></div>
      </div>
    </nav>
    ${shown.away ? html`<div class="alert alert-warning rounded-0 mb-0" role="alert">The server cannot be reached. This page
      shows what was true before, and goes on by itself when the server is back.</div>` : nothing}
    <main id="content" class="container-fluid p-3" tabindex="-1">
      <div id="notes" aria-live="polite"></div>
      ${shown.failure ? html`<div class="alert alert-danger" role="alert">${told(shown.failure)}</div>` : nothing}
      ${shown.data === null ? html`<p class="text-body-secondary">Loading…</p>` : page.view(shown.data, again, parameters)}
    </main>`, app);
}

/** On narrow screens the pages are behind a button. */
function openMenu(open) {
  shown.menu = open;
  draw();
}

/** Not by its address, which names pages here. */
function toContent(clicked) {
  clicked.preventDefault();
  document.getElementById('content').focus();
}

function showLogin(failure) {
  document.title = 'Log in · QRM';
  render(html`<main class="container narrow pt-5">
    <h1 class="h3 mb-3">QRM</h1>
    ${failure ? html`<div class="alert alert-danger" role="alert">${failure}</div>` : nothing}
    <form @submit=${enter}>
      <label class="form-label" for="user">User</label>
      <input class="form-control mb-3" id="user" name="user" autocomplete="username" required autofocus>
      <label class="form-label" for="password">Password</label>
      <input class="form-control mb-3" id="password" name="password" type="password" autocomplete="current-password" required>
      <button class="btn btn-primary w-100">Log in</button>
    </form></main>`, app);
}

async function enter(submitted) {
  submitted.preventDefault();
  const form = new FormData(submitted.target);
  try {
    await login(form.get('user'), form.get('password'));
    enterOrChange();
  } catch (failed) {
    showLogin(told(failed));
  }
}

/** The password that the server made opens nothing but the page that changes it. */
function enterOrChange() {
  render(nothing, app);
  if (session.firstPassword) showFirstPassword();
  else begin();
}

function showFirstPassword(failure) {
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
    </form></main>`, app);
}

async function change(submitted) {
  submitted.preventDefault();
  const form = new FormData(submitted.target);
  if (form.get('chosen') !== form.get('again')) {
    showFirstPassword('The two new ones differ. Type the same twice.');
    return;
  }
  try {
    await changePassword(form.get('present'), form.get('chosen'));
    enterOrChange();
  } catch (failed) {
    if (failed.status === 401) end(told(failed));
    else showFirstPassword(told(failed));
  }
}

async function leave() {
  try {
    await logout();
  } finally {
    end();
  }
}

function begin() {
  render(nothing, app);
  shown.page = null;
  unfollow = follow(async (happened) => {
    // what a plug-in adds comes when it is registered, and goes when it is uninstalled
    if (happened.has('plugin.state')) await refreshParts().catch(() => {});
    again();
  });
  refreshParts().then(again, again);
}

function end(failure) {
  unfollow?.();
  unfollow = null;
  turn++;
  leaveDialogs();
  render(nothing, app);
  showLogin(failure);
}

/** Who goes elsewhere has left what was asked. */
const leaveDialogs = () => document.querySelectorAll('dialog').forEach((dialog) => dialog.close());

function theme() {
  const chosen = localStorage.getItem('qrm-theme');
  document.documentElement.dataset.bsTheme = chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

function switchTheme() {
  localStorage.setItem('qrm-theme', document.documentElement.dataset.bsTheme === 'dark' ? 'light' : 'dark');
  theme();
}

theme();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', theme);
window.addEventListener('hashchange', () => {
  leaveDialogs();
  if (unfollow) {
    dropFailures();
    again();
  }
});
// progress and load are no events
setInterval(() => unfollow && !document.hidden && again(), EVERY);
app.textContent = '';
resume().then((found) => (found ? enterOrChange() : showLogin()), (failed) => showLogin(failed.message));
