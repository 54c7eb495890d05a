// The query of a list: what it is narrowed by, in words that can be changed and taken away; what is wrong with it stands below it.
import { asSaved, queryOf, toSave } from './filters.js';
import { html, nothing, told } from './ui.js';

/** The address of a page with these parameters; empty ones are left out. */
export function listAt(page, parameters) {
  const wanted = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return wanted.size ? `#/${page}?${wanted}` : `#/${page}`;
}

/** What load answers; a query that is not understood leaves the list empty, and says why. */
export async function narrowed(load) {
  try {
    return await load();
  } catch (problem) {
    if (problem.status !== 400) throw problem;
    return { items: [], next: null, from: 0, more: false, all: null, refused: told(problem) };
  }
}

/**
 * The field; address answers where the list is with that query, or without one. What is shown can be saved: list is what REST calls the
 * list, and terms what narrows it beside the query, by the fields of a query.
 */
export const queryField = ({ query }, { refused }, address, list, terms = {}) => html`<form class="mb-3 query" role="search" aria-label="Query" @submit=${(event) => {
    event.preventDefault();
    location.hash = address(event.target.elements.query.value.trim());
  }}>
    <label class="visually-hidden" for="query">Query</label>
    <div class="input-group">
      <input id="query" name="query" type="search" class="form-control ${refused ? 'is-invalid' : ''}" maxlength="500" spellcheck="false" autocomplete="off" placeholder="Query: state:error, or a text" .value=${query ?? ''}
        aria-invalid=${refused ? 'true' : 'false'} aria-describedby=${refused ? 'query-wrong' : nothing}>
      <button type="submit" class="btn btn-outline-secondary">Filter</button>
      ${query ? html`<a class="btn btn-outline-secondary" href=${address('')}>Remove the query</a>` : nothing}
      ${refused ? nothing : toSave(list, queryOf(query ?? '', terms))}
    </div>
    ${refused ? html`<div class="text-danger-emphasis mt-1" id="query-wrong" role="alert">${refused}</div>` : asSaved(list, queryOf(query ?? '', terms))}
  </form>`;
