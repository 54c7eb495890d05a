// The head of the window, and the side with the pages: what there is of each, and what wants to be looked at.
import { session } from './api.js';
import { icon } from './icons.js';
import { standing } from './live.js';
import { entries } from './router.js';
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

function link(entry, current, one) {
  const count = countOf(entry);
  return html`<li class=${entry.apart ? 'apart' : ''}><a href=${entry.href} title=${side.narrow ? entry.title : nothing}
    aria-current=${entry.name === current ? (one ? 'true' : 'page') : nothing} aria-describedby=${count === nothing ? nothing : `count-${entry.name}`}
    @click=${() => open(false)}>${icon(entry.icon)}<span class="name">${entry.title}</span></a>${count}</li>`;
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
