// What is told of one thing on its page, of whatever kind it is: how it stands, what is at work on it, and what has happened to it.
import { list, may } from './api.js';
import { standing } from './live.js';
import { cancel } from './pages/operations.js';
import { ownedBy } from './remark.js';
import { badge, button, html, lasted, nothing, progress, said, table, time, workingOn } from './ui.js';

/** Where the things of a kind are listed. */
const LISTS = { resource: 'resources', 'virtual-environment': 'environments' };

const MOST = 100; // events, and as many operations

/** One of its operations that is under way: what it is at, as it says itself. */
const atWork = (operation, again) => html`<div class="at-work border rounded p-2 mb-2" data-operation=${operation.id}>
  <div class="d-flex flex-wrap gap-2 align-items-center">${badge(operation.state)}
    <a href="#/operations/${operation.id}">${operation.kind}</a> <span>${workingOn(operation)}</span>
    ${may('operator') ? button('Cancel', () => cancel(operation, again), 'outline-danger') : nothing}</div>
  ${progress(operation.progress, `Progress of operation ${operation.id}`)}</div>`;

/**
 * The head of a thing's page.
 *
 * item      has its name, its state, the reason for that, and its owner
 * subjects  what operations on it, or on what it runs, are about: resource/17
 */
export const headOf = (item, subjects, again) => html`<h1 class="h4">${item.name} ${badge(item.state)}</h1>
  ${item.reason ? html`<p>${said(item.reason)}</p>` : nothing}
  ${item.owner ? html`<p>Owner: ${ownedBy(LISTS[subjects[0].split('/')[0]], item.owner)}</p>` : nothing}
  ${standing.work.filter(({ subject }) => subjects.includes(subject)).map((operation) => atWork(operation, again))}`;

/** What has happened to it, the newest first: its events, found by what narrows their list, and its operations. */
export async function storyOf(narrowed, subject) {
  const [events, operations] = await Promise.all([list('/events', { ...narrowed, limit: MOST }), list('/operations', { subject, limit: MOST })]);
  const whole = events.next === null && operations.next === null;
  // as far back as both are known
  const since = Math.max(...[events, operations].map(({ items, next }) => (next === null ? 0 : Date.parse(items.at(-1).time ?? items.at(-1).created))));
  const told = [
    ...events.items.map((event) => ({ at: event.time, event })),
    ...operations.items.map((operation) => ({ at: operation.created, operation })),
  ].filter(({ at }) => Date.parse(at) >= since);
  return { told: told.sort((one, other) => Date.parse(other.at) - Date.parse(one.at)), whole };
}

const took = ({ started, finished }) => (started && finished ? `, took ${lasted(Date.parse(finished) - Date.parse(started))}` : '');

const happened = ({ event, operation }) => (event ? said(event.description)
  : html`<a href="#/operations/${operation.id}">Operation ${operation.id}</a>: ${operation.kind}${operation.partOf ? html`, part of <a href="#/operations/${operation.partOf}">operation ${operation.partOf}</a>` : nothing}${took(operation)}
    ${operation.finished ? operation.reason : operation.doing}`);

export const story = ({ told, whole }) => html`${table('Story', [
  ['When', ({ at }) => time(at)],
  ['What', happened],
  ['', ({ event, operation }) => (operation ? badge(operation.state) : event.priority === 'info' ? nothing : badge(event.priority))],
], told, 'Nothing has happened to it yet.')}
  ${whole ? nothing : html`<p>What was before is in the <a href="#/events">events</a> and <a href="#/operations">operations</a>.</p>`}`;
