// Terminals: what the server's exec channel writes, drawn by xterm.js, and the keys on their way back.
import { Away, get, post, remove } from './api.js';
import { attempt, html, nothing, render, say } from './ui.js';

/** What a window can make of a terminal: columns and rows. */
const LEAST = { columns: 20, rows: 10 };
const MOST = { columns: 400, rows: 150 };
const BELOW = 24; // pixels that are left free below it

/** The strip of what is at work stands over the end of the window. */
const strip = () => document.getElementById('tasks')?.offsetHeight ?? 0;

/** The terminal that is shown, as long as its page is. */
let shown = null;

const bytesOf = (base64) => Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));

const within = (least, most, number) => Math.min(most, Math.max(least, Math.floor(number)));

/** Sends what is typed in the order in which it was typed, one request at a time. */
function keyboard(id) {
  let waiting = '';
  let sending = false;
  return async (text) => {
    waiting += text;
    if (sending) return;
    sending = true;
    try {
      while (waiting) {
        const next = waiting.slice(0, 60000);
        waiting = waiting.slice(next.length);
        await post(`/terminals/${id}/input`, { text: next });
      }
    } catch (failed) {
      waiting = '';
      say(failed.message);
    } finally {
      sending = false;
    }
  };
}

/** Once more after a moment when the server could not be reached: what was written is held there. */
async function again(work) {
  try {
    return await work();
  } catch (failed) {
    if (!(failed instanceof Away)) throw failed;
    await new Promise((done) => { setTimeout(done, 2000); });
    return work();
  }
}

/** Gives it the room that there is, and answers the size that it has then. */
function fit(screen, element) {
  const drawn = element.querySelector('.xterm-screen');
  const bar = element.querySelector('.xterm-viewport').offsetWidth - element.querySelector('.xterm-viewport').clientWidth;
  const cell = { width: drawn.offsetWidth / screen.cols, height: drawn.offsetHeight / screen.rows };
  if (cell.width > 0 && cell.height > 0) {
    const room = { width: element.clientWidth - bar, height: window.innerHeight - drawn.getBoundingClientRect().top - window.scrollY - BELOW - strip() };
    screen.resize(within(LEAST.columns, MOST.columns, room.width / cell.width), within(LEAST.rows, MOST.rows, room.height / cell.height));
  }
  return { columns: screen.cols, rows: screen.rows };
}

/** Follows the window, and tells the server of it when it has come to rest; answers how to end that. */
function follow(screen, element, id) {
  let timer = 0;
  let told = `${screen.cols}x${screen.rows}`;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const size = fit(screen, element);
      if (told === `${size.columns}x${size.rows}`) return;
      told = `${size.columns}x${size.rows}`;
      post(`/terminals/${id}/size`, size).catch((failed) => say(failed.message));
    }, 200);
  };
  const watch = new ResizeObserver(changed);
  watch.observe(element);
  window.addEventListener('resize', changed);
  return () => {
    clearTimeout(timer);
    watch.disconnect();
    window.removeEventListener('resize', changed);
  };
}

/** Shows what it writes until it ends, or nobody looks any more; answers why it is over. */
async function read(id, screen, element) {
  const hangUp = () => remove(`/terminals/${id}`).catch(() => {}); // the server closes what nobody looks at, a minute later
  const left = setInterval(() => { if (!element.isConnected) hangUp(); }, 1000);
  try {
    for (let from = 0; element.isConnected;) {
      const output = await again(() => get(`/terminals/${id}/output?from=${from}`));
      await new Promise((done) => { screen.write(bytesOf(output.data), done); });
      from = output.next;
      if (output.ended) return 'It has ended, or the machine is gone.';
    }
    return 'You have left the page.';
  } catch (failed) {
    return element.isConnected ? failed.message : 'You have left the page.';
  } finally {
    clearInterval(left);
    hangUp();
  }
}

/** The last lines that it showed. */
function lastOf(screen) {
  const buffer = screen.buffer.active;
  const lines = [];
  for (let i = Math.max(0, buffer.length - screen.rows); i < buffer.length; i += 1) lines.push(buffer.getLine(i).translateToString(true));
  return lines.join('\n').trimEnd();
}

/** Nothing when it failed, which is said. */
const tried = (work) => attempt(work).catch(() => undefined);

async function run(terminal) {
  const { element, what } = terminal;
  if (terminal.open) return; // a second click
  terminal.open = true;
  const drawing = await tried(() => import('./lib/xterm.js')); // no module: it defines window.Terminal
  if (!drawing) {
    terminal.open = false;
    return;
  }
  what.opens?.();
  render(html`<p id="terminal-hint" class="small text-body-secondary">${what.hint} It is closed when you leave this page. Tab belongs to it; Shift+Tab leaves the terminal.</p>
    <div class="screen mb-3" role="group" aria-label=${what.name} aria-describedby="terminal-hint"></div>`, element);
  const screen = new window.Terminal({ screenReaderMode: true, scrollback: 5000 });
  screen.attachCustomKeyEventHandler((event) => !(event.key === 'Tab' && event.shiftKey));
  screen.open(element.querySelector('.screen'));
  element.querySelector('.xterm-accessibility-tree')?.setAttribute('role', 'list'); // its rows are items of a list that says of itself nothing
  const size = fit(screen, element);
  const opened = await tried(() => post(what.path, size));
  let why = '';
  if (opened) {
    screen.onData(keyboard(opened.id));
    screen.focus();
    const rest = follow(screen, element, opened.id);
    why = await read(opened.id, screen, element);
    rest();
  }
  const last = lastOf(screen);
  screen.dispose();
  terminal.open = false;
  offer(terminal, why, last);
}

function offer(terminal, why, last) {
  const { element, what } = terminal;
  render(html`${why ? html`<p role="status">${why}</p>` : nothing}
    ${last ? html`<pre class="log border rounded p-2" tabindex="0" role="region" aria-label="What it showed last">${last}</pre>` : nothing}
    <p>${what.about} The audit log has that you open it, not what you type.</p>
    <button type="button" class="btn btn-primary" @click=${() => run(terminal)}>Open a terminal</button>`, element);
}

/**
 * A terminal that can be opened: the same one as long as the same is asked for; its element is to be put into the page, and open says
 * whether it is. What it is: { path: where REST opens it, name: its accessible name, about: said before it is opened, hint: said above it,
 * opens: called before it takes the room that there is, if given }.
 */
export function terminalAt(what) {
  if (shown?.what.path !== what.path) {
    shown = { what, open: false, element: document.createElement('div') };
    offer(shown);
  }
  return shown;
}

/** The element with the serial console of a machine. */
export const consoleOf = (resource) => terminalAt({
  path: `/resources/${resource.id}/consoles`,
  name: `Console of ${resource.name}`,
  about: 'Its serial console, by its BMC, for one person at a time. Whoever is there by other ways is sent away.',
  hint: `The console of ${resource.name}. What it wrote before is not shown: press Enter.`,
}).element;

/** The element with the terminal of a machine. */
export const terminalOf = (resource) => terminalAt({
  path: `/resources/${resource.id}/terminals`,
  name: `Terminal of ${resource.name}`,
  about: 'A shell of root on this machine, in whatever it runs now.',
  hint: `A shell of root on ${resource.name}.`,
}).element;
