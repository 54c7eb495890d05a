// How machines did, as charts: drawn by uPlot, which is loaded with the first one.
import { list } from './api.js';
import { html } from './ui.js';

/** How far back: how long a step of it is, in seconds, and how many of them there are. */
const SPANS = new Map([['hour', [60, 60]], ['day', [900, 96]], ['week', [7200, 84]], ['month', [28800, 93]], ['year', [345600, 92]]]);
const DAY = 'day';
const HEIGHT = 160;

const known = (span) => (SPANS.has(span) ? span : DAY);

/** It changes once in a minute, and pages ask for all that they show whenever something happens. */
const WORTH = 20000;
let answer = { of: '', at: 0, samples: [] };

/** What there is of a span, which need not be one. */
export async function historyAt(path, span = DAY) {
  const of = `${path} ${known(span)}`;
  if (answer.of !== of || Date.now() - answer.at > WORTH) {
    const { items } = await list(path, { span: known(span), limit: 100 });
    answer = { of, at: Date.now(), samples: items };
  }
  return { span: known(span), samples: answer.samples };
}

/** A column of moments, in seconds, and one for each field; a step of which nothing is known has null, which breaks a line. */
export function columns(samples, step, fields) {
  const at = (sample) => Date.parse(sample.from) / 1000;
  const all = [[], ...fields.map(() => [])];
  let next = samples.length ? at(samples[0]) : 0;
  const add = (moment, sample) => {
    all[0].push(moment);
    fields.forEach((field, i) => all[i + 1].push(sample?.[field] ?? null));
  };
  for (const sample of samples) {
    for (; next < at(sample); next += step) add(next, null);
    add(at(sample), sample);
    next = at(sample) + step;
  }
  return all;
}

/** The same with the beginning of the whole span, of which something may be missing. */
export function within(values, now, seconds) {
  const from = (values[0].at(-1) ?? now) - seconds;
  return values.map((column, i) => [i === 0 ? from : null, ...column]);
}

const MIB = ['MiB', 'GiB', 'TiB', 'PiB'];
const KIB = ['KiB/s', 'MiB/s', 'GiB/s', 'TiB/s'];

/** An amount in the largest unit of which it is one at least. */
export function inUnit(amount, units) {
  let at = 0;
  let rest = amount;
  while (rest >= 1024 && at < units.length - 1) {
    rest /= 1024;
    at += 1;
  }
  return `${rest >= 100 || Number.isInteger(rest) ? Math.round(rest) : rest.toPrecision(2)} ${units[at]}`;
}

const plain = (amount) => `${Math.round(amount * 100) / 100}`;
const said = (amount, told) => (amount === null || amount === undefined ? 'not known' : told(amount));

/** Colours that differ for those who see fewer of them, too; the second line is dashed besides. */
const LINES = [{ colour: '--bs-primary', dash: [] }, { colour: '--bs-orange', dash: [6, 3] }];

let library = null;

const moment = (seconds) => new Date(seconds * 1000).toLocaleString();

/** A chart of some fields of a history: its property data has samples, span, fields ([name, title]), title and told, which says an amount. */
class Chart extends HTMLElement {
  #data = null;
  #plot = null;
  #width = null;
  #theme = null;

  set data(data) {
    this.#data = data;
    this.#draw();
  }

