// The tab of a partition: the end of what it wrote to its console.
import { get } from '/console/api.js';
import { html, render } from '/console/ui.js';

export const applies = async (resource) => resource.kind === 'partition'
  && (await get(`/partitions/${resource.id}`)).plugin === 'xen';

const EMPTY = 'It has written nothing yet.';

export async function show(element, { subject }) {
  const { text } = await get(`/partitions/${subject.id}/console`);
  const atEnd = () => { const log = element.querySelector('pre'); return !log || log.scrollTop + log.clientHeight >= log.scrollHeight - 4; };
  const follow = atEnd();
  // control characters move the cursor of a terminal; this shows text
  // eslint-disable-next-line no-control-regex
  const plain = text.replace(/\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
  render(html`<pre class="log border rounded p-2" tabindex="0" aria-label="Console of ${subject.name}">${plain || EMPTY}</pre>`, element);
  const log = element.querySelector('pre');
  if (follow) log.scrollTop = log.scrollHeight;
}
export { show as render };
