import { get, list, may, post, put, read, remove } from '../api.js';
import { ask, NAME } from '../form.js';
import { grid, page, total } from '../grid.js';
import { fill, keyOf, partsFor } from '../parts.js';
import { noteCard, OWNER_FILTER, ownerColumn } from '../remark.js';
import { headOf, story, storyOf } from '../story.js';
import { attempt, badge, button, confirmed, html, inCpus, nothing, say, started, table, tabs } from '../ui.js';

const pathOf = (name) => `/virtual-environments/${encodeURIComponent(name)}`;

const subjectOf = ({ name }) => `virtual-environment/${name}`;

const STATES = ['inactive', 'starting', 'active', 'stopping', 'error'];

/** Of those that are shown, by their names. */
let spares = new Map();

const LIST = {
  name: 'environments', title: 'Virtual environments', path: '/virtual-environments', one: 'virtual environment', many: 'virtual environments', key: 'name',
  columns: [
    { name: 'name', title: 'Name', cell: (each) => html`<a href="#/environments/${each.name}">${each.name}</a>`, text: (each) => each.name, sort: 'name', fixed: true },
    { name: 'state', title: 'State', cell: (each) => html`${badge(each.state)} ${each.reason}`, text: (each) => each.state, sort: 'state', usual: true },
    { name: 'mode', title: 'Mode', cell: (each) => each.mode, text: (each) => each.mode, sort: 'mode' },
    { name: 'bootImage', title: 'Boot image', cell: (each) => each.bootImage, text: (each) => each.bootImage, sort: 'bootImage', usual: true },
    { name: 'filesystemImage', title: 'Filesystem image', cell: (each) => each.filesystemImage, text: (each) => each.filesystemImage, sort: 'filesystemImage', usual: true },
    { name: 'runsOn', title: 'Runs on', cell: (each) => each.runsOn, text: (each) => each.runsOn, sort: 'runsOn', usual: true },
    { name: 'partitioning', title: 'Partitioning', cell: (each) => each.partitioning, text: (each) => each.partitioning },
    { name: 'resources', title: 'Resources', cell: (each) => each.resources.map((id) => html`<a class="me-1" href="#/resources/${id}">${id}</a>`), text: (each) => each.resources.join(' '), usual: true },
    { name: 'heal', title: 'Healing', cell: (each) => each.heal, text: (each) => each.heal },
    { name: 'spare', title: 'Spare machine', cell: (each) => spareOf(spares.get(each.name)), text: (each) => spares.get(each.name)?.machine, usual: true },
    ownerColumn('environments'),
    { name: 'description', title: 'Description', cell: (each) => each.description, text: (each) => each.description },
  ],
  filters: [{ name: 'text', label: 'Name, description' }, OWNER_FILTER, { name: 'state', label: 'State', choices: STATES.map((each) => [each, each]) }],
  groups: { path: '/virtual-environment-groups', by: [['state', 'State'], ['filesystem-image', 'Filesystem image'], ['boot-image', 'Boot image'], ['runs-on', 'Runs on'], ['heal', 'Healing']], tags: false },
  act: { path: '/virtual-environment-actions', named: 'names' },
  actions: [
    { word: 'start', title: 'Start' },
    { word: 'restart', title: 'Restart', danger: true },
    { word: 'stop', title: 'Stop', danger: true, values: { force: false }, body: ({ force }) => (force ? { force } : {}),
      fields: [{ name: 'force', label: 'By force: without asking the images to shut down, and although partitions are in use', type: 'check', wide: true }] },
  ],
};

export const environments = {
  async load(parameters) {
    const [found, all, filesystems, told] = await Promise.all([page(LIST, parameters), total(LIST, parameters, 'environments'), list('/filesystem-images', { limit: 1 }), list('/spares', { limit: 1000 })]);
    spares = new Map(told.items.map((each) => [each.name, each]));
    return { ...found, all, ready: filesystems.items.length > 0 };
  },

  view(data, again, parameters) {
    const empty = data.ready ? 'There is no virtual environment yet: describe one, and start it on a machine that fits.'
      : html`A virtual environment needs a <a href="#/images/filesystem">filesystem image</a>: make one first.`;
    return html`<h1 class="h4">Virtual environments</h1>
      ${may('admin') && data.ready ? html`<p>${button('New virtual environment…', () => create(again), 'primary')}</p>` : nothing}
      ${grid({ ...LIST, empty, columns: [...LIST.columns, { name: 'actions', title: 'Actions', cell: (item) => (may('operator') ? actions(item, again) : nothing), usual: true }] }, data, parameters, again)}`;
  },
};

