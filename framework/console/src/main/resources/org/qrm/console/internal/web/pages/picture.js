import { list } from '../api.js';
import { badge, html, nothing } from '../ui.js';

const MOST = 1000;

/** Machines in the order of their numbers, each with its partitions; what is beyond the most is left out. */
function arrange(items) {
  const machines = items.filter((each) => each.kind === 'node').map((node) => ({ node, partitions: [] }));
  const byId = new Map(machines.map((machine) => [machine.node.id, machine]));
  items.filter((each) => each.kind === 'partition').forEach((each) => byId.get(each.hostId)?.partitions.push(each));
  return machines;
}

const runs = (each) => (each.environmentId
  ? html`<a href="#/environments/${each.environmentId}">${each.environmentId}</a>` : nothing);

const box = ({ node, partitions }) => html`<li class="machine state-${node.state}">
  <div><a href="#/resources/${node.id}">${node.name}</a> ${badge(node.state)}</div>
  <div class="small">${node.cpus} CPUs, ${node.memoryMb} MiB, load ${node.load.toFixed(2)} ${runs(node)}</div>
  ${partitions.length ? html`<ul class="partitions" aria-label="Partitions of ${node.name}">${partitions.map((each) => html`
    <li class="machine state-${each.state}"><a href="#/resources/${each.id}">${each.name}</a> ${badge(each.state)}
      <span class="small">${each.memoryMb} MiB ${runs(each)}</span></li>`)}</ul>` : nothing}</li>`;

export const picture = {
  async load() {
    const { items, next } = await list('/resources', { limit: MOST });
    return { machines: arrange(items), more: next !== null };
  },

  view: ({ machines, more }) => html`<h1 class="h4">Data centre</h1>
    ${machines.length === 0 ? html`<div class="border rounded p-4 text-body-secondary">There are no machines yet. Let one boot from the network
      of this server: it registers by itself.</div>` : html`<ul class="picture">${machines.map(box)}</ul>`}
    ${more ? html`<p>These are the first ${MOST} resources; <a href="#/resources">the list</a> has all.</p>` : nothing}`,
};
