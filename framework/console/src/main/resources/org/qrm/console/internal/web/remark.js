// Whom a thing belongs to, and what others should know of it: shown, and changed in one dialog, for all that has an owner and a note.
import { get, may, patch, read } from './api.js';
import { ask } from './form.js';
import { markdown } from './markdown.js';
import { attempt, button, html, nothing, say } from './ui.js';

/** @param {any} thing */
const said = ({ owner, note }) => ({ owner: owner ?? '', note: note ?? '' });

/** What one says otherwise than the other. */
const differing = (one, other) => Object.fromEntries(Object.entries(said(one)).filter(([name, value]) => value !== said(other)[name]));

const empty = (object) => Object.keys(object).length === 0;

const FIELDS = [
  { name: 'owner', label: 'Owner', wide: true, most: 120, hint: 'Whom to ask about it: one line.' },
  { name: 'note', label: 'Note', type: 'area', wide: true, rows: 10, most: 10000, preview: (text) => markdown(text),
    hint: 'Markdown: # heading, - list, **strong**, *emphasis*, `code`, > quote, [name](https://…).' },
];

/** Asks for both; path is the thing's in REST. */
async function change(path, name, again) {
  await attempt(async () => {
    let seen = await read(path);
    const saved = await ask({
      id: 'remark-form', title: `Owner and note of ${name}`, fields: FIELDS, values: said(seen.body), word: 'Save',
      async save(values) {
        const changed = differing(values, seen.body);
        if (empty(changed)) return seen.body;
        try {
          return await patch(path, changed, seen.tag);
        } catch (failed) {
          const now = failed.status === 412 ? await read(path) : null;
          if (now === null || !empty(differing(now.body, seen.body))) throw failed;
          // it was something else that somebody has changed
          seen = now;
          return await patch(path, changed, seen.tag);
        }
      },
      async reread() {
        seen = await read(path);
        return said(seen.body);
      },
    });
    if (saved) say(`Owner and note of ${name} are saved.`);
  });
  again();
}

const nobody = html`<p class="text-body-secondary mb-0">Nobody has written anything.</p>`;

/** Shows both to those who may not change them. */
async function show(path, name) {
  await attempt(async () => {
    const { owner, note } = said(await get(path));
    await ask({ id: 'remark-form', title: `Owner and note of ${name}`, fields: [], values: {}, word: 'Close', save: async () => true,
      lead: html`${owner ? html`<p>Owner: ${owner}</p>` : nothing}${note ? markdown(note) : nobody}` });
  });
}

/** Opens what people have said of a thing whose page is a line of a table: lists have no notes. */
export const remarkButton = (path, name, again) => (may('operator') ? button('owner and note…', () => change(path, name, again), 'outline-secondary')
  : button('note…', () => show(path, name), 'outline-secondary'));

/** The note of a thing on its page. */
export const noteCard = (item, path, again) => html`<section class="card note-card mb-3" aria-labelledby="note-title">
  <div class="card-header d-flex flex-wrap justify-content-between align-items-center gap-2"><h2 class="h6 mb-0" id="note-title">Note</h2>
    ${may('operator') ? button('Owner and note…', () => change(path, item.name, again), 'outline-secondary') : nothing}</div>
  <div class="card-body">${item.note ? markdown(item.note) : nobody}</div></section>`;

/** The list of those of one owner. */
export const ownedBy = (list, owner) => (owner ? html`<a class="owner" href="#/${list}?owner=${encodeURIComponent(owner)}">${owner}</a>` : '');

/** The column and the filter of a list. */
export const ownerColumn = (list) => ({ name: 'owner', title: 'Owner', cell: (each) => ownedBy(list, each.owner), text: (each) => each.owner, sort: 'owner' });
export const OWNER_FILTER = { name: 'owner', label: 'Owner' };
