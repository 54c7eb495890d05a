// Which page an address means, and what becomes of title, way, focus and place on the page when another one is shown.
import { may } from './api.js';
import { keyOf, partsAt, pluginPage } from './parts.js';
import { html, nothing, render, told } from './ui.js';
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

/** The pages: name in the address and of its icon, title, the list or only page, the page of one, the least role; a rule stands above those with apart. */
const PAGES = [
  { name: '', icon: 'overview', title: 'Overview', list: overview },
  { name: 'picture', title: 'Data centre', list: picture },
  { name: 'resources', title: 'Resources', list: resources, one: resource, apart: true },
  { name: 'admission', title: 'Admission', list: admission },
  { name: 'environments', title: 'Virtual environments', list: environments, one: environment, apart: true },
  { name: 'images', title: 'Images', list: images, one: images },
  { name: 'plugins', title: 'Plug-ins', list: plugins, one: plugin },
  { name: 'operations', title: 'Operations', list: operations, one: operation, apart: true },
  { name: 'events', title: 'Events', list: events },
  { name: 'subscriptions', title: 'Subscriptions', list: subscriptions, role: 'admin' },
  { name: 'users', title: 'Users', list: users, apart: true },
  { name: 'audit', title: 'Audit', list: audit, role: 'admin' },
];
const BEHIND = 'plugins'; // those of plug-ins' pages stand behind it
const ICON = document.querySelector('link[rel=icon]');

const nowhere = {
  load: async () => ({}),
  view: () => html`<h1 class="h4">There is no such page</h1>
    <p>Nothing of this console has the address <code>${location.hash}</code>. Choose a page at the side, or begin at the <a href="#/">overview</a>.</p>`,
};

/** What the side has for whoever is logged in: { name, icon, title, href, apart }. */
export function entries() {
  /** @type {any[]} */
  const shown = PAGES.filter(({ role }) => may(role ?? 'viewer')).map((each) => ({ icon: each.name, ...each, href: `#/${each.name}` }));
  const parts = partsAt('menu').map((part) => ({ name: `plugin/${keyOf(part)}`, icon: 'part', title: part.title, href: `#/plugin/${encodeURIComponent(keyOf(part))}` }));
  shown.splice(shown.findIndex(({ name }) => name === BEHIND) + 1, 0, ...parts);
  return shown;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // no address that this console has made
  }
}

/**
 * Where the address leads: entry is the name at the side, above [title, href] of what it is part of.
 * @returns {{ page: any, parameters: any, entry: string | null, above: string[][] }}
 */
export function place() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  const id = rest.length ? decoded(rest.join('/')) : null;
  const parameters = { id, ...Object.fromEntries(new URLSearchParams(query)) };
  if (name === 'plugin') return placeOfPart(id, parameters);
  const entry = PAGES.find((each) => each.name === name);
  const page = rest.length ? id && entry?.one : entry?.list;
  if (!page) return { page: nowhere, parameters, entry: null, above: [] };
  return { page, parameters, entry: name, above: rest.length ? [[entry.title, `#/${name}`]] : [] };
}

function placeOfPart(key, parameters) {
  const part = partsAt('menu', 'page').find((each) => keyOf(each) === key);
  if (!part) return { page: nowhere, parameters, entry: null, above: [] };
  if (part.place === 'menu') return { page: pluginPage, parameters, entry: `plugin/${key}`, above: [] };
  return { page: pluginPage, parameters, entry: BEHIND, above: [['Plug-ins', '#/plugins'], [part.plugin, `#/plugins/${encodeURIComponent(part.plugin)}`]] };
}

const HEADS = { 403: 'This page is not for you', 404: 'There is no such thing' };

/** A page that could not be shown at all. */
export const failed = (problem, { above }) => html`<h1 class="h4">${HEADS[problem.status] ?? 'This page cannot be shown now'}</h1>
  <div class="alert alert-danger" role="alert">${told(problem)}</div>
  <p>${above.map(([title, href]) => html`<a class="me-3" href=${href}>${title}</a>`)}<a href="#/">Overview</a></p>`;

/** What a page says of itself, but for its state. */
function headOf(heading) {
  const copy = heading.cloneNode(true);
  copy.querySelectorAll('.badge').forEach((each) => each.remove());
  return copy.textContent.replace(/\s+/g, ' ').trim();
}

/** The icon of the tab; alerts is how many nobody has seen. */
export function showIcon(alerts) {
  const icon = alerts ? 'icon-alert.svg' : 'icon.svg';
  if (ICON.getAttribute('href') !== icon) ICON.setAttribute('href', icon);
}

/** Title, icon and way of the page that is drawn; alerts is how many nobody has seen. */
export function entitle({ above }, alerts, way) {
  const heading = document.querySelector('main h1');
  const words = heading ? [heading.textContent.replace(/\s+/g, ' ').trim(), 'QRM'] : ['QRM'];
  document.title = `${alerts ? `(${alerts}) ` : ''}${words.join(' · ')}`;
  showIcon(alerts);
  render(above.length ? html`<ol class="way">${above.map(([title, href]) => html`<li><a href=${href}>${title}</a></li>`)}
    <li><span aria-current="page">${heading ? headOf(heading) : '…'}</span></li></ol>` : nothing, way);
}

// Where one was on each page of the history: the browser puts one there before the page has anything to show.
const LEFT = 'qrm-left-at';
const MOST = 200;
const tops = new Map();
let key = null;
let landing = null;

/** The key of this entry of the history; new is whether it had none. */
function mark() {
  const known = history.state?.key;
  key = known ?? `${Date.now()}-${Math.random()}`;
  if (!known) history.replaceState({ ...history.state, key }, '');
}

/** Begins to look after it. */
export function rememberPlaces() {
  history.scrollRestoration = 'manual';
  mark();
  const left = JSON.parse(sessionStorage.getItem(LEFT) ?? 'null');
  if (left?.key === key) landing = { top: left.top };
  window.addEventListener('pagehide', () => sessionStorage.setItem(LEFT, JSON.stringify({ key, top: scrollY })));
}

/** Another address: elsewhere is whether it is another page, or the same one in another way. */
export function depart(elsewhere) {
  tops.set(key, scrollY);
  if (tops.size > MOST) tops.delete(tops.keys().next().value);
  mark();
  const top = tops.get(key);
  landing = { top: top ?? (elsewhere ? 0 : undefined), focus: elsewhere, from: document.activeElement };
}

/** Whoever has logged in by the page for that begins at the head of the page. */
export const beginAtHead = () => { landing = { top: landing?.top, focus: true, from: null }; };

/** The page that was gone to is drawn: to where one was on it, or to its head. */
export function land() {
  if (!landing) return;
  const { top, focus, from } = landing;
  landing = null;
  const heading = document.querySelector('main h1');
  // who has begun something else meanwhile, as to type into the search, goes on
  if (focus && heading && [document.body, null, from].includes(document.activeElement) && !document.querySelector('dialog[open], .found-box:not([hidden])')) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  if (top !== undefined) scrollTo(0, top);
}
