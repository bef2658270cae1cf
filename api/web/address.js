/**
 * The page's address, read and written: it holds all that is needed to show the view again.
 *
 *   /?q=QUESTION&from=&to=&as_of=&outlet=&speaker=#cite-2   an answer, its second citation open in the reader
 *   /?q=QUESTION&ignore=outlets,period&q=FOLLOW-UP          a thread; `ignore` belongs to the question before it
 *   /?q=A&q=B#cite-2-of-1   /?q=A#near-1                    a source of the first answer; a passage beside an abstention
 *   /articles/ID?revision=1&start=0&end=20                  an article, words of that revision highlighted
 *   /people   /people/NAME?about=WORDS#said-3               who is quoted; what somebody said, the third statement open
 *   /load                                                   articles into the library
 */

const DAYS = ["from", "to", "as_of"];
const NAMES = { outlets: "outlet", speakers: "speaker" };
const KINDS = ["parts", "outlets", "sections", "people", "period", "latest", "spelling"];

/** What an address asks for; parts that are missing or malformed are null, or empty. */
export function readAddress(location = window.location) {
  const params = new URLSearchParams(location.search);
  const questions = readQuestions(params);
  const article = named(location.pathname, "articles") ?? params.get("article");
  const person = named(location.pathname, "people");
  const people = /^\/people\/?$/.test(location.pathname) || person !== null;
  const load = location.pathname === "/load";
  return {
    view: article ? "article" : people ? "people" : load ? "load" : questions.length ? "answer" : "front",
    questions,
    filters: readFilters(params),
    article: article || null,
    revision: /^[1-9]\d{0,8}$/.test(params.get("revision") ?? "") ? Number(params.get("revision")) : null,
    span: readSpan(params),
    person,
    about: params.get("about")?.trim() ?? "",
    shown: readShown(location.hash),
  };
}

function named(path, kind) {
  const found = new RegExp(`^/${kind}/([^/]+)$`).exec(path);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return found[1]; // a lone "%": no name of ours, and the service says so
  }
}

function readQuestions(params) {
  const questions = [];
  for (const [name, value] of params) {
    if (name === "q" && value.trim()) questions.push({ question: value.trim(), ignored: [] });
    if (name === "ignore" && questions.length) {
      questions.at(-1).ignored = KINDS.filter((kind) => value.split(",").includes(kind));
    }
  }
  return questions;
}

function readFilters(params) {
  const filters = Object.fromEntries(DAYS.map((name) => [name, params.get(name) ?? ""]));
  for (const [field, name] of Object.entries(NAMES)) filters[field] = params.getAll(name).filter(Boolean);
  return filters;
}

function readSpan(params) {
  const [start, end] = ["start", "end"].map((name) => params.get(name) ?? "");
  const whole = /^\d{1,9}$/;
  if (!whole.test(start) || !whole.test(end) || Number(end) <= Number(start)) return null;
  return { start: Number(start), end: Number(end) };
}

function readShown(hash) {
  const found = /^#(cite|near|said)-(\d{1,4})(?:-of-(\d{1,3}))?$/.exec(hash);
  return found && { kind: found[1], number: Number(found[2]), of: found[3] ? Number(found[3]) : null };
}

/** `questions` are `{question, ignored}`, the first one first. */
export function threadAddress(questions, filters) {
  const params = new URLSearchParams();
  for (const { question, ignored = [] } of questions) {
    params.append("q", question);
    if (ignored.length) params.append("ignore", ignored.join(","));
  }
  for (const name of DAYS) if (filters[name]) params.set(name, filters[name]);
  for (const [field, name] of Object.entries(NAMES)) {
    for (const value of filters[field] ?? []) params.append(name, value);
  }
  return `/?${params}`;
}

export function articleAddress(id, { revision = null, span = null } = {}) {
  const params = new URLSearchParams({ ...(revision && { revision }), ...span });
  return `/articles/${encodeURIComponent(id)}${params.size ? `?${params}` : ""}`;
}

export function personAddress(name, about = "") {
  return `/people/${encodeURIComponent(name)}${about ? `?${new URLSearchParams({ about })}` : ""}`;
}

/** The present address with `shown` open in the reader; with null, closed. */
export function shownAddress(shown) {
  const { pathname, search } = window.location;
  const of = shown?.of ? `-of-${shown.of}` : "";
  return pathname + search + (shown ? `#${shown.kind}-${shown.number}${of}` : "");
}
