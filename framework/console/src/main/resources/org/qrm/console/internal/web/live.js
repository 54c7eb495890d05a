// What happens, for all tabs of a browser: one of them holds the stream of events and asks how much is at work; the others hear it of that one.
// A browser has six connections to a server, and a stream takes one for good. The tab that came into sight last leads.
import { ROOT, changes, get, list } from './api.js';

const NAME = 'qrm-live'; // of the lock that the leading tab has, and of the channel between tabs
const GATHERED = 300; // milliseconds in which events are gathered before they are told
const LEAST = 1000; // milliseconds between two questions, whatever happens
const EVERY = 5000; // milliseconds between them when nothing happens
const AT_WORK = 2000; // and while something is at work
const BACK = 3000; // milliseconds until a stream that was refused is tried again
const KEPT = 8000; // milliseconds for which what has ended well is shown
const MOST = 50; // operations of each state that are told of
const ALERTS_MOST = 100;
const ENDED_MOST = 20;
const FILTERS_EVERY = 15000; // milliseconds between two questions how many fit the saved filters, whatever happens

/**
 * How it stands; the same in all tabs.
 *
 * counts   { resources, environments, operations }: how many there are in each state; null while it is not known
 * alerts   how many warnings and worse nobody has seen, { number, more }: more when there are still others
 * work     operations that run or wait, the oldest first
 * ended    operations that have ended, each with at: when that was heard here, in milliseconds
 * filters  those that the user has saved, each with count: how many fit it
 * time     of the server when it was asked for all this; null before
 */
const nothingYet = () => ({ counts: null, alerts: { number: 0, more: false }, work: [], ended: [], filters: [], time: null });
export const standing = nothingYet();

/** What has ended is shown a few seconds; what has failed until it is dismissed. */
const isShown = ({ state, at }) => state === 'failed' || Date.now() - at < KEPT;

/** @type {{ say: (told: any) => void }} */
const toTabs = { say: () => {} };

/** Takes a failure out of sight, in all tabs. */
export const dismiss = (id) => toTabs.say({ dismissed: id });

/** Asks, and tells of what has changed; { happened(), end() }. */
function lead(tell) {
  let source = null;
  let timer = null;
  let asked = 0;
  let over = false;
  let looking = false;
  let wanted = false; // something has happened while it looked
  let newest = -1;
  let alertsAt = 0;
  let filtersAt = 0;
  let ends = null; // how many operations had ended in which way
  let event = '';

  function soon(pause) {
    clearTimeout(timer);
    if (!over) timer = setTimeout(turn, pause);
  }

  async function endedSince(before, work) {
    const { items } = await list('/operations', { whole: true, limit: MOST });
    const known = new Set([...work, ...standing.ended].map(({ id }) => id));
    const just = items.filter(({ id, finished }) => finished && Date.parse(finished) >= Date.parse(before) && !known.has(id));
    // those that took so long that others stand before them in the list
    const missed = standing.work.filter(({ id }) => !known.has(id) && !items.some((each) => each.id === id));
    const found = await Promise.all(missed.map(({ id }) => get(`/operations/${id}`).catch(() => null)));
    return [...just, ...found.filter((each) => each?.finished)];
  }

  async function alerts(newestEvent) {
    if (newestEvent === newest && Date.now() - alertsAt < EVERY) return standing.alerts;
    const { items, next } = await list('/events', { atLeast: 'warning', acknowledged: false, resolved: false, fields: 'id', limit: ALERTS_MOST });
    newest = newestEvent;
    alertsAt = Date.now();
    return { number: items.length, more: next !== null };
  }

  /** How many fit costs the server a look at whole tables: it is not asked at each event. */
  async function filters() {
    if (Date.now() - filtersAt < FILTERS_EVERY) return standing.filters;
    filtersAt = Date.now();
    return (await list('/filters', { limit: 1000 })).items;
  }

  async function look() {
    const { resources, environments, operations, newestEvent, time } = await get('/server');
    const { running = 0, queued = 0, ...others } = operations;
    const lists = await Promise.all([[running, 'running'], [queued, 'queued']]
      .map(([count, state]) => (count ? list('/operations', { state, whole: true, sort: 'id', limit: MOST }) : { items: [] })));
    const work = lists.flatMap(({ items }) => items).slice(0, MOST);
    const ended = JSON.stringify(others);
    const just = standing.time !== null && ended !== ends ? await endedSince(standing.time, work) : [];
    const seen = await alerts(newestEvent);
    const saved = await filters();
    const at = Date.now();
    const kept = [...standing.ended, ...just.map((each) => ({ ...each, log: null, at }))].filter(isShown);
    const told = { counts: { resources, environments, operations }, alerts: seen, work, ended: kept.slice(-ENDED_MOST), filters: saved, time };
    ends = ended;
    if (!over) tell({ standing: told });
    return work.length > 0 || kept.some(({ state }) => state !== 'failed');
  }

  async function turn() {
    asked = Date.now();
    looking = true;
    wanted = false;
    let busy = false;
    try {
      busy = await look();
    } catch {
      // the page that is shown says what is wrong
    }
    looking = false;
    soon(wanted ? LEAST : busy ? AT_WORK : EVERY);
  }

  function open() {
    if (over) return;
    source = new EventSource(`${ROOT}/events/stream${event && `?afterId=${event}`}`);
    let types = null;
    source.onmessage = ({ data, lastEventId }) => {
      event = lastEventId;
      if (types === null) {
        types = new Set();
        setTimeout(() => {
          if (!over) tell({ types: [...types], event });
          types = null;
          happened();
        }, GATHERED);
      }
      types.add(JSON.parse(data).type);
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(reopen, BACK);
    };
  }

  /** A session that has ended closes it; the question waits until somebody is logged in again. */
  async function reopen() {
    try {
      if (!over) await get('/server?fields=version');
      open();
    } catch {
      setTimeout(reopen, BACK);
    }
  }

  function happened() {
    if (looking) wanted = true;
    else soon(Math.max(0, LEAST - (Date.now() - asked)));
  }

  return {
    begin(after) {
      event = after;
      open();
      turn();
    },
    happened,
    /** Somebody has asked for a change here, which may be one of the filters. */
    asked() {
      filtersAt = 0;
      happened();
    },
    end() {
      over = true;
      clearTimeout(timer);
      source?.close();
    },
  };
}

