/** How an article came to stand as it does: its revisions, and what each changed. */

import { articleAddress } from "./address.js";
import { fetchRevisions } from "./articles.js";
import { element } from "./elements.js";
import { ENGLISH } from "./words.js";

const SHOWN = 400; // code points of one change

/** The list, or null where the article has but one revision, or the list cannot be had. */
export async function revisionsElement(article, { signal }) {
  const revisions = await fetchRevisions(article.id, { signal }).catch(() => []);
  if (revisions.length < 2) return null;
  const changed = revisions.length - 1;
  return element("details", { class: "revisions" },
    element("summary", {}, changed === 1 ? "Changed once since it was first stored" : `Changed ${changed} times since it was first stored`),
    element("ol", {}, [...revisions].reverse().map((revision) => revisionElement(revision, article))));
}

function revisionElement({ revision, recorded_at: at, current, changes }, { id, revision: shown }) {
  const name = `Revision ${revision}${current ? ", as it stands now" : ""}`;
  return element("li", {},
    element("p", {},
      revision === shown
        ? element("b", {}, `${name} (shown here)`)
        : element("a", { href: articleAddress(id, { revision }) }, name),
      " · ", element("time", { datetime: at }, ENGLISH.day(at))),
    element("ul", {}, changes.filter(({ removed, added }) => removed || added).map(({ removed, added }) => element("li", {},
      removed ? element("del", {}, cut(removed)) : null,
      removed && added ? " " : null,
      added ? element("ins", {}, cut(added)) : null))));
}

function cut(text) {
  const points = Array.from(text.replace(/\s+/g, " ").trim());
  return points.length > SHOWN ? `${points.slice(0, SHOWN).join("")} …` : points.join("");
}
