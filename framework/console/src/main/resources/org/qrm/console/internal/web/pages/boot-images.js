import { list, may, post, put, remove, read, upload } from '../api.js';
import { ask, NAME } from '../form.js';
import { remarkButton } from '../remark.js';
import { attempt, button, confirmed, html, nothing, say, size, table } from '../ui.js';

const LOADERS = [['linux', 'linux: a kernel with an initrd'], ['multiboot', 'multiboot: a hypervisor with both as its modules']];
const ROLES = [['kernel', 'kernel'], ['initrd', 'initrd'], ['hypervisor', 'hypervisor'], ['other', 'other: carried along']];
const NEEDED = { linux: ['kernel', 'initrd'], multiboot: ['hypervisor', 'kernel', 'initrd'] };
const LARGEST = 512 * 1024 * 1024;
/** The one that comes with the server; it is not changed. */
const OWN = 'default';

const pathOf = (image) => `/boot-images/${encodeURIComponent(image.name)}`;

/** Sends a file under a name, its own unless another is given. */
function send(image, file, role, { name = file.name, progress, signal }) {
  if (file.size > LARGEST) {
    throw Object.assign(new Error(`${file.name} is larger than ${size(LARGEST)}.`), { subject: role, status: 400 });
  }
  return upload(`${pathOf(image)}/files/${encodeURIComponent(name)}?role=${role}`, file, progress, signal);
}

async function create(again) {
  let made = null;
  const image = await ask({
    id: 'boot-image-form',
    title: 'New boot image',
    fields: [
      { name: 'name', label: 'Name', required: true, ...NAME },
      { name: 'loader', label: 'Loader', type: 'choice', choices: LOADERS },
      { name: 'hypervisor', label: 'Hypervisor', type: 'file', when: ({ loader }) => loader === 'multiboot', hint: 'As xen-4.17-amd64.gz.' },
      { name: 'kernel', label: 'Kernel', type: 'file', hint: 'As vmlinuz.' },
      { name: 'initrd', label: 'Initrd', type: 'file', hint: 'As initrd.img. Files may also come later.' },
      { name: 'description', label: 'Description', wide: true, most: 1000 },
    ],
    values: { loader: 'linux' },
    word: 'Create',
    async save(values, { progress, signal }) {
      // after a failed upload the image is there already: what is left is sent
      if (made?.name !== values.name) made = await post('/boot-images', { name: values.name, loader: values.loader, description: values.description ?? '' });
      const files = ['hypervisor', 'kernel', 'initrd'].filter((role) => values[role]);
      const whole = files.reduce((sum, role) => sum + values[role].size, 0);
      let before = 0;
      for (const role of files) {
        const file = values[role];
        await send(made, file, role, { signal, progress: (part) => progress((before + part * file.size) / whole) });
        before += file.size;
      }
      return made;
    },
  });
  if (image) say(`Boot image ${image.name} is made.`);
  again();
}

async function addFile(image, again) {
  const role = NEEDED[image.loader].find((each) => !image.files.some((file) => file.role === each)) ?? 'other';
  const done = await ask({
    id: 'boot-file-form',
    title: `A file for ${image.name}`,
    lead: 'A file of the same name is replaced; machines that are booting get the one or the other, whole.',
    fields: [
      { name: 'file', label: 'File', type: 'file', required: true, hint: `At most ${size(LARGEST)}.` },
      { name: 'role', label: 'What it is', type: 'choice', choices: ROLES },
      { name: 'name', label: 'Name in the image', hint: 'The file\'s own, if it is left empty.', ...NAME },
    ],
    values: { role },
    word: 'Upload',
    save: ({ file, role: as, name }, { progress, signal }) => send(image, file, as, { name: name || undefined, progress, signal }),
  });
  if (done) say(`Boot image ${image.name} has the file.`);
  again();
}

