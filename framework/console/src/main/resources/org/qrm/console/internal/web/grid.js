// Lists to work with: columns are chosen and kept, rows are selected one by one, in ranges or all that match, and what matches is written as CSV.
import { get, list as rows, may, post, session } from './api.js';
import { ask } from './form.js';
import { bodies, called, grouped, groupField, meet, narrowing, summary } from './groups.js';
import { lastStretch, stretch } from './places.js';
import { narrowed, queryField } from './query.js';
import { attempt, button, frame, html, nothing, rowsOf, say, started, table, tableOf } from './ui.js';

const PAGE = 100;
const STEP = 1000;
const NAMED = 5; // refusals that are told of before
const AT_ONCE = 50;
const MOST_NAMED = 1000; // as REST takes them

/**
 * A list is
 *
 * name     tells it from other lists: resources
 * path     of REST
 * one, many  what its items are called
 * key      field that tells an item from others, and is a column of REST's ?fields=
 * columns  each { name, title, cell(item), text(item), csv, sort, figure, usual, fixed }: text is what CSV has below the title csv, none for a column that it
 *          leaves out; sort is the field of REST; figure stands at the right; usual is shown unless chosen otherwise; fixed is always shown
 * filters  each { name, label, choices }: a text, or one of [value, what it says]
 * groups   { path, by, tags }: where REST counts what they have in common, by what, each [word, title], and whether by tags; none where they are not grouped
 * act      { path, named }: where the same is asked of many, and the field that names some; none where nothing can be
 * actions  each { word, title, menu, role, danger, fields, body(values) }: menu is the title of the menu that it stands in, role who sees it if not operators
 * empty    what to say when there is nothing; nothing that matches is told by itself
 */

/**
 * What is selected, of one list with one filter: names by their keys; all is how many match when all are meant, else null; group is
 * the one that all of are meant, else null, and by what it is one; groups have the keys of those that were selected as a whole.
 */
const selected = { of: null, names: new Map(), all: null, group: null, by: null, groups: new Map(), last: null };

const filterOf = (list, parameters) => Object.fromEntries(['query', 'group', ...list.filters.map(({ name }) => name)].map((name) => [name, parameters[name]]).filter(([, value]) => value));

const some = (list, parameters) => Object.keys(filterOf(list, parameters)).length > 0;

function none() {
  Object.assign(selected, { names: new Map(), all: null, group: null, by: null, groups: new Map(), last: null });
}

/** What is selected belongs to what matches: another filter begins anew, and so does another page of the console; a whole group to what it is a group by. */
function selectionOf(list, parameters) {
  if (selected.group !== null && selected.by !== parameters.by) none();
  const of = JSON.stringify([list.name, filterOf(list, parameters)]);
  if (selected.of !== of) {
    none();
    selected.of = of;
  }
  return selected;
}

