// The tab of a host of partitions, whichever plug-in makes them: what still fits, and its partitions.
import { get, may, patch, post } from './api.js';
import { attempt, badge, bar, button, confirmed, field, html, inCpus, nothing, render, started, table, told } from './ui.js';

/** What the module of a plug-in's tab exports: { applies, render }. */
export const partitionsTab = (plugin) => ({ applies: (resource) => isHostOf(plugin, resource), render: show });

const isHostOf = async (plugin, resource) => resource.kind === 'node' && Boolean(resource.environmentId)
  && (await get(`/virtual-environments/${encodeURIComponent(resource.environmentId)}`)).partitioning === plugin;

const wanted = { count: 1, cpus: 1, cpuMhz: 0, memoryMb: 256 };
let changed = null;

async function show(element, { subject, again }) {
  const path = `/resources/${subject.id}`;
  const [capacity, list] = await Promise.all([get(`${path}/capacity`).catch((problem) => ({ problem })), get(`${path}/partitions?limit=1000`)]);
  const draw = () => render(page(subject, capacity, list.items, again, draw), element);
  draw();
}

const page = (host, capacity, partitions, again, draw) => html`
  ${capacity.problem
    ? html`<div class="alert alert-warning">${told(capacity.problem)}</div>`
    : figures(capacity)}
  <h2 class="h5">Partitions</h2>
  ${table('Partitions', [
    ['Name', (each) => html`<a href="#/resources/${each.id}">${each.name}</a>`],
    ['State', (each) => html`${badge(each.state)} ${each.reason}`],
    ['MAC', (each) => html`<span class="mono">${each.mac}</span>`],
    ['CPUs', (each) => `${each.cpus}${each.cpuMhz ? ` × ${each.cpuMhz} MHz` : ''}${each.pinnedCpus ? ` on ${each.pinnedCpus}` : ''}`],
    ['Memory', (each) => `${each.memoryMb} MiB`],
    ['Actions', (each) => (may('operator') ? actions(each, again, draw) : nothing)],
  ], partitions, 'There are no partitions on this host yet. Ask for some below: each boots from the network and waits in the pool, like any machine.')}
  ${changed && partitions.some((each) => each.id === changed.id) ? changeForm(again, draw) : nothing}
  ${may('operator') && !capacity.problem ? createForm(host, capacity, again, draw) : nothing}`;

const figures = (capacity) => {
  const used = capacity.memoryMb - capacity.memoryReservedMb - capacity.memoryFreeMb;
  return html`<h2 class="h5">What there is</h2>
    <p>${inCpus(capacity.cpus)} of ${capacity.cpuMhz} MHz. Of ${capacity.memoryMb} MiB of memory the host itself has ${capacity.memoryReservedMb} MiB,
      partitions have ${used} MiB, <strong>${capacity.memoryFreeMb} MiB are free</strong>; each partition takes ${capacity.overheadMb} MiB besides its own.</p>
    ${bar(capacity.memoryMb, `${capacity.memoryFreeMb} of ${capacity.memoryMb} MiB are free`,
      ['host', capacity.memoryReservedMb, `the host: ${capacity.memoryReservedMb} MiB`], ['used', used, `partitions: ${used} MiB`])}`;
};

/** Why it does not fit, or nothing. */
function obstacle({ count, cpus, cpuMhz, memoryMb }, capacity) {
  const each = memoryMb + capacity.overheadMb;
  if (count * each > capacity.memoryFreeMb) {
    return `${count} × (${memoryMb} + ${capacity.overheadMb}) MiB are ${count * each} MiB, and ${capacity.memoryFreeMb} MiB are free: ${Math.max(0, Math.floor(capacity.memoryFreeMb / each))} of that size would fit.`;
  }
  if (cpus > capacity.cpus) return `The host has ${inCpus(capacity.cpus)}.`;
  if (cpuMhz > capacity.cpuMhz) return `The host's CPUs have ${capacity.cpuMhz} MHz.`;
  return null;
}

const number = (id, label, value, set, draw, smallest = 1) => field(id, label, html`<input class="form-control" type="number" required
  id=${id} min=${smallest} .value=${String(value)} @input=${(event) => { set(Number(event.target.value)); draw(); }}>`);

