import { list } from '../api.js';
import { badge, html, table } from '../ui.js';

const size = (bytes) => (bytes ? `${(bytes / 1048576).toFixed(0)} MiB` : '');

export const images = {
  async load() {
    const [boots, filesystems, servers] = await Promise.all([
      list('/boot-images', { limit: 1000 }), list('/filesystem-images', { limit: 1000 }), list('/storage-servers', { limit: 1000 }),
    ]);
    return { boots: boots.items, filesystems: filesystems.items, servers: servers.items };
  },

  view: ({ boots, filesystems, servers }) => html`<h1 class="h4">Filesystem images</h1>
    ${table('Filesystem images', [['Name', (each) => each.name], ['State', (each) => html`${badge(each.state)} ${each.reason}`],
      ['Storage server', (each) => each.storageServer], ['Path', (each) => html`<span class="mono">${each.path}</span>`],
      ['Size', (each) => size(each.sizeBytes)], ['Description', (each) => each.description]], filesystems,
    html`There is none yet. Make one on a storage server: <code>qrm filesystem-image create --help</code>.`)}
    <h2 class="h4 mt-4">Boot images</h2>
    ${table('Boot images', [['Name', (each) => each.name], ['Loader', (each) => each.loader],
      ['Files', (each) => each.files.map((file) => file.name).join(', ')], ['Description', (each) => each.description]], boots, 'There is none.')}
    <h2 class="h4 mt-4">Storage servers</h2>
    ${table('Storage servers', [['Name', (each) => each.name], ['Type', (each) => each.type], ['Address', (each) => each.address],
      ['Management', (each) => each.managementAddress], ['Export root', (each) => html`<span class="mono">${each.exportRoot}</span>`]], servers,
    html`There is none yet: <code>qrm storage-server create --help</code>.`)}`,
};
