/** The sources beneath an answer, as cards; and the passages beside an abstention. */

import { element, outsideLink } from "./elements.js";
import { published, publisherAddress } from "./publication.js";
import { ENGLISH } from "./words.js";

const CONTEXT = 180; // code points of context on either side of a quote
const EXCERPT = 260; // code points of a passage that is not quoted

/**
 * One citation. `open(number, button)` shows it in the reader; `personAddress(name)`, where
 * it is given, is the page of a speaker.
 */
export function citationElement(citation, { open, personAddress = null, words = ENGLISH }) {
  const { number, article } = citation;
  const read = element("button", {
    type: "button", class: "read", "aria-label": words.say("read_source", { number }),
  }, words.say("read"));
  const card = element("li", { class: "card", part: "source", "data-source": number },
    element("span", { class: "number", "aria-hidden": "true" }, String(number)),
    element("div", { class: "source" },
      speaker(citation.speaker, personAddress),
      quotation(citation),
      element("p", { class: "headline" },
        element("cite", { dir: "auto" }, article.title || words.say("untitled")), " ", published(article, words)),
      alsoIn(article.also_in, words),
      element("p", { class: "doors" }, read, " ",
        outsideLink(publisherAddress(article, citation.link), words.say("publisher"), leaves(words))),
    ),
  );
  opensOnClick(card, read, () => open(number, read));
  return card;
}

/** One passage of the evidence, as it is offered beside an abstention. */
export function passageElement(result, number, { open, words = ENGLISH }) {
  const read = element("button", {
    type: "button", class: "read", "data-near": number, "aria-label": words.say("read_passage", { number }),
  }, words.say("read"));
  const card = element("li", { class: "card near" },
    element("div", { class: "source" },
      element("p", { class: "headline" },
        element("cite", { dir: "auto" }, result.article.title || words.say("untitled")),
        " ", published(result.article, words)),
      element("p", { class: "excerpt", dir: "auto" }, head(result.text, EXCERPT)),
      element("p", { class: "doors" }, read),
    ),
  );
  opensOnClick(card, read, () => open(number, read));
  return card;
}

/** The cited words among those beside them. */
export function quotation({ before = "", quote, after = "" }, context = CONTEXT) {
  const lead = tail(before, context).replace(/^(?=\p{Ll})/u, "… "); // begins within a sentence
  const rest = head(after, context).replace(/(?<=[\p{L}\p{N},;:—-])$/u, " …"); // ends within one
  return element("blockquote", { dir: "auto" },
    before ? element("span", { class: "context" }, lead, space(/\s$/, before)) : null,
    element("span", { class: "words" }, quote),
    after ? element("span", { class: "context" }, space(/^\s/, after), rest) : null,
  );
}

// The words in a card can be selected and its links followed without opening the reader.
function opensOnClick(card, button, open) {
  card.addEventListener("click", (event) => {
    const selecting = String(window.getSelection()) !== "";
    if (event.target === button || !(selecting || event.target.closest("a, button"))) open();
  });
}

function speaker(who, personAddress) {
  if (!who?.name) return null;
  const name = element("b", { dir: "auto" }, who.name);
  const role = who.role ? [", ", element("bdi", {}, who.role)] : null;
  return element("p", { class: "speaker" },
    personAddress ? element("a", { href: personAddress(who.name) }, name) : name, role);
}

const space = (edge, text) => (edge.test(text) ? " " : null);

/** The other outlets that carried it, or null. */
export function alsoIn(outlets, words = ENGLISH) {
  if (!outlets?.length) return null;
  const names = outlets.flatMap((outlet, i) => [i ? ", " : null, element("bdi", {}, outlet)]);
  return element("p", { class: "also-in" }, words.say("also_in"), names);
}

/** Says by sign and by word that a link opens a new tab. */
export function leaves(words = ENGLISH) {
  return [element("span", { "aria-hidden": "true" }, " ↗"),
    element("span", { class: "unseen" }, ` (${words.say("new_tab")})`)];
}

function head(text, length) {
  const points = Array.from(text.trim());
  if (points.length <= length) return points.join("");
  return `${points.slice(0, length).join("").replace(/\s+\S*$/, "")} …`;
}

function tail(text, length) {
  const points = Array.from(text.trim());
  if (points.length <= length) return points.join("");
  return `… ${points.slice(-length).join("").replace(/^\S*\s+/, "")}`;
}
