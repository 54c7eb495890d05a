import assert from 'node:assert/strict';
import { test } from 'node:test';
import './browser.js';

const { forget, get, read } = await import('../web/api.js');

/** A server that answers with what it is told to, and with 304 who has that already; notes what was asked with which tag. */
function serving() {
  const server = { tag: 'W/"1"', body: { items: [1] }, asked: [], full: 0 };
  globalThis.fetch = async (address, { headers }) => {
    server.asked.push(headers['If-None-Match'] ?? null);
    const same = server.tag !== null && headers['If-None-Match'] === server.tag;
    if (!same) server.full += 1;
    return {
      status: same ? 304 : 200, ok: !same, headers: { get: (name) => (name === 'ETag' ? server.tag : null) },
      text: async () => (same ? '' : JSON.stringify(server.body)),
    };
  };
  return server;
}

test('what did not change is not sent again, and nobody changes what is kept', async () => {
  forget();
  const server = serving();
  const first = await get('/resources');
  first.items.push(2);
  assert.deepEqual(await get('/resources'), { items: [1] });
  assert.deepEqual(server.asked, [null, 'W/"1"']);
  assert.equal(server.full, 1);
  Object.assign(server, { tag: 'W/"2"', body: { items: [3] } });
  assert.deepEqual(await get('/resources'), { items: [3] });
  assert.equal((await read('/resources')).tag, 'W/"2"');
});

test('one thing is always asked for anew', async () => {
  forget();
  const server = serving();
  server.tag = '"strong"';
  await read('/resources/1');
  assert.equal((await read('/resources/1')).tag, '"strong"');
  assert.deepEqual(server.asked, [null, null]);
});

test('few answers are kept, those that were asked for last, and none of who has left', async () => {
  forget();
  const server = serving();
  for (let number = 0; number < 21; number++) await get(`/events?after=${number}`);
  server.asked.length = 0;
  await get('/events?after=0');
  await get('/events?after=20');
  forget();
  await get('/events?after=20');
  assert.deepEqual(server.asked, [null, 'W/"1"', null]);
});
