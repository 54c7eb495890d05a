// What a new site does first, until an environment is active: each step with what was found of it, where to go, and the line that does the same.
import { get, list, may } from '../api.js';
import { button, html, nothing, say } from '../ui.js';

const HIDDEN = 'qrm-first-steps'; // in localStorage: somebody needs no help

const isHidden = () => localStorage.getItem(HIDDEN) === 'hidden';

const some = async (path, query) => (await list(path, { ...query, fields: 'name', limit: 1 })).items[0]?.name;

/** What is there of a new site; null where nobody needs to be led. */
export async function firstSteps(server) {
  if (isHidden() || !may('admin') || server.environments.active) return null;
  const [plugins, storage, image, environment, admission] = await Promise.all([
    get('/plugins'), some('/storage-servers'), some('/filesystem-images', { state: 'ready' }), some('/virtual-environments'), get('/admission')]);
  const { new: waiting = 0, ...others } = server.resources;
  return {
    server, storage, image, environment, waiting, open: Boolean(admission.windowUntil),
    admitted: Object.values(others).some((number) => number > 0),
    atWork: plugins.items.some(({ state }) => state === 'active'),
  };
}

const link = (page, title) => html`<a href="#/${page}">${title}</a>`;

/** Each step is [what, whether it is done, what was found and what to do, the line that does it]. */
function steps({ server, storage, image, environment, waiting, open, admitted, atWork }) {
  const alone = server.address.startsWith('127.');
  return [
    ['The first password is changed', true, '', ''],
    ['Plug-ins are at work', atWork,
      html`Plug-ins answer machines that boot, keep images, and make hosts of machines. Register and configure those that you need: ${link('plugins', 'Plug-ins')}.`,
      'qrm plugin list'],
    ['Machines boot from this server', admitted || waiting > 0,
      alone ? html`This server is reached under ${server.address}, from this host alone. Set <code>QRM_ADDRESS</code> to its address on the machines' network, and start it again.`
        : html`Let DHCP lead them to ${server.address}: a plug-in does it, or your own DHCP server (<code>docs/dnsmasq.md</code> has its settings). Then switch a machine on.`,
      ''],
    ['A machine is admitted', admitted,
      waiting > 0 ? html`${waiting === 1 ? 'One machine waits' : `${waiting} machines wait`}: ${link('admission', 'Admission')}.`
        : html`Machines that come wait until somebody admits them; ${open ? 'a window is open: those that come now are admitted.' : html`a window admits those that come while you watch: ${link('admission', 'Admission')}.`}`,
      'qrm admission open --minutes 30 --machines 40'],
    ['A storage server is known', Boolean(storage),
      html`It keeps the images, and this server reaches it over SSH: ${link('images/storage', 'Storage servers')}. The check there says what it still lacks.`,
      storage ? '' : 'qrm storage-server create --help'],
    ['A filesystem image is ready', Boolean(image),
      html`Of a directory, an archive, a running machine, or a fresh Debian: ${link('images/filesystem', 'Filesystem images')}.`,
      storage ? `qrm filesystem-image create first --storage-server ${storage} --debootstrap bookworm --wait` : ''],
    ['A virtual environment is active', false,
      environment ? html`${environment} is described: ${link(`environments/${encodeURIComponent(environment)}`, 'start it')}.`
        : html`It says which image runs, and what kind of machine it needs: ${link('environments', 'Virtual environments')}.`,
      environment ? `qrm ve start ${environment} --wait` : image ? `qrm ve create first --filesystem-image ${image} --mode single` : ''],
  ];
}

async function copy(line) {
  await navigator.clipboard.writeText(line);
  say('The line is copied.');
}

function hide(again) {
  localStorage.setItem(HIDDEN, 'hidden');
  again();
}

/** The step that comes next is open, with what to do. */
export function firstStepsOf(found, again) {
  if (found === null) return nothing;
  const all = steps(found);
  const next = all.findIndex(([, done]) => !done);
  return html`<section class="border rounded p-3 mb-4" id="first-steps" aria-labelledby="first-steps-title">
    <div class="d-flex justify-content-between"><h2 class="h5" id="first-steps-title">First steps</h2>${button('Hide', () => hide(again), 'outline-secondary')}</div>
    <ol class="steps">${all.map(([what, done, how, line], i) => html`<li class=${done ? 'done' : i === next ? 'next' : ''} aria-current=${i === next ? 'step' : nothing}>
      <strong>${what}</strong>${done ? html`<span class="visually-hidden"> (done)</span>` : nothing}
      ${i === next ? html`<div>${how}</div>${line ? html`<div class="line"><code>${line}</code> ${button('Copy', () => copy(line), 'outline-secondary')}</div>` : nothing}` : nothing}</li>`)}</ol></section>`;
}
