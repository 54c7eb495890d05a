import { get, list } from '../api.js';
import { attempt, button, exact, html, nothing, table } from '../ui.js';

let verification = null;

async function verify(again) {
  verification = await attempt(() => get('/audit/verification'));
  again();
}

function filterBy(submitted) {
  submitted.preventDefault();
  const query = new URLSearchParams([...new FormData(submitted.target)].filter(([, value]) => value));
  location.hash = `#/audit?${query}`;
}

export const audit = {
  load: ({ user, after }) => list('/audit', { user, after, limit: 100 }),

  view: ({ items, next }, again, parameters) => html`<h1 class="h4">Audit log</h1>
    <p>What was asked for, by whom, from where, and what came of it. Each entry is chained to the one before by a hash:
      ${button('Verify', () => verify(again), 'outline-secondary')}</p>
    ${verification ? html`<div class="alert alert-${verification.ok ? 'success' : 'danger'}" role="status">${verification.ok
    ? `All ${verification.entries} entries are as they were written.` : `Entry ${verification.firstBroken}: ${verification.reason}`}</div>` : nothing}
    <form class="row g-2 mb-3 wide" role="search" @submit=${filterBy}>
      <div class="col"><label class="visually-hidden" for="audit-user">User</label>
        <input class="form-control" id="audit-user" name="user" placeholder="User" .value=${parameters.user ?? ''}></div>
      <div class="col-auto"><button class="btn btn-outline-primary">Filter</button></div></form>
    ${table('Audit log', [['Number', (each) => each.id], ['When', (each) => exact(each.time)], ['Who', (each) => each.user], ['From', (each) => each.origin],
    ['What', (each) => html`<span class="mono">${each.action}</span>`], ['Which', (each) => each.details], ['Result', (each) => each.result]], items, 'Nothing was asked for yet.')}
    ${next ? html`<a class="btn btn-outline-primary" href="#/audit?${new URLSearchParams({ ...(parameters.user && { user: parameters.user }), after: next })}">Older</a>` : nothing}`,
};
