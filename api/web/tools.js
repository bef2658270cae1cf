/** What can be done with an answer: take it along with its citations, and say what it was worth. */

import { element } from "./elements.js";

const FORMS = ["plain", "markdown", "html"];

/** The elements; `feedback(answer, words)` makes the one that asks what it was worth, null: it is not asked for. */
export function toolsElement(answer, { feedback = null, words }) {
  const said = element("p", { class: "said", role: "status" });
  const copies = answer.answered
    ? element("div", { class: "copies", role: "group", "aria-label": words.say("copy") },
      element("span", { class: "kind", "aria-hidden": "true" }, words.say("copy")),
      FORMS.map((form) => element("button", {
        type: "button", class: "quiet", "data-copy": form, click: () => copy(answer, form, said, words),
      }, words.say(`copy_${form}`))))
    : null;
  return [copies, feedback ? feedback(answer, words) : null, said].filter(Boolean);
}

async function copy(answer, form, said, words) {
  const { written } = await import("./copying.js");
  const text = written(answer, form, words);
  try {
    await put(text, form);
    said.textContent = words.say("copied");
  } catch {
    // No leave, or an address without TLS: the text is there to be taken by hand.
    const area = element("textarea", { readonly: true, rows: 6, "aria-label": words.say("copy_by_hand") });
    area.value = text;
    said.replaceChildren(words.say("copy_by_hand"), area);
    area.select();
  }
}

// HTML goes in as such, for word processors, and as its source, for everything else.
async function put(text, form) {
  if (form !== "html" || typeof ClipboardItem === "undefined") return navigator.clipboard.writeText(text);
  const as = (type) => new Blob([text], { type });
  return navigator.clipboard.write([new ClipboardItem({ "text/html": as("text/html"), "text/plain": as("text/plain") })]);
}
