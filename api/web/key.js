/**
 * The visitor's key, where the server needs one: kept for this tab, sent as a bearer,
 * never in an address.
 */

import { element } from "./elements.js";

const PLACE = "onrecord-key";

let inMemory = null; // where the browser keeps nothing for the page
let asking = null; // one dialog, however many requests were refused

function stored() {
  try {
    return window.sessionStorage.getItem(PLACE);
  } catch {
    return inMemory;
  }
}

function keep(key) {
  inMemory = key;
  try {
    window.sessionStorage.setItem(PLACE, key);
  } catch {
    // It lasts until the page is left.
  }
}

/** The headers that a request is sent with. */
export function keyHeaders() {
  const key = stored();
  return key ? { Authorization: `Bearer ${key}` } : {};
}

/** After `sent` was refused: whether there is another key to try, asked for where there is none yet. */
export async function anotherKey(sent) {
  if (keyHeaders().Authorization !== sent.Authorization) return true;
  return otherKey(sent.Authorization
    ? "That key lets nobody in. It may have been revoked, or have ended."
    : "Whoever runs it gives one out. It is kept in this tab alone.", Boolean(sent.Authorization));
}

/** Asks for a key, with a word on which; whether one was given. `wrong`: the one that was sent is none. */
export function otherKey(hint, wrong = false) {
  asking ??= ask(hint, wrong).finally(() => { asking = null; });
  return asking;
}

function ask(hint, wrong) {
  const input = element("input", {
    id: "key", type: "password", required: true, autocomplete: "off", spellcheck: "false",
    "aria-describedby": "key-hint", "aria-invalid": wrong ? "true" : null,
  });
  const form = element("form", { method: "dialog" },
    element("label", { for: "key" }, "Key"), input,
    element("div", { class: "choice" },
      element("button", { type: "submit", class: "plain", value: "given" }, "Use it"),
      element("button", { type: "submit", class: "quiet", formnovalidate: true }, "Not now")),
  );
  const dialog = element("dialog", { class: "key", "aria-labelledby": "key-title" },
    element("h2", { id: "key-title" }, "This library needs a key"),
    element("p", { id: "key-hint" }, hint),
    form,
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const key = dialog.returnValue === "given" ? input.value.trim() : "";
      dialog.remove();
      if (key) keep(key);
      resolve(Boolean(key));
    });
  });
}
