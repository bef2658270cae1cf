/** What stands on the page before anything is asked: the latest articles, who is quoted, and examples. */

import { articleAddress, personAddress } from "./address.js";
import { fetchLibrary, fetchPeople } from "./articles.js";
import { element } from "./elements.js";
import { published } from "./publication.js";
import { ENGLISH } from "./words.js";

const LATEST = 7;
const HEARD = 6;

// Asked of the sample newsroom, whose outlets all say that they are samples.
const SAMPLE_QUESTIONS = [
  "what did Peskov say about a summit?",
  "Who leads Russia’s delegation at the talks?",
  "What did Varga say about the bridge?",
  "What did Angela Merkel say about nuclear power?",
];

const $ = (selector) => document.querySelector(selector);

/** `ask(question)` asks. */
export function frontView({ ask }) {
  let total = null; // articles in the library, once they are counted
  let loaded = null;

  /** Looks into the library, once unless it was empty; where the server does not say, the form stands alone. */
  function load() {
    loaded ??= look().then(() => { if (!total) loaded = null; });
    return loaded;
  }

  /** Looks once more: the library has changed. */
  function renew() {
    loaded = null;
    return load();
  }

  async function look() {
    const [library, people] = await Promise.all([
      fetchLibrary(LATEST).catch(() => null), fetchPeople({ limit: HEARD }).catch(() => [])]);
    if (!Number.isInteger(library?.total)) return;
    total = library.total;
    $("#library").textContent = total ? `${counted(total)} in the library` : "";
    $("#front-notice").replaceChildren(...(total === 0 ? [emptyLibraryNotice(load)] : []));
    fill("#latest", (library.articles ?? []).map(headline));
    fill("#heard", people.map(heard));
    fill("#examples", total === 0 ? [] : examples(library.articles, people).map((question) => element("li", {},
      element("button", { type: "button", class: "example", click: () => ask(question) }, question))));
  }

  return { load, renew, total: () => total };
}

function fill(section, items) {
  $(section).hidden = items.length === 0;
  $(`${section} :is(ul, ol)`).replaceChildren(...items);
}

function examples(articles = [], people = []) {
  if (articles.length && articles.every(({ outlet }) => /\(sample\)$/.test(outlet ?? ""))) return SAMPLE_QUESTIONS;
  const quoted = people.slice(0, 3).map(({ name }) => `What did ${name} say?`);
  return [...quoted, ...(articles.length ? ["What is the latest?"] : [])];
}

function headline(article) {
  return element("li", {},
    article.section ? element("p", { class: "section", dir: "auto" }, article.section) : null,
    element("a", { href: articleAddress(article.id), dir: "auto" }, article.title || "Untitled"), " ", published(article));
}

function heard(person) {
  const role = person.roles[0];
  return element("li", {},
    element("a", { href: personAddress(person.name), dir: "auto" }, person.name),
    element("span", { class: "published" }, role ? [element("bdi", {}, role), " · "] : null,
      ENGLISH.counted("statements", person.statements)));
}

/** "1 article", "12,345 articles". */
export function counted(articles) {
  return ENGLISH.counted("articles", articles);
}

export function emptyLibraryNotice(again) {
  return element("div", { class: "notice empty" },
    element("h3", {}, "No articles yet"),
    element("p", {}, "Answers come only from the articles in the library, and it is empty. ",
      element("a", { href: "/load" }, "Load some here"), ", or from a terminal, also while this server runs:"),
    element("pre", { tabindex: "0" }, element("code", {},
      "onrecord ingest FILE\nonrecord ingest https://paper.example/feed.xml\nonrecord ingest --samples")),
    element("p", {}, "A file, a folder or an address of text, HTML, RSS, JSON, CSV or an archive of them: what it is is told by its content."),
    element("p", {}, element("button", { type: "button", class: "plain", click: again }, "Look again")),
  );
}
