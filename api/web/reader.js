/**
 * The article beside the answer, with the cited words highlighted.
 *
 * On a wide screen it stands beside the page; on a phone it covers it, and the page
 * beneath is then inert.
 */

import { articleAddress } from "./address.js";
import { fetchArticle, fetchCitation } from "./articles.js";
import { alsoIn, leaves } from "./citations.js";
import { element, outsideLink } from "./elements.js";
import { paragraphs } from "./highlight.js";
import { failureNotice } from "./notices.js";
import { Problem } from "./problem.js";
import { published, publisherAddress } from "./publication.js";
import { revisionsElement } from "./revisions.js";
import { ENGLISH } from "./words.js";

const NARROW = window.matchMedia("(max-width: 60rem)");
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

const WITHHELD = "Its outlet does not let the whole article be shown here.";

const $ = (selector) => document.querySelector(selector);
const day = (moment) => ENGLISH.day(moment);

/** `close()` is what the Close button and Escape do, `step(by)` the two arrows. */
export function readerView({ close, step }) {
  const panel = $("#reader");
  let loading = null;
  let alone = false;

  $("#reader-close").addEventListener("click", close);
  $("#reader-previous").addEventListener("click", () => step(-1));
  $("#reader-next").addEventListener("click", () => step(1));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden && !alone) close();
  });
  NARROW.addEventListener("change", cover);

  // Beneath a reader that covers the page nothing can be reached, by key or by ear.
  function cover() {
    const covers = !panel.hidden && !alone && NARROW.matches;
    $("#page").inert = covers;
    panel.setAttribute("aria-modal", String(covers));
    document.documentElement.classList.toggle("covered", covers);
  }

  /**
   * Opens `target`: `{id, revision, cited, others, alsoIn, note, link, previous, next}`; spans are
   * code points of that revision's body. `alone`: the article is the page, and `titled(title)` its title.
   */
  async function open(target) {
    loading?.abort();
    loading = new AbortController();
    alone = Boolean(target.alone);
    panel.hidden = false;
    document.documentElement.classList.add("reading");
    $("#reader-note").textContent = target.note ?? "";
    $("#reader-close").hidden = alone;
    const focused = document.activeElement;
    $("#reader-previous").hidden = $("#reader-next").hidden = !("previous" in target);
    $("#reader-previous").disabled = !target.previous;
    $("#reader-next").disabled = !target.next;
    // A button that is disabled under the finger loses the focus: its neighbour takes it.
    for (const [gone, other] of [["#reader-next", "#reader-previous"], ["#reader-previous", "#reader-next"]]) {
      if (focused === $(gone) && $(gone).disabled && !$(other).disabled) $(other).focus();
    }
    cover();
    await load(target, loading.signal);
  }

  async function load(target, signal) {
    const place = $("#reader-article");
    place.replaceChildren(element("h2", { id: "reader-title", tabindex: "-1" }, "Fetching the article …"));
    focusTitle(target);
    try {
      const { id, revision, cited: span } = target;
      const [article, citation] = await Promise.all([
        fetchArticle(id, { revision, signal }),
        revision && span ? fetchCitation(id, { revision, span, signal }) : null,
      ]);
      place.replaceChildren(...articleElements(article, citation, target));
      target.titled?.(article.title);
      revisionsElement(article, { signal }).then((history) => history && $("#reader-history")?.replaceWith(history));
    } catch (error) {
      if (error.name === "AbortError") return;
      const problem = error instanceof Problem ? withdrawn(error) : new Problem("The article could not be shown");
      place.replaceChildren(
        element("h2", { id: "reader-title", tabindex: "-1", class: "unseen" }, "Article"), failureNotice(problem));
    }
    focusTitle(target);
    panel.scrollTop = 0;
    reveal(panel.querySelector("mark.cited"));
  }

  // Walking through the sources by their arrows keeps the focus on the arrow.
  function focusTitle({ keepFocus }) {
    if (!keepFocus) $("#reader-title").focus({ preventScroll: true });
  }

  function shut() {
    loading?.abort();
    panel.hidden = true;
    alone = false;
    $("#reader-article").replaceChildren();
    document.documentElement.classList.remove("reading");
    cover();
  }

  return { open, shut, isOpen: () => !panel.hidden };
}

function reveal(mark) {
  mark?.scrollIntoView({ block: "center", behavior: STILL.matches ? "auto" : "smooth" });
}

function withdrawn(problem) {
  if (problem.status !== 404 && problem.status !== 410) return problem;
  return new Problem("This article is not available", "It is not in the library, or it has been withdrawn.");
}

function articleElements(article, citation, { cited, others = [], link, alsoIn: outlets }) {
  const superseded = citation?.superseded ?? null;
  const address = publisherAddress(article, link);
  return [
    article.section ? element("p", { class: "section", dir: "auto" }, article.section) : null,
    element("h2", { id: "reader-title", tabindex: "-1", dir: "auto" }, (citation?.article ?? article).title || "Untitled"),
    byline(article, outlets),
    superseded ? changedNotice(citation) : null,
    article.body === null ? element("p", { class: "notice withheld" }, WITHHELD) : null,
    element("div", { class: "body", dir: "auto", lang: article.language || null },
      shownParagraphs(article.body, citation, cited, others).map(paragraphElement)),
    element("p", { class: "doors" }, address ? outsideLink(address, "Read on the publisher’s page", leaves()) : null,
      element("a", { href: articleAddress(article.id, { revision: article.revision, span: cited }) }, "Address of these words")),
    element("div", { id: "reader-history" }),
  ].filter(Boolean);
}

// Where the whole text may not be shown, the cited words stand alone.
function shownParagraphs(body, citation, cited, others) {
  if (body !== null) return paragraphs(body, cited, others, citation?.superseded?.changes);
  return citation ? [[{ text: citation.quote, kind: "cited", change: null }]] : [];
}

function changedNotice({ article, superseded }) {
  const stands = superseded.stands ? "The cited words still stand in it." : "The cited words are no longer in it.";
  const marked = superseded.changes.some(({ removed, added }) => removed || added);
  return element("p", { class: "notice changed" },
    `Changed since it was cited: revision ${superseded.by} replaced revision ${article.revision} on `,
    element("time", { datetime: superseded.at }, day(superseded.at)), `. ${stands} `,
    marked ? ["What has been ", element("del", {}, "taken out"), " or ", element("ins", {}, "added"), " is marked. "] : null,
    element("a", { href: superseded.reader }, "Read it as it stands now"),
  );
}

function byline(article, outlets) {
  const authors = (article.authors ?? []).join(", ");
  const updated = day(article.updated_at);
  return element("div", { class: "byline" }, element("p", {},
    authors ? ["By ", element("bdi", {}, authors), " · "] : null,
    published(article),
    updated && updated !== day(article.published_at) ? ` · updated ${updated}` : null,
    article.revision > 1 ? ` · revision ${article.revision}` : null,
  ), alsoIn(outlets));
}

function paragraphElement(pieces) {
  return element("p", { dir: "auto" }, pieces.map(({ text, kind, change }) => {
    const words = kind ? element("mark", { class: kind }, text) : text;
    return change ? element(change === "added" ? "ins" : "del", {}, words) : words;
  }));
}
