// Machines that nobody knows yet: who waits, who is expected, and the window in which all are let in.
import { get, list, may, post, remove } from '../api.js';
import { ask } from '../form.js';
import { attempt, button, confirmed, field, html, nothing, say, table, time } from '../ui.js';
import { act as actOn } from './resources.js';

const SHOWN = 100;

const machines = (count) => (count === 1 ? '1 machine' : `${count} machines`);

async function act(body, done, again) {
  const { changed } = await attempt(() => post('/admission/actions', body)) ?? {};
  if (changed !== undefined) say(done(changed));
  again();
}

function open(submitted, again) {
  submitted.preventDefault();
  const { minutes, machines: most } = Object.fromEntries(new FormData(submitted.target));
  act({ action: 'open', minutes: Number(minutes), machines: Number(most) }, () => `New machines are admitted as they come: ${most} within ${minutes} minutes.`, again);
}

async function admitAll(waiting, again) {
  if (!await confirmed('Admit all that wait?', `${machines(waiting)} become idle: they may be given images and what is secret in them.`, 'Admit')) return;
  act({ action: 'admit-all' }, (changed) => `Admitted: ${machines(changed)}.`, again);
}

async function admitMatching(submitted, again) {
  submitted.preventDefault();
  const { text } = Object.fromEntries(new FormData(submitted.target));
  if (!await confirmed(`Admit all that have “${text}”?`, 'They become idle: they may be given images and what is secret in them.', 'Admit')) return;
  act({ action: 'admit-all', text }, (changed) => `Admitted: ${machines(changed)}.`, again);
}

async function dropAll(waiting, again) {
  if (!await confirmed('Forget all that wait?', `${machines(waiting)} are forgotten; those that go on asking are new again.`, 'Forget')) return;
  act({ action: 'drop-all' }, (changed) => `Forgotten: ${machines(changed)}.`, again);
}

async function expect(again) {
  const send = (csv, dryRun) => post('/expected-machines', { csv, dryRun });
  const made = await ask({
    id: 'new-expected',
    title: 'Expect machines',
    word: 'Expect them',
    lead: 'A machine of this list is admitted when it comes, or at once if it waits.',
    fields: [{
      name: 'csv', label: 'List', type: 'area', required: true, wide: true, most: 1000000,
      hint: 'Lines with commas. The first names the columns, some of mac, uuid, serial, name, tags (blanks between them) and owner, and what plug-ins ask about machines, as ipmi.address; each further one is a machine.',
    }],
    values: { csv: 'mac,name\n' },
    advice: async ({ csv }) => {
      const { added, present, admitted } = await send(csv, true);
      return `${machines(added)} more, ${present} known already, ${admitted} of those that wait admitted.`;
    },
    save: ({ csv }) => send(csv, false),
  });
  if (made) say(`${machines(made.added)} expected; admitted: ${machines(made.admitted)}.`);
  again();
}

async function forget(each, again) {
  const named = each.name ?? each.mac ?? each.serial ?? each.uuid;
  if (!await confirmed(`Expect ${named} no longer?`, 'If it was admitted it stays so.', 'Remove')) return;
  await attempt(() => remove(`/expected-machines/${each.id}`));
  again();
}

const isOpen = ({ windowUntil, windowMachines }, again) => html`<p role="status">New machines are admitted as they come:
  ${windowMachines} more, until ${time(windowUntil)}. ${may('admin') ? button('Close', () => act({ action: 'close' }, () => 'New machines wait again.', again)) : nothing}</p>`;

const number = (id, label, value, most) => field(id, label, html`<input class="form-control" id=${id} name=${id} type="number" min="1" max=${most} value=${value} required>`);

const isClosed = (again) => html`<p>New machines wait until somebody admits them.</p>
  ${may('admin') ? html`<form id="open-window" class="row g-3 wide mb-4" @submit=${(event) => open(event, again)}>
    ${number('minutes', 'Admit all that come for so many minutes', 30, 10080)} ${number('machines', 'but at most so many machines', 40, 100000)}
    <div class="col-12"><button class="btn btn-primary">Open a window</button></div></form>` : nothing}`;

export const admission = {
  async load() {
    const [how, waiting, expected] = await Promise.all([
      get('/admission'), list('/resources', { state: 'new', limit: SHOWN }), list('/expected-machines', { limit: SHOWN })]);
    return { how, waiting: waiting.items, expected: expected.items };
  },

  view: ({ how, waiting, expected }, again) => html`<h1 class="h4">Admission</h1>
    ${how.windowUntil ? isOpen(how, again) : isClosed(again)}
    <h2 class="h5">Waiting</h2>
    ${how.waiting > waiting.length ? html`<p>These are the first of ${machines(how.waiting)}.</p>` : nothing}
    ${table('Machines that wait', [
    ['Name', (each) => html`<a href="#/resources/${each.id}">${each.name}</a>`],
    ['MAC', (each) => html`<span class="mono">${each.mac}</span>`],
    ['Address', (each) => each.address],
    ['Vendor', (each) => each.details.vendor],
    ['Product', (each) => each.details.product],
    ['Serial', (each) => each.details.serial],
    ['Heard of', (each) => time(each.lastSeen)],
    ...(may('admin') ? [['Actions', (each) => button('Admit', () => actOn(each, 'admit', again))]] : []),
  ], waiting, 'No machine waits. One that boots from the network of this server comes here.')}
    ${may('admin') && how.waiting > 0 ? html`<div class="d-flex gap-2 mb-4">${button('Admit all', () => admitAll(how.waiting, again))}
      ${button('Forget all', () => dropAll(how.waiting, again), 'outline-danger')}</div>
      <form id="admit-matching" class="row g-3 wide mb-4" @submit=${(event) => admitMatching(event, again)}>
        ${field('matching', 'Only those with this in a column', html`<input class="form-control" id="matching" name="text" maxlength="200" pattern=".*\\S.*" required>`)}
        <div class="col-12"><button class="btn btn-outline-primary">Admit those</button></div></form>` : nothing}
    <h2 class="h5 mt-3">Expected</h2>
    ${may('admin') ? html`<p>${button('Expect machines…', () => expect(again))}</p>` : nothing}
    ${expected.length === SHOWN ? html`<p>These are the first ${SHOWN}; <code>qrm expected-machine list</code> has all.</p>` : nothing}
    ${table('Machines that are expected', [
    ['Name', (each) => each.name],
    ['MAC', (each) => html`<span class="mono">${each.mac}</span>`],
    ['Serial', (each) => each.serial],
    ['UUID', (each) => html`<span class="mono">${each.uuid}</span>`],
    ['Tags', (each) => each.tags.join(' ')], ['Owner', (each) => each.owner],
    ...(may('admin') ? [['Actions', (each) => button('Remove', () => forget(each, again), 'outline-danger')]] : []),
  ], expected, 'No machine is expected.')}`,
};
