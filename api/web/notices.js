/** Panels for when there is no answer to show: abstained, failed, nothing in the library. */

import { element } from "./elements.js";
import { ENGLISH } from "./words.js";

/**
 * `answer` that abstains; what its speaker does speak about is offered: as what they said on it, where
 * `personAddress(name, about)` is given, else as questions to `ask(question)`.
 */
export function abstentionNotice(answer, { ask, personAddress = null, words = ENGLISH }) {
  const { reason, detail, message, spoke_about: topics } = answer.abstention ?? {};
  const known = ["no_evidence", "weak_evidence", "model_declined", "nothing_verified"].includes(reason);
  const speaker = answer.query?.people?.[0] ?? answer.query?.speakers?.[0];
  return element("div", { class: "notice abstained" },
    element("h3", {}, words.say("abstained")),
    element("p", { dir: "auto" }, detail || message || words.say(known ? reason : "no_evidence")),
    speaker && topics?.length ? spokeAbout(speaker, topics, { ask, personAddress, words }) : null,
  );
}

function spokeAbout(speaker, topics, { ask, personAddress, words }) {
  return element("div", { class: "instead" },
    element("p", {}, words.say("spoke_about", { speaker })),
    topics.map((topic) => {
      const question = words.say("ask_about", { speaker, topic });
      if (personAddress) return element("a", { href: personAddress(speaker, topic), "aria-label": question }, topic);
      return element("button", { type: "button", class: "example", "aria-label": question, click: () => ask(question) }, topic);
    }),
    personAddress ? element("a", { href: personAddress(speaker) }, words.say("everything")) : null);
}

/** `problem` is a Problem; `again` retries. */
export function failureNotice(problem, again = null, words = ENGLISH) {
  const wait = problem.retryAfter ? words.say("retry_in", { seconds: problem.retryAfter }) : "";
  const [title, detail] = problem.told(words);
  return element("div", { class: "notice failed", role: "alert" },
    element("h3", {}, title),
    detail ? element("p", { dir: "auto" }, detail) : null,
    wait ? element("p", {}, wait) : null,
    again ? element("p", {}, element("button", { type: "button", class: "plain", click: again }, words.say("again"))) : null,
  );
}
