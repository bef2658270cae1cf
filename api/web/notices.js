/** Panels for when there is no answer to show: abstained, failed, nothing in the library. */

import { element } from "./elements.js";

const REASONS = {
  no_evidence: "No article mentions what the question asks about.",
  weak_evidence: "Some articles come near the question, but none of them answers it.",
  model_declined: "The articles that were found do not answer the question.",
  nothing_verified: "No statement could be traced to the words of an article, so none is shown.",
};

/** `abstention` is `{reason, detail}`. */
export function abstentionNotice(abstention) {
  const words = abstention?.detail ?? abstention?.message;
  return element("div", { class: "notice abstained" },
    element("h2", {}, "Not in these articles"),
    element("p", { dir: "auto" }, words || REASONS[abstention?.reason] || REASONS.no_evidence),
  );
}

/** `problem` is a Problem; `again` retries. */
export function failureNotice(problem, again) {
  return element("div", { class: "notice failed", role: "alert" },
    element("h2", {}, problem.title),
    problem.detail ? element("p", { dir: "auto" }, problem.detail) : null,
    again ? element("p", {}, element("button", { type: "button", class: "plain", click: again }, "Try again")) : null,
  );
}

export function emptyLibraryNotice(again) {
  return element("div", { class: "notice empty" },
    element("h2", {}, "No articles yet"),
    element("p", {}, "Answers come only from the articles in the library, and it is empty. Load some from a terminal:"),
    element("pre", {}, element("code", {}, "onrecord ingest FILE")),
    element("p", {}, "FILE is a text file with the headline on its first line, JSON Lines with one article a line, or a folder of either."),
    element("p", {}, element("button", { type: "button", class: "plain", click: again }, "Look again")),
  );
}
