import { list, may, post, put, read, remove } from '../api.js';
import { ask, NAME, PATH } from '../form.js';
import { remarkButton } from '../remark.js';
import { attempt, badge, button, confirmed, html, nothing, progress, say, size, started, table, time } from '../ui.js';

const pathOf = (image) => `/filesystem-images/${encodeURIComponent(image.name)}`;

const SOURCES = [
  ['existing', 'A directory that is there already'],
  ['empty', 'Nothing: an empty directory'],
  ['archive', 'A tar archive on the storage server'],
  ['system', 'A running machine, copied over SSH'],
  ['debootstrap', 'A fresh Debian'],
];
const from = (...types) => ({ source }) => types.includes(source);

const fields = (servers, resumed) => [
  { name: 'name', label: 'Name', required: true, fixed: resumed, ...NAME },
  { name: 'storageServer', label: 'Storage server', type: 'choice', choices: servers.map((each) => [each.name, `${each.name} (${each.address}, ${each.exportRoot})`]) },
  { name: 'path', label: 'Directory there', hint: 'Below the server\'s export root; that and the name, if it is left empty.', ...PATH },
  { name: 'source', label: 'Its content', type: 'choice', choices: SOURCES, hint: 'Filling it is work that can be followed and cancelled.' },
  { name: 'archive', is: 'source.path', label: 'Archive', when: from('archive'), required: true, hint: 'Its absolute path on the storage server: .tar, .tar.gz, .tar.xz, .tar.zst.', ...PATH },
  { name: 'address', is: 'source.address', label: 'Machine to copy', when: from('system'), required: true, hint: 'IPv4 address or host name.' },
  { name: 'hostKey', is: 'source.hostKey', label: 'Its SSH host key', when: from('system'), hint: 'Type and base64 text; if it is left empty, what it offers first is accepted.' },
  { name: 'suite', is: 'source.suite', label: 'Release', when: from('debootstrap'), required: true, hint: 'Like bookworm.' },
  { name: 'packages', is: 'source.packages', label: 'Packages', when: from('debootstrap'), hint: 'Beside the minimal base; between spaces.' },
  { name: 'description', label: 'Description', wide: true, most: 1000 },
];

const sourceOf = ({ source, archive, address, hostKey, suite, packages }) => ({
  type: source,
  ...(source === 'archive' && { path: archive }),
  ...(source === 'system' && { address, hostKey: hostKey || null }),
  ...(source === 'debootstrap' && { suite, packages: (packages ?? '').split(/[\s,]+/).filter(Boolean) }),
});

/** A new one; or one whose filling has failed is gone on with, on the same server and path. */
async function create(servers, failed, again) {
  const operation = await ask({
    id: 'filesystem-image-form',
    title: failed ? `Fill ${failed.name} again` : 'New filesystem image',
    lead: failed ? 'It goes on with what is there already.' : null,
    fields: fields(failed ? servers.filter((each) => each.name === failed.storageServer) : servers, Boolean(failed)),
    values: { storageServer: servers[0].name, source: 'existing', ...(failed && { name: failed.name, storageServer: failed.storageServer, path: failed.path, description: failed.description }) },
    word: failed ? 'Fill' : 'Create',
    save: (values) => post('/filesystem-images', {
      name: values.name, storageServer: values.storageServer, path: values.path || null, source: sourceOf(values), description: values.description ?? '',
    }),
  });
  if (operation) started('Filling the image', operation);
  again();
}

async function measure(image, again) {
  const operation = await attempt(() => post(`${pathOf(image)}/actions`, { action: 'measure' }));
  if (operation) started(`Measuring ${image.name}`, operation);
  again();
}

async function change(image, again) {
  await attempt(async () => {
    let seen = await read(pathOf(image));
    const changed = await ask({
      id: 'filesystem-image-form',
      title: `Change ${image.name}`,
      lead: 'Name, place and content of an image stay as they were made.',
      fields: [{ name: 'description', label: 'Description', wide: true, most: 1000 }],
      values: seen.body,
      word: 'Change',
      save: ({ description }) => put(pathOf(image), { description: description ?? '' }, seen.tag),
      async reread() {
        seen = await read(pathOf(image));
        return seen.body;
      },
    });
    if (changed) say(`Filesystem image ${image.name} is changed.`);
  });
  again();
}

async function destroy(image, users, again) {
  const operation = await ask({
    id: 'delete-image',
    title: `Delete ${image.name}?`,
    danger: true,
    lead: html`<p>The filesystem image ${image.name}${image.plugin ? `, which the plug-in ${image.plugin} made,` : ''} is forgotten, and the directory
      <span class="mono">${image.path}</span> on ${image.storageServer}${image.sizeBytes ? `, ${size(image.sizeBytes)},` : ''} is removed with all that is in it.</p>
      ${users.length ? html`<p>Virtual environments name it: ${users.join(', ')}. As long as they do, this is refused.</p>` : nothing}`,
    fields: [{ name: 'keep', label: 'Leave the directory where it is', type: 'check', wide: true },
      { name: 'snapshots', label: 'Delete its snapshots, too', type: 'check', wide: true, hint: 'An image that has some is not deleted without them.' }],
    word: 'Delete',
    save: ({ keep, snapshots }) => remove(`${pathOf(image)}?keepContent=${Boolean(keep)}&withSnapshots=${Boolean(snapshots)}`),
  });
  if (operation) started(`Deleting ${image.name}`, operation);
  again();
}

/** The image whose snapshots are shown. */
let snapshotsOf = null;

