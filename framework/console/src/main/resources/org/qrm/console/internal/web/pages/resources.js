import { get, list, may, post, put, remove } from '../api.js';
import { ask } from '../form.js';
import { grid, page, total } from '../grid.js';
import { fill, keyOf, partsFor } from '../parts.js';
import { historyAt, machineHistory } from '../history.js';
import { noteCard, OWNER_FILTER, ownerColumn } from '../remark.js';
import { headOf, story, storyOf } from '../story.js';
import { attempt, badge, button, confirmed, html, exact, loadChart, memory, nothing, say, started, table, tabs, time } from '../ui.js';

const STATES = ['new', 'idle', 'assigned', 'booting', 'active', 'releasing', 'off', 'error', 'maintenance'];
const POWERS = ['on', 'off', 'unknown'];

/** What was told last of its power; nothing where nobody tells. */
const powerOf = ({ power, powerSince, powerProblem }) => (powerProblem ? html`<span title=${powerProblem}>not told</span>` : powerSince ? power : '');

const details = (title, name) => ({ name, title, cell: (each) => each.details?.[name] ?? '', text: (each) => each.details?.[name] });

const TAGS = { name: 'tags', label: 'Tags', required: true, wide: true };

const LIST = {
  name: 'resources', title: 'Resources', path: '/resources', one: 'resource', many: 'resources', key: 'id',
  columns: [
    { name: 'name', title: 'Name', cell: (each) => html`<a href="#/resources/${each.id}">${each.name}</a>`, text: (each) => each.name, sort: 'name', fixed: true },
    { name: 'id', title: 'Number', cell: (each) => each.id, text: (each) => each.id, sort: 'id', figure: true },
    { name: 'state', title: 'State', cell: (each) => html`${badge(each.state)} ${each.reason}`, text: (each) => each.state, sort: 'state', usual: true },
    { name: 'power', title: 'Power', cell: powerOf, text: (each) => (each.powerProblem ? 'not told' : each.powerSince ? each.power : ''), sort: 'power', usual: true },
    { name: 'kind', title: 'Kind', cell: (each) => each.kind, text: (each) => each.kind, sort: 'kind', usual: true },
    { name: 'mac', title: 'MAC', cell: (each) => html`<span class="mono">${each.mac}</span>`, text: (each) => each.mac, usual: true },
    { name: 'address', title: 'Address', cell: (each) => html`<span class="mono">${each.address}</span>`, text: (each) => each.address },
    { name: 'cpus', title: 'CPUs', cell: (each) => `${each.cpus} × ${each.cpuMhz} MHz`, text: (each) => each.cpus, sort: 'cpus', figure: true, usual: true },
    { name: 'memoryMb', title: 'Memory', cell: (each) => memory(each.memoryMb), text: (each) => each.memoryMb, csv: 'Memory (MiB)', sort: 'memoryMb', figure: true, usual: true },
    { name: 'load', title: 'Load', cell: (each) => each.load, text: (each) => each.load, figure: true },
    { name: 'runs', title: 'Runs', cell: (each) => (each.environmentId ? html`<a href="#/environments/${each.environmentId}">${each.environmentId}</a>` : ''), text: (each) => each.environmentId, usual: true },
    { name: 'host', title: 'Host', cell: (each) => (each.hostId ? html`<a href="#/resources/${each.hostId}">${each.hostId}</a>` : ''), text: (each) => each.hostId },
    { name: 'tags', title: 'Tags', cell: (each) => each.tags.map((tag) => html`<a class="me-1" href="#/resources?tag=${encodeURIComponent(tag)}">${tag}</a> `), text: (each) => each.tags.join(' '), usual: true },
    ownerColumn('resources'),
    { name: 'seen', title: 'Last seen', cell: (each) => time(each.lastSeen), text: (each) => each.lastSeen },
    details('Vendor', 'vendor'), details('Product', 'product'), details('Serial number', 'serial'),
  ],
  filters: [
    { name: 'text', label: 'Name, MAC address' },
    { name: 'tag', label: 'Tag: gpu, rack=7' },
    OWNER_FILTER,
    { name: 'kind', label: 'Kind', choices: [['node', 'nodes'], ['partition', 'partitions']] },
    { name: 'state', label: 'State', choices: STATES.map((each) => [each, each]) },
    { name: 'power', label: 'Power', choices: POWERS.map((each) => [each, `power ${each}`]) },
  ],
  groups: { path: '/resource-groups', by: [['state', 'State'], ['host', 'Host'], ['product', 'Product'], ['kind', 'Kind'], ['power', 'Power'], ['environment', 'Environment']], tags: true },
  act: { path: '/resource-actions', named: 'resources' },
  actions: [
    { word: 'reboot', title: 'Reboot', danger: true },
    { word: 'power-on', title: 'Power on', menu: 'Power' },
    { word: 'power-off', title: 'Power off', menu: 'Power', danger: true },
    { word: 'power-cycle', title: 'Power cycle', menu: 'Power', danger: true },
    { word: 'maintenance', title: 'Begin maintenance', menu: 'Maintenance' },
    { word: 'resume', title: 'End maintenance', menu: 'Maintenance' },
    { word: 'local-boot', title: 'Boot from own disk', menu: 'Maintenance' },
    { word: 'tag', title: 'Tag', menu: 'Tags', values: { tags: '' }, ready: tagged, body: tagsOfMany,
      fields: [{ ...TAGS, hint: 'With blanks between: gpu rack=7. Each takes the place of a tag with the same name.' }] },
    { word: 'untag', title: 'Untag', menu: 'Tags', values: { tags: '' }, ready: tagged, body: tagsOfMany,
      fields: [{ ...TAGS, hint: 'Their names, with blanks between: gpu rack.' }] },
    { word: 'admit', title: 'Admit', menu: 'More', role: 'admin' },
    { word: 'remove', title: 'Remove', menu: 'More', danger: true },
  ],
  empty: 'There are no machines yet. Let one boot from the network of this server: it registers by itself.',
};

