/**
 * The page's address, read and written: it holds all that is needed to show the view again.
 *
 *   /?q=QUESTION&from=&to=&outlets=#cite-2   an answer, its second citation open in the reader
 *   /?q=QUESTION#near-1                      the first passage beside an abstention, open
 *   /?article=ID&revision=1&start=0&end=20   an article on its own, words of that revision highlighted
 */

const FILTERS = ["from", "to", "outlets"];

/** What an address asks for; parts that are missing or malformed are null. */
export function readAddress(location = window.location) {
  const params = new URLSearchParams(location.search);
  const shown = /^#(cite|near)-(\d{1,4})$/.exec(location.hash);
  return {
    question: params.get("q")?.trim() || null,
    filters: Object.fromEntries(FILTERS.map((name) => [name, params.get(name) ?? ""])),
    article: params.get("article") || null,
    revision: /^[1-9]\d{0,8}$/.test(params.get("revision") ?? "") ? Number(params.get("revision")) : null,
    span: readSpan(params),
    shown: shown ? { kind: shown[1], number: Number(shown[2]) } : null,
  };
}

function readSpan(params) {
  const [start, end] = ["start", "end"].map((name) => params.get(name) ?? "");
  const whole = /^\d{1,9}$/;
  if (!whole.test(start) || !whole.test(end) || Number(end) <= Number(start)) return null;
  return { start: Number(start), end: Number(end) };
}

export function questionAddress(question, filters) {
  const params = new URLSearchParams({ q: question });
  for (const name of FILTERS) if (filters[name]) params.set(name, filters[name]);
  return `${window.location.pathname}?${params}`;
}

export function articleAddress(id, span = null) {
  return `${window.location.pathname}?${new URLSearchParams({ article: id, ...span })}`;
}

/** The present address with `shown` open in the reader; with null, closed. */
export function shownAddress(shown) {
  const { pathname, search } = window.location;
  return pathname + search + (shown ? `#${shown.kind}-${shown.number}` : "");
}