/** Where it would start if its machine died now. */
const spareOf = (spare) => {
  if (!spare) return nothing;
  if (spare.spare === 'none') return html`<span class=${spare.heal === 'none' ? '' : 'text-danger-emphasis'} title=${spare.told}>none</span>`;
  return html`<a href="#/resources/${spare.resource}" title=${spare.told}>${spare.machine}</a>${spare.spare === 'off' ? ' (off)' : ''}`;
};

const actions = (each, again) => html`<div class="d-flex gap-1">
  ${each.state === 'inactive' ? button('start', () => act(each.name, 'start', again)) : nothing}
  ${each.state === 'active' ? button('restart', () => restart(each, again), 'outline-danger') : nothing}
  ${each.state === 'inactive' ? nothing : button('stop', () => stop(each, again), 'outline-danger')}
</div>`;

async function act(name, action, again, more = {}) {
  const operation = await attempt(() => post(`${pathOf(name)}/actions`, { action, ...more }));
  if (operation) {
    plans.delete(name);
    started(`${action} ${name}`, operation);
  }
  again();
}

async function restart(each, again) {
  const text = `${each.name} runs on ${each.resources.length} machine(s), which shut it down and start it again; what it does is interrupted.`;
  if (await confirmed(`Restart ${each.name}?`, text, 'Restart')) await act(each.name, 'restart', again);
}

async function stop(each, again) {
  const operation = await ask({
    id: 'stop-environment',
    title: `Stop ${each.name}?`,
    danger: true,
    lead: `${each.name} runs on ${each.resources.length} machine(s), which shut it down and become idle.`,
    fields: [{
      name: 'force', label: 'At once, by force', type: 'check', wide: true,
      hint: `Its system is not asked to shut down.${each.partitioning ? ' What runs on partitions of its machines is stopped, too; without force that keeps it from being stopped.' : ''}`,
    }],
    word: 'Stop',
    save: ({ force }) => post(`${pathOf(each.name)}/actions`, { action: 'stop', force: Boolean(force) }),
  });
  if (operation) started(`stop ${each.name}`, operation);
  again();
}

/**
 * The images and plug-ins that an environment can be made of; what it has already is among them.
 * @returns {Promise<any[]>}
 */
