import { list, may, patch, post, remove, session } from '../api.js';
import { attempt, badge, button, confirmed, field, html, nothing, say, table, time } from '../ui.js';

const ROLES = ['viewer', 'operator', 'admin'];

const roleChoice = (id, chosen, change) => html`<select class="form-select form-select-sm" id=${id} name="role" aria-label="Role" @change=${change}>
  ${ROLES.map((role) => html`<option ?selected=${role === chosen}>${role}</option>`)}</select>`;

async function changeRole(user, event, again) {
  const role = event.target.value;
  if (await confirmed(`Make ${user.name} ${role}?`, `${user.name} is ${user.role} now; sessions of ${user.name} end.`, 'Change')) {
    await attempt(() => patch(`/users/${encodeURIComponent(user.name)}`, { role }));
  }
  event.target.value = user.role;
  again();
}

async function removeUser(user, again) {
  if (!await confirmed(`Remove ${user.name}?`, `${user.name} cannot log in any more; sessions and tokens of ${user.name} end.`, 'Remove')) return;
  await attempt(async () => {
    await remove(`/users/${encodeURIComponent(user.name)}`);
    say(`User ${user.name} is removed.`);
  });
  again();
}

async function createUser(submitted, again) {
  submitted.preventDefault();
  const form = submitted.target;
  const { name, password, role } = Object.fromEntries(new FormData(form));
  const made = await attempt(() => post('/users', { name, password, role }));
  if (made) {
    say(`User ${made.name} is created.`);
    form.reset();
  }
  again();
}

async function changePassword(submitted, again) {
  submitted.preventDefault();
  const form = submitted.target;
  const { current, password, revoke } = Object.fromEntries(new FormData(form));
  await attempt(async () => {
    await post(`/users/${encodeURIComponent(session.user)}/password`, { password, currentPassword: current, revokeTokens: revoke === 'on' });
    say(revoke === 'on' ? 'The password is changed, and your tokens are revoked.' : 'The password is changed.');
    form.reset();
  });
  again();
}

/** The user whose keys are shown. */
let keysOf = null;

const keysPath = () => `/users/${encodeURIComponent(keysOf)}/keys`;

async function addKey(submitted, again) {
  submitted.preventDefault();
  const form = submitted.target;
  const added = await attempt(() => post(keysPath(), { key: new FormData(form).get('key').trim() }));
  if (added) {
    say(`${keysOf} has the key ${added.fingerprint}.`);
    form.reset();
  }
  again();
}

async function removeKey(key, again) {
  if (!await confirmed(`Remove the key ${key.fingerprint}?`, `${keysOf} cannot log in by it any more; consoles that are open stay open.`, 'Remove')) return;
  await attempt(() => post(`${keysPath()}/actions`, { action: 'remove-key', fingerprint: key.fingerprint }));
  again();
}

const keySection = (keys, again) => html`<h2 class="h5">Keys of ${keysOf} for the SSH console</h2>
  ${table(`Keys of ${keysOf}`, [['Fingerprint', (each) => html`<code>${each.fingerprint}</code>`], ['Type', (each) => each.type], ['Bits', (each) => each.bits],
    ['Comment', (each) => each.comment], ['Actions', (each) => button('Remove', () => removeKey(each, again), 'outline-danger')]], keys, 'There is none yet.')}
  <form id="new-key" class="row g-3 wide mb-4" @submit=${(event) => addKey(event, again)}>
    <div class="col-12"><label class="form-label" for="key">A public key: the line of the file that ends in .pub</label>
      <textarea class="form-control font-monospace" id="key" name="key" rows="3" maxlength="8192" required spellcheck="false"></textarea></div>
    <div class="col-12"><button class="btn btn-primary">Add</button> ${button('Close', () => { keysOf = null; again(); }, 'outline-secondary')}</div></form>`;

/** A new token is told once; it is gone from here with the next page. */
let told = null;

async function createToken(submitted, again) {
  submitted.preventDefault();
  const form = submitted.target;
  const { name, role, days } = Object.fromEntries(new FormData(form));
  const made = await attempt(() => post('/tokens', { name, role, days: Number(days) }));
  if (made) {
    told = made;
    form.reset();
  }
  again();
}

async function revoke(token, again) {
  if (!await confirmed(`Revoke ${token.name}?`, `Programs that use the token ${token.name} of ${token.user} are refused from now on.`, 'Revoke')) return;
  await attempt(() => remove(`/tokens/${token.id}`));
  again();
}

