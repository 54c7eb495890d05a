import assert from 'node:assert/strict';
import { test } from 'node:test';
import './browser.js';

const { blocks } = await import('../web/markdown.js');

const paragraph = (...text) => [{ is: 'paragraph', text }];
const link = (to, ...text) => ({ is: 'link', to, text });

test('each kind of block is told apart', () => {
  assert.deepEqual(blocks('# Fan\nloud,\nand old\n\n---\n> ask\n> ann\n\n```sh\n# no heading\n```\nend'), [
    { is: 'heading', level: 1, text: ['Fan'] },
    { is: 'paragraph', text: ['loud,\nand old'] },
    { is: 'rule' },
    { is: 'quote', blocks: paragraph('ask\nann') },
    { is: 'code', text: '# no heading' },
    { is: 'paragraph', text: ['end'] },
  ]);
});

test('lists go into each other, and end', () => {
  assert.deepEqual(blocks('- one\n  more\n  - inner\n- two\n\n3. three\n4. four\n\nend'), [
    { is: 'list', from: null, items: [[...paragraph('one\nmore'), { is: 'list', from: null, items: [paragraph('inner')] }], paragraph('two')] },
    { is: 'list', from: 3, items: [paragraph('three'), paragraph('four')] },
    ...paragraph('end'),
  ]);
  assert.deepEqual(blocks('- a\n\n- b'), [{ is: 'list', from: null, items: [paragraph('a'), paragraph('b')] }]);
});

test('emphasis, code and links stand in a line', () => {
  assert.deepEqual(blocks('**a *b*** `c*d*` ~~e~~ snake_case_name 2 * 3 * 4 \\*f\\*'), paragraph(
    { is: 'strong', parts: ['a ', { is: 'emphasis', parts: ['b'] }] }, ' ', { is: 'code', text: 'c*d*' }, ' ', { is: 'gone', parts: ['e'] },
    ' snake_case_name 2 * 3 * 4 *f*'));
  assert.deepEqual(blocks('See [the *wiki*](https://wiki.example/a_(b)), or http://x.example/y?z=1.'), paragraph(
    'See ', link('https://wiki.example/a_(b)', 'the ', { is: 'emphasis', parts: ['wiki'] }), ', or ', link('http://x.example/y?z=1', 'http://x.example/y?z=1'), '.'));
});

/** All that is led to, wherever it stands. */
const targets = (part) => (part === null || typeof part !== 'object' ? [] : [...(part.to ? [part.to] : []), ...Object.values(part).flatMap(targets)]);

/** All that is said, wherever it stands. */
const said = (part) => (typeof part === 'string' ? part : Array.isArray(part) ? part.map(said).join('') : said(part.text ?? part.parts ?? part.blocks ?? part.items ?? ''));

test('what would be an attack is text, whole', () => {
  for (const attack of [
    '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<a href="javascript:alert(1)">x</a>', '&lt;script&gt;alert(1)&lt;/script&gt;', '&#106;avascript:alert(1)',
    '[x](javascript:alert(1))', '[x](JaVaScRiPt:alert(1))', '[x](\tjavascript:alert(1))', '[x](data:text/html,<script>alert(1)</script>)', '[x](vbscript:x)', '[x](//evil.example)',
    '[x](/api/v1/session)', '[x](https:evil)', '[x](&#x6A;avascript:alert(1))', '<javascript:alert(1)>', '[x](file:///etc/passwd)', '[](https://hidden.example)',
  ]) {
    const found = blocks(attack);
    assert.deepEqual(targets(found).filter((to) => !to.startsWith('https://hidden.example')), [], attack);
    assert.equal(said(found), attack.trim());
  }
});

test('an address is led to as the browser reads it, and is no way out of its attribute', () => {
  assert.deepEqual(targets(blocks('[x](https://a.example/"onmouseover="alert(1))')), ['https://a.example/%22onmouseover=%22alert(1)']);
  assert.deepEqual(targets(blocks('https://a.example/"><script>')), ['https://a.example/']);
});

test('what looks endless is read to its end', () => {
  for (const piece of ['*', '_', '**a ', '`', '[', '[a](', '>', '> ', '- ', '  - a\n', '# ', '~~x', 'http://', '\\', '1. ', '```\n', '*a_', '[x](http://a(', '\n', ' ', 'x']) {
    assert.ok(said(blocks(piece.repeat(10000 / piece.length))) !== undefined, piece);
  }
});
