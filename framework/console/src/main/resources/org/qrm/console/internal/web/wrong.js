// What is wrong with a form, and at which field it is told.
import { told } from './ui.js';

/** What the browser itself finds wrong with a field. */
export function flaw(field, element) {
  const { validity } = element;
  if (validity.valueMissing) return 'This is needed.';
  if (validity.patternMismatch) return field.wrong;
  return validity.valid ? null : element.validationMessage;
}

/** Whose fault it is: the server names a field, or quotes what stands in one. */
function culprit(fields, values, problem) {
  const said = (field) => String(values[field.name] ?? '');
  const subject = problem.subject.replace(/\[\d+\]$/, '').split('.').at(-1);
  return fields.find((field) => problem.status === 400 && field.is === problem.subject)
    ?? fields.find((field) => problem.status === 400 && !field.is && field.name === subject)
    ?? fields.find((field) => said(field).startsWith('/') && problem.message.includes(said(field)))
    ?? fields.find((field) => said(field) !== '' && said(field) === problem.subject);
}

/** Says in the state of a form why it was not taken: at the fields that are named, or above them all. */
export async function explain(failed, form, fields, state) {
  const text = told(failed);
  if (failed.status === 412 && form.reread) {
    try {
      const now = await form.reread();
      state.had = Object.fromEntries(fields.filter(({ name }) => String(now[name] ?? '') !== String(state.values[name] ?? '')).map(({ name }) => [name, state.values[name]]));
      state.values = { ...state.values, ...now };
      state.failure = 'Somebody has changed it meanwhile. This is how it is now; look at it, and decide anew.';
      return;
    } catch (worse) {
      state.failure = `${text} ${told(worse)}`;
      return;
    }
  }
  const named = fields.filter(({ name }) => failed.errors?.[name]);
  if (named.length) {
    state.errors = Object.fromEntries(named.map(({ name }) => [name, failed.errors[name]]));
    return;
  }
  const field = failed.subject === undefined ? undefined : culprit(fields, state.values, failed);
  if (field) state.errors[field.name] = text;
  else state.failure = text;
}
