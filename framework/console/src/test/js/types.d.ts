// What the pages know and their types do not.

/** Who asks for an element knows of which sort it is. */
interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}

/** No form that is read so has files. */
interface FormData {
  get(name: string): any;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

interface Window {
  Terminal: any;
}

/** It defines window.Terminal. */
declare module '*/xterm.js';

declare module '*/uPlot.esm.js';
