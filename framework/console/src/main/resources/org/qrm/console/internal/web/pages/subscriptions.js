import { list, post, put, read, remove } from '../api.js';
import { ask, NAME } from '../form.js';
import { attempt, badge, button, confirmed, html, nothing, say, table, time } from '../ui.js';

const pathOf = (subscription) => `/subscriptions/${encodeURIComponent(subscription.name)}`;

const PRIORITIES = [['info', 'all'], ['warning', 'warnings and worse'], ['error', 'errors and worse'], ['alarm', 'alarms']];

const SECRET = { type: 'password', wide: true, most: 100, pattern: 'whsec_[A-Za-z0-9+\\/]{32,86}={0,2}', wrong: 'It is whsec_ and 24 to 64 bytes in base64.' };

/** @param {any} values */
const isMail = ({ target }) => /^smtps?:/i.test(target ?? '');

const fields = (changed) => [
  { name: 'name', label: 'Name', required: true, fixed: changed, hint: changed ? 'A name never changes.' : null, ...NAME },
  { name: 'atLeast', label: 'Events', type: 'choice', choices: PRIORITIES },
  { name: 'target', label: 'Target', type: 'url', required: true, wide: true, most: 2000,
    hint: (values) => (isMail(values) ? 'Mail: smtp:// begins TLS by STARTTLS, smtps:// has it from the start.' : 'Where events are sent: https://…, or for mail smtp://mail.example.org') },
  { name: 'sender', label: 'From', required: true, most: 254, hint: 'As qrm@example.org', when: isMail },
  { name: 'recipients', label: 'To', required: true, most: 2600, hint: '1 to 10 addresses, with blanks between.', when: isMail },
  { name: 'login', label: 'User at the mail server', most: 200, hint: 'Empty, if it asks for none.', when: isMail },
  { name: 'type', label: 'Only types that begin with', most: 63, hint: 'As resource. or partition.; all, if it is left empty.' },
  { name: 'source', label: 'Only from', most: 63, hint: 'core, or a plug-in; all, if it is left empty.' },
  { name: 'subject', label: 'Only on', most: 120, hint: 'As resource/17; all, if it is left empty.' },
  { name: 'enabled', label: 'Events are sent; else they wait in the log', type: 'check', wide: true },
  ...(changed ? [] : [
    { name: 'secret', label: 'Secret', hint: 'What is sent is signed with it (Standard Webhooks); without one nothing is signed.', when: (values) => !isMail(values), ...SECRET },
    { name: 'password', label: 'Password of the user', type: 'password', most: 200, when: isMail },
  ]),
];

const body = ({ secret, password, sender, recipients, login, ...values }) => {
  const mail = isMail(values) ? { sender, login, recipients: (recipients ?? '').split(/[\s,]+/).filter(Boolean) } : {};
  const known = isMail(values) ? password : secret;
  return { ...values, ...mail, enabled: Boolean(values.enabled), ...(known ? { secret: known } : {}) };
};

const flat = (item) => ({ ...item, recipients: item.recipients.join(' ') });

async function create(again) {
  const made = await ask({
    id: 'subscription-form', title: 'New subscription', fields: fields(false), values: { atLeast: 'warning', enabled: true }, word: 'Create',
    save: (values) => post('/subscriptions', body(values)),
  });
  if (made) say(`Subscription ${made.name} is created. Test whether its receiver takes events.`);
  again();
}

async function change(subscription, again) {
  await attempt(async () => {
    let seen = await read(pathOf(subscription));
    const changed = await ask({
      id: 'subscription-form', title: `Change ${subscription.name}`, fields: fields(true), values: flat(seen.body), word: 'Change',
      save: (values) => put(pathOf(subscription), body(values), seen.tag),
      async reread() {
        seen = await read(pathOf(subscription));
        return flat(seen.body);
      },
    });
    if (changed) say(`Subscription ${changed.name} is changed.`);
  });
  again();
}

