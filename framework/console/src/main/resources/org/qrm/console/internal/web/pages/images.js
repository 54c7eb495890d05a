// Filesystem images, boot images and storage servers: a tab each.
import { html, tabs } from '../ui.js';
import { filesystemImages } from './filesystem-images.js';
import { bootImages } from './boot-images.js';
import { storageServers } from './storage-servers.js';

const TABS = { filesystem: ['Filesystem images', filesystemImages], boot: ['Boot images', bootImages], storage: ['Storage servers', storageServers] };
const chosen = (id) => (id in TABS ? id : 'filesystem');

export const images = {
  load: ({ id }) => TABS[chosen(id)][1].load(),

  view: (data, again, { id }) => html`<h1 class="h4">${TABS[chosen(id)][0]}</h1>
    ${tabs('Images and where they are', Object.entries(TABS).map(([name, [title]]) => [name, title]), chosen(id), (name) => `#/images/${name}`)}
    ${TABS[chosen(id)][1].view(data, again)}`,
};
