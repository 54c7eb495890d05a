import { get, may, post } from '../api.js';
import { attempt, badge, button, confirmed, html, nothing, say, table } from '../ui.js';

const STEPS = ['register', 'install', 'run-once', 'uninstall'];

async function act(plugin, action, again) {
  const sure = action !== 'uninstall' || await confirmed(`Uninstall ${plugin.id}?`, `What ${plugin.id} made is taken away: images, storage servers, settings.`, 'Uninstall');
  if (!sure) return;
  const operation = await attempt(() => post(`/plugins/${encodeURIComponent(plugin.id)}/actions`, { action }));
  if (operation) say(html`${action} ${plugin.id}: <a href="#/operations/${operation.id}">operation ${operation.id}</a> is ${operation.state}.`);
  again();
}

export const plugins = {
  load: () => get('/plugins'),

  view: ({ items }, again) => html`<h1 class="h4">Plug-ins</h1>
    ${table('Plug-ins', [['Name', (each) => each.id], ['State', (each) => badge(each.state)], ['Version', (each) => each.version],
      ['Bundle', (each) => (each.present ? 'there' : 'away')], ['', (each) => each.description],
      ['', (each) => (may('admin') ? html`<div class="d-flex flex-wrap gap-1">${STEPS.map((step) => button(step, () => act(each, step, again), step === 'uninstall' ? 'outline-danger' : 'outline-primary'))}</div>` : nothing)],
    ], items, 'No plug-in is there.')}
    <p class="text-body-secondary">A wizard is answered with <code>qrm-configurator</code>, or <code>qrm plugin configure NAME</code>.</p>`,
};
