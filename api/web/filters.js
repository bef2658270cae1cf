/** The filters of the form, as the page keeps them and as the service takes them. */

import { Problem } from "./problem.js";

const FIELDS = ["from", "to", "outlets"];

/** The form's filter fields: read, fill in, and show how many are set. */
export function filterFields(form) {
  const set = form.querySelector("#filters-set");

  const read = () => Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value.trim()]));
  const count = () => {
    const many = Object.values(read()).filter(Boolean).length;
    set.textContent = many ? `(${many})` : "";
  };
  const fill = (filters) => {
    for (const name of FIELDS) form.elements[name].value = filters[name] ?? "";
    count();
    if (set.textContent) form.querySelector("#filters").open = true;
  };

  form.querySelector("#filters").addEventListener("input", count);
  form.querySelector("#filters-clear").addEventListener("click", () => fill({}));
  return { read, fill };
}

/**
 * `filters` of POST /v1/ask, or null where none is set.
 *
 * The page's "to" is a day that counts; the service's `published_before` is a moment that
 * does not, so it is the first moment of the day after. Throws: Problem.
 */
export function requestFilters({ from, to, outlets }) {
  if (from && to && to < from) {
    throw new Problem("The dates end before they start", `“From” is ${from} and “to” is ${to}: swap them, or clear one.`);
  }
  const names = (outlets ?? "").split(",").map((name) => name.trim()).filter(Boolean);
  const filters = {
    ...(from && { published_after: from }),
    ...(to && { published_before: dayAfter(to) }),
    ...(names.length && { outlets: names }),
  };
  return Object.keys(filters).length ? filters : null;
}

function dayAfter(day) {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day; // the service says what is wrong with it
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}