function tagsOfMany(values) {
  return { tags: values.tags.split(/\s+/).filter(Boolean) };
}

function tagged(values) {
  return tagsOfMany(values).tags.length > 0;
}

export const resources = {
  async load(parameters) {
    const [found, all] = await Promise.all([page(LIST, parameters), total(LIST, parameters, 'resources')]);
    return { ...found, all };
  },

  view: (data, again, parameters) => html`<h1 class="h4">Resources</h1>${grid(LIST, data, parameters, again)}`,
};

const ACTIONS = ['admit', 'reboot', 'power-on', 'power-off', 'power-cycle', 'maintenance', 'local-boot', 'resume', 'remove'];

/** Asks before what interrupts or forgets, and does it. */
export async function act(item, action, again) {
  const sure = !['power-off', 'power-cycle', 'remove', 'reboot'].includes(action) || await confirmed(
    `${action} ${item.name}?`,
    `${item.name} (${item.mac}) is ${item.state}${item.environmentId ? ` and runs ${item.environmentId}, which is interrupted` : ''}.`
      + (action === 'remove' ? ' It is forgotten, with its history; when it boots again it is a new machine.' : ''),
    action);
  if (!sure) return;
  const operation = await attempt(() => post(`/resources/${item.id}/actions`, { action }));
  if (operation) started(`${action} ${item.name}`, operation);
  again();
}

const TAG = {
  pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]{0,62}(=[A-Za-z0-9][A-Za-z0-9._:+@\\-]{0,62})?',
  wrong: 'Write a name, or name=value, of letters, digits, ".", "_" and "-"; a value may have ":", "+" and "@", too.',
};

const tagOf = (item, tag) => `/resources/${item.id}/tags/${encodeURIComponent(tag)}`;

