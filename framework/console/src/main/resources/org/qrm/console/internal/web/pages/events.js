import { list, may, post } from '../api.js';
import { attempt, badge, button, html, nothing, said, table, time } from '../ui.js';

async function acknowledge(event, again) {
  await attempt(() => post(`/events/${event.id}/actions`, { action: 'acknowledge' }));
  again();
}

export const events = {
  load: ({ atLeast, type, open, after }) => list('/events', { atLeast, type, after, limit: 100, ...(open && { atLeast: 'warning', acknowledged: false, resolved: false }) }),

  view: ({ items, next }, again, parameters) => html`<h1 class="h4">Events</h1>
    <p><a class="me-3" href="#/events">all</a><a class="me-3" href="#/events?atLeast=warning">warnings and worse</a><a href="#/events?open=true">what nobody has seen</a></p>
    ${parameters.type ? html`<p>Those of the type <code>${parameters.type}</code>${parameters.open ? ' that are not over and that nobody has seen' : ''}.</p>` : nothing}
    ${table('Events', [
      ['When', (event) => time(event.time)], ['Priority', (event) => badge(event.priority)], ['Type', (event) => event.type],
      ['On', (event) => (event.resource ? html`<a href="#/resources/${event.resource}">${event.subject}</a>` : event.subject)],
      ['What', (event) => said(event.description)],
      ['Seen', (event) => (event.resolved ? 'over' : event.acknowledged ? 'seen' : event.priority !== 'info' && may('operator') ? button('acknowledge', () => acknowledge(event, again)) : nothing)],
    ], items, parameters.open ? 'Nothing is wrong that nobody has seen.' : parameters.type || parameters.atLeast ? 'No event is like that.' : 'Nothing has happened yet.')}
    ${next ? html`<a class="btn btn-outline-primary" href="#/events?${new URLSearchParams(Object.entries({ atLeast: parameters.atLeast, type: parameters.type, open: parameters.open, after: next }).filter(([, value]) => value))}">Older</a>` : nothing}`,
};
