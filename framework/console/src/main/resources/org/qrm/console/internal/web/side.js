// The head of the window, and the side with the pages: what there is of each, and what wants to be looked at.
import { session } from './api.js';
import { filtersOf } from './filters.js';
import { icon } from './icons.js';
import { standing } from './live.js';
import { entries, place } from './router.js';
import { searchField } from './search.js';
import { html, nothing } from './ui.js';

const NARROW = 'qrm-side'; // in localStorage: icons alone
const PHONE = matchMedia('(max-width: 47.99rem)');
const side = { narrow: localStorage.getItem(NARROW) === 'icons', open: false, draw: () => {} };

const all = (counts) => Object.values(counts).reduce((sum, each) => sum + each, 0);
const many = ({ number, more }) => (more ? `${number}+` : `${number}`);

/** What stands beside a page's name: [number, what it means, whether it wants to be looked at]; by the page's name. */
const COUNTS = {
  resources: ({ resources: { error = 0, ...others } }) => [all(others) + error, error ? `in all, ${error} in error` : 'in all', error > 0],
  admission: ({ resources }) => resources.new && [resources.new, 'wait to be admitted', true],
  environments: ({ environments }) => [all(environments), `in all, ${environments.active ?? 0} active`, environments.error > 0],
  operations: ({ operations: { running = 0, queued = 0 } }) => running + queued && [running + queued, 'at work', false],
  events: (counts, alerts) => alerts.number && [many(alerts), 'alerts that nobody has seen', true],
};

function countOf({ name }) {
  const count = standing.counts && COUNTS[name]?.(standing.counts, standing.alerts);
  return count ? html`<span class="count ${count[2] ? 'loud' : ''}" id="count-${name}">${count[0]}<span class="visually-hidden"> ${count[1]}</span></span>` : nothing;
}

/** Nobody reads more digits: the server counts no further. */
const counted = (count) => (count >= 20000 ? '20000+' : `${count}`);

/** What the user has saved of a page. */
function saved({ name, title }) {
  const filters = filtersOf(name, place().parameters);
  if (filters.length === 0) return nothing;
  const describes = (i) => `filter-${name}-${i}`;
  return html`<ul class="filters" aria-label="Filters of ${title}">${filters.map((filter, i) => html`<li><a href=${filter.href} title=${filter.query}
    aria-current=${filter.shown ? 'true' : nothing} aria-describedby=${describes(i)} @click=${() => open(false)}><span class="name">${filter.name}</span></a>
    <span class="count" id=${describes(i)}>${filter.count === undefined || filter.count === null ? '?' : counted(filter.count)}<span class="visually-hidden">
      ${filter.count === undefined || filter.count === null ? 'its list does not understand it' : 'fit'}</span></span></li>`)}</ul>`;
}

function link(entry, current, one) {
  const count = countOf(entry);
  return html`<li class=${entry.apart ? 'apart' : ''}><a href=${entry.href} title=${side.narrow ? entry.title : nothing}
    aria-current=${entry.name === current ? (one ? 'true' : 'page') : nothing} aria-describedby=${count === nothing ? nothing : `count-${entry.name}`}
    @click=${() => open(false)}>${icon(entry.icon)}<span class="name">${entry.title}</span></a>${count}${saved(entry)}</li>`;
}

/** On a phone the pages are behind a button: while they are there, nothing else is. */
export function open(yes) {
  if (side.open === yes) return;
  side.open = yes;
  side.draw();
  if (yes) document.querySelector('#menu a').focus();
}

export const covers = () => side.open;

function narrow() {
  side.narrow = !side.narrow;
  if (side.narrow) localStorage.setItem(NARROW, 'icons');
  else localStorage.removeItem(NARROW);
  side.draw();
}

function close(pressed) {
  if (pressed.key !== 'Escape' || !side.open) return;
  open(false);
  document.querySelector('.menu-button').focus();
}

/** draw draws the frame, leave logs out, theme switches colours. */
export function header({ draw, leave, theme }) {
  side.draw = draw;
  return html`<header class="head" @keydown=${close}>
    <button type="button" class="menu-button btn btn-sm btn-outline-secondary" aria-controls="menu" aria-expanded=${side.open ? 'true' : 'false'}
      @click=${() => open(!side.open)}>${icon('menu')} Menu</button>
    <a class="brand" href="#/">QRM</a>
    ${searchField(draw, entries)}
    <button type="button" class="btn btn-sm btn-outline-secondary" aria-label="Light / dark" title="Light / dark" @click=${theme}>${icon('theme')}</button>
    <span class="who text-body-secondary">${session.user} (${session.role})</span>
    <button type="button" class="btn btn-sm btn-outline-secondary text-nowrap" @click=${leave}>Log out</button>
  </header>`;
}

/** current is the name of the entry that is shown, one whether it is one thing of its list. */
export const pages = (current, one) => html`<nav id="menu" class="side ${side.narrow ? 'narrowed' : ''} ${side.open ? 'open' : ''}" aria-label="Pages" @keydown=${close}>
    <ul>${entries().map((entry) => link(entry, current, one))}</ul>
    <button type="button" class="fold" aria-pressed=${side.narrow ? 'true' : 'false'} @click=${narrow}>${icon(side.narrow ? 'wide' : 'narrow')}<span class="name">Icons only</span></button>
  </nav>
  ${side.open ? html`<div class="veil" @click=${() => open(false)}></div>` : nothing}`;

PHONE.addEventListener('change', () => open(false));
