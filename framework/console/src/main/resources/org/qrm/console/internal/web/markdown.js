// Markdown as people write notes in it: what they have typed becomes text, and never markup of the page. Of CommonMark it has headings, paragraphs, lists, quotes,
// code, rules, emphasis and links; raw HTML, entities and pictures are text like any other. Lines end where they were ended.
import { html } from './lib/lit-html.js';

const DEEPEST = 8; // levels of lists and quotes, and of emphasis in emphasis; what is deeper is text
const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(?=\S)/;
const RULE = /^ {0,3}([-*_])([ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)(?:[-*+]|(\d{1,9})[.)])[ \t]+(?=\S)/;

const opens = (line) => [FENCE, HEADING, RULE, QUOTE, ITEM].some((form) => form.test(line));
const blank = (line) => /^\s*$/.test(line);

/** The blocks of a text: plain data, in which each text is as it was typed. */
export function blocks(text, depth = 0) {
  if (depth > DEEPEST) return [{ is: 'paragraph', text: inline(text) }];
  const lines = text.split('\n');
  const found = [];
  let at = 0;
  /** The lines from here on of which that is true. */
  const take = (is) => {
    const from = at;
    while (at < lines.length && is(lines[at])) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    if (blank(line)) {
      at += 1;
    } else if (FENCE.test(line)) {
      const fence = FENCE.exec(line)[1];
      at += 1;
      found.push({ is: 'code', text: take((each) => !each.trimStart().startsWith(fence)).join('\n') });
      at += 1;
    } else if (HEADING.test(line)) {
      const [mark, signs] = HEADING.exec(line);
      found.push({ is: 'heading', level: signs.length, text: inline(line.slice(mark.length).trim()) });
      at += 1;
    } else if (RULE.test(line)) {
      found.push({ is: 'rule' });
      at += 1;
    } else if (QUOTE.test(line)) {
      found.push({ is: 'quote', blocks: blocks(take((each) => QUOTE.test(each)).map((each) => each.replace(QUOTE, '')).join('\n'), depth + 1) });
    } else if (ITEM.test(line)) {
      const first = ITEM.exec(line)[2];
      const items = [];
      while (at < lines.length && ITEM.test(lines[at]) && !RULE.test(lines[at]) && (ITEM.exec(lines[at])[2] === undefined) === (first === undefined)) {
        const { own, next } = itemAt(lines, at);
        items.push(blocks(own.join('\n'), depth + 1));
        at = next;
      }
      found.push({ is: 'list', from: first === undefined ? null : Number(first), items });
    } else {
      at += 1;
      found.push({ is: 'paragraph', text: inline([line, ...take((each) => !blank(each) && !opens(each))].map((each) => each.trim()).join('\n')) });
    }
  }
  return found;
}

/** What belongs to the item that begins there: the rest of its line, and what is indented below it or goes on without a blank line. */
function itemAt(lines, at) {
  const indent = ITEM.exec(lines[at])[0].length;
  const own = [lines[at].slice(indent)];
  let next = at + 1;
  for (; next < lines.length; next += 1) {
    const line = lines[next];
    const inside = line.length - line.trimStart().length >= Math.min(indent, 2);
    if (blank(line) ? blank(lines[next + 1] ?? '') || !/^ {2}/.test(lines[next + 1]) : !inside && (opens(line) || blank(lines[next - 1]))) break;
    own.push(inside ? line.slice(Math.min(indent, line.length - line.trimStart().length)) : line);
  }
  // a blank line between two items of one list
  const gap = next < lines.length && blank(lines[next]) && ITEM.test(lines[next + 1] ?? '') ? 1 : 0;
  return { own, next: next + gap };
}

/** Marks of emphasis, and what they mean; the longer ones first. */
const MARKS = [['**', 'strong'], ['__', 'strong'], ['~~', 'gone'], ['*', 'emphasis'], ['_', 'emphasis']];
const WORD = /[\p{L}\p{N}]/u;
const ADDRESS = /https?:\/\/[^\s<>"'`]+/y;
const MARKED = '\\`*_~[h';

/** A line's parts: texts, and { is, ... } for what is told apart. */
function inline(text, depth = 0) {
  const parts = [];
  const lost = new Set(); // marks that nothing ends from here on
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const found = depth < DEEPEST && MARKED.includes(text[at]) ? (escaped(text, at) ?? code(text, at, lost) ?? link(text, at, depth, lost) ?? bare(text, at) ?? emphasis(text, at, depth, lost)) : null;
    if (found === null) {
      plain += text[at];
      at += 1;
    } else if (typeof found.part === 'string') {
      plain += found.part;
      at = found.end;
    } else {
      if (plain) parts.push(plain);
      plain = '';
      parts.push(found.part);
      at = found.end;
    }
  }
  return plain ? [...parts, plain] : parts;
}

const escaped = (text, at) => (text[at] === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? '') ? { part: text[at + 1], end: at + 2 } : null);

