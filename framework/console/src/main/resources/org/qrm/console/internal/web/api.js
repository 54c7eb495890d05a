// REST: the one place that asks.

export const ROOT = '/api/v1';

export const session = { user: null, role: null, csrf: null, firstPassword: false };

/** What the server says when it does not do something: why, and what to do. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.reason || body.detail || body.title || `The server answered ${status}.`);
    this.status = status;
    this.subject = body.subject || '';
    this.remedy = body.remedy || '';
    this.errors = body.errors || {};
  }
}

/** The server cannot be reached. */
export class Away extends Error {
  name = 'Away';
}

function headersOf(method, more) {
  const headers = { 'X-Requested-With': 'console', ...more };
  if (session.csrf && method !== 'GET') headers['X-CSRF-Token'] = session.csrf;
  return headers;
}

/** What was answered; a Problem when it is none that was asked for. */
function understood(status, text) {
  const ok = status >= 200 && status < 300;
  let parsed = null;
  try {
    parsed = text ? JSON.parse(text) : null;
  } catch {
    throw ok ? new Away('The server gave no answer that can be read.') : new Problem(status, {});
  }
  if (!ok) throw new Problem(status, parsed || {});
  return parsed;
}

/** Tells of each change that was asked for here, as an event "asked". */
export const changes = new EventTarget();

/** What is asked for when a session has ended: true once the same user is logged in again. The frame sets it. */
const frame = { reenter: async () => false };
export const whenSessionEnds = (reenter) => { frame.reenter = reenter; };

/** What was refused for want of a session was not done: once somebody has logged in again it is asked once more. */
async function send(method, path, body, tag, signal) {
  const { user, csrf } = session;
  let answer;
  try {
    answer = await ask(method, path, body, tag, signal);
  } catch (failed) {
    const lost = failed.status === 401 && path !== '/session' && user !== null && session.user === user;
    if (!lost || !await entered(csrf) || session.user !== user) throw failed;
    answer = await ask(method, path, body, tag, signal);
  }
  if (method !== 'GET' && !path.startsWith('/terminals/')) changes.dispatchEvent(new Event('asked'));
  return answer;
}

/** Whether there is a session that the refused request did not know: another tab's, or one that is begun now. */
const entered = async (csrf) => (await resume() ? session.csrf !== csrf : frame.reenter());

/** Answers that were read, by their path, the last one last: the server sends again only what is another one. */
const known = new Map();
const MOST_KNOWN = 20;

function learn(path, tag, text) {
  known.delete(path);
  if (!tag?.startsWith('W/')) return;
  known.set(path, { tag, text });
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value);
}

async function ask(method, path, body, tag, signal) {
  const before = method === 'GET' ? known.get(path) : undefined;
  const headers = headersOf(method, {
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...(tag && { 'If-Match': tag }),
    ...(before && { 'If-None-Match': before.tag }),
  });
  let answer;
  let text;
  try {
    answer = await fetch(ROOT + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
    text = await answer.text();
  } catch {
    throw new Away('The server cannot be reached.');
  }
  if (before && answer.status === 304) return { body: understood(200, before.text), tag: before.tag };
  if (method === 'GET') learn(path, answer.ok ? answer.headers.get('ETag') : null, text);
  return { body: understood(answer.status, text), tag: answer.headers.get('ETag') };
}

/** The signal gives it up. */
export const get = async (path, signal) => (await send('GET', path, undefined, undefined, signal)).body;
export const post = async (path, body) => (await send('POST', path, body)).body;
/** With the tag of what was read, only as long as nobody else has changed it: else a Problem of status 412. */
export const put = async (path, body, tag) => (await send('PUT', path, body, tag)).body;
export const patch = async (path, body, tag) => (await send('PATCH', path, body, tag)).body;
export const remove = async (path, tag) => (await send('DELETE', path, undefined, tag)).body;
/** { body, tag }: the thing, and the tag that says later whether it is still so. */
export const read = (path) => send('GET', path);

/** Sends a file as it is, and tells how much of it is sent; the signal ends it. */
export function upload(path, file, progress, signal) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open('PUT', ROOT + path);
    Object.entries(headersOf('PUT', { 'Content-Type': 'application/octet-stream' })).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = (event) => progress(event.total ? event.loaded / event.total : 0);
    request.onload = () => {
      try {
        done(understood(request.status, request.responseText));
      } catch (problem) {
        failed(problem);
      }
    };
    request.onerror = () => failed(new Away('The server cannot be reached, or it did not want the file.'));
    request.onabort = () => failed(new Away('The upload was given up.'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** A list, with a filter: undefined and empty values are left out; the signal gives it up. */
export function list(path, filter = {}, signal) {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''));
  return get(query.size ? `${path}?${query}` : path, signal);
}

function remember(found) {
  session.user = found?.user ?? null;
  session.role = found?.role ?? null;
  session.csrf = found?.csrfToken ?? null;
  session.firstPassword = found?.firstPassword ?? false;
}

/** Whether somebody is logged in; if not, whoever was is still known. */
export async function resume() {
  try {
    remember(await get('/session'));
    return true;
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    return false;
  }
}

export async function login(user, password) {
  remember(await post('/session', { user, password }));
}

/** Of oneself; it ends all one's sessions, so another begins. */
export async function changePassword(currentPassword, password) {
  const { user } = session;
  await post(`/users/${encodeURIComponent(user)}/password`, { password, currentPassword });
  await login(user, password);
}

export async function logout() {
  await remove('/session');
  forget();
}

export function forget() {
  known.clear();
  remember(null);
}

export const may = (role) => ['viewer', 'operator', 'admin'].indexOf(session.role) >= ['viewer', 'operator', 'admin'].indexOf(role);
