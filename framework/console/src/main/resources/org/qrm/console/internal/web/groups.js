// A list in groups: the server counts how many have what in common; whoever unfolds a group sees the first of its rows.
import { list as rows } from './api.js';
import { ask } from './form.js';
import { badge, frame, html, nothing, number as said } from './ui.js';

const FIRST = 100; // rows of a group that is unfolded
const OPEN = 5; // groups that are unfolded at a time: each is asked for at each turn of the page
const SHOWN = 200;
const STEP = 1000;
const NAME = { pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]{0,62}', wrong: 'Write the name of a tag: letters, digits, ".", "_" and "-".' };
const OTHER = 'tag';

/** What is unfolded, of one list with one filter; those that were unfolded last stand last. */
const unfolded = { of: null, groups: [] };

/** Names of tags that were met, for the choice. */
const tags = new Set();

/** Meets the tags of rows. */
export const meet = (items) => items.forEach((item) => item.tags?.forEach((tag) => tags.add(tag.split('=')[0])));

function groupsOpen(list, filter, by) {
  const of = JSON.stringify([list.name, filter, by]);
  if (unfolded.of !== of) Object.assign(unfolded, { of, groups: [] });
  return unfolded.groups;
}

/** What is shown: { groups, more, items by their groups }. */
export async function grouped(list, filter, by, sort) {
  const open = groupsOpen(list, filter, by);
  const { items: groups, next } = await rows(list.groups.path, { ...filter, by, limit: STEP });
  const there = open.filter((group) => groups.some((each) => each.group === group));
  const parts = await Promise.all(there.map((group) => rows(list.path, { ...filter, group, sort, limit: FIRST })));
  return { groups, more: next !== null, parts: new Map(there.map((group, i) => [group, parts[i].items])) };
}

/** Unfolds a group, or folds it again; draw asks for what is to be shown. */
export function fold(group, again) {
  const { groups } = unfolded;
  if (groups.includes(group)) groups.splice(groups.indexOf(group), 1);
  else groups.push(group);
  if (groups.length > OPEN) groups.shift();
  frame.draw();
  return again();
}

/** Where a list shows a group alone: by the list's own filter, if it has that. */
export function narrowing(list, filter, by, { group, value }) {
  const own = by.startsWith('tag:') ? 'tag' : by;
  const wanted = own === by ? value : value && `${by.slice(4)}=${value}`;
  return wanted && !filter[own] && list.filters.some(({ name }) => name === own) ? { [own]: wanted } : { group };
}

const title = (list, by) => (by.startsWith('tag:') ? `tag ${by.slice(4)}` : (list.groups.by.find(([word]) => word === by) ?? [by, by])[1].toLowerCase());

/** What the members of a group have in common, as people say it. */
export function called(list, by, { value }) {
  if (value === undefined || value === null) return `no ${title(list, by)}`;
  if (by.startsWith('tag:')) return value ? `${by.slice(4)}=${value}` : by.slice(4);
  return value;
}

function headOf(list, by, group) {
  const words = called(list, by, group);
  if (by === 'state' || by === 'power') return badge(words);
  return by === 'host' && group.value ? `${title(list, by)} ${words}` : words;
}

/** The name of a tag that stands in no row of the page. */
async function otherTag() {
  const answered = await ask({
    id: 'group-by-tag', title: 'Group by a tag', word: 'Group', values: { name: '' },
    fields: [{ name: 'name', label: 'Name of the tag', required: true, wide: true, hint: 'rack: machines with rack=1, rack=2 and so on, and those without.', ...NAME }],
    save: async ({ name }) => name,
  });
  return answered && `tag:${answered}`;
}

/** The choice; go leads to the list grouped so. */
export function groupField(list, by, go) {
  if (!list.groups) return nothing;
  const names = list.groups.tags ? [...new Set([...tags, ...(by?.startsWith('tag:') ? [by.slice(4)] : [])])].sort() : [];
  const choices = [['', 'Not grouped'], ...list.groups.by.map(([word, says]) => [word, `By ${says.toLowerCase()}`]), ...names.map((name) => [`tag:${name}`, `By tag ${name}`]),
    ...(list.groups.tags ? [[OTHER, 'By another tag…']] : [])];
  return html`<label class="visually-hidden" for="group-by">Group</label>
    <select id="group-by" class="form-select form-select-sm w-auto" @change=${async (event) => {
    const chosen = event.target.value === OTHER ? await otherTag() : event.target.value;
    event.target.value = by ?? '';
    if (chosen !== undefined) go(chosen);
  }}>${choices.map(([word, says]) => html`<option value=${word} .selected=${word === (by ?? '')}>${says}</option>`)}</select>`;
}

/**
 * The bodies of the table.
 *
 * columns  how many there are
 * rowsOf   (group, items) draws rows
 * choice   (group, items) answers the box of a group, or null
 * alone    (group) answers the address of a group alone
 */
export const bodies = (list, by, { groups, parts }, columns, again, { rowsOf, choice, alone }) => groups.slice(0, SHOWN).map((group, i) => {
  const items = parts.get(group.group);
  const open = unfolded.groups.includes(group.group);
  const rest = items && group.number > items.length;
  const box = choice(group, items ?? []);
  return html`<tbody role="rowgroup" class="group" data-group=${group.group}>
    <tr role="row" class="group-head">${box ? html`<td role="cell" class="choice" data-title="Selected"><div>${box}</div></td>` : nothing}
      <th role="rowheader" scope="rowgroup" colspan=${columns}><button type="button" class="unfold" aria-expanded=${open ? 'true' : 'false'} aria-describedby="group-${i}"
        @click=${() => fold(group.group, again)}><span class="sign" aria-hidden="true"></span>${headOf(list, by, group)}</button>
        <span class="number" id="group-${i}">${said(group.number)}<span class="visually-hidden"> ${group.number === 1 ? list.one : list.many}</span></span>
        ${open && !items ? html`<span class="text-body-secondary fw-normal">Loading…</span>` : nothing}</th></tr>
    ${items ? rowsOf(group, items) : nothing}
    ${rest ? html`<tr role="row" class="group-rest"><td role="cell" colspan=${columns + (box ? 1 : 0)}>These are the first ${items.length}.
      <a href=${alone(group)}>All ${said(group.number)} in a list of their own</a></td></tr>` : nothing}</tbody>`;
});

/** How many groups there are. */
export function summary(list, { groups, more }) {
  const all = groups.reduce((sum, { number }) => sum + number, 0);
  const those = `${said(groups.length)}${more ? '+' : ''} ${groups.length === 1 ? 'group' : 'groups'}, ${said(all)}${more ? '+' : ''} ${all === 1 ? list.one : list.many}`;
  return groups.length > SHOWN ? `${those}; these are the first ${SHOWN}: narrow the list to see others` : those;
}