function code(text, at, lost) {
  if (text[at] !== '`') return null;
  let to = at;
  while (text[to] === '`') to += 1;
  const mark = text.slice(at, to);
  const end = lost.has(mark) ? -1 : text.indexOf(mark, to);
  if (end < 0) {
    lost.add(mark);
    return { part: mark, end: to };
  }
  return { part: { is: 'code', text: text.slice(to, end) }, end: end + mark.length };
}

/** An address that a browser is led to: of the web, and of no other kind. */
function web(address) {
  try {
    const { protocol, href } = new URL(address);
    return /^https?:\/\//i.test(address) && ['http:', 'https:'].includes(protocol) ? href : null;
  } catch {
    return null;
  }
}

function link(text, at, depth, lost) {
  if (text[at] !== '[' || lost.has('](')) return null;
  const middle = text.indexOf('](', at);
  if (middle < 0) {
    lost.add('](');
    return null;
  }
  const name = text.slice(at + 1, middle);
  const end = closing(text, middle + 2);
  const to = end < 0 || name.includes('[') || name.trim() === '' ? null : web(text.slice(middle + 2, end));
  return to === null ? null : { part: { is: 'link', to, text: inline(name, depth + 1).map(unlinked).flat() }, end: end + 1 };
}

/** No link in a link. */
const unlinked = (part) => (part.is === 'link' ? part.text : part);

/** The bracket that ends an address; those that are opened in it are closed in it. */
function closing(text, from) {
  let open = 0;
  for (let at = from; at < text.length && !/\s/.test(text[at]); at += 1) {
    if (text[at] === '(') open += 1;
    if (text[at] === ')' && open === 0) return at;
    if (text[at] === ')') open -= 1;
  }
  return -1;
}

function bare(text, at) {
  ADDRESS.lastIndex = at;
  const found = text[at] === 'h' && !WORD.test(text[at - 1] ?? '') ? ADDRESS.exec(text) : null;
  let address = found?.[0] ?? '';
  while (/[.,:;!?*_~\]]$/.test(address) || (address.endsWith(')') && !address.includes('('))) address = address.slice(0, -1);
  const to = web(address);
  return to === null ? null : { part: { is: 'link', to, text: [address] }, end: at + address.length };
}

function emphasis(text, at, depth, lost) {
  const [mark, is] = MARKS.find(([each]) => text.startsWith(each, at)) ?? [];
  if (mark === undefined) return null;
  const from = at + mark.length;
  const alone = mark.length === 1;
  const word = mark[0] === '_';
  const whole = { part: mark, end: from };
  if (lost.has(mark) || /\s/.test(text[from] ?? ' ') || (word && WORD.test(text[at - 1] ?? ''))) return whole;
  let end = text.indexOf(mark, from + 1);
  while (end >= 0 && (/\s/.test(text[end - 1]) || (alone && (text[end - 1] === mark || text[end + 1] === mark)) || (word && WORD.test(text[end + mark.length] ?? '')))) {
    end = text.indexOf(mark, end + 1);
  }
  if (end < 0) {
    lost.add(mark);
    return whole;
  }
  // **a *b***: what is inside ends first
  while (!alone && text[end + mark.length] === mark[0]) end += 1;
  return { part: { is, parts: inline(text.slice(from, end), depth + 1) }, end: end + mark.length };
}

const shownPart = (part) => (typeof part === 'string' ? part : {
  code: () => html`<code>${part.text}</code>`,
  link: () => html`<a href=${part.to} title=${part.to} target="_blank" rel="noopener noreferrer">${part.text.map(shownPart)}</a>`,
  strong: () => html`<strong>${part.parts.map(shownPart)}</strong>`,
  emphasis: () => html`<em>${part.parts.map(shownPart)}</em>`,
  gone: () => html`<s>${part.parts.map(shownPart)}</s>`,
}[part.is]());

/** The page has its own headings above these. */
const heading = ({ level, text }) => (level === 1 ? html`<h3 class="h5">${text.map(shownPart)}</h3>`
  : level === 2 ? html`<h4 class="h6">${text.map(shownPart)}</h4>` : html`<h5 class="h6">${text.map(shownPart)}</h5>`);

const items = (all) => all.map((each) => html`<li>${each.map(shownBlock)}</li>`);

const shownBlock = (block) => ({
  paragraph: () => html`<p>${block.text.map(shownPart)}</p>`,
  heading: () => heading(block),
  code: () => html`<pre>${block.text}</pre>`,
  rule: () => html`<hr>`,
  quote: () => html`<blockquote>${block.blocks.map(shownBlock)}</blockquote>`,
  list: () => (block.from === null ? html`<ul>${items(block.items)}</ul>` : html`<ol start=${block.from}>${items(block.items)}</ol>`),
}[block.is]());

/** The text as people read it. */
export const markdown = (text) => html`<div class="note">${blocks(text).map(shownBlock)}</div>`;
