// Forms in a dialog: what is wrong stands at its field, and nothing that was typed is lost by it.
import { html, nothing, render } from './lib/lit-html.js';
import { progress, told } from './ui.js';
import { explain, flaw } from './wrong.js';

export const NAME = { pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]{0,62}', wrong: 'Use 1 to 63 letters, digits, ".", "_" and "-", starting with a letter or digit.' };
export const IPV4 = { pattern: '[0-9]{1,3}([.][0-9]{1,3}){3}', wrong: 'Give an IPv4 address, like 192.168.1.5.' };
export const PATH = { pattern: '(/[A-Za-z0-9_+@\\-][A-Za-z0-9._+@\\-]*)+', wrong: 'Give an absolute path, like /diskimages/web1: letters, digits and . _ + @ - between slashes, no dot after a slash.' };

/**
 * Asks in a dialog until what was given is accepted, or the dialog is left.
 *
 * id      of the form
 * fields  each { name, label, type, hint, required, pattern, wrong, choices, when, is, heading, ... }: type is one of text (if none is said), number, area,
 *         choice, check, file; an area has so many rows, and a preview(value) below it; choices are [value, what it says]; when(values) says whether the field is shown; is: what REST calls it, if not its name;
 *         heading: what begins with this field; hint may be a function of the values
 * advice  optional: (values) answers, later, what these values would lead to; asked again a moment after each change
 * values  what stands in the fields at first, by name
 * save    (values, { progress(fraction), signal }) does it; a Problem it throws is told at its field
 * reread  asks for the values as they are now: called when somebody else has changed them meanwhile
 *
 * Answers what save has answered, or undefined when the dialog was left.
 */
export function ask(form) {
  return new Promise((answer) => {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-labelledby', 'ask-title');
    document.body.append(dialog);
    const state = { values: { ...form.values }, errors: {}, had: {}, failure: null, done: null, left: new AbortController(), result: undefined };
    const draw = () => render(page(form, state, draw, dialog), dialog);
    dialog.addEventListener('close', () => {
      state.left.abort();
      dialog.remove();
      answer(state.result);
    });
    draw();
    dialog.showModal();
    advise(form, state, draw);
  });
}

const PAUSE = 300; // milliseconds without a change before advice is asked for

/** Asks what the values would lead to; of several questions under way the last one counts. */
function advise(form, state, draw) {
  if (!form.advice) return;
  clearTimeout(state.pause);
  const asked = { ...state.values };
  state.asked = asked;
  state.pause = setTimeout(async () => {
    const advice = await form.advice(asked).catch((failed) => told(failed));
    if (state.asked !== asked || state.left.signal.aborted) return;
    state.advice = advice;
    draw();
  }, PAUSE);
}

const shown = (form, values) => form.fields.filter((field) => field.when?.(values) ?? true);

const page = (form, state, draw, dialog) => html`
  <h2 class="h5" id="ask-title">${form.title}</h2>
  ${form.lead ? html`<div class="mb-3">${form.lead}</div>` : nothing}
  ${state.failure ? html`<div class="alert alert-danger text-break" role="alert">${state.failure}</div>` : nothing}
  <form id=${form.id} novalidate @submit=${(event) => submit(event, form, state, draw, dialog)}>
    <fieldset ?disabled=${state.done !== null}><legend class="visually-hidden">${form.title}</legend>
      <div class="row g-3">${shown(form, state.values).map((field) => html`
        ${field.heading ? html`<h3 class="h6 heading mb-0 mt-4 col-12">${field.heading}</h3>` : nothing}${asked(field, form, state, draw)}`)}</div></fieldset>
    ${state.done === null ? nothing : html`<div class="mt-3" role="status">${state.done === 1 ? 'All is sent. One moment…' : state.done > 0 ? html`${Math.floor(100 * state.done)} % sent
      ${progress(state.done, 'How much is sent')}` : 'One moment…'}</div>`}
    <div class=${form.advice ? 'conclusion' : 'mt-3'}>
      ${form.advice ? html`<div class="mb-3" id="advice" role="status">${state.advice ?? 'One moment…'}</div>` : nothing}
      <div class="d-flex gap-2 justify-content-end">
        <button type="button" class="btn btn-outline-secondary" @click=${() => dialog.close()}>Cancel</button>
        <button class="btn ${form.danger ? 'btn-danger' : 'btn-primary'}" ?disabled=${state.done !== null}>${form.word}</button></div></div>
  </form>`;

