// The page: what the plug-in has remarked. It asks REST, with the rights of whoever has logged in.
import { list } from '/console/api.js';
import { badge, html, render as draw, table, time } from '/console/ui.js';

// this file is served as /console/plugins/<the plug-in's id>/page.js
const plugin = new URL(import.meta.url).pathname.split('/').at(-2);

// called again whenever something has changed
export async function render(element) {
  const { items } = await list('/events', { source: plugin, limit: 100 });
  draw(html`<h1 class="h4">Machines with more memory than was asked for</h1>
    ${table('Remarks', [
      ['When', (event) => time(event.time)],
      ['Priority', (event) => badge(event.priority)],
      ['What', (event) => html`<a href="#/resources/${event.resource}">${event.description}</a>`],
    ], items, 'There is nothing to remark.')}`, element);
}