async function setSecret(subscription, again) {
  const set = await ask({
    id: 'secret-form', title: `Secret of ${subscription.name}`, word: 'Set', values: {},
    fields: [isMail(subscription)
      ? { name: 'value', label: 'Password', type: 'password', wide: true, most: 200, required: true, hint: 'Of the user at the mail server. It is shown nowhere.' }
      : { name: 'value', label: 'Secret', required: true, hint: 'What is sent from now on is signed with it. It is shown nowhere.', ...SECRET }],
    save: ({ value }) => put(`${pathOf(subscription)}/secret`, { value }),
  });
  if (set) say(`The secret of ${set.name} is set.`);
  again();
}

async function removeSecret(subscription, again) {
  if (!await confirmed(`Remove the secret of ${subscription.name}?`, isMail(subscription) ? 'Nothing is sent from now on unless the mail server asks for no password.' : 'What is sent from now on is not signed.', 'Remove')) return;
  await attempt(() => remove(`${pathOf(subscription)}/secret`));
  again();
}

async function destroy(subscription, again) {
  await attempt(async () => {
    const { tag } = await read(pathOf(subscription));
    const text = `Its receiver is told of no more events${subscription.behind ? `, nor of the ${subscription.behind} that wait for it` : ''}.`;
    if (!await confirmed(`Delete ${subscription.name}?`, text, 'Delete')) return;
    await remove(pathOf(subscription), tag);
    say(`Subscription ${subscription.name} is deleted.`);
  });
  again();
}

/** What the last test of each has found, by name. */
const tests = new Map();

async function test(subscription, again) {
  tests.set(subscription.name, { busy: true });
  again();
  tests.set(subscription.name, await attempt(() => post(`${pathOf(subscription)}/actions`, { action: 'test' })));
  again();
}

function found(subscription) {
  const result = tests.get(subscription.name);
  if (!result) return nothing;
  if (result.busy) return html`<div role="status">It is sent an event…</div>`;
  return html`<div role="status" class=${result.accepted ? 'text-success-emphasis' : 'text-danger-emphasis'}>Test: ${result.accepted
    ? `it took it, and answered ${result.status} after ${result.millis} ms.` : `${result.reason}.`}</div>`;
}

const wanted = (subscription) => [PRIORITIES.find(([word]) => word === subscription.atLeast)[1],
  subscription.type && `${subscription.type}*`, subscription.source && `from ${subscription.source}`, subscription.subject && `on ${subscription.subject}`]
  .filter(Boolean).join(', ');

const standing = (each) => html`${badge(each.state)}
  ${each.failure ? html`<div class="text-danger-emphasis">${each.failure}${each.attempts > 1 ? `, ${each.attempts} times` : ''}</div>` : nothing}
  ${each.nextAttempt ? html`<div>is tried again at ${time(each.nextAttempt)}</div>` : nothing}
  ${each.refused ? html`<div class="text-warning-emphasis">${each.refused} were passed over, since the receiver takes others and not them</div>` : nothing}
  ${each.lost ? html`<div class="text-warning-emphasis">${each.lost} were forgotten by the log before they could be sent</div>` : nothing}
  ${found(each)}`;

export const subscriptions = {
  load: () => list('/subscriptions', { limit: 1000 }),

  view: ({ items }, again) => html`<h1 class="h4">Subscriptions</h1>
    <p>Receivers elsewhere that are told of events: a chat, a ticket system, people by mail. Each is sent events in order, until it has taken them.</p>
    <p>${button('New subscription…', () => create(again), 'primary')}</p>
    ${table('Subscriptions', [['Name', (each) => each.name], ['Target', (each) => html`<span class="text-break">${each.target}</span>${each.sender ? html`<div class="text-break">${each.sender} to ${each.recipients.join(', ')}</div>` : nothing}`], ['Events', wanted],
    ['Secret', (each) => (each.hasSecret ? 'set' : 'none')], ['State', standing], ['Last taken', (each) => time(each.lastTime)], ['Behind', (each) => each.behind],
    ['Actions', (each) => html`<div class="d-flex flex-wrap gap-1">
      ${button('test', () => test(each, again))} ${button('change…', () => change(each, again))} ${button('secret…', () => setSecret(each, again))}
      ${each.hasSecret ? button('remove secret…', () => removeSecret(each, again), 'outline-danger') : nothing}
      ${button('delete…', () => destroy(each, again), 'outline-danger')}</div>`]],
    items, 'There is none yet. Make one, and nobody has to look at the events any more.')}`,
};
