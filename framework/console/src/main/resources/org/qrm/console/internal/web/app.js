// The frame: who is logged in, and the turn of the page that is shown. Pages are { load(parameters), view(data, again, parameters) }.
import { render } from './lib/lit-html.js';
import { Away, logout, resume, session } from './api.js';
import { refreshParts } from './parts.js';
import { follow, standing } from './live.js';
import { firstPasswordPage, followSession, isAsked, loggedOut, loginPage } from './login.js';
import { beginAtHead, depart, entitle, failed, land, place, rememberPlaces, showIcon } from './router.js';
import { forgetSearch } from './search.js';
import { covers, header, open, pages } from './side.js';
import { tasks } from './tasks.js';
import { dropFailures, frame, html, nothing, told } from './ui.js';

const EVERY = 5000;

const app = document.getElementById('app');
/** What is drawn: at is the place, data what its page has loaded with which parameters, null before; busy while another place's is not there yet. */
const shown = { at: null, data: null, parameters: null, failure: null, away: false, busy: false };
let unfollow = null;
let turn = 0;
let missed = false;

async function again() {
  if (isAsked()) return; // whoever waits for the login goes on then
  const mine = ++turn;
  const at = place();
  if (at.page !== shown.at?.page || JSON.stringify(at.parameters) !== JSON.stringify(shown.at.parameters)) {
    if (isElsewhere(at)) shown.data = null;
    Object.assign(shown, { at, failure: null, busy: true });
    draw();
  }
  try {
    const data = await at.page.load(at.parameters, again);
    if (mine !== turn) return;
    Object.assign(shown, { data, parameters: at.parameters, failure: null, away: false, busy: false });
  } catch (problem) {
    if (mine !== turn) return;
    if (problem instanceof Away) shown.away = true;
    else Object.assign(shown, { failure: problem, busy: false });
  }
  draw();
  if (!shown.busy) land();
}

/** Whether it is another page or another thing, and not the same one filtered, sorted or with another tab. */
const isElsewhere = (at) => at.page !== shown.at?.page || at.parameters.id !== shown.at.parameters.id;

function content() {
  if (shown.data !== null) return html`${shown.failure ? html`<div class="alert alert-danger" role="alert">${told(shown.failure)}</div>` : nothing}
    ${shown.at.page.view(shown.data, again, shown.parameters)}`;
  return shown.failure ? failed(shown.failure, shown.at) : html`<p class="text-body-secondary">Loading…</p>`;
}

function draw() {
  if (!unfollow) return;
  const { entry, above } = shown.at;
  render(html`
    <a class="skip visually-hidden-focusable" href="#content" @click=${toContent}>To the content</a>
    ${header({ draw, leave, theme: switchTheme })}
    <div class="frame">
      ${pages(entry, above.length > 0)}
      <div class="page" ?inert=${covers()}>
        ${shown.away ? html`<div class="alert alert-warning rounded-0 mb-0" role="alert">The server cannot be reached. This page
          shows what was true before, and goes on by itself when the server is back.</div>` : nothing}
        <nav id="way" aria-label="Where this is" ?hidden=${above.length === 0}></nav>
        <main id="content" class="container-fluid p-3" tabindex="-1" aria-busy=${shown.busy ? 'true' : 'false'}>
          <div id="notes" aria-live="polite"></div>
          ${content()}
        </main>
        ${tasks(again, draw)}
      </div>
    </div>`, app);
  entitle(shown.at, standing.alerts.number, document.getElementById('way'));
}

/** Not by its address, which names pages here. */
function toContent(clicked) {
  clicked.preventDefault();
  document.getElementById('content').focus();
}

function enterOrChange() {
  render(nothing, app);
  if (session.firstPassword) firstPasswordPage(app, { changed: enterOrChange, leave, ended: end });
  else begin();
}

async function leave() {
  try {
    await logout();
  } finally {
    loggedOut();
  }
}

function begin() {
  render(nothing, app);
  Object.assign(shown, { at: null, data: null });
  let work = '';
  unfollow = follow(async (happened) => {
    // what a plug-in adds comes when it is registered, and goes when it is uninstalled
    if (happened.has('plugin.state')) await refreshParts().catch(() => {});
    whenSeen();
  }, () => {
    if (!unfollow || shown.at === null) return;
    draw();
    const now = standing.work.map(({ id, state }) => `${id} ${state}`).join();
    if (now !== work) whenSeen(); // not every end is an event
    work = now;
  });
  refreshParts().then(again, again);
}

/** A page that nobody sees asks when it is seen again. */
function whenSeen() {
  if (document.hidden) missed = true;
  else if (unfollow) again();
}

function end(failure) {
  unfollow?.();
  unfollow = null;
  turn++;
  forgetSearch();
  leaveDialogs();
  render(nothing, app);
  showIcon(0);
  beginAtHead();
  loginPage(app, enterOrChange, failure);
}

/** Who goes elsewhere has left what was asked. */
const leaveDialogs = () => document.querySelectorAll('dialog:not(#login)').forEach((dialog) => dialog.close());

function theme() {
  const chosen = localStorage.getItem('qrm-theme');
  document.documentElement.dataset.bsTheme = chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

function switchTheme() {
  localStorage.setItem('qrm-theme', document.documentElement.dataset.bsTheme === 'dark' ? 'light' : 'dark');
  theme();
}

frame.draw = draw;
theme();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', theme);
window.addEventListener('hashchange', () => {
  leaveDialogs();
  open(false);
  if (!unfollow) return;
  depart(isElsewhere(place()));
  dropFailures();
  again();
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden || !missed) return;
  missed = false;
  whenSeen();
});
// progress and load are no events
setInterval(() => unfollow && !document.hidden && again(), EVERY);
rememberPlaces();
followSession({ left: end, entered: enterOrChange });
app.textContent = '';
resume().then((found) => {
  if (found) {
    enterOrChange();
    return;
  }
  beginAtHead();
  loginPage(app, enterOrChange);
}, (problem) => loginPage(app, enterOrChange, problem.message));
