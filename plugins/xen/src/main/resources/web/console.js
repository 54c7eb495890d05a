// The tab of a partition: the end of what it wrote to its console, and a terminal there for whoever may type.
import { get, may } from '/console/api.js';
import { terminalAt } from '/console/terminal.js';
import { html, nothing, render } from '/console/ui.js';

export const applies = async (resource) => resource.kind === 'partition'
  && (await get(`/partitions/${resource.id}`)).plugin === 'xen';

// control characters move the cursor of a terminal; this shows text
// eslint-disable-next-line no-control-regex
const plain = (text) => text.replace(/\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

const terminalFor = (subject) => terminalAt({
  path: `/partitions/${subject.id}/terminals`,
  name: `Console of ${subject.name}`,
  about: 'Its console as a terminal, for one person at a time.',
  hint: `The console of ${subject.name}: what stands here first was written before.`,
  opens: () => { document.getElementById('written').hidden = true; }, // the next turn takes it away
});

export async function show(element, { subject }) {
  const terminal = may('operator') ? terminalFor(subject) : null;
  // the terminal begins with the same
  const log = terminal?.open ? null : plain((await get(`/partitions/${subject.id}/console`)).text) || 'It has written nothing yet.';
  const before = element.querySelector('#written');
  const follow = !before || before.scrollTop + before.clientHeight >= before.scrollHeight - 4;
  render(html`${log === null ? nothing
    : html`<pre id="written" class="log border rounded p-2" tabindex="0" role="region" aria-label="What ${subject.name} wrote to its console">${log}</pre>`}
    ${terminal ? terminal.element : nothing}`, element);
  const written = element.querySelector('#written');
  // the element may not be in the page before this turn is drawn
  if (written && follow) setTimeout(() => { written.scrollTop = written.scrollHeight; });
}
export { show as render };
