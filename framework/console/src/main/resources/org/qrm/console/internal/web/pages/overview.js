import { get, list, may, post } from '../api.js';
import { ask } from '../form.js';
import { historyAt, siteHistory } from '../history.js';
import { firstSteps, firstStepsOf } from './first-steps.js';
import { attempt, badge, bar, button, confirmed, exact, html, inCpus, linkTo, memory, nothing, number, progress, said, say, table, time } from '../ui.js';

const tile = (title, count, link) => html`<div class="col"><a class="tile card h-100" href=${link}>
  <div class="card-body"><div class="number">${number(count)}</div><div>${title}</div></div></a></div>`;

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

/** All events of the type that the page has shown; what came since stays. */
async function acknowledge(alert, again) {
  const done = await ask({
    id: 'acknowledge', title: alert.events > 1 ? `Acknowledge ${number(alert.events)} events of ${alert.type}` : `Acknowledge the event of ${alert.type}`, word: 'Acknowledge',
    lead: 'They are no alerts any longer, for nobody. What comes from now on is one again.', values: { note: '' },
    fields: [{ name: 'note', label: 'What others should know', wide: true, most: 200, hint: 'An event tells it, and that it was you.' }],
    save: ({ note }) => post(`/alerts/${encodeURIComponent(alert.type)}/actions`, { action: 'acknowledge', upTo: alert.newest, ...(note && { note }) }),
  });
  if (done) say(done.events === 1 ? 'An event is acknowledged.' : `${number(done.events)} events of ${done.type} are acknowledged.`);
  again();
}

const WORST = ['alarm', 'error', 'warning'];

/** The worst first, of these the newest. */
const byWeight = (one, other) => WORST.indexOf(one.priority) - WORST.indexOf(other.priority) || other.newest - one.newest;

const WHERE = { switch: 'are plugged in at', host: 'are partitions of', tag: 'have the tag' };

/** What many of them have in common: maybe the cause. */
const commonLine = (each) => html`<div><strong>${number(each.affected)}</strong> of them ${WHERE[each.kind]}
  <a href="#/resources?${new URLSearchParams({ query: each.query })}">${each.name}</a>, ${each.affected === each.all ? 'all that do' : `of ${number(each.all)} that do`}</div>`;

/** One line for each sort of trouble, however many machines have it. */
const alertLine = (alert, again) => html`<li data-name=${alert.type}><div>${badge(alert.priority)}</div>
  <div class="what">${said(alert.description)}
    ${alert.subjects > 1 ? html`<div><strong>${number(alert.subjects)}</strong> are in the same trouble: ${alert.examples.map((subject, i) => html`${i ? ', ' : ''}${linkTo(subject)}`)}${alert.subjects > alert.examples.length ? ' …' : ''}</div>` : nothing}
    ${alert.inCommon.map(commonLine)}
    <div class="small text-body-secondary">${alert.type}, ${alert.events > 1 ? html`${number(alert.events)} events since ${exact(alert.since)}, the last ${time(alert.last)}` : time(alert.last)}</div></div>
  <div class="text-nowrap"><a class="btn btn-sm btn-outline-secondary" href="#/events?${new URLSearchParams({ type: alert.type, open: 'true' })}">Events</a>
    ${may('operator') ? button(alert.events > 1 ? 'Acknowledge all…' : 'Acknowledge…', () => acknowledge(alert, again), 'outline-primary') : nothing}</div></li>`;

const sizeOf = (size) => `${inCpus(size.cpus)}, ${memory(size.memoryMb)}`;

/** How many of a size are free, as a bar: free, used, in error; the rest is off or set aside. */
const shares = (size) => bar(size.all, `${sizeOf(size)}: ${size.idle} of ${size.all} are idle`,
  ['free', size.idle, `idle: ${size.idle}`], ['used', size.used, `used: ${size.used}`], ['error', size.error, `in error: ${size.error}`]);

