import { get, list, may, post } from '../api.js';
import { attempt, badge, button, confirmed, html, nothing, progress, say, table, time } from '../ui.js';

const tile = (title, number, link) => html`<div class="col"><a class="tile card h-100" href=${link}>
  <div class="card-body"><div class="number">${number}</div><div>${title}</div></div></a></div>`;

const names = (spareless) => {
  const first = spareless.slice(0, 3).map((each) => each.name).join(', ');
  return spareless.length > 3 ? `${first} and ${spareless.length - 3} more` : first;
};

async function goOn(storm, again) {
  const text = `All ${storm.lost} machines that are lost are switched off, a few at a time, and their environments start on others. Be certain that the cause is neither the network nor this server.`;
  if (await confirmed('Have healing go on?', text, 'Go on')) {
    if (await attempt(() => post('/storm/actions', { action: 'go-on' }))) say('Healing goes on.');
  }
  again();
}

export const overview = {
  async load() {
    const [server, alerts, running, recent, spares, storm] = await Promise.all([
      get('/server'),
      list('/events', { atLeast: 'warning', acknowledged: false, limit: 50 }),
      list('/operations', { state: 'running', limit: 20 }),
      list('/events', { limit: 10 }),
      list('/spares', { spare: 'none', heal: 'restart', limit: 1000 }),
      get('/storm'),
    ]);
    return { server, alerts: alerts.items.filter((event) => !event.resolved), running: running.items, recent: recent.items, spareless: spares.items, storm };
  },

  view({ server, alerts, running, recent, spareless, storm }, again) {
    const machines = server.resources;
    const count = (states) => states.reduce((sum, state) => sum + (machines[state] ?? 0), 0);
    return html`<h1 class="h4">Overview</h1>
      <div class="row row-cols-2 row-cols-md-5 g-3 mb-4">
        ${tile('idle machines', count(['idle']), '#/resources?state=idle')}
        ${tile('active', count(['active']), '#/resources?state=active')}
        ${tile('on their way', count(['assigned', 'booting', 'releasing']), '#/resources?state=booting')}
        ${tile('in error', count(['error']), '#/resources?state=error')}
        ${tile('environments active', server.environments.active ?? 0, '#/environments')}
      </div>
      ${machines.new ? html`<div class="alert alert-warning" role="status"><a class="alert-link" href="#/admission">${machines.new === 1 ? '1 new machine waits' : `${machines.new} new machines wait`} to be admitted</a></div>` : nothing}
      ${storm.since ? html`<div class="alert alert-danger" role="status">${storm.lost} of ${storm.machines} machines of virtual environments are lost at once: healing waits since ${time(storm.since)}.
        ${may('operator') ? button('Go on all the same…', () => goOn(storm, again), 'outline-danger') : nothing}</div>` : nothing}
      ${spareless.length ? html`<div class="alert alert-warning" role="status"><a class="alert-link" href="#/environments">${names(spareless)} would find no spare machine</a> if a machine died now.</div>` : nothing}
      <h2 class="h5">Alerts</h2>
      ${table('Alerts', [
        ['Priority', (event) => badge(event.priority)],
        ['When', (event) => time(event.time)],
        ['What', (event) => event.description],
      ], alerts, 'Nothing needs attention.')}
      <h2 class="h5 mt-4">At work</h2>
      ${table('Operations at work', [
        ['Operation', (each) => html`<a href="#/operations/${each.id}">${each.kind}</a>`],
        ['On', (each) => each.subject],
        ['Progress', (each) => progress(each.progress, `Progress of operation ${each.id}`)],
      ], running, 'No operation is running.')}
      <h2 class="h5 mt-4">Recent events</h2>
      ${table('Recent events', [
        ['When', (event) => time(event.time)],
        ['What', (event) => event.description],
      ], recent, 'Nothing has happened yet. Let a machine boot from the network: it appears here.')}`;
  },
};
