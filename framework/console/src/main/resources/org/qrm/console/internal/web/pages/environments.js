import { get, list, may, post, remove } from '../api.js';
import { fill, keyOf, partsFor } from '../parts.js';
import { attempt, badge, button, confirmed, field, html, nothing, say, table, tabs } from '../ui.js';

export const environments = {
  async load() {
    const [all, filesystems, boots, plugins] = await Promise.all([
      list('/virtual-environments', { limit: 1000 }), list('/filesystem-images', { limit: 1000 }), list('/boot-images', { limit: 1000 }), list('/plugins'),
    ]);
    return {
      items: all.items, filesystems: filesystems.items, boots: boots.items,
      plugins: plugins.items.filter((each) => each.state === 'active').map((each) => each.id),
    };
  },

  view: ({ items, filesystems, boots, plugins }, again) => html`<h1 class="h4">Virtual environments</h1>
    ${table('Virtual environments', [
      ['Name', (each) => html`<a href="#/environments/${each.name}">${each.name}</a>`],
      ['State', (each) => html`${badge(each.state)} ${each.reason}`],
      ['Boot image', (each) => each.bootImage],
      ['Filesystem image', (each) => each.filesystemImage],
      ['Runs on', (each) => each.runsOn],
      ['Resources', (each) => each.resources.map((id) => html`<a class="me-1" href="#/resources/${id}">${id}</a>`)],
      ['', (each) => (may('operator') ? actions(each, again) : nothing)],
    ], items, filesystems.length ? 'There is none yet: describe one below.' : 'A virtual environment needs a filesystem image: make one first.')}
    ${may('admin') && filesystems.length ? html`<h2 class="h5 mt-4">New</h2>${form(filesystems, boots, plugins, again)}` : nothing}`,
};

const actions = (each, again) => html`<div class="d-flex gap-1">
  ${each.state === 'inactive' ? button('start', () => act(each.name, 'start', again)) : button('stop', () => stop(each, again), 'outline-danger')}
</div>`;

async function act(name, action, again) {
  const operation = await attempt(() => post(`/virtual-environments/${encodeURIComponent(name)}/actions`, { action }));
  if (operation) say(`${action} ${name}: operation ${operation.id} is ${operation.state}.`);
  again();
}

async function stop(each, again) {
  const text = `${each.name} runs on ${each.resources.length} machine(s), which shut it down and become idle.`;
  if (await confirmed(`Stop ${each.name}?`, text, 'Stop')) await act(each.name, 'stop', again);
}

const form = (filesystems, boots, plugins, again) => html`<form id="new-environment" class="row g-3 wide" @submit=${(event) => create(event, again)}>
  ${field('name', 'Name', html`<input class="form-control" id="name" name="name" required maxlength="63" pattern="[A-Za-z0-9][A-Za-z0-9._\\-]*">`)}
  ${field('filesystemImage', 'Filesystem image', html`<select class="form-select" id="filesystemImage" name="filesystemImage">
    ${filesystems.map((each) => html`<option>${each.name}</option>`)}</select>`)}
  ${field('bootImage', 'Boot image', html`<select class="form-select" id="bootImage" name="bootImage">
    ${boots.map((each) => html`<option ?selected=${each.name === 'default'}>${each.name}</option>`)}</select>`)}
  ${field('mode', 'Mode', html`<select class="form-select" id="mode" name="mode">
    <option value="single">single: one machine writes it</option><option value="multi">multi: shared, a layer each</option></select>`)}
  ${field('runsOn', 'Runs on', html`<select class="form-select" id="runsOn" name="runsOn"><option value="node">a machine</option>
    ${plugins.map((each) => html`<option value="partition:${each}">a partition of ${each}</option>`)}</select>`)}
  ${field('partitioning', 'Makes its machine a host of', html`<select class="form-select" id="partitioning" name="partitioning"><option value="">no partitions</option>
    ${plugins.map((each) => html`<option value=${each}>partitions of ${each}</option>`)}</select>`)}
  ${field('cpus', 'CPUs, at least', html`<input class="form-control" id="cpus" name="cpus" type="number" min="0" value="0">`)}
  ${field('memoryMb', 'MiB of memory, at least', html`<input class="form-control" id="memoryMb" name="memoryMb" type="number" min="0" value="0">`)}
  <div class="col-12"><button class="btn btn-primary">Create</button></div></form>`;

