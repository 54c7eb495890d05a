import { list, may, post } from '../api.js';
import { listAt, narrowed, queryField } from '../query.js';
import { attempt, badge, button, html, nothing, said, table, time } from '../ui.js';

async function acknowledge(event, again) {
  await attempt(() => post(`/events/${event.id}/actions`, { action: 'acknowledge' }));
  again();
}

/** The address of the list with something about it changed. */
const addressOf = (change, { query, atLeast, type, open }) => listAt('events', { query, atLeast, type, open, ...change });

/** What narrows the list beside its query, as a query has it. */
const termsOf = ({ atLeast, type, open }) => ({ 'at-least': open ? 'warning' : atLeast, type, ...(open && { acknowledged: 'false', resolved: 'false' }) });

export const events = {
  load: ({ query, atLeast, type, open, after }) => narrowed(() => list('/events', { query, atLeast, type, after, limit: 100, ...(open && { atLeast: 'warning', acknowledged: false, resolved: false }) })),

  view: ({ items, next, refused }, again, parameters) => html`<h1 class="h4">Events</h1>
    ${queryField(parameters, { refused }, (query) => addressOf({ query }, parameters), 'events', termsOf(parameters))}
    <p><a class="me-3" href="#/events">all</a><a class="me-3" href="#/events?atLeast=warning">warnings and worse</a><a href="#/events?open=true">what nobody has seen</a></p>
    ${parameters.type ? html`<p>Those of the type <code>${parameters.type}</code>${parameters.open ? ' that are not over and that nobody has seen' : ''}.</p>` : nothing}
    ${table('Events', [
      ['When', (event) => time(event.time)], ['Priority', (event) => badge(event.priority)], ['Type', (event) => event.type],
      ['On', (event) => (event.resource ? html`<a href="#/resources/${event.resource}">${event.subject}</a>` : event.subject)],
      ['What', (event) => said(event.description)],
      ['Seen', (event) => (event.resolved ? 'over' : event.acknowledged ? 'seen' : event.priority !== 'info' && may('operator') ? button('acknowledge', () => acknowledge(event, again)) : nothing)],
    ], items, parameters.query ? 'No event fits that query.' : parameters.open ? 'Nothing is wrong that nobody has seen.' : parameters.type || parameters.atLeast ? 'No event is like that.' : 'Nothing has happened yet.')}
    ${next ? html`<a class="btn btn-outline-primary" href=${addressOf({ after: next }, parameters)}>Older</a>` : nothing}`,
};
