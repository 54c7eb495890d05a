import assert from 'node:assert/strict';
import { test } from 'node:test';
import './browser.js';

const { filtersOf, queryOf } = await import('../web/filters.js');
const { standing } = await import('../web/live.js');

test('what narrows a list is one query', () => {
  assert.equal(queryOf('', {}), '');
  assert.equal(queryOf(' memory>=64G ', { state: 'error', tag: 'rack=7', kind: undefined }), 'memory>=64G state:error tag:rack=7');
  assert.equal(queryOf('state:error', { text: 'web' }), 'state:error web');
  assert.equal(queryOf('', { text: 'Rack 7', group: 'product:PowerEdge R640' }), '"Rack 7" group:"product:PowerEdge R640"', 'blanks stand between quotation marks');
  assert.equal(queryOf('', { text: '52:54:00' }), '"52:54:00"', 'what could be a field is a text');
});

test('a filter stands below its own page, and is shown when its query is all that narrows', () => {
  standing.filters = [
    { name: 'Broken', list: 'resources', query: 'state:error tag:rack=7', count: 3 },
    { name: 'Up', list: 'virtual-environments', query: 'state:active', count: 1 },
  ];
  const [broken] = filtersOf('resources', { id: null });
  assert.equal(broken.href, '#/resources?query=state%3Aerror+tag%3Arack%3D7');
  assert.equal(broken.shown, false);
  const [up, ...others] = filtersOf('environments', { id: null, query: 'state:active', sort: 'name' });
  assert.equal(up.shown, true, 'in whatever order');
  assert.equal(others.length, 0);
  assert.equal(filtersOf('environments', { id: null, query: 'state:active', text: 'web' })[0].shown, false);
  assert.equal(filtersOf('environments', { id: 'web1', query: 'state:active' })[0].shown, false);
  assert.equal(filtersOf('events', {}).length, 0);
  standing.filters = [];
});