async function tag(item, again) {
  const tagged = await ask({
    id: 'tag-resource', title: `Tag ${item.name}`, word: 'Tag', values: {},
    fields: [{ name: 'tag', label: 'Tag', required: true, wide: true, hint: 'gpu, or rack=7: it takes the place of a tag with the same name.', ...TAG }],
    save: (values) => put(tagOf(item, values.tag), undefined),
  });
  if (tagged) say(`${item.name} is tagged.`);
  again();
}

async function untag(item, each, again) {
  await attempt(async () => {
    await remove(tagOf(item, each.split('=')[0]));
    say(`${item.name} has no tag ${each} any longer.`);
  });
  again();
}

const tagsOf = (item, again) => html`${item.tags.map((each) => html`<span class="me-3"><a href="#/resources?tag=${encodeURIComponent(each)}">${each}</a>
    ${may('operator') ? html`<button type="button" class="btn btn-sm btn-outline-secondary" aria-label="Remove the tag ${each}" @click=${() => untag(item, each, again)}>×</button>` : nothing}</span>`)}
  ${may('operator') ? button('Tag…', () => tag(item, again), 'outline-secondary') : item.tags.length ? nothing : 'none'}`;

/** The settings of each plug-in that asks for some, by its id. */
const byPlugin = (settings) => [...new Set(settings.map((each) => each.plugin))]
  .map((plugin) => [plugin, settings.filter((each) => each.plugin === plugin)]);

/** A question of a plug-in as a field of a form; a secret that is left empty stays as it is. */
const fieldOf = (each) => ({
  name: each.name, label: each.text, wide: true,
  required: each.required && !(each.type === 'secret' && each.answered),
  hint: each.type === 'secret' && each.answered ? 'Left empty it stays as it is.' : '',
  ...({
    boolean: { type: 'choice', choices: [['true', 'yes'], ['false', 'no']] },
    choice: { type: 'choice', choices: each.choices.map((choice) => [choice, choice]) },
    secret: { type: 'password' },
  }[each.type] ?? {}),
});

const settingsOf = (item) => `/resources/${item.id}/settings`;

async function configure(item, plugin, questions, again) {
  const secret = (name) => questions.find((each) => each.name === name).type === 'secret';
  const done = await ask({
    id: 'configure-resource', title: `Configure ${item.name} for ${plugin}`, word: 'Accept', fields: questions.map(fieldOf),
    values: Object.fromEntries(questions.map((each) => [each.name, each.answered ? each.answer : each.defaultAnswer])),
    save: async (values) => {
      const answers = Object.fromEntries(Object.entries(values).filter(([name, value]) => !secret(name) || value));
      await put(`${settingsOf(item)}/${plugin}`, { answers });
      return true;
    },
  });
  if (done) say(`${item.name} is configured for ${plugin}.`);
  again();
}

async function unconfigure(item, plugin, again) {
  if (!await confirmed(`Unconfigure ${item.name}?`, `The plug-in ${plugin} forgets what it was answered about it.`, 'Unconfigure')) return;
  await attempt(async () => {
    await remove(`${settingsOf(item)}/${plugin}`);
    say(`The plug-in ${plugin} knows nothing of ${item.name} any longer.`);
  });
  again();
}

const shownAnswer = (each) => ({ secret: '(secret)', boolean: each.answer === 'true' ? 'yes' : 'no' }[each.type] ?? (each.answer || 'none'));

/** Asks whoever switches it. */
async function tellPower(item, again) {
  await attempt(async () => say(`The power of ${item.name}: ${(await get(`/resources/${item.id}/power`)).state}.`));
  again();
}

const settingsPage = (item, again, settings) => html`${byPlugin(settings).map(([plugin, questions]) => html`
  <h2 class="h5">${plugin}</h2>
  ${questions[0].answered ? table(`Settings for ${plugin}`, [['Setting', (each) => each.name], ['Answer', shownAnswer], ['Question', (each) => each.text]], questions, '')
    : html`<p>It was told nothing about this machine.</p>`}
  <div class="d-flex flex-wrap gap-2 mb-4">${button(`Configure for ${plugin}…`, () => configure(item, plugin, questions, again), 'outline-primary')}
    ${questions[0].answered ? button(`Unconfigure for ${plugin}`, () => unconfigure(item, plugin, again), 'outline-danger') : nothing}</div>`)}
  ${settings.some((each) => each.answered) ? html`<p>What switches it shows whether the answers are right. ${button('Ask for its power', () => tellPower(item, again))}</p>` : nothing}`;

