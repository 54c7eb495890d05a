// The search in the head: whatever there is, pages, and what can be made, as one types. A combobox with a list, as ARIA's authoring practices have it.
import { list, may } from './api.js';
import { icon } from './icons.js';
import { badge, html, nothing, told } from './ui.js';

const PAUSE = 150; // milliseconds without a key before the server is asked
const EACH = 6;

/** Kinds as REST has them: [title, the page of one, the page of those that a query narrows to]. */
const KINDS = {
  resource: ['Resources', ({ id }) => `resources/${id}`, 'resources'],
  'virtual-environment': ['Virtual environments', ({ id }) => `environments/${encodeURIComponent(id)}`, 'environments'],
  'filesystem-image': ['Filesystem images', () => 'images/filesystem'],
  'boot-image': ['Boot images', () => 'images/boot'],
  'storage-server': ['Storage servers', () => 'images/storage'],
  operation: ['Operations', ({ id }) => `operations/${id}`, 'operations'],
  event: ['Events', (found, text) => `events?${new URLSearchParams({ query: text })}`, 'events'],
};

/** What can be made: [title, page, the button there]. */
const MAKES = [
  ['New virtual environment', 'environments', 'New virtual environment…'],
  ['New filesystem image', 'images/filesystem', 'New filesystem image…'],
  ['New boot image', 'images/boot', 'New boot image…'],
  ['New storage server', 'images/storage', 'New storage server…'],
  ['New subscription', 'subscriptions', 'New subscription…'],
];

const EMPTY = { text: '', asked: '', groups: [], failure: null, byFields: false, busy: false, entered: false, open: false, active: -1 };
const search = { ...EMPTY, draw: () => {}, entries: () => [], pause: null, request: null };

/** Nothing of it is there for whoever logs in next. */
export function forgetSearch() {
  clearTimeout(search.pause);
  search.request?.abort();
  Object.assign(search, { ...EMPTY, request: null });
}

const small = (text) => text.trim().toLowerCase();

/** Pages and what can be made, whose title has the text; those that begin with it first. */
function places(text) {
  const pages = search.entries().map(({ title, href, icon: sign }) => ({ title, note: 'page', href, sign }));
  const makes = may('admin') ? MAKES.map(([title, page, press]) => ({ title, note: 'make', href: `#/${page}`, sign: 'add', press })) : [];
  const found = [...pages, ...makes].filter(({ title }) => small(title).split(' ').some((word, i, words) => words.slice(i).join(' ').startsWith(text)));
  return found.sort((one, other) => small(other.title).startsWith(text) - small(one.title).startsWith(text)).slice(0, EACH);
}

const listOf = (page, text) => `#/${page}?${new URLSearchParams({ query: text })}`;

/** The answer as groups of options: { title, options: [{ title, note, state, href, press, all }] }. */
function grouped({ items, kinds }, text, byFields) {
  return kinds.map(({ kind, more }) => {
    const [title, one, page] = KINDS[kind];
    const options = items.filter((each) => each.kind === kind).map((each) => ({
      title: each.name, note: each.field && each.field !== 'name' && each.text !== each.name ? `${each.field} ${each.text}` : '', state: each.state, href: `#/${one(each, text)}`, kind,
    }));
    const all = more >= 1000 ? 'All of them' : `All ${options.length + more}`;
    if (page && (byFields || more || options.length > 1)) options.push({ title: `${all} in the list`, note: '', href: listOf(page, text), all: true });
    else if (!page && more) options.push({ title: `And ${more} more`, note: '', href: `#/${one(options[0])}`, all: true });
    return { title, options };
  });
}

const options = () => search.groups.flatMap((group) => group.options);

/** Asks a moment after the last key; what is under way for another text is given up. */
function ask() {
  clearTimeout(search.pause);
  search.request?.abort();
  const text = search.text.trim();
  if (!text) {
    Object.assign(search, { ...EMPTY, text: search.text, request: null });
    search.draw();
    return;
  }
  Object.assign(search, { open: true, busy: true });
  search.pause = setTimeout(() => find(text), PAUSE);
  search.draw();
}

async function find(text) {
  const request = new AbortController();
  search.request = request;
  let groups = [];
  let failure = null;
  let byFields = false;
  try {
    const answer = await list('/search', { query: text, limit: EACH }, request.signal);
    byFields = answer.items.length > 0 && answer.items.every(({ field }) => field === '');
    groups = grouped(answer, text, byFields);
  } catch (problem) {
    failure = problem;
  }
  if (search.request !== request || request.signal.aborted) return;
  const there = places(small(text));
  if (there.length) groups[small(there[0].title).startsWith(small(text)) ? 'unshift' : 'push']({ title: 'Pages and actions', options: there });
  const { entered } = search;
  Object.assign(search, { groups, failure, byFields, asked: text, busy: false, entered: false, active: -1, request: null });
  search.draw();
  if (entered) enter();
}

function move(by) {
  const number = options().length;
  if (number === 0) return;
  search.open = true;
  // in front of the first is the text itself
  search.active = ((search.active + 1 + by + number + 1) % (number + 1)) - 1;
  search.draw();
  document.getElementById(`found-${search.active}`)?.scrollIntoView({ block: 'nearest' });
}

