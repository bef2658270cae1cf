/**
 * An answer with its citations as text to take along: plain, Markdown or HTML.
 *
 * Pure but for the elements that HTML is serialised from: an article's words are text in all
 * three, so what looks like markup in them is escaped.
 */

import { element, webAddress } from "./elements.js";
import { publisherAddress, sourceName } from "./publication.js";

const FORMS = { plain, markdown, html };

/** `form` is plain, markdown or html. */
export function written(answer, form, words) {
  return FORMS[form](answer, words);
}

const marks = (claim) => claim.citations.map((number) => `[${number}]`).join("");
const folded = (text) => text.replace(/\s+/g, " ").trim();

function plain(answer, words) {
  const claims = answer.claims.map((claim) => `${folded(claim.text)} ${marks(claim)}`);
  const sources = answer.citations.map((citation) => [
    `[${citation.number}] ${folded(citation.article.title)} — ${sourceName(citation.article, words)}`,
    `    ${inQuotes(citation.quote)}`,
    address(citation) ? `    ${address(citation)}` : null,
  ].filter(Boolean).join("\n"));
  return [folded(answer.question), ...claims, words.say("sources"), ...sources].join("\n\n");
}

function markdown(answer, words) {
  const claims = answer.claims.map((claim) => (
    `${escaped(claim.text)} ${claim.citations.map((number) => `[^${number}]`).join("")}`));
  const notes = answer.citations.map((citation) => {
    const href = address(citation);
    const title = escaped(citation.article.title);
    const name = href ? `[${title}](<${href.replace(/[<>]/g, encodeURIComponent)}>)` : title;
    return `[^${citation.number}]: ${name}, ${escaped(sourceName(citation.article, words))}: ${escaped(inQuotes(citation.quote))}`;
  });
  return [`**${escaped(answer.question)}**`, ...claims, notes.join("\n")].join("\n\n");
}

function html(answer, words) {
  const body = element("section", {},
    element("p", {}, element("strong", {}, folded(answer.question))),
    answer.claims.map((claim) => element("p", {}, folded(claim.text), " ",
      claim.citations.map((number) => element("sup", {}, `[${number}]`)))),
    element("ol", {}, answer.citations.map((citation) => {
      const href = address(citation);
      const title = folded(citation.article.title);
      return element("li", { value: citation.number },
        element("cite", {}, href ? element("a", { href }, title) : title),
        `, ${sourceName(citation.article, words)}: `, element("q", {}, bare(citation.quote)));
    })));
  return body.outerHTML;
}

const address = (citation) => webAddress(publisherAddress(citation.article, citation.link));
const bare = (quote) => folded(quote).replace(/^“([^“”]*)”$/, "$1");

// A quote that has quotation marks of its own keeps them.
function inQuotes(quote) {
  const text = folded(quote);
  return /[“”"«»„]/.test(text) ? text : `“${text}”`;
}

function escaped(text) {
  return folded(text).replace(/[\\`*_[\]{}<>()#+!|~&-]/g, "\\$&");
}
