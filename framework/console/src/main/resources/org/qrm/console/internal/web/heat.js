// All machines at one look: a small square for each, what is wrong first.
import { list } from './api.js';
import { badge, html, number } from './ui.js';

const PAGE = 1000;
const MOST = 20000;
/** A look is worth so many milliseconds, however often the page asks again. */
const WORTH = 10000;
/** Pixels of the sides of a square with its margin, and how high all are to be, if that is enough to tell them apart. */
const LEAST = 5;
const LARGEST = 14;
const HEIGHT = 480;
const COLOURS = { error: 'danger', new: 'warning', maintenance: 'warning', assigned: 'info', booting: 'info', releasing: 'info', active: 'primary', idle: 'success', off: 'secondary' };
const ORDER = Object.keys(COLOURS);

let look = { at: 0, machines: [] };

/** Machines in the order in which they are drawn; of very many, the first. */
export const arranged = (machines) => [...machines].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state) || one.id - other.id);

export async function allMachines() {
  if (Date.now() - look.at < WORTH) return look.machines;
  const machines = [];
  let after;
  do {
    const { items, next } = await list('/resources', { fields: 'id,name,state,reason', limit: PAGE, after });
    machines.push(...items);
    after = next ?? undefined;
  } while (after !== undefined && machines.length < MOST);
  look = { at: Date.now(), machines: arranged(machines) };
  return look.machines;
}

/** How many there are in each state, in the order in which they are drawn. */
export const states = (machines) => ORDER.map((state) => [state, machines.filter((each) => each.state === state).length]).filter(([, count]) => count);

/** Of one of so many squares, in so many pixels of width. */
export const sideOf = (many, width) => Math.max(LEAST, Math.min(LARGEST, Math.floor(Math.sqrt((width * HEIGHT) / Math.max(1, many)))));

/** A state has its shape, too: full, hollow, half, or crossed out. */
function draw(on, state, x, y, size, colour) {
  on.fillStyle = colour;
  on.strokeStyle = colour;
  on.lineWidth = size > 6 ? 2 : 1;
  if (state === 'idle' || state === 'off') on.strokeRect(x + 1, y + 1, size - 2, size - 2);
  else if (state === 'active') on.fillRect(x, y, size, size);
  else if (state === 'error') {
    on.fillRect(x, y, size, size);
    on.strokeStyle = 'white';
    on.beginPath();
    on.moveTo(x + 2, y + 2);
    on.lineTo(x + size - 2, y + size - 2);
    on.moveTo(x + size - 2, y + 2);
    on.lineTo(x + 2, y + size - 2);
    on.stroke();
  } else {
    on.strokeRect(x + 1, y + 1, size - 2, size - 2);
    on.fillRect(x, y + size / 2, size, size / 2);
  }
}

/** Its property machines are drawn, as wide as there is room; a click, or Enter after arrow keys, leads to one. */
class Heat extends HTMLElement {
  #machines = [];
  #at = -1;
  #width = null;
  #canvas = null;
  #told = null;

  set machines(machines) {
    this.#machines = machines;
    this.#at = Math.min(this.#at, machines.length - 1);
    this.#draw();
  }

  connectedCallback() {
    if (!this.#canvas) {
      this.#canvas = document.createElement('canvas');
      this.#canvas.tabIndex = 0;
      this.#told = document.createElement('p');
      this.#told.className = 'small text-body-secondary';
      this.#told.setAttribute('role', 'status');
      this.append(this.#canvas, this.#told);
      this.#canvas.addEventListener('pointermove', (event) => this.#point(this.#under(event)));
      this.#canvas.addEventListener('click', (event) => this.#go(this.#under(event)));
      this.#canvas.addEventListener('keydown', (event) => this.#key(event));
    }
    this.#width = new ResizeObserver(() => this.#draw());
    this.#width.observe(this);
    this.#draw();
  }

  disconnectedCallback() {
    this.#width.disconnect();
  }

  get #side() {
    return sideOf(this.#machines.length, this.clientWidth);
  }

  get #columns() {
    return Math.max(1, Math.floor(this.clientWidth / this.#side));
  }

  #under(event) {
    const column = Math.floor(event.offsetX / this.#side);
    const at = Math.floor(event.offsetY / this.#side) * this.#columns + column;
    return column < this.#columns && at < this.#machines.length ? at : -1;
  }

  #point(at) {
    if (at === this.#at) return;
    this.#at = at;
    this.#draw();
  }

  #go(at) {
    if (at >= 0) location.hash = `#/resources/${this.#machines[at].id}`;
  }

  #key(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.#columns, ArrowUp: -this.#columns };
    if (event.key === 'Enter') this.#go(this.#at);
    else if (event.key in steps) {
      this.#point(Math.max(0, Math.min(this.#machines.length - 1, this.#at + steps[event.key])));
      event.preventDefault();
    }
  }

  #draw() {
    if (!this.isConnected || !this.#canvas || !this.clientWidth) return;
    const columns = this.#columns;
    const side = this.#side;
    const size = side - (side > 8 ? 3 : 1);
    const place = (at) => [(at % columns) * side, Math.floor(at / columns) * side];
    const height = Math.ceil(this.#machines.length / columns) * side;
    const sharp = window.devicePixelRatio || 1;
    this.#canvas.width = columns * side * sharp;
    this.#canvas.height = height * sharp;
    this.#canvas.style.width = `${columns * side}px`;
    this.#canvas.style.height = `${height}px`;
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.setAttribute('aria-label', `All machines, each a square: ${states(this.#machines).map(([state, count]) => `${count} ${state}`).join(', ')}`);
    const on = this.#canvas.getContext('2d');
    on.scale(sharp, sharp);
    const style = getComputedStyle(this);
    const colours = new Map(ORDER.map((state) => [state, style.getPropertyValue(`--bs-${COLOURS[state]}`)]));
    this.#machines.forEach((machine, at) => draw(on, machine.state, ...place(at), size, colours.get(machine.state)));
    const chosen = this.#machines[this.#at];
    if (chosen) {
      on.strokeStyle = style.getPropertyValue('--bs-body-color');
      const [x, y] = place(this.#at);
      on.strokeRect(x - 1, y - 1, size + 2, size + 2);
    }
    this.#told.textContent = chosen ? `${chosen.name}: ${chosen.state}${chosen.reason ? `, ${chosen.reason}` : ''}` : 'Point at a square, or use the arrow keys.';
  }
}

customElements.define('qrm-heat', Heat);

/** All of them, and how many are in which state. */
export const heat = (machines) => html`<p class="d-flex flex-wrap gap-3 mb-2">${states(machines).map(([state, count]) => html`
    <a class="text-decoration-none" href="#/resources?state=${state}">${badge(state)} ${number(count)}</a>`)}</p>
  <qrm-heat .machines=${machines}></qrm-heat>`;
