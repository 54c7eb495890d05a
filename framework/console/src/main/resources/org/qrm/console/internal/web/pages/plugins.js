import { get, list, may, post, put } from '../api.js';
import { ask } from '../form.js';
import { installFile, filesOf } from './plugin-files.js';
import { attempt, badge, button, dropFailures, html, nothing, progress, say, started, table, time, told } from '../ui.js';

const pathOf = (id) => `/plugins/${encodeURIComponent(id)}`;

const standing = ({ state, unanswered }) => html`${badge(state)} ${unanswered.length ? badge('needs configuration') : nothing}`;

export const plugins = {
  async load() {
    const [all, files] = await Promise.all([get('/plugins'), list('/plugin-files', { limit: 1000 })]);
    return { items: all.items, files: files.items };
  },

  view: ({ items, files }, again) => html`<h1 class="h4">Plug-ins</h1>
    ${may('admin') ? html`<p>${button('Install from file…', () => installFile(again), 'primary')}</p>` : nothing}
    ${table('Plug-ins', [['Name', (each) => html`<a href="#/plugins/${each.id}">${each.id}</a>`], ['State', standing],
      ['Version', (each) => each.version], ['Bundle', (each) => (each.present ? 'there' : 'away')], ['What it does', (each) => each.description],
    ], items, may('admin') ? html`No plug-in is there. ${button('Install one from its file…', () => installFile(again))} or install its feature in the Karaf console.`
    : 'No plug-in is there. An administrator can install one from its file.')}
    ${filesOf(files, items, again)}`,
};

const STEPS = {
  register: 'Makes the plug-in known: it can be configured then.',
  install: 'Makes what it needs: images, storage servers.',
  'run-once': 'Puts it to work.',
  uninstall: 'Takes back what it made, and its settings.',
};

const advice = (plugin) => (plugin.unanswered.length
  ? `It needs configuration: answer ${plugin.unanswered.join(', ')} below, which the version that runs now asks for. Until then it is neither installed nor run once.`
  : next(plugin));

const next = ({ state, present, configurable }) => (present ? {
  available: 'Register it first.',
  registered: configurable ? 'Answer its questions; then it can be installed.' : 'It has no questions: install it.',
  configured: 'It is configured; now install it.',
  installed: 'It is installed; run it once, and it is active.',
  active: 'It is active.',
}[state] : 'Its bundle is away: start it, or install its file again, to go on here. By force it can be uninstalled without.');

/** What goes with the plug-in, by name. */
async function losses(id) {
  const [boots, filesystems, servers] = await Promise.all(['/boot-images', '/filesystem-images', '/storage-servers'].map((path) => list(path, { limit: 1000 })));
  const made = (items) => items.filter((each) => each.plugin === id);
  const names = [...made(boots.items).map((each) => `boot image ${each.name}`),
    ...made(filesystems.items).map((each) => `filesystem image ${each.name}, ${each.path} on ${each.storageServer}`)];
  const left = servers.items.map((each) => each.name).filter((server) => made(filesystems.items).some((each) => each.storageServer === server)
    && filesystems.items.every((each) => each.storageServer !== server || each.plugin === id));
  return html`The plug-in ${id} takes away what it made; its settings and answers are forgotten.
    ${names.length ? html`<p class="mt-2 mb-0">Made by it:</p><ul>${names.map((name) => html`<li>${name}</li>`)}</ul>` : 'No image is marked as made by it.'}
    ${left.length ? html`<p class="mb-0">Nothing else is on the storage server ${left.join(', ')}: it is forgotten, too, if the plug-in made it known.</p>` : nothing}`;
}

async function act(plugin, action, again) {
  await attempt(async () => {
    const ordered = await (action === 'uninstall' ? uninstall(plugin) : order(plugin, { action }));
    if (ordered) started(`${action} ${plugin.id}`, ordered);
  });
  again();
}

const order = (plugin, step) => post(`${pathOf(plugin.id)}/actions`, step);

const uninstall = async (plugin) => ask({
  id: 'uninstall-plugin',
  title: `Uninstall ${plugin.id}?`,
  danger: true,
  lead: await losses(plugin.id),
  fields: [{
    name: 'force', label: 'By force', type: 'check', wide: true,
    hint: `Also when the plug-in fails or its bundle is away${plugin.present ? '' : ', as now'}: what it made stays then, and an event names it.`,
  }],
  word: 'Uninstall',
  save: ({ force }) => order(plugin, { action: 'uninstall', ...(force ? { force: true } : {}) }),
});

/** What is typed into a wizard and not sent yet, what was wrong with what was sent, and whether it is being looked at; by plug-in. */
const typed = new Map();

const valueOf = (id, wizard, question) => typed.get(id)?.values[question.name] ?? wizard.draft[question.name]
  ?? wizard.answers[question.name] ?? question.defaultAnswer;

function type(id, name, value) {
  const mine = typed.get(id) ?? { values: {}, errors: {} };
  mine.values[name] = value;
  delete mine.errors[name];
  typed.set(id, mine);
}

/** All answers; a secret that was not typed again stays as it is. */
const answers = (id, wizard) => Object.fromEntries(wizard.questions
  .filter((question) => question.type !== 'secret' || typed.get(id)?.values[question.name] !== undefined)
  .map((question) => [question.name, valueOf(id, wizard, question)]));