/**
 * Calls back with the types of events, at most about three times a second, when something has happened, and when how it stands has
 * changed; returns what ends it.
 */
export function follow(happened, changed) {
  const channel = new BroadcastChannel(NAME);
  let over = false;
  let leading = null;
  let waiting = null;
  let event = '';
  Object.assign(standing, nothingYet());

  /** What of it is shown. */
  const seeable = () => JSON.stringify({ ...standing, time: null });

  function hear(message) {
    if (over) return;
    const before = seeable();
    if (message.event) event = message.event;
    if (message.types) happened(new Set(message.types));
    if (message.standing) Object.assign(standing, message.standing);
    if (message.dismissed) standing.ended = standing.ended.filter(({ id }) => id !== message.dismissed);
    if (message.asked) leading?.asked();
    if (message.hello && leading && standing.counts) channel.postMessage({ standing, event });
    if (seeable() !== before) changed();
  }

  toTabs.say = (message) => {
    if (over) return;
    channel.postMessage(message);
    hear(message);
  };
  channel.onmessage = ({ data }) => hear(data);

  const hold = () => new Promise((release) => {
    if (over) {
      release();
      return;
    }
    leading = { ...lead(toTabs.say), release };
    leading.begin(event);
  });

  function stepDown() {
    leading?.end();
    leading?.release();
    leading = null;
  }

  /** Waits for its turn to lead, or takes it. */
  async function queue(now) {
    waiting?.abort();
    const mine = new AbortController();
    waiting = mine;
    try {
      await navigator.locks.request(NAME, now ? { steal: true } : { signal: mine.signal }, hold);
    } catch {
      // another tab leads now, or this one asks in another way
    }
    if (waiting !== mine) return;
    stepDown();
    if (!over) queue(false);
  }

  const inSight = () => {
    if (!document.hidden && !leading) queue(true);
  };
  const asked = () => toTabs.say({ asked: true });
  document.addEventListener('visibilitychange', inSight);
  changes.addEventListener('asked', asked);
  channel.postMessage({ hello: true });
  queue(!document.hidden);

  return () => {
    over = true;
    document.removeEventListener('visibilitychange', inSight);
    changes.removeEventListener('asked', asked);
    waiting?.abort();
    stepDown();
    channel.close();
  };
}
