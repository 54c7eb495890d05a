import { get, list, may, post } from '../api.js';
import { listAt, narrowed, queryField } from '../query.js';
import { attempt, badge, button, confirmed, exact, html, lasted, linkTo, nothing, progress, table, time } from '../ui.js';

/** How long its steps have taken so far, or in all; nothing while none has begun. */
const took = ({ started, finished }) => (started ? lasted((finished ? Date.parse(finished) : Date.now()) - Date.parse(started)) : '');

const CHOICES = [['', 'all'], ['running', 'at work'], ['failed', 'failed']];

export const operations = {
  load: ({ query, state, after }) => narrowed(() => list('/operations', { query, state, after, limit: 100 })),

  view: ({ items, next, refused }, again, { query, state = '' }) => html`<h1 class="h4">Operations</h1>
    ${queryField({ query }, { refused }, (wanted) => listAt('operations', { query: wanted, state }))}
    <p>${CHOICES.map(([word, title]) => html`<a class="me-3" aria-current=${word === state ? 'true' : nothing} href=${word ? `#/operations?state=${word}` : '#/operations'}>${title}</a>`)}</p>
    ${table('Operations', [
      ['Number', (each) => html`<a href="#/operations/${each.id}">${each.id}</a>`],
      ['What', (each) => each.kind], ['On', (each) => linkTo(each.subject)],
      ['State', (each) => html`${badge(each.state)} ${each.reason}`],
      ['Progress', (each) => (each.finished ? nothing : progress(each.progress, `Progress of operation ${each.id}`))],
      ['Asked for', (each) => time(each.created)],
      ['Took', (each) => html`<div class="figure">${took(each)}</div>`],
    ], items, query ? 'No operation fits that query.' : state ? 'No operation is in that state.' : 'Nothing was asked for yet.')}
    ${next ? html`<a class="btn btn-outline-primary" href=${listAt('operations', { query, state, after: next })}>Older</a>` : nothing}`,
};

/** Asks first. */
export async function cancel(item, again) {
  if (!await confirmed(`Cancel operation ${item.id}?`, `What ${item.kind} on ${item.subject} has done so far is undone.`, 'Cancel it')) return;
  await attempt(() => post(`/operations/${item.id}/actions`, { action: 'cancel' }));
  again();
}

export const operation = {
  load: ({ id }) => get(`/operations/${encodeURIComponent(id)}`),

  view: (item, again) => html`<h1 class="h4">Operation ${item.id}: ${item.kind} ${badge(item.state)}</h1>
    <p>On ${linkTo(item.subject)}, asked for ${time(item.created)}${item.started ? `, ${item.finished ? 'took' : 'at work for'} ${took(item)}` : ''}. ${item.reason}</p>
    ${item.finished ? nothing : progress(item.progress, 'Progress')}
    ${!item.finished && may('operator') ? html`<p>${button('Cancel', () => cancel(item, again), 'outline-danger')}</p>` : nothing}
    <ol class="list-group list-group-numbered my-3 narrow">${item.steps.map((step) => html`
      <li class="list-group-item">${step.name} ${badge(step.state)}</li>`)}</ol>
    <h2 class="h5">Log</h2>
    <pre class="log border rounded p-2" tabindex="0" role="region" aria-label="Log">${(item.log ?? []).map((line) => html`${exact(line.time)}  ${line.text}\n`)}</pre>`,
};
