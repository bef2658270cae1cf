/** Whether an answer was right: two or three buttons, and a word on what was wrong. */

import { element } from "./elements.js";
import { requestJson } from "./problem.js";

const LONGEST = 2000; // characters of a note, as the service takes them

/** The element for `answer`. */
export function feedbackElement(answer) {
  const place = element("div", { class: "feedback", role: "group", "aria-label": "Is this answer right?" });
  const button = (name, click) => element("button", { type: "button", class: "quiet", click }, name);
  const verdicts = answer.answered
    ? [button("Right", () => send("right")), button("Wrong", () => explain("wrong")),
      button("Not in the articles", () => send("nothing_there"))]
    : [button("Right", () => send("right")), button("It is there", () => explain("wrong"))];
  place.append(element("span", { class: "kind", "aria-hidden": "true" }, answer.answered ? "Was it right?" : "Is that so?"), ...verdicts);

  function explain(verdict) {
    const note = element("input", { type: "text", maxlength: LONGEST, "aria-label": "What was wrong? (need not be said)",
      placeholder: "What was wrong? (need not be said)" });
    const form = element("form", { class: "explain", submit: (event) => {
      event.preventDefault();
      send(verdict, note.value.trim());
    } }, note, element("button", { type: "submit", class: "plain" }, "Send"));
    place.replaceChildren(form);
    note.focus();
  }

  async function send(verdict, note = "") {
    const said = element("span", { role: "status", tabindex: "-1" }, "Sending …");
    place.replaceChildren(said);
    said.focus();
    try {
      await requestJson("/v1/feedback", { body: { answer_id: answer.id, verdict, ...(note && { note }) } });
      said.textContent = "Thank you: it is kept with the question.";
    } catch (problem) {
      said.textContent = `It was not kept. ${problem.status === 404 ? "The answer is too old: ask again." : problem.message}`;
    }
  }

  return place;
}
