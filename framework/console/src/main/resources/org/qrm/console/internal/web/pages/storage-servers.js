import { get, list, may, post, put, read, remove } from '../api.js';
import { ask, IPV4, NAME, PATH } from '../form.js';
import { remarkButton } from '../remark.js';
import { attempt, button, confirmed, html, nothing, say, size, table } from '../ui.js';

const pathOf = (server) => `/storage-servers/${encodeURIComponent(server.name)}`;

const fields = (changed) => [
  { name: 'name', label: 'Name', required: true, fixed: changed, hint: changed ? 'A name never changes.' : null, ...NAME },
  { name: 'type', label: 'Type', required: true, hint: 'Storage types come with plug-ins: nfs.', ...NAME },
  { name: 'address', label: 'IP address', required: true, hint: 'Where machines mount from.', ...IPV4 },
  { name: 'managementAddress', label: 'Management IP address', hint: 'Where this server reaches it over SSH; the address, if it is left empty.' },
  { name: 'exportRoot', label: 'Export root', required: true, hint: 'The directory that images are below.', ...PATH },
  { name: 'hostKey', label: 'SSH host key', type: 'area', wide: true, hint: changed
    ? 'Type and base64 text. If it is emptied the pinned one is forgotten, and what is offered next is pinned.'
    : 'Type and base64 text; if it is left empty, what it offers first is pinned.' },
];

const body = (values) => ({ ...values, managementAddress: values.managementAddress || null, hostKey: values.hostKey?.trim() || null });

async function create(again) {
  const made = await ask({
    id: 'storage-server-form', title: 'New storage server', fields: fields(false), values: { type: 'nfs' }, word: 'Create',
    save: (values) => post('/storage-servers', body(values)),
  });
  if (made) say(`Storage server ${made.name} is known. Check whether it can be used.`);
  again();
}

async function change(server, again) {
  await attempt(async () => {
    let seen = await read(pathOf(server));
    const changed = await ask({
      id: 'storage-server-form', title: `Change ${server.name}`, fields: fields(true), values: seen.body, word: 'Change',
      save: (values) => put(pathOf(server), body(values), seen.tag),
      async reread() {
        seen = await read(pathOf(server));
        return seen.body;
      },
    });
    if (changed) say(`Storage server ${changed.name} is changed.`);
  });
  again();
}

async function destroy(server, images, again) {
  const text = html`The storage server ${server.name} (${server.type} at ${server.address}, ${server.exportRoot}) is forgotten; nothing is changed on it.
    ${images.length ? `These filesystem images are on it: ${images.join(', ')}. As long as they are, this is refused.` : ''}`;
  await attempt(async () => {
    const { tag } = await read(pathOf(server));
    if (!await confirmed(`Delete ${server.name}?`, text, 'Delete')) return;
    await remove(pathOf(server), tag);
    say(`Storage server ${server.name} is deleted.`);
  });
  again();
}

/** What the last check of each server has found, by name. */
const checks = new Map();

async function check(server, again) {
  checks.set(server.name, { busy: true });
  again();
  checks.set(server.name, await attempt(() => get(`${pathOf(server)}/check`)));
  again();
}

function found(server) {
  const result = checks.get(server.name);
  if (!result) return nothing;
  if (result.busy) return html`<span role="status">It is asked…</span>`;
  return html`<div role="status">${result.ok ? html`<span class="text-success-emphasis">It can be used: ${result.implementation}, ${size(result.freeBytes)} free.</span>
      ${result.warning ? html`<div class="text-warning-emphasis">${result.warning}</div>` : nothing}`
    : html`<span class="text-danger-emphasis">${result.reason} ${result.remedy}</span>`}
    ${!result.ok && result.authorizedKey ? html`<details><summary>The line for root's authorized_keys there</summary><code class="text-break">${result.authorizedKey}</code></details>` : nothing}</div>`;
}

export const storageServers = {
  async load() {
    const [all, images] = await Promise.all(['/storage-servers', '/filesystem-images'].map((path) => list(path, { limit: 1000 })));
    const kept = (server) => images.items.filter((each) => each.storageServer === server.name).map((each) => each.name);
    return { items: all.items, kept };
  },

  view: ({ items, kept }, again) => html`
    ${may('admin') ? html`<p>${button('New storage server…', () => create(again), 'primary')}</p>` : nothing}
    ${table('Storage servers', [['Name', (each) => each.name], ['Type', (each) => each.type], ['IP address', (each) => each.address],
    ['Management', (each) => each.managementAddress], ['Export root', (each) => html`<span class="mono">${each.exportRoot}</span>`],
    ['Host key', (each) => (each.hostKey ? 'pinned' : 'not seen yet')], ['Images', (each) => kept(each).length], ['Owner', (each) => each.owner], ['Can it be used?', found],
    ['Actions', (each) => html`<div class="d-flex flex-wrap gap-1">
      ${may('operator') ? button('check', () => check(each, again)) : nothing}
      ${remarkButton(pathOf(each), each.name, again)}
      ${may('admin') ? html`${button('change…', () => change(each, again))}
        ${button('delete…', () => destroy(each, kept(each), again), 'outline-danger')}` : nothing}</div>`]],
    items, 'There is no storage server yet. Make one known that exports directories over NFS: its images are what machines run.')}`,
};
