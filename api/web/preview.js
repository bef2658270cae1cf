/**
 * The cited passage beside a chip that is pointed at or has the focus.
 *
 * It stays while it is itself pointed at, and Escape takes it away without moving anything
 * (WCAG 1.4.13). A finger opens the source at once: there is nothing to hover with.
 */

import { quotation } from "./citations.js";
import { element } from "./elements.js";
import { published } from "./publication.js";

const LATE_MS = 120; // a pointer on its way elsewhere opens nothing
const LEAVE_MS = 180; // long enough to go from the chip into the passage
const GAP = 8; // CSS pixels
const CONTEXT = 140; // code points

/** Previews for every `.chip` in `root`; `citationOf(chip)` gives its citation or undefined. */
export function previews(root, { citationOf, words }) {
  const box = element("div", { class: "preview", role: "tooltip", id: `${root.id}-preview`, popover: "manual" });
  let timer = null;
  let shown = null;
  root.append(box);

  // In the top layer, so that nothing of a host page clips it.
  const isOpen = () => box.matches(":popover-open");

  function show(chip) {
    const citation = citationOf(chip);
    if (!citation || !chip.isConnected) return;
    hide();
    shown = chip;
    chip.setAttribute("aria-describedby", box.id);
    box.replaceChildren(
      citation.speaker?.name ? element("p", { class: "speaker" }, element("b", { dir: "auto" }, citation.speaker.name)) : "",
      quotation(citation, CONTEXT),
      element("p", { class: "headline" }, element("cite", { dir: "auto" }, citation.article.title), " ",
        published(citation.article, words)),
    );
    box.showPopover();
    place(chip);
  }

  // Above or below the chip, wherever there is room, and never out of the window.
  function place(chip) {
    const at = chip.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = box;
    const left = Math.min(Math.max(GAP, at.left), document.documentElement.clientWidth - width - GAP);
    const below = at.bottom + GAP + height <= window.innerHeight || at.top < height + GAP;
    box.style.left = `${left}px`;
    box.style.top = `${below ? at.bottom + GAP : at.top - GAP - height}px`;
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    if (isOpen()) box.hidePopover();
  }

  const soon = (ms, then) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const chipOf = (event) => event.target.closest?.(".chip");

  root.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const chip = chipOf(event);
    if (chip && chip !== shown) soon(LATE_MS, () => show(chip));
    else if (chip || box.contains(event.target)) clearTimeout(timer);
  });
  root.addEventListener("pointerout", (event) => {
    if (chipOf(event) || box.contains(event.target)) soon(LEAVE_MS, hide);
  });
  root.addEventListener("focusin", (event) => {
    const chip = chipOf(event);
    if (chip?.matches(":focus-visible")) show(chip);
  });
  root.addEventListener("focusout", (event) => chipOf(event) && hide());
  root.addEventListener("click", (event) => chipOf(event) && hide());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    event.stopImmediatePropagation(); // it closes this and not the reader as well
    hide();
  }, true);
  window.addEventListener("scroll", () => isOpen() && hide(), { passive: true, capture: true });

  return { hide };
}
