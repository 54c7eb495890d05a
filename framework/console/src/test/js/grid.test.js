import assert from 'node:assert/strict';
import { test } from 'node:test';
import './browser.js';

const { session } = await import('../web/api.js');
const { grid } = await import('../web/grid.js');

session.role = 'operator';

const LIST = {
  name: 'resources', title: 'Resources', path: '/resources', one: 'resource', many: 'resources', key: 'id',
  columns: [{ name: 'name', title: 'Name', cell: (each) => each.name, text: (each) => each.name, fixed: true }],
  filters: [{ name: 'state', label: 'State', choices: [['idle', 'idle'], ['error', 'error']] }],
  act: { path: '/resource-actions', named: 'resources' },
  actions: [{ word: 'reboot', title: 'Reboot' }],
};

const PAGE = { items: [{ id: 1, name: 'node-1' }, { id: 2, name: 'node-2' }], from: 0, more: true, all: null };

/** All templates that one is made of. */
function* within(content) {
  if (Array.isArray(content)) for (const each of content) yield* within(each);
  else if (content?.strings) {
    yield content;
    yield* within(content.values);
  }
}

const made = (content, by) => [...within(content)].find(by);

const drawn = (state) => grid(LIST, PAGE, { state }, () => {});

/** What is told of what is selected. */
const selection = (content) => made(content, ({ strings }) => strings[0].startsWith('<div class="selection')).values[1];

function selectFirst(content) {
  const box = made(content, ({ strings }) => strings[0].includes('form-check-input select'));
  box.values.find((each) => typeof each === 'function')({ shiftKey: false, target: { checked: true } });
}

const press = (content, label) => made(content, ({ values }) => values.includes(label)).values.find((each) => typeof each === 'function')();

/** Answers with so many items when it is told to. */
function counting(number) {
  let answer;
  const asked = new Promise((resolve) => { answer = resolve; });
  globalThis.fetch = async () => {
    await asked;
    return { status: 200, headers: { get: () => null }, text: async () => JSON.stringify({ items: Array.from({ length: number }, (_, id) => ({ id })), next: null }) };
  };
  return answer;
}

test('all that match are counted, and selected', async () => {
  const answer = counting(120);
  selectFirst(drawn('idle'));
  assert.equal(selection(drawn('idle')), '1 is selected');
  const selected = press(drawn('idle'), 'Select all that match');
  answer();
  await selected;
  assert.equal(selection(drawn('idle')), '120 that match, all of them, are selected');
});

test('what was counted of one filter selects nothing of another', async () => {
  const answer = counting(120);
  drawn('error');
  selectFirst(drawn('idle'));
  const selected = press(drawn('idle'), 'Select all that match');
  selectFirst(drawn('error'));
  answer();
  await selected;
  assert.equal(selection(drawn('error')), '1 is selected');
});

const GROUPED = { items: [], from: 0, more: false, all: null, grouped: { more: false, groups: [{ group: 'state:idle', value: 'idle', number: 2 }, { group: 'state:error', value: 'error', number: 12000 }], parts: new Map() } };

const inGroups = () => grid({ ...LIST, groups: { path: '/resource-groups', by: [['state', 'State']], tags: true } }, GROUPED, { by: 'state' }, () => {});

function check(words, checked) {
  return made(inGroups(), ({ values }) => values.includes(words[0]) && values.includes(words[1])).values.find((each) => typeof each === 'function')({ target: { checked } });
}

test('the head of a group selects all of it by name, beside others', async () => {
  const answer = counting(2);
  inGroups();
  const selected = check([2, 'idle'], true);
  answer();
  await selected;
  assert.equal(selection(inGroups()), '2 are selected');
  check([2, 'idle'], false);
  assert.equal(selection(inGroups()), '');
});

test('a group of very many is meant by its filter', async () => {
  inGroups();
  await check([12000, 'error'], true);
  assert.equal(selection(inGroups()), '12000, the whole group, are selected');
  assert.equal(selection(grid(LIST, PAGE, {}, () => {})), '', 'a list without groups does not show what is meant');
});
