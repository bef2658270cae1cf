/** A field for several names: each that is entered becomes a tag, which its button takes out again. */

import { element } from "./elements.js";

/** Built into `place`; `changed()` hears of every change. `suggest(names)` offers names to choose from. */
export function namesField(place, changed) {
  const { names: name, label, hint } = place.dataset;
  const offers = element("datalist", { id: `${name}-offers` });
  const input = element("input", {
    id: `${name}-field`, type: "text", name, list: offers.id, autocomplete: "off", placeholder: hint, enterkeyhint: "done",
  });
  const tags = element("ul", { "aria-label": `${label} chosen` });
  let chosen = [];
  place.append(element("label", { for: input.id }, label), input, offers, tags);

  function draw() {
    tags.replaceChildren(...chosen.map((each) => element("li", {}, element("button", {
      type: "button", class: "token", click: () => remove(each),
    }, element("bdi", {}, each), element("span", { "aria-hidden": "true", class: "sign" }, "×"),
    element("span", { class: "unseen" }, ". Remove")))));
    tags.hidden = chosen.length === 0;
  }

  function remove(gone) {
    chosen = chosen.filter((each) => each !== gone);
    draw();
    input.focus();
    changed();
  }

  /** What is typed becomes a tag; true where there was something. */
  function take() {
    const typed = input.value.trim();
    input.value = "";
    if (!typed) return false;
    if (!chosen.includes(typed)) chosen.push(typed);
    draw();
    changed();
    return true;
  }

  input.addEventListener("keydown", (event) => {
    // Enter with nothing typed asks, as in any field of a form.
    if (event.key === "Enter" && take()) event.preventDefault();
    if (event.key === "Backspace" && !input.value && chosen.length) remove(chosen.at(-1));
  });
  input.addEventListener("change", take);

  return {
    read: () => (take(), [...chosen]),
    fill: (names) => {
      chosen = [...names];
      input.value = "";
      draw();
    },
    suggest: (names) => offers.replaceChildren(...names.map((each) => element("option", { value: each }))),
  };
}
