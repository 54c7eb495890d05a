// The icons of the frame: lines of our own on a square of 16.
import { html } from './lib/lit-html.js';

const LINES = {
  overview: 'M2 8.5 8 3l6 5.5M4 7.5V13h8V7.5',
  picture: 'M2 2.5h5v5H2zM9 2.5h5v5H9zM2 9h5v4.5H2zM9 9h5v4.5H9z',
  resources: 'M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.75h.01M5 11.25h.01M8 4.75h3M8 11.25h3',
  admission: 'M9 2.5h4.5v11H9M2 8h7M6.5 5 9.5 8l-3 3',
  environments: 'M8 1.75 13.75 5v6L8 14.25 2.25 11V5zM2.25 5 8 8.25 13.75 5M8 8.25v6',
  images: 'M2.5 4c0-1 2.5-1.75 5.5-1.75S13.5 3 13.5 4v8c0 1-2.5 1.75-5.5 1.75S2.5 13 2.5 12zM2.5 4c0 1 2.5 1.75 5.5 1.75S13.5 5 13.5 4M2.5 8c0 1 2.5 1.75 5.5 1.75S13.5 9 13.5 8',
  plugins: 'M6 1.75V5M10 1.75V5M4 5h8v3.5a4 4 0 0 1-8 0zM8 12.5v2',
  operations: 'M2.5 4h7M2.5 8h5M2.5 12h4M9.5 9v5l4.5-2.5z',
  events: 'M4 11.5V7a4 4 0 0 1 8 0v4.5l1.25 1H2.75zM7 14.5h2',
  subscriptions: 'M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5',
  users: 'M8 2.25a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M3 13.75c0-3 2.25-4.5 5-4.5s5 1.5 5 4.5z',
  audit: 'M3.5 1.75h6l3 3v9.5h-9zM9.5 1.75v3h3M6 8h4.5M6 11h4.5',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.25 10.25 14 14',
  add: 'M8 3v10M3 8h10',
  part: 'M2.5 6h3V4.5a1.5 1.5 0 0 1 3 0V6h3v3H13a1.5 1.5 0 0 1 0 3h-1.5v2h-9z',
  menu: 'M2 4h12M2 8h12M2 12h12',
  narrow: 'M9.5 4 5.5 8l4 4',
  wide: 'M6.5 4l4 4-4 4',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  theme: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
};

/** An icon beside the words that say what it means. */
export const icon = (name) => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${LINES[name]}></path></svg>`;