async function fields(has = {}) {
  const [filesystems, boots, plugins] = await Promise.all(['/filesystem-images', '/boot-images', '/plugins'].map((path) => list(path, { limit: 1000 })));
  const makers = plugins.items.filter((each) => each.state === 'active').map((each) => each.id);
  const names = (items) => items.map((each) => [each.name, each.name]);
  const among = (choices, value) => (!value || choices.some(([each]) => each === value) ? choices : [...choices, [value, value]]);
  const least = (name, label) => ({ name, label, type: 'number', min: 0, hint: '0 for any', is: `requirements.${name}` });
  const boot = (name) => boots.items.find((each) => each.name === name);
  const hosting = ({ partitioning, bootImage }) => (partitioning && boot(bootImage)?.loader === 'linux'
    ? `A host of ${partitioning} boots a hypervisor: take a boot image of the kind multiboot.` : null);
  const booting = ({ bootImage, partitioning }) => (boot(bootImage)?.loader === 'multiboot' && !partitioning
    ? 'It boots a hypervisor: say below that it makes its machine a host.' : null);
  const shared = ({ mode }) => (mode === 'single' ? 'What it writes stays in the image; no other environment may use that meanwhile.'
    : 'The image is only read; what a machine writes is in its memory, and gone when it stops.');
  return [
    { name: 'name', label: 'Name', required: true, fixed: Boolean(has.name), hint: has.name ? 'A name never changes.' : null, ...NAME },
    { name: 'description', label: 'Description', most: 1000 },
    { heading: 'What it runs', name: 'filesystemImage', label: 'Filesystem image', type: 'choice', choices: among(names(filesystems.items), has.filesystemImage) },
    { name: 'mode', label: 'Mode', type: 'choice', choices: [['single', 'single: one machine writes it'], ['multi', 'multi: same for all, a layer each']], hint: shared },
    { name: 'bootImage', label: 'Boot image', type: 'choice', choices: among(names(boots.items), has.bootImage), hint: booting },
    { name: 'kernelArguments', label: 'Kernel arguments', type: 'area', hint: 'Added to the kernel\'s line; one on each line, blanks in double quotes. Whoever is on the machines\' network can read them: set secrets on its page, when it is there.' },
    { heading: 'Where it runs', name: 'runsOn', label: 'Runs on', type: 'choice', choices: among([['node', 'a machine'], ...makers.map((each) => [`partition:${each}`, `a partition of ${each}`]), ['any', 'whatever fits']], has.runsOn) },
    { name: 'partitioning', label: 'Makes its machine a host of', type: 'choice', choices: among([['', 'no partitions'], ...makers.map((each) => [each, `partitions of ${each}`])], has.partitioning), hint: hosting },
    { heading: 'What a machine must have', ...least('cpus', 'CPUs, at least') }, least('cpuMhz', 'MHz of a CPU, at least'), least('memoryMb', 'MiB of memory, at least'), least('nics', 'Network cards, at least'),
    least('diskGb', 'GB of a local disk, at least'), least('gpus', 'Graphics processors, at least'),
    { name: 'tags', label: 'Tags', wide: true, is: 'requirements.tags', hint: 'With blanks between: gpu rack=7. A name alone asks for any value of it.' },
    { name: 'devices', label: 'Devices', wide: true, is: 'requirements.devices', hint: 'With commas between: text in the kind, model or serial number of a device, as A100, tpm, or the switch that it is plugged into.' },
    ...healingFields(),
  ];
}

/** What becomes of it when a machine of it is lost. */
const healingFields = () => [
  { heading: 'When its machine is lost', name: 'heal', label: 'Healing', type: 'choice', choices: [['none', 'none: it waits for a person'], ['restart', 'restart: fenced, then started on another machine']],
    hint: ({ heal }) => (heal === 'restart' ? 'The lost machine is switched off first. Where nobody can tell that it is off, a person is asked.' : null) },
  { name: 'healAttempts', label: 'Attempts', type: 'number', min: 1, max: 10, hint: 'Starts on other machines before a person is asked.' },
  { name: 'healAfter', label: 'Seconds of silence borne', type: 'number', min: 0, max: 86400, hint: 'Beyond the time after which a machine counts as lost.' },
  { name: 'healTags', label: 'Tags of a spare machine', wide: true, hint: 'With blanks between; any machine that fits if empty.' },
];

/** @param {any} values */
const healing = ({ heal, healAttempts, healAfter, healTags }) => ({
  heal, healAttempts: Number(healAttempts), healAfter: Number(healAfter), healTags: words(healTags),
});

const words = (line) => (line ?? '').split(/\s+/).filter(Boolean);

const parts = (text, between) => (text ?? '').split(between).map((each) => each.trim()).filter(Boolean);

const flat = (item) => ({ ...item, ...item.requirements, tags: item.requirements.tags.join(' '), devices: item.requirements.devices.join(', '), partitioning: item.partitioning ?? '', kernelArguments: item.kernelArguments.join('\n'), healTags: item.healTags.join(' ') });

const described = ({ name, filesystemImage, bootImage, mode, runsOn, partitioning, cpus, cpuMhz, memoryMb, nics, diskGb, gpus, tags, devices, kernelArguments, description, ...rest }) => ({
  name, filesystemImage, bootImage, mode, runsOn, partitioning: partitioning || null,
  requirements: { cpus: Number(cpus), cpuMhz: Number(cpuMhz), memoryMb: Number(memoryMb), nics: Number(nics), diskGb: Number(diskGb), gpus: Number(gpus), tags: words(tags), devices: parts(devices, ',') },
  kernelArguments: parts(kernelArguments, '\n'),
  description: description ?? '',
  ...healing(rest),
});

