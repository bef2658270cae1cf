/** Who is quoted in the library, and what one of them said over time. */

import { personAddress } from "./address.js";
import { fetchPeople, fetchStatements } from "./articles.js";
import { alsoIn } from "./citations.js";
import { element } from "./elements.js";
import { failureNotice } from "./notices.js";
import { Problem } from "./problem.js";
import { published } from "./publication.js";
import { ENGLISH as words } from "./words.js";

const addressOf = ({ person, about }) => (person === null ? "/people" : personAddress(person, about));

const LISTED = 60;
const KINDS = { direct: "in their own words", indirect: "reported", denial: "denied, or would not say" };

/**
 * `place` takes the view. `go(address)` shows another address, `openSource(shown, button)` a source,
 * `settled()` hears when the statements stand there, `titled(title)` names the page.
 */
export function peopleView(place, { go, openSource, settled, titled }) {
  let loading = null;
  let shows = null; // the address that stands there
  const view = { node: place, statements: new Map() };

  /** Shows what the address asks for: one person's statements, or those who are quoted most. */
  async function open({ person, about }) {
    loading?.abort();
    loading = new AbortController();
    const { signal } = loading;
    shows = addressOf({ person, about });
    view.statements.clear();
    titled(person ?? "Who is quoted");
    place.replaceChildren(element("p", { class: "progress", role: "status" }, "Looking through the articles …"));
    try {
      const shown = person === null ? await everybody() : await somebody(person, about, signal);
      if (!signal.aborted) place.replaceChildren(...shown);
    } catch (error) {
      if (error.name === "AbortError") return;
      const problem = error instanceof Problem ? error : new Problem("The statements could not be shown", error.message);
      place.replaceChildren(failureNotice(problem, () => open({ person, about })));
    }
  }

  function shut() {
    loading?.abort();
    shows = null;
    view.statements.clear();
    place.replaceChildren();
  }

  async function everybody() {
    const list = element("ol", { class: "persons" });
    const find = async (q) => list.replaceChildren(...(await fetchPeople({ q, limit: LISTED })).map(personElement));
    await find("");
    return [
      element("h2", { class: "asked" }, "Who is quoted"),
      searchForm("Find somebody by name or role", "", find),
      list.childElementCount ? list : element("p", { class: "note" }, "No statement of anybody is in the library yet."),
    ];
  }

  async function somebody(person, about, signal) {
    const [page, known] = await Promise.all([
      fetchStatements({ speaker: person, about, signal }), fetchPeople({ q: person, limit: 5 })]);
    const names = page.speakers ?? [];
    const who = known.find(({ name }) => names.includes(name)) ?? null;
    const list = element("ol", { class: "timeline" });
    const more = element("button", { type: "button", class: "plain more" }, "Earlier statements");
    more.addEventListener("click", async () => {
      more.disabled = true;
      add(await fetchStatements({ speaker: person, about, cursor: more.dataset.cursor, signal }));
      settled();
    });
    const add = ({ statements, next }) => {
      for (const statement of statements) append(list, statement, names.length > 1);
      more.disabled = false;
      more.hidden = !next;
      more.dataset.cursor = next ?? "";
    };
    add(page);
    return [
      element("h2", { class: "asked", dir: "auto" }, names.length === 1 ? names[0] : person),
      names.length === 1 && who ? whoTheyAre(who) : null,
      names.length > 1 ? severalNames(names) : null,
      searchForm("Only on", about, (on) => go(personAddress(person, on)), "a word, a subject"),
      view.statements.size ? list : nothing(person, about),
      more,
      element("p", { class: "doors" }, element("a", { href: "/people" }, "Everybody who is quoted")),
    ].filter(Boolean);
  }

  function append(list, statement, several) {
    const number = view.statements.size + 1;
    view.statements.set(number, statement);
    const year = (statement.said_on ?? "").slice(0, 4) || "Undated";
    if (list.dataset.year !== year) {
      list.append(element("li", { class: "year" }, element("h3", {}, year)));
      list.dataset.year = year;
    }
    list.append(statementElement(statement, number, several, openSource));
  }

  return { open, shut, shows: (address) => shows === addressOf(address), holder: () => view };
}

