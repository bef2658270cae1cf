/** The sources beneath an answer, as cards; and the passages beside an abstention. */

import { element, outsideLink } from "./elements.js";
import { published, publisherAddress } from "./publication.js";

const CONTEXT = 180; // code points of context on either side of a quote
const EXCERPT = 260; // code points of a passage that is not quoted

/** One citation; `open(number, button)` shows it in the reader. */
export function citationElement(citation, open) {
  const { number, article } = citation;
  const read = element("button", {
    type: "button", class: "read", "aria-controls": "reader",
    "aria-label": `Read source ${number} in the article`,
  }, "Read in article");
  const card = element("li", { class: "card", id: `source-${number}`, "data-source": number },
    element("span", { class: "number", "aria-hidden": "true" }, String(number)),
    element("div", { class: "source" },
      speaker(citation.speaker),
      quotation(citation),
      element("p", { class: "headline" }, element("cite", { dir: "auto" }, article.title), " ", published(article)),
      alsoIn(article.also_in),
      element("p", { class: "doors" }, read, " ",
        outsideLink(publisherAddress(article, citation.link), "Publisher’s page", arrow())),
    ),
  );
  opensOnClick(card, read, () => open(number, read));
  return card;
}

/** One passage of the evidence, as it is offered beside an abstention. */
export function passageElement(result, number, open) {
  const read = element("button", {
    type: "button", class: "read", "data-near": number, "aria-controls": "reader",
    "aria-label": `Read passage ${number} in the article`,
  }, "Read in article");
  const card = element("li", { class: "card near" },
    element("div", { class: "source" },
      element("p", { class: "headline" },
        element("cite", { dir: "auto" }, result.article.title), " ", published(result.article)),
      element("p", { class: "excerpt", dir: "auto" }, head(result.text, EXCERPT)),
      element("p", { class: "doors" }, read),
    ),
  );
  opensOnClick(card, read, () => open(number, read));
  return card;
}

// The words in a card can be selected and its link followed without opening the reader.
function opensOnClick(card, button, open) {
  card.addEventListener("click", (event) => {
    const selecting = String(window.getSelection()) !== "";
    if (event.target === button || !(selecting || event.target.closest("a, button"))) open();
  });
}

function speaker(who) {
  if (!who?.name) return null;
  const role = who.role ? [", ", element("bdi", {}, who.role)] : null;
  return element("p", { class: "speaker" }, element("b", { dir: "auto" }, who.name), role);
}

function quotation({ before = "", quote, after = "" }) {
  const lead = tail(before, CONTEXT).replace(/^(?=\p{Ll})/u, "… "); // begins within a sentence
  const rest = head(after, CONTEXT).replace(/(?<=[\p{L}\p{N},;:—-])$/u, " …"); // ends within one
  return element("blockquote", { dir: "auto" },
    before ? element("span", { class: "context" }, lead, space(/\s$/, before)) : null,
    element("span", { class: "words" }, quote),
    after ? element("span", { class: "context" }, space(/^\s/, after), rest) : null,
  );
}

const space = (edge, text) => (edge.test(text) ? " " : null);

function alsoIn(outlets) {
  if (!outlets?.length) return null;
  const names = outlets.flatMap((outlet, i) => [i ? ", " : null, element("bdi", {}, outlet)]);
  return element("p", { class: "also-in" }, "Also in: ", names);
}

function arrow() {
  return [element("span", { "aria-hidden": "true" }, " ↗"), element("span", { class: "unseen" }, " (opens in a new tab)")];
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