async function identify(item, light, again) {
  await attempt(async () => {
    await post(`/resources/${item.id}/identify`, { light });
    say(`The locator of ${item.name} is ${light}.`);
  });
  again();
}

/** What a BMC tells, by the ability that it has for it; it is asked by a click, as it takes its time. */
const TOLD = {
  sensors: ['Sensors', 'Read the sensors', [['Sensor', (each) => each.name], ['Status', (each) => badge(each.status)],
    ['Value', (each) => (each.value === undefined || each.value === null ? each.words : `${each.value} ${each.unit}`)]]],
  'bmc-log': ['Log of its BMC', 'Read the log', [['When', (each) => time(each.time)], ['Sensor', (each) => each.sensor], ['What', (each) => each.message]]],
  firmware: ['Firmware', 'Read the firmware', [['Of', (each) => each.name], ['Version', (each) => each.version]]],
};

/** What was read last, of one machine; it is gone with the page. */
let read = { of: null };

async function readBmc(item, what, again) {
  const answer = await attempt(() => list(`/resources/${item.id}/${what}`, { limit: 1000 }));
  if (answer) read = { ...(read.of === item.id ? read : {}), of: item.id, [what]: answer.items };
  again();
}

const bmcPage = (item, again, abilities) => html`${Object.entries(TOLD).filter(([what]) => abilities.includes(what)).map(([what, [title, word, columns]]) => html`
  <h2 class="h5">${title}</h2>
  ${read.of === item.id && read[what] ? table(title, columns, read[what], 'It tells of none.') : nothing}
  <div class="mb-4">${button(word, () => readBmc(item, what, again), 'outline-primary')}</div>`)}
  ${abilities.includes('identify') ? html`<h2 class="h5">Locator</h2>
    <div class="d-flex flex-wrap gap-2">${button('Light its locator', () => identify(item, 'on', again), 'outline-primary')}
      ${button('Put its locator out', () => identify(item, 'off', again), 'outline-primary')}</div>` : nothing}`;

const hasBmc = (abilities) => may('operator') && [...Object.keys(TOLD), 'identify'].some((each) => abilities.includes(each));

const tabsOf = (settings, abilities) => [['status', 'Status'], ['hardware', 'Hardware'], ['history', 'History'], ['story', 'Story'], ...(hasBmc(abilities) ? [['bmc', 'BMC']] : []), ...(may('operator') && abilities.includes('console') ? [['console', 'Console']] : []), ...(may('admin') && settings.length ? [['settings', 'Settings']] : []),
  ...(may('admin') ? [['terminal', 'Terminal']] : [])];

/** Tabs that are terminals, and who makes them. */
const TERMINALS = new Map([['console', 'consoleOf'], ['terminal', 'terminalOf']]);

