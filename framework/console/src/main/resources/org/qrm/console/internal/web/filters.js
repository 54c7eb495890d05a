// Queries that a user comes back to: they are kept by the server, stand at the side below their list, with how many fit, and are plain addresses.
import { patch, post, remove } from './api.js';
import { ask } from './form.js';
import { standing } from './live.js';
import { attempt, button, confirmed, html, nothing, say } from './ui.js';

/** The pages of the lists, by what REST calls them. */
const PAGES = { resources: 'resources', 'virtual-environments': 'environments', operations: 'operations', events: 'events' };

const NAME = {
  name: 'name', label: 'Name', required: true, wide: true, most: 63, pattern: '[\\p{L}\\p{N}]([\\p{L}\\p{N} ._,:=+\\(\\)\\-]*[\\p{L}\\p{N}._,:=+\\(\\)\\-])?',
  wrong: 'Use 1 to 63 letters, digits, blanks and . , _ - : = + ( ), beginning with a letter or digit.',
  hint: 'It stands at the side, for you alone, in each browser.',
};

/** What says in which order and from where on a list is shown; all else narrows it. */
const PLACED = ['sort', 'by', 'from', 'after'];

const pathOf = ({ name }) => `/filters/${encodeURIComponent(name)}`;

/** A value as a query has it: between quotation marks where it would end or be taken for something else. */
const quoted = (value, plain) => (plain.test(value) ? value : `"${value}"`);

/** One query out of a query and what narrows the list beside it. */
export function queryOf(query, terms) {
  const { text, ...fields } = terms;
  return [query.trim(), text && quoted(text, /^[^\s":=<>]+$/), ...Object.entries(fields).filter(([, value]) => value).map(([field, value]) => `${field}:${quoted(value, /^[^\s"]+$/)}`)]
    .filter(Boolean).join(' ');
}

const addressOf = ({ list, query }) => `#/${PAGES[list]}?${new URLSearchParams({ query })}`;

/** Those of a page, each with its address, and whether the parameters are just its own. */
export const filtersOf = (page, { id, query, ...others }) => standing.filters.filter(({ list }) => PAGES[list] === page)
  .map((filter) => ({ ...filter, href: addressOf(filter), shown: !id && query === filter.query && Object.keys(others).every((name) => !others[name] || PLACED.includes(name)) }));

async function save(list, query) {
  const saved = await ask({
    id: 'save-filter', title: 'Save this filter', word: 'Save', values: { name: '' }, fields: [NAME],
    lead: html`<code>${query}</code>`,
    save: ({ name }) => post('/filters', { name, list, query }),
  });
  if (!saved) return;
  say(`The filter ${saved.name} is saved.`);
  location.hash = addressOf(saved);
}

async function rename(filter) {
  const changed = await ask({
    id: 'rename-filter', title: `Rename ${filter.name}`, word: 'Rename', values: { name: filter.name }, fields: [NAME],
    save: ({ name }) => patch(pathOf(filter), { name }),
  });
  if (changed) say(`The filter is called ${changed.name} now.`);
}

async function forget(filter) {
  if (!await confirmed(`Delete the filter ${filter.name}?`, 'What it finds stays.', 'Delete')) return;
  await attempt(async () => {
    await remove(pathOf(filter));
    say(`The filter ${filter.name} is deleted.`);
  });
}

const saved = (list, query) => standing.filters.find((each) => each.list === list && each.query === query);

/** Beside the field of a query: saves what narrows the list, unless it is saved. */
export const toSave = (list, query) => (!query || saved(list, query) ? nothing
  : html`<button type="button" class="btn btn-outline-secondary" @click=${() => save(list, query)}>Save…</button>`);

/** Below it: the filter that it is, and what can be done with that. */
export function asSaved(list, query) {
  const filter = saved(list, query);
  return filter ? html`<p class="mt-2 mb-0">Saved as <strong>${filter.name}</strong>. ${button('Rename…', () => rename(filter), 'outline-secondary')}
    ${button('Delete…', () => forget(filter), 'outline-secondary')}</p>` : nothing;
}