const input = (id, label, type, more = {}) => field(id, label, html`<input class="form-control" id=${id} name=${more.name ?? id} type=${type} required
  minlength=${more.min ?? nothing} maxlength=${more.max ?? nothing} pattern=${more.pattern ?? nothing} .value=${more.value ?? ''} autocomplete=${more.autocomplete ?? 'off'}>`);

export const users = {
  async load() {
    const [all, tokens] = await Promise.all([may('admin') ? list('/users') : { items: [] }, list('/tokens', { limit: 1000 })]);
    if (!all.items.some((each) => each.name === keysOf)) keysOf = null;
    const keys = keysOf ? await list(keysPath()) : { items: [] };
    return { items: all.items, tokens: tokens.items, keys: keys.items };
  },

  view: ({ items, tokens, keys }, again) => html`<h1 class="h4">Users and tokens</h1>
    ${may('admin') ? html`${table('Users', [
    ['Name', (each) => each.name],
    ['Role', (each) => roleChoice(`role-${each.name}`, each.role, (event) => changeRole(each, event, again))],
    ['Actions', (each) => html`<div class="d-flex gap-2 align-items-center">${button('Keys…', () => { keysOf = each.name; again(); }, 'outline-secondary')}
      ${each.name === session.user ? 'you' : button('Remove', () => removeUser(each, again), 'outline-danger')}</div>`],
  ], items, 'There is none.')}
    ${keysOf ? keySection(keys, again) : nothing}
    <h2 class="h5">New user</h2>
    <form id="new-user" class="row g-3 wide mb-4" @submit=${(event) => createUser(event, again)}>
      ${input('new-name', 'Name', 'text', { name: 'name', max: 32, pattern: '[a-z][a-z0-9._\\-]*' })}
      ${input('new-password', 'Password, from 8 characters', 'password', { name: 'password', min: 8, max: 256, autocomplete: 'new-password' })}
      ${field('new-role', 'Role', html`<select class="form-select" id="new-role" name="role">${ROLES.map((role) => html`<option>${role}</option>`)}</select>`)}
      <div class="col-12"><button class="btn btn-primary">Create</button></div></form>` : nothing}
    <h2 class="h5">Your password</h2>
    <form id="my-password" class="row g-3 wide mb-4" @submit=${(event) => changePassword(event, again)}>
      ${input('current', 'The present one', 'password', { autocomplete: 'current-password' })}
      ${input('next-password', 'The new one, from 8 characters', 'password', { name: 'password', min: 8, max: 256, autocomplete: 'new-password' })}
      <div class="col-12"><div class="form-check"><input class="form-check-input" type="checkbox" id="revoke" name="revoke">
        <label class="form-check-label" for="revoke">Revoke all my tokens, too: what was made with them may be in others' hands</label></div></div>
      <div class="col-12"><button class="btn btn-primary">Change</button></div></form>
    <h2 class="h5">Tokens</h2>
    <p>A program uses a token instead of a password, as <code>Authorization: Bearer</code> or <code>QRM_TOKEN</code>.</p>
    ${told ? html`<div class="alert alert-success" role="status">The token ${told.token.name}, told this once: <code id="told">${told.secret}</code>
      ${button('I have it', () => { told = null; again(); }, 'outline-secondary')}</div>` : nothing}
    ${table('Tokens', [['Name', (each) => each.name], ['Of', (each) => each.user], ['May', (each) => badge(each.role)], ['Made', (each) => time(each.created)],
    ['Ends', (each) => time(each.expires)], ['Actions', (each) => button('Revoke', () => revoke(each, again), 'outline-danger')]], tokens, 'There is none yet.')}
    <h2 class="h5 mt-3">New token</h2>
    <form id="new-token" class="row g-3 wide" @submit=${(event) => createToken(event, again)}>
      ${input('token-name', 'Name', 'text', { name: 'name', max: 63, pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]*' })}
      ${field('token-role', 'May do what', html`<select class="form-select" id="token-role" name="role">${ROLES.filter(may).map((role) => html`<option>${role}</option>`)}</select>`)}
      ${field('days', 'Days that it lasts', html`<input class="form-control" id="days" name="days" type="number" min="1" max="3653" value="90" required>`)}
      <div class="col-12"><button class="btn btn-primary">Create</button></div></form>`,
};
