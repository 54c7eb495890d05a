// Pieces that several pages are made of.
import { html, nothing, render, svg } from './lib/lit-html.js';
import { Away } from './api.js';

export { html, nothing, render, svg };

const COLOURS = {
  idle: 'success', active: 'success', ready: 'success', done: 'success', ok: 'success',
  assigned: 'info', booting: 'info', starting: 'info', running: 'info', queued: 'info', creating: 'info', installed: 'info',
  releasing: 'warning', stopping: 'warning', maintenance: 'warning', removing: 'warning', warning: 'warning',
  error: 'danger', failed: 'danger', refused: 'warning', failing: 'danger', critical: 'danger', alarm: 'danger', degraded: 'danger',
  'needs configuration': 'warning', 'not answered yet': 'warning',
};

/** A state as a word, in a colour and with a shape of its kind: for who sees no colours, or prints. */
export const badge = (word) => html`<span class="badge text-bg-${COLOURS[word] ?? 'secondary'}">${word}</span>`;

export const inCpus = (count) => (count === 1 ? '1 CPU' : `${count} CPUs`);

const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });
const HOUR_OF_DAY = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const DAY_AND_YEAR = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** How people say when that was: 3 min ago, 14:03, 28 Nov, 14:03. */
export function ago(then, now = Date.now()) {
  const seconds = Math.round((now - then) / 1000);
  if (seconds >= -5 && seconds < 5) return 'now';
  if (seconds >= 0 && seconds < 60) return `${seconds} s ago`;
  if (seconds >= 0 && seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  const [date, today] = [new Date(then), new Date(now)];
  if (date.toDateString() === today.toDateString()) return HOUR_OF_DAY.format(date);
  return (Math.abs(seconds) < 300 * 86400 ? DAY : DAY_AND_YEAR).format(date);
}

/** The local time with its zone is under the pointer. */
const moment = (iso, words) => html`<time class="moment" datetime=${iso} title=${WHOLE.format(new Date(iso))}>${words}</time>`;

/** A moment to the second: for logs, and after "since". */
export const exact = (iso) => (iso ? moment(iso, new Date(iso).toLocaleString()) : nothing);

/** A moment: how long ago it was. */
export const time = (iso) => (iso ? moment(iso, ago(Date.parse(iso))) : nothing);

const MOMENT = /\b(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** What the server says, with its moments as the user's clock has them. */
export const said = (text) => text.split(MOMENT).map((part, i) => (i % 2 ? exact(part) : part));

/** So long as people say it: 8 s, 2 min 5 s, 3 h 20 min, 4 d 2 h. */
export function lasted(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  /** @type {[number, string][]} */
  const parts = [[Math.floor(seconds / 86400), 'd'], [Math.floor(seconds / 3600) % 24, 'h'], [Math.floor(seconds / 60) % 60, 'min'], [seconds % 60, 's']];
  const first = parts.findIndex(([amount]) => amount > 0);
  return first < 0 ? '0 s' : parts.slice(first, first + 2).filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** So many bytes as people say it; nothing while it is not known. */
export function size(bytes) {
  if (!bytes) return '';
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** unit;
  return `${amount < 10 && unit > 0 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}

/** So many MiB as people say it: 512 MiB, 1.5 GiB, 64 GiB, 4 TiB. */
export function memory(mib) {
  const unit = mib >= 1024 ** 2 ? 2 : mib >= 1024 ? 1 : 0;
  return `${Number((mib / 1024 ** unit).toFixed(1))} ${UNITS[2 + unit]}`;
}

/** A number with its thousands set apart. */
export const number = (value) => value.toLocaleString();

/** Where the pages are of what operations and events are about. */
const PLACES = {
  resource: (id) => `resources/${id}`,
  'virtual-environment': (name) => `environments/${name}`,
  plugin: (id) => `plugins/${id}`,
  'filesystem-image': () => 'images/filesystem',
  'boot-image': () => 'images/boot',
  'storage-server': () => 'images/storage',
};

/** A subject, resource/17 say, as a link to its page; as text when it has none. */
export function linkTo(subject, name = subject) {
  const [, kind, id] = /^([^/]+)\/([^/]+)$/.exec(subject) ?? [];
  return kind in PLACES ? html`<a href="#/${PLACES[kind](encodeURIComponent(id))}">${name}</a>` : name;
}

/** What an operation is at: what it said last, else its step. */
export const workingOn = ({ doing, steps, state }) => (state === 'queued' ? 'waits for its turn' : doing || (steps.find((step) => step.state === 'running')?.name ?? ''));

/** What draws what is there anew, and asks nothing. The frame sets it. */
export const frame = { draw: () => {} };

const SIGNS = { none: '', ascending: ' ▲', descending: ' ▼' };

/** The head of a column [title, cell, field it can be sorted by, whether it has figures]; order is { by, address(sort) }. */
function head([title, , field, figure], order) {
  if (!field || !order) return html`<th scope="col" role="columnheader" class=${figure ? 'amount' : ''}>${title}</th>`;
  const way = { [field]: 'ascending', [`-${field}`]: 'descending' }[order.by] ?? 'none';
  return html`<th scope="col" role="columnheader" class=${figure ? 'amount' : ''} aria-sort=${way}>
    <a class="link-body-emphasis" href=${order.address(way === 'ascending' ? `-${field}` : field)}>${title}<span aria-hidden="true">${SIGNS[way]}</span></a></th>`;
}

/**
 * Columns are [title, item => content]; an empty list says what to do next.
 *
 * order   optional: { by, address(sort) }, for columns [title, content, field, whether it has figures]
 * choice  optional: what stands in front of each row: { head, cell(item, index), is(item): whether it is chosen }
 */
export function table(caption, columns, items, empty, order, choice) {
  if (items.length === 0) return html`<div class="border rounded p-4 text-body-secondary">${empty}</div>`;
  return tableOf(caption, columns, order, choice, html`<tbody role="rowgroup">${rowsOf(columns, items, choice)}</tbody>`);
}

/** The same of bodies that are there already. */
export function tableOf(caption, columns, order, choice, bodies) {
  // the roles say what the style of narrow screens, where a row is a list, would take from the elements
  return html`<div class="table-responsive" tabindex="0" role="region" aria-label=${caption}>
    <table class="table table-hover align-middle" role="table">
      <caption class="visually-hidden">${caption}</caption>
      <thead role="rowgroup"><tr role="row">${choice ? html`<th scope="col" role="columnheader" class="choice">${choice.head}</th>` : nothing}${columns.map((column) => head(column, order))}</tr></thead>
      ${bodies}
    </table></div>`;
}

/** The rows of a table. */
export const rowsOf = (columns, items, choice) => items.map((item, index) => html`<tr role="row" class=${choice?.is(item) ? 'table-active' : ''} data-name=${item.name ?? nothing}>
  ${choice ? html`<td role="cell" class="choice" data-title="Selected"><div>${choice.cell(item, index)}</div></td>` : nothing}${columns.map(([title, cell, , figure]) => html`
  <td role="cell" class=${figure ? 'amount' : ''} data-title=${title}><div>${cell(item)}</div></td>`)}</tr>`);

export const progress = (fraction, label) => html`<progress class="w-100" max="1" .value=${fraction} aria-label=${label}>
  </progress>`;

/** A bar of so much of a whole; parts are [class of its colour, amount, what it is]. */
export const bar = (whole, label, ...parts) => {
  let from = 0;
  return html`<svg class="bar" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" aria-label=${label}>
    <rect class="rest" width="1000" height="20"></rect>
    ${parts.map(([colour, amount, what]) => {
    const x = from;
    from += whole > 0 ? (1000 * amount) / whole : 0;
    return svg`<rect class=${colour} x=${x} width=${Math.max(0, from - x)} height="20"><title>${what}</title></rect>`;
  })}</svg>`;
};

const HOUR = 60;

/** The load of the last hour as a line; a minute that nothing is known of breaks it. */
export function loadChart(samples, what = 'Load') {
  if (samples.length === 0) return html`<p class="text-body-secondary">Nothing was reported in the last hour.</p>`;
  const minute = (sample) => Date.parse(sample.minute) / 60000;
  const last = minute(samples.at(-1));
  const top = Math.max(1, ...samples.map((sample) => sample.load));
  const lines = [];
  samples.forEach((sample, i) => {
    const point = `${HOUR - (last - minute(sample))},${100 - (95 * sample.load) / top}`;
    if (i > 0 && minute(sample) - minute(samples[i - 1]) === 1) lines.at(-1).push(point);
    else lines.push([`${HOUR - (last - minute(sample)) - 0.5},${100 - (95 * sample.load) / top}`, point]);
  });
  return html`<svg class="chart" viewBox="0 0 ${HOUR} 100" preserveAspectRatio="none" role="img"
    aria-label="${what} in the last hour: now ${samples.at(-1).load}, at most ${Math.max(...samples.map((sample) => sample.load))}">
    ${lines.map((line) => svg`<polyline points=${line.join(' ')}></polyline>`)}</svg>
    <p class="small text-body-secondary">${what} in the last hour; the top is ${top}.</p>`;
}

/** A control of a form with its label. */
export const field = (id, label, control) => html`<div class="col-md-4"><label class="form-label" for=${id}>${label}</label>${control}</div>`;

/** Tabs as links; entries are [name, title]. */
export const tabs = (label, entries, chosen, href) => html`<ul class="nav nav-tabs mb-3" aria-label=${label}>
  ${entries.map(([name, title]) => html`<li class="nav-item"><a class="nav-link ${name === chosen ? 'active' : ''}"
    aria-current=${name === chosen ? 'page' : 'false'} href=${href(name)}>${title}</a></li>`)}</ul>`;

export const button = (label, act, kind = 'outline-primary') => html`<button type="button"
  class="btn btn-sm btn-${kind}" @click=${act}>${label}</button>`;

const notes = [];

function showNotes() {
  const place = document.getElementById('notes');
  if (place === null) return; // nobody is logged in any more
  render(html`${notes.map((note) => html`<div class="alert alert-${note.kind} py-2 mb-2 d-flex justify-content-between" role=${note.kind === 'danger' ? 'alert' : 'status'}>
    <span>${note.text}</span><button type="button" class="btn-close" aria-label="Close" @click=${() => drop(note)}></button></div>`)}`, place);
}

function drop(note) {
  if (notes.includes(note)) notes.splice(notes.indexOf(note), 1);
  showNotes();
}

/** What went wrong on a page is no news on the next. */
export function dropFailures() {
  notes.filter((note) => note.kind === 'danger').forEach(drop);
}

/** Tells something at the head of the page; a success is gone after a while. */
export function say(text, kind = 'success') {
  const note = { text, kind };
  notes.push(note);
  if (notes.length > 4) notes.shift();
  showNotes();
  if (kind === 'success') setTimeout(() => drop(note), 6000);
}

/** Tells of work that was asked for, and where it can be followed. */
export const started = (what, operation) => say(html`${what} is asked for: <a class="alert-link" href="#/operations/${operation.id}">operation ${operation.id}</a>.`);

const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? '' : '.') : '');

/** Why something was not done, and what to do. */
export const told = (failed) => [failed.message, failed.remedy].map(sentence).filter(Boolean).join(' ');

/** Does it, and tells of the failure; what failed before is over then. */
export async function attempt(work) {
  dropFailures();
  try {
    return await work();
  } catch (failed) {
    const fields = Object.entries(failed.errors ?? {}).map(([name, why]) => `${name}: ${why}`).join(' ');
    say([told(failed), fields].filter(Boolean).join(' '), 'danger');
    if (failed instanceof Away) throw failed;
    return undefined;
  }
}

/** Asks before something is destroyed; what is said names what will be. */
export function confirmed(title, text, word) {
  return new Promise((answer) => {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-labelledby', 'confirm-title');
    document.body.append(dialog);
    let sure = false;
    const end = (yes) => {
      sure = yes;
      dialog.close();
    };
    dialog.addEventListener('close', () => {
      dialog.remove();
      answer(sure);
    });
    render(html`<h2 class="h5" id="confirm-title">${title}</h2><div class="mb-3">${text}</div>
      <div class="d-flex gap-2 justify-content-end">
        <button type="button" class="btn btn-outline-secondary" autofocus @click=${() => end(false)}>Cancel</button>
        <button type="button" class="btn btn-danger" @click=${() => end(true)}>${word}</button>
      </div>`, dialog);
    dialog.showModal();
  });
}
