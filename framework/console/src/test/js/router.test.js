import assert from 'node:assert/strict';
import { test } from 'node:test';
import './browser.js';

const { session } = await import('../web/api.js');
const { entries, place } = await import('../web/router.js');

function at(hash) {
  location.hash = hash;
  return place();
}

test('an address leads to the list, or to one of its things', () => {
  for (const name of ['resources', 'environments', 'images', 'plugins', 'operations']) {
    const list = at(`#/${name}`);
    const one = at(`#/${name}/a%2Fb`);
    assert.equal(list.entry, name);
    assert.equal(one.entry, name);
    assert.equal(list.parameters.id, null);
    assert.equal(one.parameters.id, 'a/b', 'what stands in an address is decoded');
    assert.deepEqual(list.above, []);
    assert.equal(one.above[0][1], `#/${name}`, 'the way back');
  }
});

test('the overview has no name', () => {
  for (const hash of ['', '#', '#/']) assert.equal(at(hash).entry, '', hash);
});

test('a query is its parameters, and none of them is the id of the path', () => {
  assert.deepEqual({ ...at('#/resources?state=idle&text=a%20b').parameters }, { id: null, state: 'idle', text: 'a b' });
  assert.equal(at('#/resources/7?tab=load').parameters.tab, 'load');
});

test('what leads nowhere says so', () => {
  const nowhere = at('#/no-such-page').page;
  for (const hash of ['#/resource', '#/resources/', '#/events/7', '#/resources/%E0%A4%A', '#/plugin/none', '#/__proto__', '#/constructor']) {
    assert.equal(at(hash).page, nowhere, hash);
    assert.equal(at(hash).entry, null, hash);
  }
});

test('the side shows what a role may see', () => {
  const names = (role) => {
    session.role = role;
    return entries().map(({ name }) => name);
  };
  assert.ok(!names('viewer').includes('audit'));
  assert.ok(!names('operator').includes('subscriptions'));
  assert.ok(names('viewer').includes('users'), 'one sees oneself');
  assert.deepEqual(names('admin').filter((name) => !names('viewer').includes(name)), ['subscriptions', 'audit']);
  for (const { href, icon, title } of entries()) {
    assert.match(href, /^#\//);
    assert.ok(icon && title, href);
  }
});
