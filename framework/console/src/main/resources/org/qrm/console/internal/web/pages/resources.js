import { get, list, may, post } from '../api.js';
import { attempt, badge, button, confirmed, html, nothing, say, table, time } from '../ui.js';

const STATES = ['new', 'idle', 'assigned', 'booting', 'active', 'releasing', 'off', 'error', 'maintenance'];
const PAGE = 100;

function filterBy(change, parameters) {
  const query = new URLSearchParams();
  Object.entries({ ...parameters, after: undefined, id: undefined, ...change })
    .filter(([, value]) => value).forEach(([name, value]) => query.set(name, value));
  location.hash = `#/resources?${query}`;
}

export const resources = {
  load: ({ state, kind, text, after }) => list('/resources', { state, kind, text, after, limit: PAGE }),

  view: ({ items, next }, again, parameters) => html`<h1 class="h4">Resources</h1>
    <form class="row g-2 mb-3 wide" @submit=${(event) => event.preventDefault()}>
      <div class="col"><label class="visually-hidden" for="text">Name, MAC address</label>
        <input id="text" type="search" class="form-control" placeholder="Name, MAC address" .value=${parameters.text ?? ''}
          @change=${(event) => filterBy({ text: event.target.value }, parameters)}></div>
      <div class="col-auto"><label class="visually-hidden" for="state">State</label>
        <select id="state" class="form-select" @change=${(event) => filterBy({ state: event.target.value }, parameters)}>
          <option value="">any state</option>
          ${STATES.map((each) => html`<option value=${each} ?selected=${each === parameters.state}>${each}</option>`)}
        </select></div>
    </form>
    ${table('Resources', [
      ['Name', (each) => html`<a href="#/resources/${each.id}">${each.name}</a>`],
      ['State', (each) => html`${badge(each.state)} ${each.reason}`],
      ['Kind', (each) => each.kind],
      ['MAC', (each) => html`<span class="mono">${each.mac}</span>`],
      ['CPUs', (each) => `${each.cpus} × ${each.cpuMhz} MHz`],
      ['Memory', (each) => `${each.memoryMb} MiB`],
      ['Runs', (each) => (each.environmentId ? html`<a href="#/environments/${each.environmentId}">${each.environmentId}</a>` : '')],
    ], items, parameters.state || parameters.text
      ? 'No resource fits that filter.'
      : 'There are no machines yet. Let one boot from the network of this server: it registers by itself.')}
    ${next ? html`<a class="btn btn-outline-primary" href="#/resources?${new URLSearchParams({ ...(parameters.state && { state: parameters.state }), after: next })}">Next ${PAGE}</a>` : nothing}`,
};

const ACTIONS = ['reboot', 'power-on', 'power-off', 'maintenance', 'resume', 'remove'];

async function act(item, action, again) {
  const sure = !['power-off', 'remove', 'reboot'].includes(action) || await confirmed(
    `${action} ${item.name}?`,
    `${item.name} (${item.mac}) is ${item.state}${item.environmentId ? ` and runs ${item.environmentId}, which is interrupted` : ''}.`
      + (action === 'remove' ? ' It is forgotten, with its history; when it boots again it is a new machine.' : ''),
    action);
  if (!sure) return;
  const operation = await attempt(() => post(`/resources/${item.id}/actions`, { action }));
  if (operation) say(`${action}: operation ${operation.id} is ${operation.state}.`);
  again();
}

export const resource = {
  async load({ id }) {
    const item = await get(`/resources/${encodeURIComponent(id)}`);
    const [events, partitions] = await Promise.all([
      list('/events', { resource: item.id, limit: 20 }),
      item.kind === 'node' ? get(`/resources/${item.id}/partitions`) : { items: [] },
    ]);
    return { item, events: events.items, partitions: partitions.items };
  },

  view: ({ item, events, partitions }, again) => html`
    <h1 class="h4">${item.name} ${badge(item.state)}</h1>
    ${item.reason ? html`<p>${item.reason}</p>` : nothing}
    ${may('operator') ? html`<div class="d-flex flex-wrap gap-2 mb-3" role="group" aria-label="Actions">
      ${ACTIONS.map((action) => button(action, () => act(item, action, again), action === 'remove' ? 'outline-danger' : 'outline-primary'))}</div>` : nothing}
    <dl class="row wide">
      ${[['MAC address', item.mac], ['Address', item.address], ['Kind', item.kind], ['CPUs', `${item.cpus} × ${item.cpuMhz} MHz`],
        ['Memory', `${item.memoryMb} MiB`], ['Load', item.load], ['Last seen', time(item.lastSeen)],
        ['Runs', item.environmentId ?? 'nothing'],
        ...Object.entries(item.details ?? {})].map(([name, value]) => html`<dt class="col-4">${name}</dt><dd class="col-8">${value}</dd>`)}
    </dl>
    <h2 class="h5">Network cards</h2>
    ${table('Network cards', [['Card', (card) => card.name], ['MAC', (card) => html`<span class="mono">${card.mac}</span>`],
      ['Driver', (card) => card.driver], ['Mbit/s', (card) => card.speedMbit || '']], item.nics, 'None is known.')}
    ${partitions.length ? html`<h2 class="h5 mt-3">Partitions</h2>
      ${table('Partitions', [['Name', (each) => each.name], ['State', (each) => badge(each.state)],
        ['CPUs', (each) => each.cpus], ['Memory', (each) => `${each.memoryMb} MiB`]], partitions, '')}` : nothing}
    <h2 class="h5 mt-3">Events</h2>
    ${table('Events', [['When', (event) => time(event.time)], ['', (event) => badge(event.priority)],
      ['What', (event) => event.description]], events, 'None yet.')}`,
};