window.addEventListener('hashchange', () => {
  if (selected.of !== null && location.hash.replace(/^#\/?/, '').split('?')[0] !== JSON.parse(selected.of)[0]) {
    selected.of = null;
    none();
  }
});

/** The address of a list with something about it changed: the filter, the order, what it is grouped by, or where it begins. */
export function addressOf(list, change, parameters) {
  const query = new URLSearchParams(Object.entries({ ...filterOf(list, parameters), sort: parameters.sort, by: parameters.by, ...change }).filter(([, value]) => value));
  return `#/${list.name}${query.size ? `?${query}` : ''}`;
}

const query = (list, { sort, ...parameters }) => ({ ...filterOf(list, parameters), sort });

/** How many match, as far as the server has counted them by their states, under that name; null where something else narrows the list. */
export async function total(list, parameters, counted) {
  const { state, ...others } = filterOf(list, parameters);
  if (Object.keys(others).length > 0) return null;
  const { [counted]: counts } = await get('/server');
  return state ? counts[state] ?? 0 : Object.values(counts).reduce((sum, each) => sum + each, 0);
}

/** The page that the address means; all is how many match, or null while that is not known. */
export async function page(list, parameters, all = null) {
  if (parameters.by && list.groups) return narrowed(async () => ({ items: [], from: 0, more: false, all, grouped: await grouped(list, filterOf(list, parameters), parameters.by, parameters.sort) }));
  const from = Number(parameters.from ?? 0);
  return narrowed(async () => ({ ...await stretch(list.path, query(list, parameters), from, PAGE, list.key), all }));
}

async function count(list, parameters) {
  let number = 0;
  let after;
  do {
    const { items, next } = await rows(list.path, { ...filterOf(list, parameters), fields: list.key, limit: STEP, after });
    number += items.length;
    after = next ?? undefined;
  } while (after !== undefined);
  return number;
}

const kept = (list) => `qrm-columns ${session.user} ${list.name}`;

/** The columns that are shown: as chosen in this browser, by this user. */
function shown(list) {
  let names = null;
  try {
    names = JSON.parse(localStorage.getItem(kept(list)));
  } catch {
    // whatever it was, it was not written here
  }
  return list.columns.filter((each) => each.fixed || (Array.isArray(names) ? names.includes(each.name) : each.usual));
}

function choose(list, name, is) {
  const names = shown(list).map((each) => each.name).filter((each) => each !== name);
  localStorage.setItem(kept(list), JSON.stringify(is ? [...names, name] : names));
  frame.draw();
}

function asUsual(list) {
  localStorage.removeItem(kept(list));
  frame.draw();
}

const closeMenu = (event) => { event.target.closest('details').open = false; };

/** Escape closes a menu and leads back to what opened it. */
function leaveMenu(event) {
  if (event.key !== 'Escape' || !event.currentTarget.open) return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector('summary').focus();
  event.stopPropagation();
}

document.addEventListener('click', ({ target }) => document.querySelectorAll('details.menu[open]').forEach((menu) => {
  if (!menu.contains(target)) menu.open = false;
}));

const menu = (title, content, kind = 'outline-primary') => html`<details class="menu" @keydown=${leaveMenu}>
  <summary class="btn btn-sm btn-${kind}">${title} <span aria-hidden="true">▾</span></summary><div class="menu-list">${content}</div></details>`;

const columnMenu = (list) => menu('Columns', html`<fieldset><legend class="visually-hidden">Columns</legend>
  ${list.columns.filter((each) => !each.fixed).map((each) => html`<div class="form-check"><input class="form-check-input" type="checkbox" id="column-${each.name}"
      .checked=${shown(list).includes(each)} @change=${(event) => choose(list, each.name, event.target.checked)}>
    <label class="form-check-label" for="column-${each.name}">${each.title}</label></div>`)}</fieldset>
  <button type="button" class="btn btn-sm btn-outline-secondary mt-2" @click=${() => asUsual(list)}>As usual</button>`, 'outline-secondary');

/** As RFC 4180 has it; what a spreadsheet would take for a formula is a text. */
function cell(value) {
  const text = String(value ?? '');
  const plain = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

async function write(list, parameters) {
  const columns = shown(list).filter((each) => each.text);
  const lines = [columns.map((each) => cell(each.csv ?? each.title)).join(',')];
  let after;
  do {
    const { items, next } = await rows(list.path, { ...query(list, parameters), limit: STEP, after });
    items.forEach((item) => lines.push(columns.map((each) => cell(each.text(item))).join(',')));
    after = next ?? undefined;
  } while (after !== undefined);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([lines.map((line) => `${line}\r\n`).join('')], { type: 'text/csv' }));
  link.download = `${list.name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  say(`${lines.length - 1} ${list.many} are in ${link.download}.`);
}

const filterBy = (list, change, parameters) => { location.hash = addressOf(list, change, parameters); };

const filterField = (list, { name, label, choices }, parameters) => html`<div class=${choices ? 'col-auto' : 'col'}>
  <label class="visually-hidden" for=${name}>${label}</label>
  ${choices ? html`<select id=${name} class="form-select" @change=${(event) => filterBy(list, { [name]: event.target.value }, parameters)}>
      <option value="">any ${label.toLowerCase()}</option>
      ${choices.map(([value, says]) => html`<option value=${value} ?selected=${value === parameters[name]}>${says}</option>`)}</select>`
    : html`<input id=${name} type="search" class="form-control" placeholder=${label} .value=${parameters[name] ?? ''}
      @change=${(event) => filterBy(list, { [name]: event.target.value.trim() }, parameters)}>`}</div>`;

const head = (list, parameters) => html`<form class="row g-2 mb-3" role="search" @submit=${(event) => event.preventDefault()}>
  ${list.filters.map((each) => filterField(list, each, parameters))}</form>
  ${parameters.group ? html`<p>The group <code>${parameters.group}</code> alone. <a class="btn btn-sm btn-outline-secondary" href=${addressOf(list, { group: '' }, parameters)}>Remove it</a></p>` : nothing}`;

async function goToLast(list, parameters) {
  const from = await attempt(() => lastStretch(list.path, query(list, parameters), PAGE, list.key));
  if (from !== undefined) location.hash = addressOf(list, { from }, parameters);
}

function ways(list, { items, from, more, all }, parameters) {
  if (from === 0 && !more) return html`<span></span>`;
  const way = (title, to, there) => (there ? html`<a class="btn btn-sm btn-outline-primary" href=${addressOf(list, { from: to }, parameters)}>${title}</a>` : nothing);
  return html`<nav class="d-flex flex-wrap gap-2 align-items-center" aria-label="Through the list">
    ${way('First', 0, from > 0)} ${way(`Previous ${PAGE}`, Math.max(0, from - PAGE), from > 0)} ${way(`Next ${PAGE}`, from + PAGE, more)}
    ${more ? button('Last', () => goToLast(list, parameters)) : nothing}
    <span role="status">${from + 1} to ${from + items.length}${all === null ? '' : ` of ${all}`}</span></nav>`;
}

const keyOf = (list, item) => String(item[list.key]);

const isSelected = (list, item, group = null) => (selected.all === null ? selected.names.has(keyOf(list, item)) : selected.group === null || selected.group === group);

/** Selects rows of the page, or not. Of all that match those of the page stay when one is taken out. */
function set(list, items, some, is, group = null) {
  if (selected.all !== null) {
    const stay = selected.group === null || selected.group === group ? items : [];
    none();
    stay.forEach((item) => selected.names.set(keyOf(list, item), item.name));
  }
  for (const item of some) {
    if (is) selected.names.set(keyOf(list, item), item.name);
    else selected.names.delete(keyOf(list, item));
  }
  frame.draw();
}

/** From the row that was touched last to this one. */
function range(list, items, index) {
  const last = items.findIndex((item) => keyOf(list, item) === selected.last);
  return last < 0 ? [items[index]] : items.slice(Math.min(last, index), Math.max(last, index) + 1);
}

function touched(list, items, index, event, group) {
  const some = event.shiftKey ? range(list, items, index) : [items[index]];
  set(list, items, some, event.target.checked, group);
  selected.last = keyOf(list, items[index]);
}

/** The arrows go from row to row, and take them along with the shift key; Escape selects nothing. */
function keyed(list, items, index, event, group) {
  if (event.key === 'Escape' && (selected.names.size > 0 || selected.all !== null)) {
    none();
    frame.draw();
    return;
  }
  const to = { ArrowDown: index + 1, ArrowUp: index - 1 }[event.key];
  if (to === undefined || !items[to]) return;
  event.preventDefault();
  if (event.shiftKey) set(list, items, [items[index], items[to]], true, group);
  selected.last = keyOf(list, items[to]);
  event.currentTarget.closest('tbody').querySelectorAll('input.select')[to].focus();
}

/** What the table has in front of each row, of one group of it where it has groups. */
function choice(list, items, group = null) {
  const here = items.filter((item) => isSelected(list, item, group)).length;
  return {
    head: html`<input type="checkbox" class="form-check-input" aria-label="Select all of this page" .checked=${here > 0 && here === items.length}
      .indeterminate=${here > 0 && here < items.length} @change=${(event) => set(list, items, items, event.target.checked)}>`,
    cell: (item, index) => html`<input type="checkbox" class="form-check-input select" aria-label="Select ${item.name}" .checked=${isSelected(list, item, group)}
      @click=${(event) => touched(list, items, index, event, group)} @keydown=${(event) => keyed(list, items, index, event, group)}>`,
    is: (item) => isSelected(list, item, group),
  };
}

/** Selects all of a group, beside what is selected; of very many the group takes the place of what was. */
async function selectGroup(list, parameters, { group, number }) {
  const { of } = selected;
  if (selected.all !== null) none();
  if (selected.names.size + number <= MOST_NAMED) {
    const found = await attempt(() => rows(list.path, { ...filterOf(list, parameters), group, fields: `${list.key},name`, limit: MOST_NAMED }));
    if (found === undefined || selected.of !== of || selected.all !== null) return;
    found.items.forEach((item) => selected.names.set(keyOf(list, item), item.name));
    selected.groups.set(group, found.items.map((item) => keyOf(list, item)));
  } else {
    if (selected.names.size > 0) say(`At most ${MOST_NAMED} ${list.many} are selected by name: now it is this group alone.`, 'warning');
    none();
    Object.assign(selected, { all: number, group, by: parameters.by });
  }
  frame.draw();
}

function leaveGroup(list, items, { group }) {
  const keys = selected.groups.get(group) ?? items.map((item) => keyOf(list, item));
  if (selected.all !== null) none();
  keys.forEach((key) => selected.names.delete(key));
  selected.groups.delete(group);
  frame.draw();
}

/** The box of a group. */
function groupChoice(list, parameters, group, items) {
  const keys = selected.groups.get(group.group);
  const whole = selected.all === null ? keys !== undefined && keys.every((key) => selected.names.has(key)) : selected.group === null || selected.group === group.group;
  const some = !whole && (items.some((item) => isSelected(list, item, group.group)) || (keys ?? []).some((key) => selected.names.has(key)));
  return html`<input type="checkbox" class="form-check-input" aria-label="Select all ${group.number} of ${called(list, parameters.by, group)}" .checked=${whole} .indeterminate=${some}
    @change=${(event) => (event.target.checked ? selectGroup(list, parameters, group) : leaveGroup(list, items, group))}>`;
}

async function selectAll(list, parameters, all) {
  const { of } = selected;
  const number = all ?? await attempt(() => count(list, parameters));
  // whoever has gone on to another list meanwhile, or to another filter, means nothing of that
  if (number === undefined || selected.of !== of) return;
  none();
  selected.all = number;
  frame.draw();
}

/** What all that are meant have in common. */
const meantBy = (list, parameters) => ({ ...filterOf(list, parameters), ...(selected.group && { group: selected.group }) });

/** What the request says about which are meant; nothing is done when more match than were counted. */
function meant(list, parameters) {
  const filter = meantBy(list, parameters);
  if (selected.all === null) return { path: list.act.path, body: { [list.act.named]: [...selected.names.keys()], most: selected.names.size } };
  const narrowed = new URLSearchParams(filter);
  return { path: narrowed.size ? `${list.act.path}?${narrowed}` : list.act.path, body: { ...(narrowed.size ? {} : { all: true }), most: selected.all } };
}

const refusals = ({ matches, possible, things }) => {
  const refused = things.filter(({ reason }) => reason);
  return html`<p class="mb-0">It would be begun on <strong>${possible} of ${matches}</strong>.</p>
    ${refused.length === 0 ? nothing : html`<ul class="mb-0">${refused.slice(0, NAMED).map(({ name, reason }) => html`<li>${name}: ${reason}</li>`)}
      ${refused.length > NAMED ? html`<li>and ${matches - possible - NAMED} more</li>` : nothing}</ul>`}`;
};

async function act(list, action, parameters, again) {
  const number = selected.all ?? selected.names.size;
  const { path, body } = meant(list, parameters);
  const names = [...selected.names.values()];
  const asks = (values, more) => post(path, { action: action.word, ...body, ...action.body?.(values), ...more });
  const plans = new Map();
  const operation = await ask({
    id: 'act-on-many', title: `${action.title}: ${number} ${number === 1 ? list.one : list.many}`, word: action.title, danger: action.danger,
    lead: selected.all === null ? `${names.slice(0, 20).join(', ')}${number > 20 ? ` and ${number - 20} more` : ''}.`
      : Object.keys(meantBy(list, parameters)).length > 0 ? `All that match ${Object.entries(meantBy(list, parameters)).map(([name, value]) => `${name}: ${value}`).join(', ')}.` : `All ${list.many} there are.`,
    fields: [...(action.fields ?? []),
      { name: 'why', label: 'Why', wide: true, most: 200, hint: 'The events of each tell it, and who asked.' },
      ...(number > 1 ? [{ name: 'atOnce', label: 'At the same time', type: 'number', min: 1, required: true, hint: 'The others wait for their turn.' }] : [])],
    values: { why: '', atOnce: AT_ONCE, ...action.values },
    async advice(values) {
      const more = JSON.stringify(action.body?.(values) ?? {});
      if (action.ready && !action.ready(values)) return 'Fill in what is asked for.';
      if (!plans.has(more)) plans.set(more, asks(values, { dryRun: true }));
      return refusals(await plans.get(more));
    },
    save: (values) => asks(values, { ...(values.why ? { why: values.why } : {}), ...(number > 1 ? { atOnce: Number(values.atOnce) } : {}) }),
  });
  if (operation) {
    started(`${action.title} of ${number} ${number === 1 ? list.one : list.many}`, operation);
    none();
  }
  again();
}

/** The bar of what can be done with what is selected; who only looks has none. */
function bar(list, { items, from, more, all }, parameters, again) {
  const number = selected.all ?? selected.names.size;
  const others = selected.all === null && (more || from > 0 || parameters.by);
  const entry = (action) => html`<button type="button" class="menu-entry ${action.danger ? 'text-danger-emphasis' : ''}"
    @click=${(event) => { closeMenu(event); act(list, action, parameters, again); }}>${action.title}…</button>`;
  const allowed = list.actions.filter(({ role }) => may(role ?? 'operator'));
  const menus = [...new Set(allowed.map((each) => each.menu))];
  return html`<div class="selection ${number ? '' : 'visually-hidden'}" role="region" aria-label="What is selected">
    <span role="status">${number ? `${number}${selected.all === null ? '' : selected.group === null ? ' that match, all of them,' : ', the whole group,'} ${number === 1 ? 'is' : 'are'} selected` : ''}</span>
    ${number === 0 ? nothing : html`
      ${others ? button(all === null ? 'Select all that match' : `Select all ${all} that match`, () => selectAll(list, parameters, all), 'outline-secondary') : nothing}
      ${menus.map((title) => {
    const actions = allowed.filter((each) => each.menu === title);
    return title ? menu(title, actions.map(entry)) : actions.map((action) => button(`${action.title}…`, () => act(list, action, parameters, again), action.danger ? 'outline-danger' : 'primary'));
  })}
      ${button('Select none', () => { none(); frame.draw(); }, 'outline-secondary')}`}</div>`;
}

/** The table in groups. */
function inGroups(list, data, parameters, again, columns, order, selects) {
  if (data.grouped.groups.length === 0) return table(list.title, columns, [], some(list, parameters) ? `No ${list.one} fits that filter.` : list.empty);
  const filter = filterOf(list, parameters);
  const choiceOf = (group, items) => (selects ? choice(list, items, group.group) : undefined);
  return tableOf(list.title, columns, order, selects ? { head: html`<span class="visually-hidden">Selected</span>` } : undefined, bodies(list, parameters.by, data.grouped, columns.length, again, {
    rowsOf: (group, items) => rowsOf(columns, items, choiceOf(group, items)),
    choice: (group, items) => (selects ? groupChoice(list, parameters, group, items) : null),
    alone: (group) => addressOf(list, { ...narrowing(list, filter, parameters.by, group), by: '' }, parameters),
  }));
}

/** All of it: filters, ways through the list, what can be done, and the page of it. */
export function grid(list, data, parameters, again) {
  selectionOf(list, parameters);
  meet(data.items);
  const selects = list.act && may('operator');
  const columns = shown(list).map(({ title, cell: content, sort, figure }) => [title, content, sort, figure]);
  const order = { by: parameters.sort, address: (sort) => addressOf(list, { sort }, parameters) };
  const { query: typed, ...terms } = filterOf(list, parameters);
  return html`${queryField(parameters, data, (wanted) => addressOf(list, { query: wanted }, parameters), list.path.slice(1), terms)}${head(list, parameters)}
    <div class="d-flex flex-wrap gap-2 justify-content-between mb-3">${data.grouped ? html`<span role="status">${summary(list, data.grouped)}</span>` : ways(list, data, parameters)}
      <div class="d-flex flex-wrap gap-2">${groupField(list, parameters.by, (by) => { location.hash = addressOf(list, { by, ...(by && { group: '' }) }, parameters); })}
        ${columnMenu(list)} ${button('Export CSV', () => attempt(() => write(list, parameters)), 'outline-secondary')}</div></div>
    ${selects ? bar(list, data, parameters, again) : nothing}
    ${data.grouped ? inGroups(list, data, parameters, again, columns, order, selects)
    : table(list.title, columns, data.items, data.from > 0 ? 'The list has become shorter: nothing is so far down any more.'
      : some(list, parameters) ? `No ${list.one} fits that filter.` : list.empty, order, selects ? choice(list, data.items) : undefined)}`;
}
