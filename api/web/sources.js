/**
 * Which source of the answer is open in the reader.
 *
 * The address's fragment says so (`#cite-2`, `#near-1`): opening from closed is a step in
 * the history, so that "back" closes, and changing the source while it is open is not.
 */

import { shownAddress } from "./address.js";
import { sourceName } from "./publication.js";

/** `answer` holds the sources, `reader` shows one of them. */
export function sourcesView({ answer, reader }) {
  let shown = null; // {kind, number} of the open source
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

  /** Shows what the address asks for; a source that the answer does not have is not shown. */
  function sync(next, { keepFocus = false } = {}) {
    const target = next && targetOf(next);
    if (!target) return shut();
    const same = shown?.kind === next.kind && shown.number === next.number;
    shown = next;
    mark();
    if (!same) reader.open({ ...target, keepFocus });
    return undefined;
  }

  function shut({ refocus = true } = {}) {
    if (!shown) return;
    const chip = document.querySelector(`[data-${shown.kind}="${shown.number}"]`);
    shown = null;
    mark();
    reader.shut();
    if (refocus) (opener?.isConnected ? opener : chip)?.focus();
    opener = null;
  }

  function mark() {
    for (const chip of document.querySelectorAll("[data-cite], [data-near]")) {
      chip.setAttribute("aria-expanded", String(isShown(chip.dataset)));
    }
    for (const card of document.querySelectorAll("[data-source]")) {
      card.classList.toggle("open", shown?.kind === "cite" && Number(card.dataset.source) === shown.number);
    }
  }

  const isShown = (data) => shown !== null && Number(data[shown.kind]) === shown.number;

  function numbers(kind) {
    if (kind === "near") return answer.near.map((_, i) => i + 1);
    return [...answer.citations.keys()].sort((a, b) => a - b);
  }

  function beside({ kind, number }, by) {
    const all = numbers(kind);
    const next = all[all.indexOf(number) + by];
    return next === undefined ? null : { kind, number: next };
  }

  function targetOf(next) {
    const many = numbers(next.kind).length;
    const walk = many > 1 ? { previous: beside(next, -1), next: beside(next, 1) } : {};
    const target = next.kind === "cite" ? citationTarget(next.number) : passageTarget(next.number);
    return target && { ...target, ...walk };
  }

  function citationTarget(number) {
    const citation = answer.citations.get(number);
    if (!citation) return null;
    const others = [...answer.citations.values()].filter((other) => (
      other.number !== number && other.article.id === citation.article.id
      && other.article.revision === citation.article.revision));
    return {
      id: citation.article.id, revision: citation.article.revision,
      cited: span(citation), others: others.map(span), link: citation.link,
      note: `Source ${number} of ${answer.citations.size} · ${sourceName(citation.article)}`,
    };
  }

  function passageTarget(number) {
    const result = answer.near[number - 1];
    if (!result) return null;
    return {
      id: result.article.id, revision: result.article.revision, cited: span(result),
      note: `Passage ${number} of ${answer.near.length} · ${sourceName(result.article)}`,
    };
  }

  return { open, close, step, sync, shut, mark };
}

const span = ({ start, end }) => ({ start, end });
