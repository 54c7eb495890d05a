// What plug-ins add: modules of theirs that export render(element, { subject, again }), and applies(subject) if they are not for all.
const ROOT = '/console/';

let parts = [];
const latest = { key: null, element: null };

/** Asks which parts there are now. */
export async function refreshParts() {
  const answer = await fetch(`${ROOT}parts.json`);
  if (answer.ok) parts = await answer.json();
}

export const keyOf = (part) => `${part.plugin}/${part.title}`;

export const partsAt = (...places) => parts.filter((part) => places.includes(part.place));

/** The parts of a place that are for that subject. */
export async function partsFor(place, subject) {
  const found = await Promise.all(partsAt(place).map(async (part) => {
    try {
      const code = await import(ROOT + part.module);
      return (await code.applies?.(subject)) ?? true ? part : null;
    } catch {
      return part; // its failure shows where it would be
    }
  }));
  return found.filter(Boolean);
}

/** The element that a part has filled: the same one as long as the same part of the same subject is shown. */
export async function fill(part, subject, again) {
  const key = `${part.module} ${subject?.id ?? subject?.name ?? ''}`;
  if (latest.key !== key) Object.assign(latest, { key, element: document.createElement('div') });
  const { element } = latest;
  try {
    const code = await import(ROOT + part.module);
    await code.render(element, { subject, again });
  } catch (failed) {
    if (failed.status === 401 || failed.name === 'Away') throw failed;
    element.textContent = `This part of the plug-in ${part.plugin} failed: ${failed.message}`;
  }
  return element;
}

/** A page that is all a plug-in's. */
export const pluginPage = {
  async load({ id }, again) {
    const part = partsAt('menu', 'page').find((each) => keyOf(each) === id);
    return part ? { part, element: await fill(part, null, again) } : { part: null };
  },
  view: ({ part, element }) => element ?? (part ?? 'There is no such page; was its plug-in removed?'),
};
