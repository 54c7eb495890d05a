// As much of a browser as the modules need to be loaded.
const element = { getAttribute: () => '', setAttribute: () => {}, addEventListener: () => {} };
globalThis.document = {
  addEventListener: () => {},
  createComment: () => ({}),
  createElement: () => ({ ...element, style: {}, append: () => {} }),
  createTreeWalker: () => ({}),
  documentElement: { dataset: {}, style: {} },
  hidden: false,
  querySelector: () => element,
  querySelectorAll: () => [],
};
globalThis.window = { addEventListener: () => {}, matchMedia: () => ({ matches: false, addEventListener: () => {} }) };
globalThis.location = { hash: '', search: '', pathname: '/console/' };
globalThis.history = { state: null, replaceState: () => {} };
const store = () => {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, String(value)), removeItem: (key) => kept.delete(key) };
};
globalThis.localStorage = store();
globalThis.sessionStorage = store();
globalThis.HTMLElement = class {};
globalThis.customElements = { define() {} };
