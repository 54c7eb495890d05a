// The strip below each page: what everybody's work is at, and what became of it.
import { may } from './api.js';
import { icon } from './icons.js';
import { dismiss, standing } from './live.js';
import { badge, html, linkTo, nothing, progress, workingOn } from './ui.js';
import { cancel } from './pages/operations.js';

const CLOSED = 'qrm-tasks'; // in localStorage: the list is folded away
let folded = localStorage.getItem(CLOSED) === 'folded';

/** virtual-environment.start is a start. */
const verb = ({ kind }) => kind.slice(kind.lastIndexOf('.') + 1);

const task = (each, again) => html`<li class="task ${each.finished ? 'ended' : ''}" data-operation=${each.id}>
  <span class="task-state">${badge(each.state)}</span>
  <a class="task-what" href="#/operations/${each.id}">${verb(each)}<span class="visually-hidden">, operation ${each.id}, its steps and log</span></a>
  <span class="task-on">${linkTo(each.subject)}</span>
  <span class="task-step">${each.finished ? each.reason : workingOn(each)}</span>
  ${each.finished ? nothing : html`<span class="task-progress">${progress(each.progress, `Progress of operation ${each.id}`)}</span>`}
  <span class="task-act">${!each.finished && may('operator') ? html`<button type="button" class="btn btn-sm btn-outline-danger" ?disabled=${each.cancelRequested}
      aria-label="Cancel operation ${each.id}" @click=${() => cancel(each, again)}>Cancel</button>` : nothing}
    ${each.state === 'failed' ? html`<button type="button" class="btn btn-sm btn-outline-secondary" aria-label="Dismiss operation ${each.id}"
      @click=${() => dismiss(each.id)}>Dismiss</button>` : nothing}</span></li>`;

const words = (number, one, more) => (number === 0 ? [] : [`${number} ${number === 1 ? one : more ?? one}`]);

/** How much of each there is, in a few words. */
function sum() {
  const counts = standing.counts?.operations ?? {};
  const ended = (state) => standing.ended.filter((each) => each.state === state).length;
  return [...words(counts.running ?? 0, 'running'), ...words(counts.queued ?? 0, 'waiting'), ...words(ended('done'), 'done'),
    ...words(ended('cancelled'), 'cancelled'), ...words(ended('failed'), 'failed')].join(', ');
}

/** What is said to who does not see it: ends, not each step. */
const lastEnd = () => {
  const last = standing.ended.at(-1);
  return last ? `${verb(last)} on ${last.subject}: ${last.state}. ${last.reason}` : '';
};

function fold(draw) {
  folded = !folded;
  if (folded) localStorage.setItem(CLOSED, 'folded');
  else localStorage.removeItem(CLOSED);
  draw();
}

/** Nothing while nothing is at work. */
export function tasks(again, draw) {
  const all = [...standing.work, ...standing.ended.toReversed()];
  const more = (standing.counts?.operations.running ?? 0) + (standing.counts?.operations.queued ?? 0) - standing.work.length;
  return html`<div class="visually-hidden" role="status" id="ended">${lastEnd()}</div>
    ${all.length === 0 ? nothing : html`<section class="tasks" id="tasks" aria-label="Tasks">
      <button type="button" class="tasks-head" aria-expanded=${folded ? 'false' : 'true'} aria-controls="task-list" @click=${() => fold(draw)}>
        ${icon(folded ? 'up' : 'down')} Tasks: ${sum()}</button>
      <ul id="task-list" ?hidden=${folded}>${all.map((each) => task(each, again))}
        ${more > 0 ? html`<li class="task"><a href="#/operations">and ${more} more</a></li>` : nothing}</ul>
    </section>`}`;
}