const capacity = (sizes) => table('What there is of each size', [
  ['Size', (size) => html`${sizeOf(size)}${size.kind === 'partition' ? html` <span class="text-body-secondary">(partition)</span>` : nothing}`],
  ['All', (size) => number(size.all), undefined, true],
  ['Idle', (size) => number(size.idle), undefined, true],
  ['', (size) => html`<div class="share">${shares(size)}</div>`],
], sizes, 'There are no machines yet. Let one boot from the network of this server: it appears here.');

export const overview = {
  async load({ span }) {
    const [server, alerts, sizes, running, recent, spares, storm, history] = await Promise.all([
      get('/server'),
      list('/alerts', { limit: 100 }),
      list('/resource-sizes', { limit: 12 }),
      list('/operations', { state: 'running', limit: 10 }),
      list('/events', { limit: 10 }),
      list('/spares', { spare: 'none', heal: 'restart', limit: 1000 }),
      get('/storm'),
      historyAt('/history', span),
    ]);
    return { server, first: await firstSteps(server), alerts: alerts.items.sort(byWeight), sizes, running: running.items, recent: recent.items, spareless: spares.items, storm, history };
  },

  view({ server, first, alerts, sizes, running, recent, spareless, storm, history }, again) {
    const machines = server.resources;
    const count = (states) => states.reduce((sum, state) => sum + (machines[state] ?? 0), 0);
    return html`<h1 class="h4">Overview</h1>
      ${firstStepsOf(first, again)}
      <div class="row row-cols-2 row-cols-md-3 row-cols-xl-6 g-3 mb-4">
        ${tile('idle machines', count(['idle']), '#/resources?state=idle')}
        ${tile('active', count(['active']), '#/resources?state=active')}
        ${tile('on their way', count(['assigned', 'booting', 'releasing']), '#/resources?state=booting')}
        ${tile('off', count(['off']), '#/resources?state=off')}
        ${tile('in error', count(['error']), '#/resources?state=error')}
        ${tile('environments active', server.environments.active ?? 0, '#/environments')}
      </div>
      ${machines.new ? html`<div class="alert alert-warning" role="status"><a class="alert-link" href="#/admission">${machines.new === 1 ? '1 new machine waits' : `${number(machines.new)} new machines wait`} to be admitted</a></div>` : nothing}
      ${storm.since ? html`<div class="alert alert-danger" role="status">${storm.lost} of ${storm.machines} machines of virtual environments are lost at once: healing waits since ${exact(storm.since)}.
        ${may('operator') ? button('Go on all the same…', () => goOn(storm, again), 'outline-danger') : nothing}</div>` : nothing}
      ${spareless.length ? html`<div class="alert alert-warning" role="status"><a class="alert-link" href="#/environments">${names(spareless)} would find no spare machine</a> if a machine died now.</div>` : nothing}
      <h2 class="h5">Alerts</h2>
      ${alerts.length ? html`<ul class="alerts" aria-label="Alerts">${alerts.map((alert) => alertLine(alert, again))}</ul>`
    : html`<div class="border rounded p-4 text-body-secondary">Nothing needs attention.</div>`}
      <h2 class="h5 mt-4">Capacity</h2>
      ${capacity(sizes.items)}
      ${sizes.next ? html`<p>These are the smallest sizes; <code>qrm resource sizes</code> has all.</p>` : nothing}
      <h2 class="h5 mt-4">History</h2>
      ${siteHistory(history, (span) => `#/?span=${span}`)}
      <div class="beside mt-4"><section>
      <h2 class="h5">At work</h2>
      ${table('Operations at work', [
        ['Operation', (each) => html`<a href="#/operations/${each.id}">${each.kind}</a>`],
        ['On', (each) => linkTo(each.subject)],
        ['Progress', (each) => progress(each.progress, `Progress of operation ${each.id}`)],
      ], running, 'No operation is running.')}
      </section><section>
      <h2 class="h5">Recent events</h2>
      ${table('Recent events', [
        ['When', (event) => time(event.time)],
        ['What', (event) => said(event.description)],
      ], recent, 'Nothing has happened yet. Let a machine boot from the network: it appears here.')}
      </section></div>`;
  },
};