/** Where it would go, said while it is described. */
async function advice({ runsOn, partitioning, cpus, cpuMhz, memoryMb, nics, diskGb, gpus, tags, devices }) {
  const query = new URLSearchParams({ runsOn, ...(partitioning && { partitioning }), tags: words(tags).join(' '), devices: devices ?? '', ...Object.fromEntries(
    Object.entries({ cpus, cpuMhz, memoryMb, nics, diskGb, gpus }).map(([name, least]) => [name, Number(least) || 0])) });
  const { possible, chosen, candidates } = await get(`/placement?${query}`);
  const fitting = candidates.filter((each) => each.fits).length;
  if (possible) {
    const first = candidates.find((each) => each.resource === chosen[0]);
    return html`<span class="text-success-emphasis">Started now it would go to <strong>${first.name}</strong>${first.reasons.length ? ` (${first.reasons.join(', ')})` : ''}, the tightest of ${fitting} that fit.</span>`;
  }
  return html`<span class="text-warning-emphasis">${candidates.length ? 'No machine fits now:' : 'There is no machine now.'}</span>
    ${candidates.length ? html`<ul class="mb-0">${candidates.slice(0, 3).map((each) => html`<li>${each.name}: ${each.reasons.join(', ')}</li>`)}
      ${candidates.length > 3 ? html`<li>and ${candidates.length - 3} more</li>` : nothing}</ul>` : nothing}
    <span>It can be described all the same.</span>`;
}

async function create(again) {
  await attempt(async () => {
    const choices = await fields();
    const made = await ask({
      id: 'new-environment', title: 'New virtual environment', fields: choices, word: 'Create', advice,
      values: { filesystemImage: choices.find((each) => each.name === 'filesystemImage').choices[0]?.[0], bootImage: 'default', mode: 'single', runsOn: 'node', partitioning: '', cpus: 0, cpuMhz: 0, memoryMb: 0, nics: 0, diskGb: 0, gpus: 0, heal: 'none', healAttempts: 3, healAfter: 0 },
      save: (values) => post('/virtual-environments', described(values)),
    });
    if (made) say(`Virtual environment ${made.name} is created.`);
  });
  again();
}

async function change(name, again) {
  await attempt(async () => {
    let seen = await read(pathOf(name));
    const changed = await ask({
      id: 'change-environment', title: `Change ${name}`, fields: await fields(seen.body), values: flat(seen.body), word: 'Change', advice,
      save: (values) => put(pathOf(name), described(values), seen.tag),
      async reread() {
        seen = await read(pathOf(name));
        return flat(seen.body);
      },
    });
    if (changed) {
      plans.delete(name);
      say(`Virtual environment ${name} is changed.`);
    }
  });
  again();
}

/** While it runs, too: nothing else of it changes then. */
async function changeHealing(name, again) {
  await attempt(async () => {
    let seen = await read(pathOf(name));
    const changed = await ask({
      id: 'change-healing', title: `Healing of ${name}`, fields: healingFields(), values: flat(seen.body), word: 'Change',
      save: (values) => put(pathOf(name), described({ ...flat(seen.body), ...values }), seen.tag),
      async reread() {
        seen = await read(pathOf(name));
        return flat(seen.body);
      },
    });
    if (changed) say(`The healing of ${name} is changed.`);
  });
  again();
}

async function heal(name, again) {
  if (await confirmed(`Heal ${name}?`, 'The machine that is lost is fenced, which is switched off for certain; then it starts on another one.', 'Heal')) {
    const operation = await attempt(() => post(`${pathOf(name)}/healing`, {}));
    if (operation) started(`heal ${name}`, operation);
  }
  again();
}