async function create(submitted, again) {
  submitted.preventDefault();
  const values = Object.fromEntries(new FormData(submitted.target));
  const made = await attempt(() => post('/virtual-environments', {
    name: values.name, filesystemImage: values.filesystemImage, bootImage: values.bootImage, mode: values.mode, runsOn: values.runsOn,
    partitioning: values.partitioning || null,
    requirements: { cpus: Number(values.cpus), memoryMb: Number(values.memoryMb) },
  }));
  if (made) {
    say(`Virtual environment ${made.name} is created.`);
    submitted.target.reset();
  }
  again();
}

const plans = new Map();

async function plan(name, again) {
  const placement = await attempt(() => post(`/virtual-environments/${encodeURIComponent(name)}/actions`, { action: 'start', dryRun: true }));
  if (placement) plans.set(name, placement);
  again();
}

async function destroy(name, again) {
  if (!await confirmed(`Delete ${name}?`, `The description of ${name} is deleted. Its filesystem image stays.`, 'Delete')) return;
  await attempt(async () => {
    await remove(`/virtual-environments/${encodeURIComponent(name)}`);
    say(`Virtual environment ${name} is deleted.`);
    location.hash = '#/environments';
  });
  again();
}

export const environment = {
  async load({ id, tab }, again) {
    const item = await get(`/virtual-environments/${encodeURIComponent(id)}`);
    const parts = await partsFor('environment-tab', item);
    const part = parts.find((each) => keyOf(each) === tab);
    return { item, parts, element: part ? await fill(part, item, again) : null };
  },

  view: ({ item, parts, element }, again, { tab = 'status' }) => html`<h1 class="h4">${item.name} ${badge(item.state)}</h1>
    ${item.reason ? html`<p>${item.reason}</p>` : nothing}
    ${parts.length ? tabs('About this environment', [['status', 'Status'], ...parts.map((part) => [keyOf(part), part.title])], tab,
    (name) => `#/environments/${encodeURIComponent(item.name)}?tab=${encodeURIComponent(name)}`) : nothing}
    ${element ?? status(item, again)}`,
};

const status = (item, again) => html`
    <div class="d-flex gap-2 mb-3">
      ${may('operator') ? actions(item, again) : nothing}
      ${may('operator') && item.state === 'inactive' ? button('Where would it go?', () => plan(item.name, again), 'outline-secondary') : nothing}
      ${may('admin') && item.state === 'inactive' ? button('Delete', () => destroy(item.name, again), 'outline-danger') : nothing}
    </div>
    <dl class="row wide">
      ${[['Boot image', item.bootImage], ['Filesystem image', item.filesystemImage], ['Mode', item.mode], ['Runs on', item.runsOn],
        ['Partitioning', item.partitioning ?? 'none'], ['At least', `${item.requirements.cpus} CPUs, ${item.requirements.cpuMhz} MHz, ${item.requirements.memoryMb} MiB, ${item.requirements.nics} network cards`],
        ['Description', item.description]].map(([name, value]) => html`<dt class="col-4">${name}</dt><dd class="col-8">${value}</dd>`)}
      <dt class="col-4">Resources</dt><dd class="col-8">${item.resources.length ? item.resources.map((id) => html`<a class="me-2" href="#/resources/${id}">${id}</a>`) : 'none'}</dd>
    </dl>
    ${plans.has(item.name) ? html`<h2 class="h5">Where it would go</h2>
      ${table('Machines that were looked at', [
        ['Machine', (each) => html`<a href="#/resources/${each.resource}">${each.name}</a>`],
        ['', (each) => (plans.get(item.name).chosen.includes(each.resource) ? html`<span class="badge text-bg-success">chosen</span>` : '')],
        ['Why not', (each) => (each.fits ? 'it fits' : each.reasons.join(', '))],
      ], plans.get(item.name).candidates.slice(0, 50), 'There are no machines.')}` : nothing}`;
