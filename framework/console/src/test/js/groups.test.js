import assert from 'node:assert/strict';
import { test } from 'node:test';
import './browser.js';

const { called, fold, grouped, narrowing, summary } = await import('../web/groups.js');

const LIST = {
  name: 'resources', path: '/resources', one: 'resource', many: 'resources', key: 'id',
  filters: [{ name: 'state' }, { name: 'tag' }],
  groups: { path: '/resource-groups', by: [['state', 'State'], ['product', 'Product']], tags: true },
};

/** Answers by the path, and notes what was asked for. */
function answering(answers) {
  const asked = [];
  globalThis.fetch = async (address) => {
    asked.push(address.replace('/api/v1', ''));
    const path = address.replace('/api/v1', '').split('?')[0];
    return { status: 200, headers: { get: () => null }, text: async () => JSON.stringify(answers[path]) };
  };
  return asked;
}

const GROUPS = { items: [{ group: 'state:error', value: 'error', number: 2 }, { group: 'state:idle', value: 'idle', number: 12000 }], next: null };

test('counts are one question, and each group that is unfolded another', async () => {
  const asked = answering({ '/resource-groups': GROUPS, '/resources': { items: [{ id: 1 }, { id: 2 }], next: null } });
  const folded = await grouped(LIST, { tag: 'gpu' }, 'state', undefined);
  assert.deepEqual(asked, ['/resource-groups?tag=gpu&by=state&limit=1000']);
  assert.equal(folded.parts.size, 0);
  await fold('state:error', async () => {});
  asked.length = 0;
  const open = await grouped(LIST, { tag: 'gpu' }, 'state', '-name');
  assert.deepEqual(asked, ['/resource-groups?tag=gpu&by=state&limit=1000', '/resources?tag=gpu&group=state%3Aerror&sort=-name&limit=100']);
  assert.deepEqual(open.parts.get('state:error'), [{ id: 1 }, { id: 2 }]);
  assert.equal(summary(LIST, open), `2 groups, ${(12002).toLocaleString()} resources`);
});

test('another filter begins with all groups folded', async () => {
  const asked = answering({ '/resource-groups': GROUPS, '/resources': { items: [], next: null } });
  await grouped(LIST, { tag: 'gpu' }, 'state', undefined);
  await fold('state:idle', async () => {});
  asked.length = 0;
  await grouped(LIST, {}, 'state', undefined);
  assert.equal(asked.length, 1);
});

test('at most five groups are unfolded', async () => {
  const items = Array.from({ length: 9 }, (_, i) => ({ group: `product:${i}`, value: `${i}`, number: 1 }));
  const asked = answering({ '/resource-groups': { items, next: null }, '/resources': { items: [], next: null } });
  await grouped(LIST, {}, 'product', undefined);
  for (const { group } of items) await fold(group, async () => {});
  const { parts } = await grouped(LIST, {}, 'product', undefined);
  assert.deepEqual([...parts.keys()], ['product:4', 'product:5', 'product:6', 'product:7', 'product:8']);
  assert.equal(asked.length, 7);
});

test('a group alone is shown by the filter that people know, if it is free', () => {
  assert.deepEqual(narrowing(LIST, {}, 'state', { group: 'state:idle', value: 'idle' }), { state: 'idle' });
  assert.deepEqual(narrowing(LIST, {}, 'tag:rack', { group: 'tag:rack:7', value: '7' }), { tag: 'rack=7' });
  assert.deepEqual(narrowing(LIST, { tag: 'gpu' }, 'tag:rack', { group: 'tag:rack:7', value: '7' }), { group: 'tag:rack:7' });
  assert.deepEqual(narrowing(LIST, {}, 'tag:rack', { group: 'tag:rack' }), { group: 'tag:rack' });
  assert.deepEqual(narrowing(LIST, {}, 'product', { group: 'product:Box', value: 'Box' }), { group: 'product:Box' });
});

test('what a group has in common is said in words', () => {
  assert.equal(called(LIST, 'tag:rack', { value: '7' }), 'rack=7');
  assert.equal(called(LIST, 'tag:gpu', { value: '' }), 'gpu');
  assert.equal(called(LIST, 'tag:gpu', {}), 'no tag gpu');
  assert.equal(called(LIST, 'product', {}), 'no product');
});
