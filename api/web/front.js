/** What stands on the page before anything is asked: examples, and some of the library. */

import { articleAddress } from "./address.js";
import { fetchLibrary } from "./articles.js";
import { element } from "./elements.js";
import { emptyLibraryNotice } from "./notices.js";
import { published } from "./publication.js";

const EXAMPLES = [
  "what did Peskov say about a summit?",
  "Who leads Russia’s delegation at the talks?",
  "What did Varga say about the bridge?",
  "What did Angela Merkel say about nuclear power?",
];
const LATEST = 6;

const $ = (selector) => document.querySelector(selector);

/** `ask(question)` asks, `read(address)` opens an article, `counted(total)` hears of the library. */
export function frontView({ ask, read, counted: heard }) {
  $("#examples ul").replaceChildren(...EXAMPLES.map((question) => element("li", {},
    element("button", { type: "button", class: "example", click: () => ask(question) }, question))));

  /** Looks into the library; where the server does not say, the examples stand alone. */
  async function load() {
    const library = await fetchLibrary(LATEST).catch(() => null);
    if (!Number.isInteger(library?.total)) return;
    const empty = library.total === 0;
    heard(library.total);
    $("#library").textContent = empty ? "" : `${counted(library.total)} in the library.`;
    $("#front-notice").replaceChildren(...(empty ? [emptyLibraryNotice(load)] : []));
    $("#examples").hidden = empty;
    $("#latest").hidden = empty || !library.articles?.length;
    $("#latest ul").replaceChildren(...(library.articles ?? []).map((article) => headline(article, read)));
  }

  return { load };
}

function headline(article, read) {
  const address = articleAddress(article.id);
  const follow = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    read(address);
  };
  return element("li", {},
    element("a", { href: address, dir: "auto", click: follow }, article.title || "Untitled"), " ", published(article));
}

/** "1 article", "12,345 articles". */
export function counted(articles) {
  return `${articles.toLocaleString("en")} ${articles === 1 ? "article" : "articles"}`;
}
