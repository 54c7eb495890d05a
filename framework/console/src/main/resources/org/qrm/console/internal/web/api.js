// REST: one place that asks, and one that hears of changes.

const ROOT = '/api/v1';

export const session = { user: null, role: null, csrf: null };

/** What the server says when it does not do something: why, and what to do. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.reason || body.detail || body.title || `The server answered ${status}.`);
    this.status = status;
    this.remedy = body.remedy || '';
    this.errors = body.errors || {};
  }
}

/** The server cannot be reached. */
export class Away extends Error {
  name = 'Away';
}

async function send(method, path, body) {
  const headers = { 'X-Requested-With': 'console' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (session.csrf && method !== 'GET') headers['X-CSRF-Token'] = session.csrf;
  let answer;
  try {
    answer = await fetch(ROOT + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Away('The server cannot be reached.');
  }
  const text = await answer.text();
  let parsed = null;
  try {
    parsed = text ? JSON.parse(text) : null;
  } catch {
    throw answer.ok ? new Away('The server gave no answer that can be read.') : new Problem(answer.status, {});
  }
  if (!answer.ok) throw new Problem(answer.status, parsed || {});
  return parsed;
}

export const get = (path) => send('GET', path);
export const post = (path, body) => send('POST', path, body);
export const put = (path, body) => send('PUT', path, body);
export const patch = (path, body) => send('PATCH', path, body);
export const remove = (path) => send('DELETE', path);

/** A list, with a filter: undefined and empty values are left out. */
export function list(path, filter = {}) {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''));
  return get(query.size ? `${path}?${query}` : path);
}

function remember(found) {
  session.user = found?.user ?? null;
  session.role = found?.role ?? null;
  session.csrf = found?.csrfToken ?? null;
}

/** Whether somebody is logged in already. */
export async function resume() {
  try {
    remember(await get('/session'));
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    remember(null);
  }
  return session.user !== null;
}

export async function login(user, password) {
  remember(await post('/session', { user, password }));
}

export async function logout() {
  await remove('/session');
  remember(null);
}

export const may = (role) => ['viewer', 'operator', 'admin'].indexOf(session.role) >= ['viewer', 'operator', 'admin'].indexOf(role);

/** Calls back, at most about three times a second, when something has happened; returns what ends it. */
export function follow(changed) {
  let timer = null;
  const source = new EventSource(`${ROOT}/events/stream`);
  source.onmessage = () => {
    timer ??= setTimeout(() => {
      timer = null;
      changed();
    }, 300);
  };
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
