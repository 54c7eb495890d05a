import assert from 'node:assert';
import { test } from 'node:test';
import './browser.js';

const { arranged, sideOf, states } = await import('../web/heat.js');

const machines = [['idle', 1], ['active', 2], ['error', 9], ['idle', 4], ['off', 3], ['error', 5]].map(([state, id]) => ({ state, id }));

test('what is wrong stands first', () => {
  assert.deepStrictEqual(arranged(machines).map((each) => each.id), [5, 9, 2, 1, 4, 3]);
  assert.strictEqual(machines[0].id, 1, 'who gave them keeps their order');
});

test('states are counted in the order of the squares', () => {
  assert.deepStrictEqual(states(machines), [['error', 2], ['active', 1], ['idle', 2], ['off', 1]]);
  assert.deepStrictEqual(states([]), []);
});

test('squares are as large as there is room for all at one look', () => {
  assert.deepStrictEqual([1, 100, 2000, 10000, 20000].map((many) => sideOf(many, 960)), [14, 14, 14, 6, 5]);
});
