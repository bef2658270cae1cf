/** Whether an answer was right: two or three buttons, and a word on what was wrong. */

import { element } from "./elements.js";
import { requestJson } from "./problem.js";
import { ENGLISH } from "./words.js";

const LONGEST = 2000; // characters of a note, as the service takes them

/** The element for `answer`. */
export function feedbackElement(answer, words = ENGLISH) {
  const place = element("div", { class: "feedback", role: "group", "aria-label": words.say("right_asked") });
  const button = (name, click) => element("button", { type: "button", class: "quiet", click }, words.say(name));
  const verdicts = answer.answered
    ? [button("right", () => send("right")), button("wrong", () => explain("wrong")),
      button("not_there", () => send("nothing_there"))]
    : [button("right", () => send("right")), button("is_there", () => explain("wrong"))];
  const asked = words.say(answer.answered ? "was_it_right" : "is_that_so");
  place.append(element("span", { class: "kind", "aria-hidden": "true" }, asked), ...verdicts);

  function explain(verdict) {
    const wanted = words.say("what_was_wrong");
    const note = element("input", { type: "text", maxlength: LONGEST, "aria-label": wanted, placeholder: wanted });
    const form = element("form", { class: "explain", submit: (event) => {
      event.preventDefault();
      send(verdict, note.value.trim());
    } }, note, element("button", { type: "submit", class: "plain" }, words.say("send")));
    place.replaceChildren(form);
    note.focus();
  }

  async function send(verdict, note = "") {
    const said = element("span", { role: "status", tabindex: "-1" }, words.say("sending"));
    place.replaceChildren(said);
    said.focus();
    try {
      await requestJson("/v1/feedback", { body: { answer_id: answer.id, verdict, ...(note && { note }) } });
      said.textContent = words.say("kept");
    } catch (problem) {
      said.textContent = words.say("not_kept", { reason: problem.status === 404 ? words.say("too_old") : problem.message });
    }
  }

  return place;
}