/** Machines that may still run it: those that are bound and not heard of, and those that events are about. */
async function suspects(item) {
  const told = await list('/events', { subject: subjectOf(item), type: 'healing.unfenced', resolved: false, limit: 10 });
  const ids = [...new Set([...told.items.map((event) => event.resource), ...item.resources].filter(Boolean))];
  const machines = await Promise.all(ids.slice(0, 50).map((id) => get(`/resources/${id}`)));
  const silent = machines.filter((each) => ['error', 'off', 'releasing', 'maintenance'].includes(each.state));
  return silent.length ? silent : machines;
}

async function confirmFenced(item, again) {
  const machines = await attempt(() => suspects(item));
  if (!machines) return;
  if (!machines.length) {
    say('Nothing waits for a machine of it to have no power.');
    return;
  }
  const operation = await ask({
    id: 'confirm-fenced', title: `A machine of ${item.name} has no power`, danger: true, word: 'It has no power',
    lead: `Say so only if you have made certain of it: ${item.name} is started on another machine then. If the first still runs, both write one image.`,
    fields: [{ name: 'resource', label: 'Machine', type: 'choice', choices: machines.map((each) => [`${each.id}`, `${each.name} (${each.state})`]) }],
    values: { resource: `${machines[0].id}` },
    save: ({ resource }) => post(`${pathOf(item.name)}/fenced-machines`, { resource: Number(resource) }),
  });
  if (operation) started(`heal ${item.name}`, operation);
  again();
}

const SECRET = { pattern: '[A-Za-z][A-Za-z0-9_.\\-]{0,63}', wrong: 'Use 1 to 64 letters, digits, "_", "." and "-", starting with a letter.' };

async function setSecret(item, again, argument = '') {
  const changed = await ask({
    id: 'set-secret', title: argument ? `Set ${argument} anew` : 'Set a secret argument', word: 'Set', values: { argument },
    lead: `On no kernel's line: machines of ${item.name} are told it over TLS at their next start, and find it in /run/qrm/arguments. Nobody is told its value again.`,
    fields: [
      { name: 'argument', label: 'Name', required: true, fixed: Boolean(argument), ...SECRET },
      { name: 'value', label: 'Value', type: 'password', required: true, most: 900, hint: 'One line of text.' },
    ],
    save: (values) => put(secretOf(item.name, values.argument), { value: values.value }),
  });
  if (changed) say('The secret argument is set.');
  again();
}

async function removeSecret(item, argument, again) {
  await attempt(async () => {
    if (!await confirmed(`Remove ${argument}?`, `Machines of ${item.name} that start from now on are not told it.`, 'Remove')) return;
    await remove(secretOf(item.name, argument));
    say(`Secret argument ${argument} is removed.`);
  });
  again();
}

const secretOf = (name, argument) => `${pathOf(name)}/secret-arguments/${encodeURIComponent(argument)}`;

/** Where each would go, as it was when somebody asked. */
const plans = new Map();

async function plan(name, again) {
  const placement = await attempt(() => post(`${pathOf(name)}/actions`, { action: 'start', dryRun: true }));
  if (placement) plans.set(name, placement);
  again();
}

async function destroy(name, again) {
  await attempt(async () => {
    const { body, tag } = await read(pathOf(name));
    if (!await confirmed(`Delete ${name}?`, `The description of ${name} is deleted. Its filesystem image ${body.filesystemImage} stays.`, 'Delete')) return;
    await remove(pathOf(name), tag);
    say(`Virtual environment ${name} is deleted.`);
    location.hash = '#/environments';
  });
  again();
}

