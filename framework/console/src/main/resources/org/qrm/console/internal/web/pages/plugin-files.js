import { may, remove, upload } from '../api.js';
import { ask } from '../form.js';
import { attempt, badge, confirmed, html, nothing, say, size, table } from '../ui.js';

const LARGEST = 64 * 1024 * 1024;
const NAME = { pattern: '[A-Za-z0-9_\\-][A-Za-z0-9._\\-]{0,95}[.]jar', wrong: 'Use letters, digits, ".", "_" and "-", and ".jar" at the end.' };

const pathOf = (name) => `/plugin-files/${encodeURIComponent(name)}`;

const pluginLinks = (ids, style = '') => ids.map((id, i) => html`${i ? ', ' : ''}<a class=${style} href="#/plugins/${id}">${id}</a>`);

function send({ file, name, sha256 }, { progress, signal }) {
  if (file.size > LARGEST) {
    throw Object.assign(new Error(`${file.name} is larger than ${size(LARGEST)}.`), { subject: 'file', status: 400 });
  }
  const query = sha256 ? `?sha256=${encodeURIComponent(sha256)}` : '';
  return upload(pathOf(name || file.name) + query, file, progress, signal);
}

/** Asks for a file, waits until it is at work, and goes on to the page of the plug-in that it brings. */
export async function installFile(again) {
  const done = await ask({
    id: 'plugin-file-form',
    title: 'Install a plug-in from its file',
    lead: html`A bundle's code runs in the server: install only what you trust. Nothing else is restarted; a file of the same name is updated,
      and when the new one does not come to work, the server goes on as before.`,
    fields: [
      { name: 'file', label: 'File', type: 'file', required: true, hint: `The plug-in's jar, at most ${size(LARGEST)}.` },
      { name: 'name', label: 'Name on the server', hint: 'The file\'s own, if it is left empty.', most: 100, ...NAME },
      { name: 'sha256', label: 'SHA-256', hint: 'As its maker tells it; another file is refused. Leave it empty for a file that came with this server, or that is signed by one whom it trusts.', wide: true, most: 64, pattern: '[0-9a-fA-F]{64}', wrong: 'Give 64 hexadecimal digits.' },
    ],
    values: {},
    word: 'Install',
    save: send,
  });
  if (done) {
    say(html`${done.name} is at work. ${done.plugins.length ? html`It brings: ${pluginLinks(done.plugins, 'alert-link')}.` : 'It brings no plug-in.'}`);
    if (done.plugins.length === 1) window.location.hash = `#/plugins/${done.plugins[0]}`;
  }
  again();
}

async function removeFile(file, plugins, again) {
  const inUse = plugins.filter((each) => file.plugins.includes(each.id) && each.state !== 'available').map((each) => each.id);
  const text = html`The file ${file.name} (${size(file.sizeBytes)}) is removed from the server's folder deploy, and its bundle ${file.symbolicName} ${file.version} with it.
    ${file.plugins.length ? html`<p class="mt-2 mb-0">With it go the plug-ins:</p><ul>${file.plugins.map((id) => html`<li>${id}</li>`)}</ul>` : 'It brings no plug-in.'}
    ${inUse.length ? `Not uninstalled yet: ${inUse.join(', ')}. As long as that is so, this is refused.` : ''}`;
  await attempt(async () => {
    if (!await confirmed(`Remove ${file.name}?`, text, 'Remove')) return;
    await remove(pathOf(file.name));
    say(`${file.name} is removed.`);
  });
  again();
}

/** The files that were installed, beside what comes with the server. */
export const filesOf = (files, plugins, again) => (files.length === 0 ? nothing : html`<h2 class="h5 mt-4">Installed from files</h2>
  ${table('Plug-in files', [
    ['File', (each) => html`<span class="mono" title="SHA-256 ${each.sha256}">${each.name}</span>`],
    ['State', (each) => html`${badge(each.state)} ${each.reason}`],
    ['Bundle', (each) => `${each.symbolicName} ${each.version}`],
    ['Size', (each) => size(each.sizeBytes)],
    ['Brings', (each) => (each.plugins.length ? pluginLinks(each.plugins) : 'no plug-in')],
    ...(may('admin') ? [['Actions', (each) => html`<button type="button" class="btn btn-sm btn-outline-danger" aria-label="Remove ${each.name}"
      @click=${() => removeFile(each, plugins, again)}>remove…</button>`]] : [])], files, '')}`);