function close() {
  Object.assign(search, { open: false, active: -1 });
  search.draw();
}

/** To what was chosen: its page, and there the button of what is to be made. */
function go({ href, press }) {
  forgetSearch();
  document.getElementById('search').blur();
  search.draw();
  location.hash = href;
  if (press) pressThere(press, 50);
}

function pressThere(words, times) {
  const ready = document.querySelector('main').ariaBusy === 'false';
  const found = ready && [...document.querySelectorAll('main button')].find((each) => each.innerText.trim() === words);
  if (found) found.click();
  else if (times > 0) setTimeout(() => pressThere(words, times - 1), 100);
}

/** Enter: what is marked; the one thing that a text was found in; else the list of what was found first, narrowed by it. */
function enter() {
  const all = options();
  if (search.active >= 0) return go(all[search.active]);
  if (search.busy) {
    search.entered = true; // once the answer is there
    return undefined;
  }
  const single = all.filter((each) => !each.all);
  if (single.length === 1 && !search.byFields) return go(single[0]);
  const lists = all.filter((each) => each.all);
  if (lists.length) return go(lists[0]);
  return single.length ? go(single[0]) : undefined;
}

const KEYS = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: enter };

function pressed(event) {
  if (event.isComposing) return;
  if (event.key === 'Escape') {
    event.preventDefault(); // the browser would empty the field at once
    if (search.open) close();
    else if (search.text) {
      forgetSearch();
      search.draw();
    } else event.target.blur();
  } else if (event.key in KEYS) {
    event.preventDefault();
    KEYS[event.key]();
  }
}

function typed(event) {
  Object.assign(search, { text: event.target.value, active: -1, entered: false });
  ask();
}

/** "/" and Ctrl-K, wherever nothing is typed. */
function reached(event) {
  const field = document.querySelector('#search');
  if (!field || document.querySelector('dialog[open]') || event.target.closest('.xterm')) return;
  const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest('input,textarea,select,[contenteditable]');
  const command = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!slash && !command) return;
  event.preventDefault();
  field.focus();
  field.select();
}
document.addEventListener('keydown', reached);

const option = (each, number) => html`<a role="option" id="found-${number}" class="found ${each.all ? 'all' : ''}" tabindex="-1" href=${each.href}
  aria-selected=${number === search.active ? 'true' : 'false'} @click=${(event) => { event.preventDefault(); go(each); }}>
  ${each.sign ? icon(each.sign) : nothing}<span class="found-title">${each.title}</span><span class="found-note">${each.note}</span>${each.state ? badge(each.state) : nothing}</a>`;

function groupsShown() {
  let number = 0;
  return search.groups.map(({ title, options: all }, i) => html`<div role="group" aria-labelledby="found-of-${i}">
    <div class="found-head" id="found-of-${i}" role="presentation">${title}</div>${all.map((each) => option(each, number++))}</div>`);
}

/** What is said where there is no list. */
function instead() {
  if (search.failure) return html`<p class="mb-0 text-danger-emphasis">${told(search.failure)}</p>`;
  if (search.busy && search.asked === '') return html`<p class="mb-0">Searching…</p>`;
  return html`<p class="mb-1">Nothing is found for “${search.asked}”.</p>
    <p class="mb-0 small">What can be found: names, MAC addresses however they are spelled, IP addresses, serial numbers, products, vendors, tags, descriptions, operations, events, pages.
      And by fields: <code>state:error tag:rack=7 memory>=64G</code>.</p>`;
}

function said() {
  if (!search.open || search.busy) return '';
  if (search.failure) return told(search.failure);
  const number = options().filter((each) => !each.all).length;
  return number === 0 ? `Nothing is found for ${search.asked}.` : number === 1 ? '1 is found.' : `${number} are found.`;
}

/** The field and, below it, what is found; draw draws the frame, entries answers the pages at the side. */
export function searchField(draw, entries) {
  Object.assign(search, { draw, entries });
  const any = search.groups.length > 0;
  return html`<div class="search" role="search" aria-label="Whatever there is" @focusout=${(event) => { if (search.open && !event.currentTarget.contains(event.relatedTarget)) close(); }}>
    ${icon('search')}
    <input id="search" type="search" class="form-control form-control-sm" role="combobox" aria-label="Search" placeholder="Search ( / )" autocomplete="off" spellcheck="false" maxlength="200"
      aria-autocomplete="list" aria-haspopup="listbox" aria-controls="found" aria-expanded=${search.open && any ? 'true' : 'false'} aria-keyshortcuts="/ Control+K"
      aria-activedescendant=${search.active >= 0 ? `found-${search.active}` : nothing}
      .value=${search.text} @input=${typed} @keydown=${pressed} @focus=${() => { if (search.asked && !search.open) { search.open = true; draw(); } }}>
    <div class="found-box" ?hidden=${!search.open} @pointerdown=${(event) => event.preventDefault()}>
      <div id="found" role="listbox" aria-label="What is found" ?hidden=${!any}>${groupsShown()}</div>
      ${any && !search.failure ? nothing : html`<div class="found-none">${instead()}</div>`}
    </div>
    <span class="visually-hidden" role="status">${said()}</span>
  </div>`;
}