const snapshotsPath = () => `${pathOf({ name: snapshotsOf })}/snapshots`;
const snapshotPath = ({ name }) => `${snapshotsPath()}/${encodeURIComponent(name)}`;

async function take(again) {
  const operation = await ask({
    id: 'snapshot-form',
    title: `New snapshot of ${snapshotsOf}`,
    lead: 'What is in the image now is kept under that name. Whether that can be done while machines use it is up to its storage server.',
    fields: [{ name: 'snapshot', label: 'Name', required: true, ...NAME }, { name: 'description', label: 'Description', wide: true, most: 1000 }],
    values: {},
    word: 'Take',
    save: ({ snapshot, description }) => post(snapshotsPath(), { snapshot, description: description ?? '' }),
  });
  if (operation) started('Taking the snapshot', operation);
  again();
}

async function restore(snapshot, again) {
  if (!await confirmed(`Restore ${snapshot.name}?`, `${snapshotsOf} has the content of that snapshot again, and all that was written since is lost. The snapshot stays.`, 'Restore')) return;
  const operation = await attempt(() => post(`${snapshotPath(snapshot)}/actions`, { action: 'restore' }));
  if (operation) started(`Restoring ${snapshotsOf}`, operation);
  again();
}

async function drop(snapshot, again) {
  if (!await confirmed(`Delete ${snapshot.name}?`, `${snapshotsOf} cannot have the content of that snapshot again.`, 'Delete')) return;
  const operation = await attempt(() => remove(snapshotPath(snapshot)));
  if (operation) started(`Deleting ${snapshot.name}`, operation);
  again();
}

const snapshotSection = (snapshots, again) => html`<section id="snapshots"><h2 class="h5">Snapshots of ${snapshotsOf}</h2>
  ${table(`Snapshots of ${snapshotsOf}`, [['Snapshot', (each) => each.name], ['State', (each) => html`${badge(each.state)} ${each.reason}`], ['Taken', (each) => time(each.taken)],
    ['Description', (each) => each.description],
    ['Actions', (each) => html`<div class="d-flex flex-wrap gap-1">
      ${may('admin') && each.state === 'ready' ? button('restore…', () => restore(each, again)) : nothing}
      ${may('admin') && ['ready', 'error'].includes(each.state) ? button('delete…', () => drop(each, again), 'outline-danger') : nothing}</div>`]],
    snapshots, 'There is none yet.')}
  <p>${may('operator') ? button('New snapshot…', () => take(again), 'primary') : nothing}
    ${button('Close', () => { snapshotsOf = null; again(); }, 'outline-secondary')}</p></section>`;

const AT_WORK = ['creating', 'removing'];

/** An image that is not ready, with the last that was asked for about it. */
const workOn = async ({ name }) => [name, (await list('/operations', { subject: `filesystem-image/${name}`, limit: 1 })).items[0]];

const state = (image, operation) => html`${badge(image.state)} ${image.reason}
  ${operation ? html`${progress(operation.progress, `Progress of ${image.name}`)}
    <a class="small" href="#/operations/${operation.id}">operation ${operation.id}</a>` : nothing}`;

export const filesystemImages = {
  async load() {
    const [all, servers, environments] = await Promise.all(['/filesystem-images', '/storage-servers', '/virtual-environments'].map((path) => list(path, { limit: 1000 })));
    const users = (image) => environments.items.filter((each) => each.filesystemImage === image.name).map((each) => each.name);
    if (!all.items.some((each) => each.name === snapshotsOf)) snapshotsOf = null;
    const snapshots = snapshotsOf ? await list(snapshotsPath()) : { items: [] };
    return { items: all.items, snapshots: snapshots.items, servers: servers.items, users, work: new Map(await Promise.all(all.items.filter((each) => AT_WORK.includes(each.state)).map(workOn))) };
  },

  view: ({ items, snapshots, servers, users, work }, again) => html`
    ${may('admin') && servers.length ? html`<p>${button('New filesystem image…', () => create(servers, null, again), 'primary')}</p>` : nothing}
    ${table('Filesystem images', [['Name', (each) => each.name], ['State', (each) => state(each, work.get(each.name))],
    ['Storage server', (each) => each.storageServer], ['Directory', (each) => html`<span class="mono">${each.path}</span>`],
    ['Size', (each) => size(each.sizeBytes)], ['Used by', (each) => users(each).map((name) => html`<a class="me-1" href="#/environments/${name}">${name}</a>`)],
    ['Description', (each) => each.description], ['Owner', (each) => each.owner],
    ['Actions', (each) => html`<div class="d-flex flex-wrap gap-1">
      ${may('operator') && each.state === 'ready' ? button('measure', () => measure(each, again)) : nothing}
      ${remarkButton(pathOf(each), each.name, again)}
      ${button('snapshots…', () => { snapshotsOf = each.name; again(); }, 'outline-secondary')}
      ${may('admin') ? button('change…', () => change(each, again)) : nothing}
      ${may('admin') && each.state === 'error' && servers.length ? button('fill again…', () => create(servers, each, again)) : nothing}
      ${may('admin') && ['ready', 'error'].includes(each.state) ? button('delete…', () => destroy(each, users(each), again), 'outline-danger') : nothing}</div>`]],
    items, servers.length ? 'There is no filesystem image yet: make one on a storage server, or take a directory that is there as it is.'
      : html`There is no filesystem image yet, and no <a href="#/images/storage">storage server</a> to keep one: make that known first.`)}
    ${snapshotsOf ? snapshotSection(snapshots, again) : nothing}`,
};