function asked(field, form, state, draw) {
  const hint = typeof field.hint === 'function' ? field.hint(state.values) : field.hint;
  const error = state.errors[field.name];
  const had = state.had[field.name];
  const why = [error && `${field.name}-wrong`, hint && `${field.name}-hint`, had !== undefined && `${field.name}-had`].filter(Boolean).join(' ') || nothing;
  const common = { id: field.name, invalid: error ? 'true' : 'false', why, mark: error ? 'is-invalid' : '' };
  const set = (value) => {
    state.values[field.name] = value;
    delete state.errors[field.name];
    draw();
    advise(form, state, draw);
  };
  const label = html`<label class=${field.type === 'check' ? 'form-check-label' : 'form-label'} for=${field.name}>${field.label}</label>`;
  return html`<div class=${field.wide ? 'col-12' : 'col-sm-6'}>
    ${field.type === 'check' ? html`<div class="form-check">${control(field, state.values[field.name], set, common)} ${label}</div>`
    : html`${label}${control(field, state.values[field.name], set, common)}`}
    ${error ? html`<div class="text-danger-emphasis" id="${field.name}-wrong">${error}</div>` : nothing}
    ${had === undefined ? nothing : html`<div class="text-warning-emphasis" id="${field.name}-had">You had: <span class="had">${had || 'nothing'}</span></div>
      ${had === state.values[field.name] ? nothing : html`<button type="button" class="btn btn-sm btn-outline-secondary my-1" @click=${() => set(had)}>Take back what you had</button>`}`}
    ${hint ? html`<div class="form-text" id="${field.name}-hint">${hint}</div>` : nothing}
    ${field.preview && state.values[field.name] ? html`<div class="preview" role="region" aria-label="Preview">${field.preview(state.values[field.name])}</div>` : nothing}</div>`;
}

function control(field, value, set, { id, invalid, why, mark }) {
  switch (field.type) {
    case 'choice':
      return html`<select class="form-select ${mark}" id=${id} name=${id} ?required=${field.required} aria-invalid=${invalid} aria-describedby=${why}
        @change=${(event) => set(event.target.value)}>
        ${field.choices.map(([word, says]) => html`<option value=${word} ?selected=${word === value}>${says}</option>`)}</select>`;
    case 'check':
      return html`<input class="form-check-input" type="checkbox" id=${id} name=${id} .checked=${Boolean(value)} aria-describedby=${why}
        @change=${(event) => set(event.target.checked)}>`;
    case 'file':
      return html`<input class="form-control ${mark}" type="file" id=${id} name=${id} ?required=${field.required} aria-invalid=${invalid} aria-describedby=${why}
        @change=${(event) => set(event.target.files[0])}>`;
    case 'area':
      return html`<textarea class="form-control ${mark}" id=${id} name=${id} rows=${field.rows ?? 3} ?required=${field.required} maxlength=${field.most ?? nothing} aria-invalid=${invalid}
        aria-describedby=${why} .value=${value ?? ''} @input=${(event) => set(event.target.value)}></textarea>`;
    default:
      return html`<input class="form-control ${mark}" type=${field.type ?? 'text'} id=${id} name=${id} ?required=${field.required} pattern=${field.pattern ?? nothing}
        min=${field.min ?? nothing} maxlength=${field.most ?? nothing} autocomplete="off" ?readonly=${field.fixed} aria-invalid=${invalid} aria-describedby=${why}
        .value=${value ?? ''} @input=${(event) => set(event.target.value)}>`;
  }
}

async function submit(event, form, state, draw, dialog) {
  event.preventDefault();
  const fields = shown(form, state.values);
  const element = event.currentTarget;
  state.errors = Object.fromEntries(fields.map((field) => [field.name, flaw(field, element.elements[field.name])]).filter(([, wrong]) => wrong));
  state.failure = null;
  if (Object.keys(state.errors).length === 0) {
    state.done = 0;
    draw();
    const show = (fraction) => { state.done = fraction; draw(); };
    try {
      state.result = await form.save(Object.fromEntries(fields.map((field) => [field.name, state.values[field.name]])), { progress: show, signal: state.left.signal });
      dialog.close();
      return;
    } catch (failed) {
      if (state.left.signal.aborted) return;
      await explain(failed, form, fields, state);
    }
    state.done = null;
  }
  draw();
  (element.querySelector('[aria-invalid=true]') ?? element.querySelector('input,select,textarea')).focus();
}
