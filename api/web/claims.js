/** The statements of an answer: one paragraph each, quoted words set off, citations as chips. */

import { element } from "./elements.js";
import { sourceName } from "./publication.js";

/**
 * One claim. `citationOf(number)` gives the citation (or undefined while it is on its
 * way), `open(number, chip)` shows it, `words` says the rest.
 */
export function claimElement(claim, { citationOf, open, words }) {
  const chips = claim.citations.map((number) => chip(number, citationOf(number), { open, words }));
  return element(
    "p",
    { class: claim.supported === false ? "claim unsupported" : "claim", part: "claim", dir: "auto" },
    quoted(claim.text).map(({ text, quote }) => (quote ? element("span", { class: "quoted" }, text) : text)),
    chips.length ? [" ", element("span", { class: "chips" }, chips)] : null,
    claim.supported === false ? element("span", { class: "flag" }, words.say("unsupported")) : null,
  );
}

function chip(number, citation, { open, words }) {
  const article = citation?.article;
  const name = article ? sourceName(article, words) : "";
  return element("button", {
    type: "button",
    class: "chip",
    part: "chip",
    "data-cite": number,
    "aria-label": words.say("source", { number, name }),
    "aria-expanded": "false",
    click: (event) => open(number, event.currentTarget),
  },
  element("b", {}, String(number)),
  article?.outlet ? element("span", { class: "chip-outlet" }, element("bdi", {}, article.outlet)) : null,
  article?.published_at ? element("span", { class: "chip-day" }, words.shortDay(article.published_at)) : null);
}

/** `text` in pieces `{text, quote}`: quote where it stands between “ and its ”, marks included. */
export function quoted(text) {
  const pieces = [];
  let from = 0;
  while (from < text.length) {
    const opening = text.indexOf("“", from);
    const closing = opening < 0 ? -1 : closingOf(text, opening);
    if (closing < 0) break;
    if (opening > from) pieces.push({ text: text.slice(from, opening), quote: false });
    pieces.push({ text: text.slice(opening, closing + 1), quote: true });
    from = closing + 1;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), quote: false });
  return pieces;
}

function closingOf(text, opening) {
  let depth = 0;
  for (let i = opening; i < text.length; i += 1) {
    if (text[i] === "“") depth += 1;
    if (text[i] === "”") depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}