export const environment = {
  async load({ id, tab }, again) {
    const item = await get(pathOf(id));
    const parts = await partsFor('environment-tab', item);
    const part = parts.find((each) => keyOf(each) === tab);
    const subject = subjectOf(item);
    return { item, parts, told: tab === 'story' ? await storyOf({ subject }, subject) : null, element: part ? await fill(part, item, again) : null };
  },

  view: ({ item, parts, told, element }, again, { tab = 'status' }) => html`${headOf(item, [subjectOf(item)], again)}
    ${tabs('About this environment', [['status', 'Status'], ['story', 'Story'], ...parts.map((part) => [keyOf(part), part.title])], tab,
    (name) => `#/environments/${encodeURIComponent(item.name)}?tab=${encodeURIComponent(name)}`)}
    ${element ?? (tab === 'story' ? story(told) : status(item, again))}`,
};

const status = (item, again) => html`
    <div class="d-flex flex-wrap gap-2 mb-3">
      ${may('operator') ? actions(item, again) : nothing}
      ${may('operator') && item.state === 'inactive' ? button('Where would it go?', () => plan(item.name, again), 'outline-secondary') : nothing}
      ${may('admin') && item.state === 'inactive' ? button('Change…', () => change(item.name, again)) : nothing}
      ${may('admin') && item.state !== 'inactive' ? button('Change healing…', () => changeHealing(item.name, again), 'outline-secondary') : nothing}
      ${may('operator') && item.state === 'error' ? button('Heal…', () => heal(item.name, again), 'outline-danger') : nothing}
      ${may('operator') && ['error', 'starting'].includes(item.state) ? button('A machine has no power…', () => confirmFenced(item, again), 'outline-danger') : nothing}
      ${may('admin') && item.state === 'inactive' ? button('Delete', () => destroy(item.name, again), 'outline-danger') : nothing}
    </div>
    <dl class="row wide">
      ${[['Boot image', item.bootImage], ['Filesystem image', item.filesystemImage], ['Mode', item.mode], ['Runs on', item.runsOn],
        ['Partitioning', item.partitioning ?? 'none'], ['At least', `${inCpus(item.requirements.cpus)}, ${item.requirements.cpuMhz} MHz, ${item.requirements.memoryMb} MiB, ${item.requirements.nics} network cards${item.requirements.diskGb ? `, a disk of ${item.requirements.diskGb} GB` : ''}${item.requirements.gpus ? `, ${item.requirements.gpus} graphics processors` : ''}${item.requirements.devices.map((each) => `, a device ${each}`).join('')}${item.requirements.tags.length ? `, tagged ${item.requirements.tags.join(' ')}` : ''}`],
        ['Healing', item.heal === 'none' ? 'none: it waits for a person when its machine is lost'
          : `${item.heal}, ${item.healAttempts} attempts, ${item.healAfter} s of silence borne${item.healTags.length ? `, on machines tagged ${item.healTags.join(' ')}` : ''}`],
        ['Kernel arguments', item.kernelArguments.join(' ') || 'none'], ['Description', item.description || 'none']].map(([name, value]) => html`<dt class="col-4">${name}</dt><dd class="col-8">${value}</dd>`)}
      <dt class="col-4">Secret arguments</dt><dd class="col-8">${item.secretArguments.length ? item.secretArguments.map((each) => html`<div class="d-flex gap-2 mb-1">
        <span>${each} is set</span> ${may('admin') ? [button(`Set ${each} anew…`, () => setSecret(item, again, each), 'outline-secondary'), button(`Remove ${each}`, () => removeSecret(item, each, again), 'outline-danger')] : nothing}</div>`) : 'none'}
        ${may('admin') ? html`<div>${button('Set a secret argument…', () => setSecret(item, again), 'outline-secondary')}</div>` : nothing}</dd>
      <dt class="col-4">Resources</dt><dd class="col-8">${item.resources.length ? item.resources.map((id) => html`<a class="me-2" href="#/resources/${id}">${id}</a>`) : 'none'}</dd>
    </dl>
    ${noteCard(item, pathOf(item.name), again)}
    ${plans.has(item.name) ? html`<h2 class="h5">Where it would go</h2>
      ${table('Machines that were looked at', [
        ['Machine', (each) => html`<a href="#/resources/${each.resource}">${each.name}</a>`],
        ['Chosen', (each) => (plans.get(item.name).chosen.includes(each.resource) ? html`<span class="badge text-bg-success">chosen</span>` : '')],
        ['Why not', (each) => [...(each.fits ? ['it fits'] : []), ...each.reasons].join(', ')],
        ['Actions', (each) => (each.fits && item.state === 'inactive' && may('operator')
          ? button('start here', () => act(item.name, 'start', again, { resources: [each.resource] })) : nothing)],
      ], plans.get(item.name).candidates.slice(0, 50), 'There are no machines.')}` : nothing}`;
