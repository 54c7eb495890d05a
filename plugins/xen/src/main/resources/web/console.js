// The tab of a partition: the end of what it wrote to its console, and a line to type there.
import { get, may, post } from '/console/api.js';
import { attempt, html, nothing, render } from '/console/ui.js';

export const applies = async (resource) => resource.kind === 'partition'
  && (await get(`/partitions/${resource.id}`)).plugin === 'xen';

// control characters move the cursor of a terminal; this shows text
// eslint-disable-next-line no-control-regex
const plain = (text) => text.replace(/\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

async function type(submitted, subject, again) {
  submitted.preventDefault();
  const form = submitted.target;
  const line = new FormData(form).get('line');
  await attempt(async () => {
    await post(`/partitions/${subject.id}/console`, { text: `${line}\r` });
    form.reset();
  });
  again();
}

export async function show(element, { subject, again }) {
  const { text } = await get(`/partitions/${subject.id}/console`);
  const before = element.querySelector('pre');
  const follow = !before || before.scrollTop + before.clientHeight >= before.scrollHeight - 4;
  render(html`<pre class="log border rounded p-2" tabindex="0" role="region" aria-label="Console of ${subject.name}">${plain(text) || 'It has written nothing yet.'}</pre>
    ${may('operator') ? html`<form id="type" class="input-group wide" @submit=${(event) => type(event, subject, again)}>
      <label class="input-group-text" for="line">Type</label>
      <input class="form-control mono" id="line" name="line" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="4000">
      <button class="btn btn-primary">Return</button></form>` : nothing}`, element);
  const log = element.querySelector('pre');
  // the element may not be in the page before this turn is drawn
  if (follow) setTimeout(() => { log.scrollTop = log.scrollHeight; });
}
export { show as render };
