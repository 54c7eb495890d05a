import { get, list, may, post } from '../api.js';
import { listAt, narrowed, queryField } from '../query.js';
import { attempt, badge, button, confirmed, exact, html, lasted, linkTo, nothing, progress, table, time } from '../ui.js';

/** How long its steps have taken so far, or in all; nothing while none has begun. */
const took = ({ started, finished }) => (started ? lasted((finished ? Date.parse(finished) : Date.now()) - Date.parse(started)) : '');

const CHOICES = [['', 'all'], ['running', 'at work'], ['failed', 'failed']];

export const operations = {
  load: ({ query, state, after }) => narrowed(() => list('/operations', { query, state, whole: true, after, limit: 100 })),

  view: ({ items, next, refused }, again, { query, state = '' }) => html`<h1 class="h4">Operations</h1>
    ${queryField({ query }, { refused }, (wanted) => listAt('operations', { query: wanted, state }), 'operations', { state })}
    <p>${CHOICES.map(([word, title]) => html`<a class="me-3" aria-current=${word === state ? 'true' : nothing} href=${word ? `#/operations?state=${word}` : '#/operations'}>${title}</a>`)}</p>
    ${table('Operations', [
      ['Number', (each) => html`<a href="#/operations/${each.id}">${each.id}</a>`],
      ['What', (each) => each.kind], ['On', (each) => linkTo(each.subject)],
      ['State', (each) => html`${badge(each.state)} ${each.finished ? each.reason : each.doing}`],
      ['Progress', (each) => (each.finished ? nothing : progress(each.progress, `Progress of operation ${each.id}`))],
      ['Asked for', (each) => time(each.created)],
      ['Took', took, undefined, true],
    ], items, query ? 'No operation fits that query.' : state ? 'No operation is in that state.' : 'Nothing was asked for yet.')}
    ${next ? html`<a class="btn btn-outline-primary" href=${listAt('operations', { query, state, after: next })}>Older</a>` : nothing}`,
};

/** Asks first. */
export async function cancel(item, again) {
  if (!await confirmed(`Cancel operation ${item.id}?`, `What ${item.kind} on ${item.subject} has done so far is undone.`, 'Cancel it')) return;
  await attempt(() => post(`/operations/${item.id}/actions`, { action: 'cancel' }));
  again();
}

const STATES = ['queued', 'running', 'done', 'refused', 'failed', 'cancelled'];
const PARTS = 100;

/** An operation on many tells of each; those of others have no parts. */
const parts = ({ id }, { items, next }, { state = '', after = '' }) => (items.length === 0 && !state && !after ? nothing : html`
  <h2 class="h5">What became of each</h2>
  <ul class="nav nav-pills mb-2" aria-label="Of these">${['', ...STATES].map((each) => html`<li class="nav-item"><a class="nav-link py-1 ${each === state ? 'active' : ''}"
    aria-current=${each === state ? 'true' : 'false'} href="#/operations/${id}${each ? `?state=${each}` : ''}">${each || 'all'}</a></li>`)}</ul>
  ${table('Parts', [['Name', (part) => linkTo(part.subject, part.name)], ['State', (part) => badge(part.state)], ['Why', (part) => part.reason],
    ['Operation', (part) => (part.operation ? html`<a href="#/operations/${part.operation}">${part.operation}</a>` : '')]], items, 'None of them.')}
  ${next ? html`<a class="btn btn-outline-primary mb-3" href="#/operations/${id}?${new URLSearchParams({ ...(state && { state }), after: next })}">More</a>` : nothing}`);

export const operation = {
  async load({ id, state, after }) {
    const path = `/operations/${encodeURIComponent(id)}`;
    const [item, some] = await Promise.all([get(path), list(`${path}/parts`, { state, after, limit: PARTS })]);
    return { item, some };
  },

  view: ({ item, some }, again, parameters) => html`<h1 class="h4">Operation ${item.id}: ${item.kind} ${badge(item.state)}</h1>
    <p>On ${linkTo(item.subject)}, asked for ${time(item.created)}${item.started ? `, ${item.finished ? 'took' : 'at work for'} ${took(item)}` : ''}${item.partOf ? html`, as a part of <a href="#/operations/${item.partOf}">operation ${item.partOf}</a>` : nothing}.
      ${item.reason || (item.doing ? `${item.doing}.` : '')}</p>
    ${item.finished ? nothing : progress(item.progress, 'Progress')}
    ${!item.finished && may('operator') ? html`<p>${button('Cancel', () => cancel(item, again), 'outline-danger')}</p>` : nothing}
    <ol class="list-group list-group-numbered my-3 narrow">${item.steps.map((step) => html`
      <li class="list-group-item">${step.name} ${badge(step.state)}</li>`)}</ol>
    ${parts(item, some, parameters)}
    <h2 class="h5">Log</h2>
    <pre class="log border rounded p-2" tabindex="0" role="region" aria-label="Log">${(item.log ?? []).map((line) => html`${exact(line.time)}  ${line.text}\n`)}</pre>`,
};