async function answer(submitted, id, wizard, again) {
  submitted.preventDefault();
  if (typed.get(id)?.busy) return;
  const sent = answers(id, wizard);
  typed.set(id, { values: sent, errors: {}, busy: true });
  dropFailures();
  again();
  try {
    await keeping;
    const { effect } = await put(`${pathOf(id)}/wizard`, { answers: sent });
    typed.delete(id);
    say(`The answers for ${id} are accepted. ${effect}`.trim());
  } catch (failed) {
    typed.set(id, { values: typed.get(id)?.values ?? sent, errors: failed.errors ?? {} });
    const wrong = Object.keys(failed.errors ?? {}).length;
    say(wrong ? `Not accepted: ${wrong} ${wrong === 1 ? 'answer is' : 'answers are'} wrong, and why stands there. All are kept.` : told(failed), 'danger');
  }
  await again();
  // to what is wrong; or up to what comes next
  const wrong = document.querySelector('#wizard .is-invalid');
  if (wrong) wrong.focus();
  else scrollTo(0, 0);
}

let keeping = Promise.resolve();

/** Each answer is kept as a draft once it is typed, but for secrets; without a word, and whether or not it is right. */
function keep(id, wizard) {
  const secrets = wizard.questions.filter((question) => question.type === 'secret').map((question) => question.name);
  const draft = Object.fromEntries(Object.entries(answers(id, wizard)).filter(([name]) => !secrets.includes(name)));
  keeping = keeping.then(() => attempt(() => put(`${pathOf(id)}/wizard/draft`, { answers: draft }))).catch(() => undefined);
}

function control(id, wizard, question) {
  const value = valueOf(id, wizard, question);
  const wrong = typed.get(id)?.errors[question.name];
  const set = (event) => type(id, question.name, event.target.value);
  const classes = wrong ? 'is-invalid' : '';
  if (question.type === 'choice' || question.type === 'boolean') {
    const choices = question.type === 'boolean' ? ['true', 'false'] : question.choices;
    return html`<select class="form-select ${classes}" id=${question.name} @change=${set} aria-describedby="${question.name}-why">
      ${choices.map((each) => html`<option ?selected=${each === value}>${each}</option>`)}</select>`;
  }
  return html`<input class="form-control ${classes}" id=${question.name} type=${question.type === 'secret' ? 'password' : 'text'}
    autocomplete="off" .value=${value} ?required=${question.required && question.type !== 'secret'} @input=${set} aria-describedby="${question.name}-why">`;
}

/** What is wrong with no question that is asked here. */
const strays = (id, wizard) => Object.entries(typed.get(id)?.errors ?? {})
  .filter(([name]) => !wizard.questions.some((question) => question.name === name)).map(([, why]) => why);

/** Of the questions of one that needs configuration: which of them are new. */
const newly = (item, question) => (item.unanswered.includes(question.name) ? html` <span class="ms-1">${badge('not answered yet')}</span>` : nothing);

const wizardForm = (item, wizard, again, id = item.id) => html`<h2 class="h5 mt-4">Configuration</h2>
  ${Object.keys(wizard.draft).length ? html`<p>These answers were not accepted yet; go on with them.</p>` : nothing}
  ${strays(id, wizard).map((why) => html`<div class="alert alert-danger" role="alert">${why}</div>`)}
  <form id="wizard" class="wide" novalidate @submit=${(event) => answer(event, id, wizard, again)} @change=${() => keep(id, wizard)}>
    ${wizard.questions.map((question) => html`<div class="mb-3">
      <label class="form-label" for=${question.name}>${question.text}${newly(item, question)}</label>
      ${control(id, wizard, question)}
      <div class="invalid-feedback text-break" id="${question.name}-why">${typed.get(id)?.errors[question.name] ?? ''}</div></div>`)}
    <button class="btn btn-primary ${typed.get(id)?.busy ? 'disabled' : ''}" aria-disabled=${typed.get(id)?.busy ? 'true' : 'false'}>Accept</button>
    ${typed.get(id)?.busy ? html`<span class="ms-2" role="status">The answers are looked at, and the machines that they name: half a minute at most.</span>` : nothing}
    <p class="form-text">What is typed is kept as a draft, but for secrets: one can go on later. ${wizard.effect}</p></form>`;

const isAtWork = (work) => work.some((each) => !each.finished);

export const plugin = {
  async load({ id }) {
    const item = await get(pathOf(id));
    const [wizard, work] = await Promise.all([
      item.configurable && item.present && item.state !== 'available' ? get(`${pathOf(id)}/wizard`).catch((problem) => ({ problem })) : null,
      list('/operations', { subject: `plugin/${id}`, limit: 5 }),
    ]);
    return { item, wizard, work: work.items };
  },

  view: ({ item, wizard, work }, again) => html`<h1 class="h4">${item.id} ${standing(item)}</h1>
    <p>${item.description}. Version ${item.version}.</p>
    <p>${isAtWork(work) ? 'It is at work; the next step is offered when that is done.' : advice(item)}</p>
    ${may('admin') && !isAtWork(work) ? html`<div class="d-flex flex-wrap gap-2 mb-3" role="group" aria-label="Life cycle">${item.actions.map((step) => html`<span title=${STEPS[step]}>
      ${button(step, () => act(item, step, again), step === 'uninstall' ? 'outline-danger' : 'outline-primary')}</span>`)}</div>` : nothing}
    ${work.length ? html`<h2 class="h5">Work</h2>${table('Operations', [
    ['Number', (each) => html`<a href="#/operations/${each.id}">${each.id}</a>`], ['What', (each) => each.kind],
    ['State', (each) => html`${badge(each.state)} ${each.reason}`],
    ['Progress', (each) => progress(each.progress, `Progress of operation ${each.id}`)], ['Asked for', (each) => time(each.created)]], work, '')}` : nothing}
    ${wizard?.problem ? html`<div class="alert alert-warning">${told(wizard.problem)}</div>` : nothing}
    ${wizard && !wizard.problem && may('admin') ? wizardForm(item, wizard, again) : nothing}`,
};