export const resource = {
  async load({ id, tab = 'status', span }, again) {
    const item = await get(`/resources/${encodeURIComponent(id)}`);
    const [parts, settings, abilities] = await Promise.all([partsFor('resource-tab', item), may('admin') ? list(settingsOf(item), { limit: 1000 }) : { items: [] },
      list(`/resources/${item.id}/abilities`, { limit: 1000 })]);
    const part = parts.find((each) => keyOf(each) === tab);
    return {
      item,
      parts,
      settings: settings.items,
      abilities: abilities.items.map((each) => each.ability),
      told: tab === 'story' ? await storyOf({ resource: item.id }, `resource/${item.id}`) : null,
      devices: tab === 'hardware' ? (await list(`/resources/${item.id}/devices`, { limit: 200 })).items : [],
      loads: tab === 'status' ? (await get(`/resources/${item.id}/load`)).items : [],
      history: tab === 'history' ? await historyAt(`/resources/${item.id}/history`, span) : null,
      element: TERMINALS.has(tab) ? (await import('../terminal.js'))[TERMINALS.get(tab)](item) : part ? await fill(part, item, again) : null,
    };
  },

  view: ({ item, parts, settings, abilities, told, devices, loads, history, element }, again, { id, tab = 'status' }) => html`
    ${headOf(item, [`resource/${item.id}`, ...(item.environmentId ? [`virtual-environment/${item.environmentId}`] : [])], again)}
    ${tabs('About this resource', [...tabsOf(settings, abilities), ...parts.map((part) => [keyOf(part), part.title])], tab,
    (name) => `#/resources/${encodeURIComponent(id)}?tab=${encodeURIComponent(name)}`)}
    ${element ?? (tab === 'settings' ? settingsPage(item, again, settings) : tab === 'bmc' ? bmcPage(item, again, abilities)
    : tab === 'history' ? machineHistory(history, (name) => `#/resources/${encodeURIComponent(id)}?tab=history&span=${name}`)
    : tab === 'story' ? story(told) : tab === 'hardware' ? hardware(item, devices) : status(item, again, loads))}`,
};

const described = (pairs) => html`<dl class="row wide">
  ${pairs.map(([name, value]) => html`<dt class="col-4">${name}</dt><dd class="col-8">${value}</dd>`)}</dl>`;

/** To be admitted, or, when another one came in its place while it is bound, to be admitted again. */
const waits = (item) => item.kind === 'node' && (item.state === 'new' || item.reason.startsWith('not as it was when it was admitted'));

const status = (item, again, loads) => html`
  ${may('operator') ? html`<div class="d-flex flex-wrap gap-2 mb-3" role="group" aria-label="Actions">
    ${ACTIONS.filter((action) => action !== 'admit' || (waits(item) && may('admin'))).map((action) => button(action, () => act(item, action, again), action === 'remove' ? 'outline-danger' : 'outline-primary'))}
    ${button('Ask for its power', () => tellPower(item, again))}</div>` : nothing}
  ${described([['Kind', item.kind], ['MAC address', html`<span class="mono">${item.mac}</span>`], ['Address', item.address], ['Load', item.load],
    ['Last seen', time(item.lastSeen)],
    ...(item.powerSince || item.powerProblem ? [['Power', html`${item.power}${item.powerSince ? html` since ${exact(item.powerSince)}` : nothing}${item.powerProblem
      ? html`: ${item.powerProblem}` : nothing}`]] : []),
    ['Tags', tagsOf(item, again)],
    ['Runs', item.environmentId ? html`<a href="#/environments/${item.environmentId}">${item.environmentId}</a>` : 'nothing'],
    ...(item.hostId ? [['Host', html`<a href="#/resources/${item.hostId}">${item.hostId}</a>`]] : [])])}
  ${noteCard(item, `/resources/${item.id}`, again)}
  ${item.kind === 'node' ? loadChart(loads) : nothing}`;

const hardware = (item, devices) => html`
  ${described([['CPUs', `${item.cpus} × ${item.cpuMhz} MHz`], ['Memory', memory(item.memoryMb)], ...Object.entries(item.details ?? {})])}
  <h2 class="h5">Network cards</h2>
  ${table('Network cards', [['Card', (card) => card.name], ['MAC', (card) => html`<span class="mono">${card.mac}</span>`],
    ['Driver', (card) => card.driver], ['Mbit/s', (card) => card.speedMbit || '']], item.nics, 'None is known.')}
  <h2 class="h5">Devices</h2>
  ${table('Devices', [['Kind', (device) => device.kind], ['Name', (device) => device.name], ['MiB', (device) => device.sizeMb || ''], ['Model', (device) => device.model],
    ['Serial number', (device) => device.serial], ['Details', (device) => device.details]], devices, 'None is known: a machine looks for them while it is idle.')}`;
