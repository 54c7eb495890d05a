// Terminals of machines: what the server's exec channel writes, drawn by xterm.js, and the keys on their way back.
import './lib/xterm.js'; // no module: it defines window.Terminal
import { Away, get, post, remove } from './api.js';
import { attempt, html, render, say } from './ui.js';

const SIZE = { columns: 80, rows: 24 };

/** The terminal that is shown, as long as its page is. */
let shown = null;

const bytesOf = (base64) => Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));

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

async function run(resource, element) {
  const opened = await attempt(() => post(`/resources/${resource.id}/terminals`, SIZE));
  if (!opened) return;
  render(html`<p id="terminal-hint" class="small text-body-secondary">A shell of root on ${resource.name}. It is closed when you leave this page. Tab belongs to the shell; Shift+Tab leaves the terminal.</p>
    <div class="screen mb-3" role="group" aria-label="Terminal of ${resource.name}" aria-describedby="terminal-hint"></div>`, element);
  const screen = new window.Terminal({ cols: SIZE.columns, rows: SIZE.rows, screenReaderMode: true, scrollback: 5000 });
  screen.attachCustomKeyEventHandler((event) => !(event.key === 'Tab' && event.shiftKey));
  screen.open(element.querySelector('.screen'));
  screen.onData(keyboard(opened.id));
  screen.focus();
  let why = 'You have left the page.';
  try {
    for (let from = 0; element.isConnected;) {
      const output = await again(() => get(`/terminals/${opened.id}/output?from=${from}`));
      screen.write(bytesOf(output.data));
      from = output.next;
      if (output.ended) {
        why = 'The shell has ended, or the machine is gone.';
        break;
      }
    }
  } catch (failed) {
    why = failed.message;
  }
  remove(`/terminals/${opened.id}`).catch(() => {}); // the server closes what nobody looks at
  screen.dispose();
  offer(resource, element, why);
}

function offer(resource, element, why) {
  render(html`${why ? html`<p role="status">${why}</p>` : ''}
    <p>A shell of root on this machine, in whatever it runs now. The audit log has that you open it, not what you type.</p>
    <button type="button" class="btn btn-primary" @click=${() => run(resource, element)}>Open a terminal</button>`, element);
}

/** The element with the terminal of a machine: the same one as long as the same machine is shown. */
export function terminalOf(resource) {
  if (shown?.id !== resource.id) {
    shown = { id: resource.id, element: document.createElement('div') };
    offer(resource, shown.element);
  }
  return shown.element;
}
