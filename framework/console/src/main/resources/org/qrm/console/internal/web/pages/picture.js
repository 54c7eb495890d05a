import { list } from '../api.js';
import { allMachines, heat } from '../heat.js';
import { badge, html, inCpus, loadChart, memory, nothing, svg } from '../ui.js';

const MOST = 1000;
/** Of so many machines one sees the boxes at one look. */
const FEW = 30;

/** Machines in the order of their numbers, each with its partitions; what is beyond the most is left out. */
function arrange(items) {
  const machines = items.filter((each) => each.kind === 'node').map((node) => ({ node, partitions: [] }));
  const byId = new Map(machines.map((machine) => [machine.node.id, machine]));
  items.filter((each) => each.kind === 'partition').forEach((each) => byId.get(each.hostId)?.partitions.push(each));
  return machines;
}

const runs = (each) => (each.environmentId
  ? html`<a href="#/environments/${each.environmentId}">${each.environmentId}</a>` : nothing);

const MINUTE = 60000;

/** The load of each machine in the last hour, by number; asked for once in a minute, since it changes no faster. */
let loads = { at: 0, of: new Map() };

async function heard() {
  if (Date.now() - loads.at > MINUTE) {
    const { items } = await list('/resource-loads', { limit: MOST });
    loads = { at: Date.now(), of: new Map(items.map((each) => [each.resource, each])) };
  }
  return loads.of;
}

/** A line of the last hour; the top is what the machine has of CPUs. */
function spark(node, values) {
  if (!values?.some((each) => each >= 0)) return nothing;
  const lines = [[]];
  values.forEach((load, at) => {
    if (load < 0) lines.push([]);
    else {
      const height = 24 - (22 * Math.min(load, node.cpus)) / node.cpus;
      lines.at(-1).push(`${at - 1},${height}`, `${at},${height}`); // each minute is seen, also one alone
    }
  });
  const known = values.filter((each) => each >= 0);
  return html`<svg class="spark" viewBox="0 0 59 24" preserveAspectRatio="none" role="img"
    aria-label="Load of ${node.name} in the last hour: now ${known.at(-1)}, at most ${Math.max(...known)}">
    ${lines.filter((line) => line.length).map((line) => svg`<polyline points=${line.join(' ')}></polyline>`)}</svg>`;
}

/** The mean over all machines, minute by minute. */
function together(of) {
  const first = [...of.values()][0];
  if (!first) return [];
  return first.loads.map((_, at) => {
    const said = [...of.values()].map((each) => each.loads[at]).filter((each) => each >= 0);
    return { minute: new Date(Date.parse(first.from) + at * MINUTE).toISOString(), said, load: Math.round((100 * said.reduce((sum, each) => sum + each, 0)) / said.length) / 100 };
  }).filter(({ said }) => said.length);
}

const box = ({ node, partitions }, of) => html`<li class="machine state-${node.state}">
  <div><a href="#/resources/${node.id}">${node.name}</a> ${badge(node.state)}</div>
  <div class="small">${inCpus(node.cpus)}, ${memory(node.memoryMb)}, load ${node.load.toFixed(2)} ${runs(node)}</div>
  ${spark(node, of.get(node.id)?.loads)}
  ${partitions.length ? html`<ul class="partitions" aria-label="Partitions of ${node.name}">${partitions.map((each) => html`
    <li class="machine state-${each.state}"><a href="#/resources/${each.id}">${each.name}</a> ${badge(each.state)}
      <span class="small">${memory(each.memoryMb)} ${runs(each)}</span></li>`)}</ul>` : nothing}</li>`;

export const picture = {
  async load() {
    const [{ items, next }, of] = await Promise.all([list('/resources', { limit: MOST }), heard()]);
    return { machines: arrange(items), of, more: next !== null, all: items.length > FEW ? await allMachines() : [] };
  },

  view: ({ machines, of, more, all }) => html`<h1 class="h4">Data centre</h1>
    ${machines.length === 0 ? html`<div class="border rounded p-4 text-body-secondary">There are no machines yet. Let one boot from the network
      of this server: it registers by itself.</div>` : html`
      ${together(of).length > 1 ? loadChart(together(of), 'Load of all machines, the mean') : nothing}
      ${all.length ? heat(all) : nothing}
      <ul class="picture">${machines.map((machine) => box(machine, of))}</ul>`}
    ${more ? html`<p>These are the first ${MOST} resources; <a href="#/resources">the list</a> has all.</p>` : nothing}`,
};
