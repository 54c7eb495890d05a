import assert from 'node:assert/strict';
import { test } from 'node:test';
import './browser.js';

const { Problem } = await import('../web/api.js');
const { explain, flaw } = await import('../web/wrong.js');

const FIELDS = [{ name: 'name', wrong: 'Use letters.' }, { name: 'path' }, { name: 'tags', is: 'requirements.tags' }];

/** What is told where, of a form with these values. */
async function told(problem, values = {}, form = {}) {
  const state = { values, errors: {}, had: {}, failure: null };
  await explain(problem, form, FIELDS, state);
  return state;
}

const problem = (status, body) => new Problem(status, { reason: 'it is none', ...body });

test('the browser finds what is missing and what has another form', () => {
  assert.equal(flaw(FIELDS[0], { validity: { valueMissing: true } }), 'This is needed.');
  assert.equal(flaw(FIELDS[0], { validity: { patternMismatch: true } }), 'Use letters.');
  assert.equal(flaw(FIELDS[0], { validity: { valid: true }, validationMessage: '' }), null);
  assert.equal(flaw(FIELDS[0], { validity: { valid: false }, validationMessage: 'too small' }), 'too small');
});

test('errors by field stand at their fields, and nowhere else', async () => {
  const state = await told(problem(422, { errors: { name: 'taken', unknown: 'elsewhere' } }));
  assert.deepEqual(state.errors, { name: 'taken' });
  assert.equal(state.failure, null);
});

test('what the server names is told at the field that it names', async () => {
  for (const [subject, field] of [['name', 'name'], ['requirements.tags', 'tags'], ['values[3].path', 'path'], ['path[0]', 'path']]) {
    assert.deepEqual(Object.keys((await told(problem(400, { subject }))).errors), [field], subject);
  }
});

test('so is what the server quotes', async () => {
  assert.deepEqual(Object.keys((await told(problem(409, { subject: 'web1' }), { name: 'web1' })).errors), ['name']);
  const quoted = problem(409, { subject: 'nfs1', reason: 'there is nothing at /images/web1' });
  assert.deepEqual(Object.keys((await told(quoted, { name: 'a', path: '/images/web1' })).errors), ['path']);
});

test('what is the fault of no field stands above them', async () => {
  for (const failed of [problem(409, { subject: 'other' }), problem(503, { subject: '' }), new Error('The server cannot be reached.')]) {
    const state = await told(failed, { name: 'web1', path: '' });
    assert.deepEqual(state.errors, {});
    assert.ok(state.failure, String(failed));
  }
});

test('what somebody else has changed meanwhile is shown beside what was typed', async () => {
  const now = { name: 'web1', path: '/new', tags: '' };
  const state = await told(problem(412, {}), { name: 'web1', path: '/mine', tags: '' }, { reread: async () => now });
  assert.deepEqual(state.had, { path: '/mine' });
  assert.equal(state.values.path, '/new');
  assert.match(state.failure, /Somebody has changed it/);
  const worse = await told(problem(412, {}), { path: '/mine' }, { reread: async () => { throw new Error('gone'); } });
  assert.match(worse.failure, /gone/i);
  assert.equal(worse.values.path, '/mine', 'nothing that was typed is lost');
});
