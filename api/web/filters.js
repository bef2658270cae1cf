/** The filters of the form, as the page keeps them and as the service takes them. */

import { fetchPeople } from "./articles.js";
import { namesField } from "./names.js";
import { Problem } from "./problem.js";

const DAYS = ["from", "to", "as_of"];
const OFFERED = 200; // people whose names, and whose outlets, are offered to choose from

/** The form's filter fields: read, fill in, and show how many are set. */
export function filterFields(form) {
  const set = form.querySelector("#filters-set");
  const panel = form.querySelector("#filters");
  const outlets = namesField(form.querySelector('[data-names="outlet"]'), () => count());
  const speakers = namesField(form.querySelector('[data-names="speaker"]'), () => count());

  const read = () => ({
    ...Object.fromEntries(DAYS.map((name) => [name, form.elements[name].value])),
    outlets: outlets.read(),
    speakers: speakers.read(),
  });
  const count = () => {
    const many = Object.values(read()).flat().filter(Boolean).length;
    set.textContent = many ? `(${many})` : "";
  };
  const fill = (filters) => {
    for (const name of DAYS) form.elements[name].value = filters[name] ?? "";
    outlets.fill(filters.outlets ?? []);
    speakers.fill(filters.speakers ?? []);
    count();
    if (set.textContent) panel.open = true;
  };

  // Names to choose from are fetched when somebody looks for them.
  async function suggest() {
    if (!panel.open) return;
    panel.removeEventListener("toggle", suggest);
    const people = await fetchPeople({ limit: OFFERED }).catch(() => []);
    speakers.suggest(people.map(({ name }) => name));
    outlets.suggest([...new Set(people.flatMap((person) => person.outlets))].sort());
  }

  panel.addEventListener("toggle", suggest);
  for (const name of DAYS) form.elements[name].addEventListener("input", count);
  form.querySelector("#filters-clear").addEventListener("click", () => fill({}));
  return { read, fill };
}

/**
 * `{filters, as_of}` of POST /v1/ask, without what is not set.
 *
 * The page's "to" and "as known on" are days that count; the service's are moments, the first
 * of which does not. Throws: Problem.
 */
export function requestLimits({ from, to, as_of: asOf, outlets = [], speakers = [] }) {
  if (from && to && to < from) {
    throw new Problem("The dates end before they start", `“From” is ${from} and “to” is ${to}: swap them, or clear one.`);
  }
  const filters = {
    ...(from && { published_after: from }),
    ...(to && { published_before: dayAfter(to) }),
    ...(outlets.length && { outlets }),
    ...(speakers.length && { speakers }),
  };
  return {
    ...(Object.keys(filters).length && { filters }),
    ...(asOf && { as_of: `${asOf}T23:59:59Z` }),
  };
}

function dayAfter(day) {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day; // the service says what is wrong with it
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}
