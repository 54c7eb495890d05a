import assert from 'node:assert';
import { test } from 'node:test';
import './browser.js';

const { columns, inUnit, within } = await import('../web/history.js');

const at = (minute, load) => ({ from: `2026-12-01T00:${String(minute).padStart(2, '0')}:00Z`, load });

test('a step of which nothing is known breaks the line', () => {
  const start = Date.parse('2026-12-01T00:00:00Z') / 1000;
  assert.deepStrictEqual(columns([at(1, 5), at(2, 6), at(5, 7)], 60, ['load']), [[1, 2, 3, 4, 5].map((minute) => start + minute * 60), [5, 6, null, null, 7]]);
  assert.deepStrictEqual(columns([], 60, ['load', 'sent']), [[], [], []]);
  assert.deepStrictEqual(columns([at(1, 5)], 60, ['sent'])[1], [null]);
});

test('the whole span is drawn', () => {
  assert.deepStrictEqual(within([[1000, 1060], [5, 6]], 9999, 3600), [[-2540, 1000, 1060], [null, 5, 6]]);
  assert.deepStrictEqual(within([[], []], 9999, 3600), [[6399], [null]]);
});

test('amounts are told in the unit of their size', () => {
  const units = ['MiB', 'GiB', 'TiB'];
  assert.deepStrictEqual([0, 0.5, 512, 1024, 1536, 153600, 9e9].map((amount) => inUnit(amount, units)), ['0 MiB', '0.50 MiB', '512 MiB', '1 GiB', '1.5 GiB', '150 GiB', '8583 TiB']);
});
