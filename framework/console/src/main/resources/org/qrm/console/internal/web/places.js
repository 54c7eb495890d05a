// Places in a long list. REST goes forward from cursor to cursor; a place far down is found by steps of a thousand that carry nothing but the keys.
import { list } from './api.js';

const STEP = 1000;

/** The cursors that were met, by the number of items before them; of one list, with one filter. */
const met = { key: null, cursors: new Map() };

function cursorsOf(path, filter) {
  const key = JSON.stringify([path, filter]);
  if (met.key !== key) Object.assign(met, { key, cursors: new Map([[0, undefined]]) });
  return met.cursors;
}

const nearest = (cursors, wanted) => Math.max(...[...cursors.keys()].filter((from) => from <= wanted));

async function step(path, filter, cursors, from, limit, key) {
  const { items, next } = await list(path, { ...filter, fields: key, after: cursors.get(from), limit });
  if (next !== null) cursors.set(from + items.length, next);
  return { to: from + items.length, ended: next === null };
}

/** The items from a place on, each with a field key; if the list has become shorter, from the last place that there is. */
export async function stretch(path, filter, from, limit, key = 'id') {
  const cursors = cursorsOf(path, filter);
  let at = nearest(cursors, from);
  for (let ended = false; at < from && !ended;) {
    const found = await step(path, filter, cursors, at, Math.min(STEP, from - at), key);
    ended = found.ended;
    if (!ended) at = found.to;
  }
  const { items, next } = await list(path, { ...filter, after: cursors.get(at), limit });
  if (next !== null) cursors.set(at + items.length, next);
  return { items, from: at, more: next !== null };
}

/** Where the last stretch of so many items begins. */
export async function lastStretch(path, filter, limit, key = 'id') {
  const cursors = cursorsOf(path, filter);
  let at = Math.max(...cursors.keys());
  for (;;) {
    const { to, ended } = await step(path, filter, cursors, at, STEP, key);
    at = to;
    if (ended) return Math.max(0, Math.floor((at - 1) / limit) * limit);
  }
}