async function change(image, again) {
  await attempt(async () => {
    let seen = await read(pathOf(image));
    const changed = await ask({
      id: 'boot-image-form',
      title: `Change ${image.name}`,
      fields: [
        { name: 'loader', label: 'Loader', type: 'choice', choices: LOADERS, hint: 'Refused as long as virtual environments name the image.' },
        { name: 'description', label: 'Description', wide: true, most: 1000 },
      ],
      values: seen.body,
      word: 'Change',
      save: ({ loader, description }) => put(pathOf(image), { loader, description: description ?? '' }, seen.tag),
      async reread() {
        seen = await read(pathOf(image));
        return seen.body;
      },
    });
    if (changed) say(`Boot image ${image.name} is changed.`);
  });
  again();
}

async function removeFile(image, file, users, again) {
  const text = html`The file ${file.name} (${file.role}, ${size(file.size)}) is removed from the boot image ${image.name}.
    ${users.length ? `Virtual environments name it: ${users.join(', ')}. As long as they do, this is refused.` : ''}`;
  await attempt(async () => {
    if (!await confirmed(`Remove ${file.name}?`, text, 'Remove')) return;
    await remove(`${pathOf(image)}/files/${encodeURIComponent(file.name)}`);
    say(`Boot image ${image.name} has no ${file.name} any more.`);
  });
  again();
}

async function destroy(image, users, again) {
  const text = html`The boot image ${image.name}${image.plugin ? `, which the plug-in ${image.plugin} made,` : ''} is deleted with its files:
    ${image.files.length ? image.files.map((file) => `${file.name} (${size(file.size)})`).join(', ') : 'it has none'}.
    ${users.length ? `Virtual environments name it: ${users.join(', ')}. As long as they do, this is refused.` : ''}`;
  await attempt(async () => {
    const { tag } = await read(pathOf(image));
    if (!await confirmed(`Delete ${image.name}?`, text, 'Delete')) return;
    await remove(pathOf(image), tag);
    say(`Boot image ${image.name} is deleted.`);
  });
  again();
}

const missing = (image) => NEEDED[image.loader].filter((role) => !image.files.some((file) => file.role === role));

const contents = (image, users, again) => html`<ul class="list-unstyled mb-0">${image.files.map((file) => html`<li title="SHA-256 ${file.sha256}">
  <span class="mono">${file.name}</span>, ${file.role}, ${size(file.size)}
  ${may('admin') && image.name !== OWN ? html`<button type="button" class="btn btn-link btn-sm p-0" aria-label="Remove ${file.name} of ${image.name}"
    @click=${() => removeFile(image, file, users, again)}>remove…</button>` : nothing}</li>`)}</ul>
  ${missing(image).length ? html`<span class="text-warning-emphasis">It cannot boot yet: no ${missing(image).join(', no ')}.</span>` : nothing}`;

export const bootImages = {
  async load() {
    const [all, environments] = await Promise.all(['/boot-images', '/virtual-environments'].map((path) => list(path, { limit: 1000 })));
    const users = (image) => environments.items.filter((each) => each.bootImage === image.name).map((each) => each.name);
    return { items: all.items, users };
  },

  view: ({ items, users }, again) => html`
    ${may('admin') ? html`<p>${button('New boot image…', () => create(again), 'primary')}</p>` : nothing}
    ${table('Boot images', [['Name', (each) => each.name], ['Loader', (each) => each.loader], ['Files', (each) => contents(each, users(each), again)],
    ['Used by', (each) => users(each).map((name) => html`<a class="me-1" href="#/environments/${name}">${name}</a>`)],
    ['Made by', (each) => each.plugin ?? (each.name === OWN ? 'the server' : '')], ['Description', (each) => each.description], ['Owner', (each) => each.owner],
    ['Actions', (each) => html`<div class="d-flex flex-wrap gap-1">${remarkButton(pathOf(each), each.name, again)}${may('admin') && each.name !== OWN ? html`
      ${button('upload a file…', () => addFile(each, again))}
      ${button('change…', () => change(each, again))}
      ${button('delete…', () => destroy(each, users(each), again), 'outline-danger')}` : nothing}</div>`]],
    items, 'There is none; make one of a kernel and an initrd.')}`,
};