function createForm(host, capacity, again, draw) {
  const why = obstacle(wanted, capacity);
  const left = capacity.memoryFreeMb - wanted.count * (wanted.memoryMb + capacity.overheadMb);
  return html`<h2 class="h5 mt-4">New partitions</h2>
    <form id="new-partitions" class="row g-3 wide" @submit=${(event) => create(event, host, again)}>
      ${number('count', 'How many', wanted.count, (value) => { wanted.count = value; }, draw)}
      ${number('memoryMb', 'MiB of memory, each', wanted.memoryMb, (value) => { wanted.memoryMb = value; }, draw, 64)}
      ${number('cpus', 'CPUs, each', wanted.cpus, (value) => { wanted.cpus = value; }, draw)}
      ${number('cpuMhz', 'MHz of each CPU, 0 for all', wanted.cpuMhz, (value) => { wanted.cpuMhz = value; }, draw, 0)}
      <div class="col-12" id="fits" aria-live="polite">${why ? html`<span class="text-danger-emphasis">It does not fit: ${why}</span>`
    : `It fits: ${left} MiB stay free.`}</div>
      <div class="col-12"><button class="btn btn-primary" ?disabled=${why !== null}>Create</button></div></form>`;
}

async function create(submitted, host, again) {
  submitted.preventDefault();
  const operation = await attempt(() => post(`/resources/${host.id}/partitions`, { ...wanted }));
  if (operation) started(`Creating ${wanted.count} partition(s)`, operation);
  again();
}

const ACTIONS = {
  defined: ['start', 'remove'],
  running: ['stop', 'restart', 'pause', 'remove'],
  paused: ['resume', 'stop', 'remove'],
  stopped: ['start', 'remove'],
  error: ['start', 'stop', 'remove'],
};

const RISKS = {
  stop: 'It shuts down; what runs on it ends.',
  restart: 'It shuts down and boots again; what runs on it is interrupted.',
  remove: 'It is switched off and forgotten, with its MAC address; what runs on it ends.',
};

const actions = (each, again, draw) => html`<div class="d-flex flex-wrap gap-1">
  ${(ACTIONS[each.state] ?? []).map((action) => button(action, () => act(each, action, again), RISKS[action] ? 'outline-danger' : 'outline-primary'))}
  ${ACTIONS[each.state] ? button('change…', () => { changed = { ...each }; draw(); }) : nothing}</div>`;

async function act(each, action, again) {
  if (RISKS[action] && !await confirmed(`${action} ${each.name}?`, `${each.name} (${each.mac}, ${each.memoryMb} MiB) is ${each.state}. ${RISKS[action]}`, action)) return;
  const operation = await attempt(() => post(`/partitions/${each.id}/actions`, { action }));
  if (operation) started(`${action} ${each.name}`, operation);
  again();
}

const changeForm = (again, draw) => html`<h2 class="h5 mt-4">Change ${changed.name}</h2>
  <form id="change-partition" class="row g-3 wide" @submit=${(event) => change(event, again)}>
    ${number('change-memory', 'MiB of memory', changed.memoryMb, (value) => { changed.memoryMb = value; }, draw, 64)}
    ${number('change-cpus', 'CPUs', changed.cpus, (value) => { changed.cpus = value; }, draw)}
    ${number('change-mhz', 'MHz of each CPU, 0 for all', changed.cpuMhz, (value) => { changed.cpuMhz = value; }, draw, 0)}
    ${field('pinned', 'Only on these CPUs of the host, 0-1,3', html`<input class="form-control" id="pinned" .value=${changed.pinnedCpus}
      @input=${(event) => { changed.pinnedCpus = event.target.value; }}>`)}
    <div class="col-12 d-flex gap-2"><button class="btn btn-primary">Change</button>
      ${button('Leave it', () => { changed = null; draw(); }, 'outline-secondary')}</div></form>`;

async function change(submitted, again) {
  submitted.preventDefault();
  const { id, name, memoryMb, cpus, cpuMhz, pinnedCpus } = changed;
  const operation = await attempt(() => patch(`/partitions/${id}`, { memoryMb, cpus, cpuMhz, pinnedCpus }));
  if (operation) {
    started(`Changing ${name}`, operation);
    changed = null;
  }
  again();
}