  connectedCallback() {
    this.#width = new ResizeObserver(() => this.#plot?.setSize({ width: this.clientWidth, height: HEIGHT }));
    this.#width.observe(this);
    // colours are taken once
    this.#theme = new MutationObserver(() => {
      this.#end();
      this.#draw();
    });
    this.#theme.observe(document.documentElement, { attributeFilter: ['data-bs-theme'] });
    this.#draw();
  }

  disconnectedCallback() {
    this.#width.disconnect();
    this.#theme.disconnect();
    this.#end();
  }

  #end() {
    this.#plot?.destroy();
    this.#plot = null;
  }

  async #draw() {
    library ??= import('./lib/uPlot.esm.js');
    let uPlot;
    try {
      uPlot = (await library).default;
    } catch {
      library = null; // the next answer of the server tries again
      if (!this.#plot) this.replaceChildren('The chart could not be loaded.');
      return;
    }
    if (!this.isConnected || !this.#data) return;
    const { samples, span, fields, title, told } = this.#data;
    const [step, steps] = SPANS.get(span);
    const values = columns(samples, step, fields.map(([name]) => name));
    const last = (i) => said(values[i + 1].at(-1), told);
    const most = (i) => told(Math.max(0, ...values[i + 1].filter((each) => each !== null)));
    this.setAttribute('role', 'figure');
    this.setAttribute('aria-label', `${title}: ${fields.map(([, line], i) => `${line}, last ${last(i)}, at most ${most(i)}`).join('; ')}`);
    const whole = within(values, Date.now() / 1000, step * steps);
    if (this.#plot) {
      // a part that is drawn larger stays so
      const { scales: { x }, data: [before] } = this.#plot;
      this.#plot.setData(whole, x.min === before[0] && x.max === before.at(-1));
    } else {
      this.replaceChildren();
      this.#plot = new uPlot(this.#options(), whole, this);
    }
  }

  #options() {
    const { fields, title, told } = this.#data;
    const colour = (name) => () => getComputedStyle(this).getPropertyValue(name);
    const axis = { stroke: colour('--bs-body-color'), grid: { stroke: colour('--bs-border-color'), width: 1 }, ticks: { stroke: colour('--bs-border-color'), width: 1 } };
    return {
      title,
      width: this.clientWidth,
      height: HEIGHT,
      scales: { y: { range: (_, __, most) => [0, Math.max(most, 1) * 1.1] } },
      axes: [axis, { ...axis, size: 80, values: (_, splits) => splits.map(told) }],
      series: [{ label: 'At', value: (_, at, __, index) => (index === null ? 'the last' : moment(at)) }, ...fields.map(([, line], i) => ({
        label: line, stroke: colour(LINES[i].colour), dash: LINES[i].dash, width: 2, spanGaps: false,
        value: (plot, amount, line, index) => said(index === null ? plot.data[line].at(-1) : amount, told),
      }))],
    };
  }
}

customElements.define('qrm-chart', Chart);

const chart = (history, title, told, ...fields) => html`<qrm-chart .data=${{ samples: history.samples, span: history.span, fields, title, told }}></qrm-chart>`;

/** Which span is shown, and what of it; href leads to another one. */
const panel = (history, href, charts) => html`<div class="btn-group btn-group-sm mb-3" role="group" aria-label="How far back">${[...SPANS.keys()].map((span) => html`
    <a class="btn btn-outline-secondary ${span === history.span ? 'active' : ''}" aria-current=${span === history.span ? 'true' : 'false'} href=${href(span)}>${span[0].toUpperCase() + span.slice(1)}</a>`)}</div>
  ${history.samples.length ? html`<div class="charts">${charts()}</div>` : html`<p class="text-body-secondary">Nothing was reported.</p>`}`;

const ofMemory = (amount) => inUnit(amount, MIB);
const ofNetwork = (amount) => inUnit(amount, KIB);
const percent = (share) => `${Math.round(share * 100)} %`;

/** Of one machine. */
export const machineHistory = (history, href) => panel(history, href, () => [
  chart(history, 'Load', plain, ['load', 'load']),
  chart(history, 'Memory in use', ofMemory, ['memoryUsedMb', 'memory']),
  chart(history, 'Network', ofNetwork, ['receivedKbs', 'received'], ['sentKbs', 'sent']),
  chart(history, 'Share of the time', percent, ['heard', 'reporting'], ['used', 'bound to an environment']),
]);

/** Of all machines together. */
export const siteHistory = (history, href) => panel(history, href, () => [
  chart(history, 'Machines', plain, ['machines', 'reporting'], ['used', 'bound to an environment']),
  chart(history, 'Load', plain, ['load', 'sum of the loads']),
  chart(history, 'Memory in use', ofMemory, ['memoryUsedMb', 'memory']),
  chart(history, 'Network', ofNetwork, ['receivedKbs', 'received'], ['sentKbs', 'sent']),
]);
