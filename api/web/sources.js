/**
 * Which source of what stands on the page is open in the reader.
 *
 * The address's fragment says so (`#cite-2`, `#near-1`, `#said-3`): opening from closed is a step in
 * the history, so that "back" closes, and changing the source while it is open is not.
 */

import { shownAddress } from "./address.js";
import { sourceName } from "./publication.js";

const OPENERS = "[data-cite], [data-near], [data-said]";

/** `holder(shown)` is what has the source: an answer or a timeline, or null; `reader` shows it. */
export function sourcesView({ holder, reader }) {
  let shown = null; // {kind, number, of} of the open source
  let opener = null; // what had the focus before

  /** Opens `next`, asked for by `button`, as a new address. */
  function open(next, button) {
    opener = button;
    if (shown) window.history.replaceState(window.history.state, "", shownAddress(next));
    else window.history.pushState({ opened: true }, "", shownAddress(next));
    sync(next);
  }

  function close() {
    if (window.history.state?.opened) return window.history.back(); // comes back as sync(null)
    window.history.replaceState(null, "", shownAddress(null));
    return sync(null);
  }

  function step(by) {
    const next = shown && beside(shown, by);
    if (!next) return;
    window.history.replaceState(window.history.state, "", shownAddress(next));
    sync(next, { keepFocus: true });
  }

  /** Shows what the address asks for; a source that is not there is not shown. */
  function sync(next, { keepFocus = false } = {}) {
    const target = next && targetOf(next);
    if (!target) return shut();
    const same = shown && ["kind", "number", "of"].every((part) => shown[part] === next[part]);
    shown = next;
    mark();
    if (!same) reader.open({ ...target, keepFocus });
    return undefined;
  }

  function shut({ refocus = true } = {}) {
    if (!shown) return;
    const chip = holder(shown)?.node.querySelector(`[data-${shown.kind}="${shown.number}"]`);
    shown = null;
    mark();
    reader.shut();
    if (refocus) (opener?.isConnected ? opener : chip)?.focus();
    opener = null;
  }

  function mark() {
    const open = shown && holder(shown)?.node;
    const isOpen = (node, data, kind) => Boolean(open?.contains(node)) && shown.kind === kind && Number(data[kind]) === shown.number;
    for (const chip of document.querySelectorAll(OPENERS)) {
      const here = ["cite", "near", "said"].some((kind) => isOpen(chip, chip.dataset, kind));
      chip.setAttribute("aria-expanded", String(here));
    }
    for (const card of document.querySelectorAll("[data-source]")) {
      card.classList.toggle("open", isOpen(card, { cite: card.dataset.source }, "cite"));
    }
  }

  function beside(from, by) {
    const all = [...sourcesOf(from).keys()].sort((a, b) => a - b);
    const number = all[all.indexOf(from.number) + by];
    return number === undefined ? null : { ...from, number };
  }

  function sourcesOf({ kind, of }) {
    const held = holder({ kind, of });
    if (kind === "near") return new Map((held?.near ?? []).map((result, i) => [i + 1, result]));
    return (kind === "cite" ? held?.citations : held?.statements) ?? new Map();
  }

  function targetOf(next) {
    const all = sourcesOf(next);
    const source = all.get(next.number);
    if (!source) return null;
    const walk = all.size > 1 ? { previous: beside(next, -1), next: beside(next, 1) } : {};
    return { ...target(source, next, all), ...walk };
  }

  return { open, close, step, sync, shut, mark };
}

const NAMES = { cite: "Source", near: "Passage", said: "Statement" };

function target(source, { kind, number }, all) {
  const { article } = source;
  const others = kind === "near" ? [] : [...all.values()].filter((other) => (
    other !== source && other.article.id === article.id && other.article.revision === article.revision));
  return {
    id: article.id, revision: article.revision, alsoIn: article.also_in,
    cited: span(source), others: others.map(span), link: source.link,
    note: `${NAMES[kind]} ${number} of ${all.size} · ${sourceName(article)}`,
  };
}

const span = ({ start, end }) => ({ start, end });
