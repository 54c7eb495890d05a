import { list, may, post } from '../api.js';
import { attempt, badge, button, html, nothing, table, time } from '../ui.js';

async function acknowledge(event, again) {
  await attempt(() => post(`/events/${event.id}/actions`, { action: 'acknowledge' }));
  again();
}

export const events = {
  load: ({ atLeast, after }) => list('/events', { atLeast, after, limit: 100 }),

  view: ({ items, next }, again, parameters) => html`<h1 class="h4">Events</h1>
    <p><a class="me-3" href="#/events">all</a><a href="#/events?atLeast=warning">warnings and worse</a></p>
    ${table('Events', [
      ['When', (event) => time(event.time)], ['Priority', (event) => badge(event.priority)], ['Type', (event) => event.type],
      ['On', (event) => (event.resource ? html`<a href="#/resources/${event.resource}">${event.subject}</a>` : event.subject)],
      ['What', (event) => event.description],
      ['Seen', (event) => (event.resolved ? 'over' : event.acknowledged ? 'seen' : event.priority !== 'info' && may('operator') ? button('acknowledge', () => acknowledge(event, again)) : nothing)],
    ], items, 'Nothing has happened yet.')}
    ${next ? html`<a class="btn btn-outline-primary" href="#/events?${new URLSearchParams({ ...(parameters.atLeast && { atLeast: parameters.atLeast }), after: next })}">Older</a>` : nothing}`,
};