function searchForm(label, value, find, hint = "") {
  const input = element("input", { type: "search", name: "find", value, placeholder: hint, autocomplete: "off" });
  return element("form", { class: "find", role: "search", submit: (event) => {
    event.preventDefault();
    find(input.value.trim());
  } }, element("label", {}, label, " ", input), element("button", { type: "submit", class: "plain" }, "Find"));
}

function personElement({ name, roles, statements, first, last }) {
  return element("li", {},
    element("a", { href: personAddress(name), dir: "auto" }, name),
    roles[0] ? element("span", { class: "role", dir: "auto" }, roles[0]) : null,
    element("span", { class: "published" }, [words.counted("statements", statements), range(first, last)].filter(Boolean).join(" · ")));
}

function range(first, last) {
  const days = [...new Set([words.shortDay(first), words.shortDay(last)])].filter(Boolean);
  return days.join(" – ");
}

function whoTheyAre({ roles, statements, outlets, first, last }) {
  return element("p", { class: "note" },
    roles.length ? [element("span", { dir: "auto" }, roles.slice(0, 3).join("; ")), ". "] : null,
    `${words.counted("statements", statements)}${range(first, last) ? `, ${range(first, last)}` : ""}, in `,
    outlets.flatMap((outlet, i) => [i ? ", " : null, element("bdi", {}, outlet)]), ".");
}

function severalNames(names) {
  return element("p", { class: "note" }, "Several people bear this name: ",
    names.flatMap((name, i) => [i ? ", " : null, element("a", { href: personAddress(name), dir: "auto" }, name)]), ".");
}

function nothing(person, about) {
  return element("div", { class: "notice abstained" },
    element("h3", {}, "Nothing is quoted"),
    about
      ? element("p", {}, `Nothing that these articles quote of ${person} is about “${about}”. `,
        element("a", { href: personAddress(person) }, "Everything they said"))
      : element("p", {}, `No article in the library quotes anybody called ${person}. `,
        element("a", { href: "/people" }, "Who is quoted")));
}

function statementElement(statement, number, several, openSource) {
  const { article, speaker } = statement;
  const read = element("button", { type: "button", class: "read", "data-said": number,
    "aria-label": `Read statement ${number} in the article`, click: (event) => {
      openSource({ kind: "said", number, of: null }, event.currentTarget);
    } }, "Read in article");
  return element("li", { class: `statement ${statement.kind}` },
    element("p", { class: "when" },
      statement.said_on ? element("time", { datetime: statement.said_on }, dayOfYear(statement.said_on)) : "no day",
      element("span", { class: "kind" }, KINDS[statement.kind])),
    element("div", { class: "said-words" },
      several && speaker ? element("p", { class: "speaker" }, element("b", { dir: "auto" }, speaker.name)) : null,
      element("blockquote", { dir: "auto" }, spoken(statement)),
      element("p", { class: "headline" }, element("cite", { dir: "auto" }, article.title), " ", published(article)),
      alsoIn(article.also_in),
      element("p", { class: "doors" }, read)));
}

const DAY = new Intl.DateTimeFormat(words.locale, { day: "numeric", month: "long", timeZone: "UTC" });
const dayOfYear = (day) => DAY.format(Date.parse(`${day}T00:00:00Z`));

/** The statement with the speaker's own words set off; spans are code points of the body. */
function spoken({ quote, start, quotes }) {
  const points = Array.from(quote);
  const pieces = [];
  let at = 0;
  for (const own of quotes) {
    const [from, to] = [own.start - start, own.end - start];
    if (from < at || to > points.length) continue;
    pieces.push(points.slice(at, from).join(""), element("span", { class: "quoted" }, points.slice(from, to).join("")));
    at = to;
  }
  return [...pieces, points.slice(at).join("")];
}
