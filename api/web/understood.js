/** What was read out of a question, as chips: each can be taken out, and put back. */

import { element } from "./elements.js";

const KINDS = ["people", "outlets", "sections", "period", "latest", "parts", "spelling"];

/**
 * Chips for `query` (of an answer) and for what `ignored` leaves out; `change(kinds)` asks
 * again with other ones ignored. Null where there is nothing to show.
 */
export function understoodElement(query, ignored, { change, words }) {
  const chips = KINDS.flatMap((kind) => {
    if (ignored.includes(kind)) return [ignoredChip(kind, () => change(ignored.filter((each) => each !== kind)), words)];
    const text = reading(kind, query, words);
    return text ? [readChip(kind, text, query, () => change([...ignored, kind]), words)] : [];
  });
  const taken = query.text && query.text !== query.question ? query.text : null;
  if (!chips.length && !taken) return null;
  return element("div", { class: "understood" },
    taken ? element("p", { class: "taken" }, words.say("read_as"), element("span", { dir: "auto" }, taken)) : null,
    chips.length ? element("ul", { "aria-label": words.say("understood") }, chips.map((chip) => element("li", {}, chip))) : null,
  );
}

function reading(kind, query, words) {
  if (kind === "latest") return query.latest ? words.say("latest") : "";
  if (kind === "period") return query.period ? periodWords(query.period, words) : "";
  if (kind === "parts") return query.parts?.length > 1 ? query.parts.map(({ text }) => text).join(" · ") : "";
  return (query[kind] ?? []).join(", ");
}

function periodWords({ after, before }, words) {
  const last = before ? dayBefore(before) : null;
  const [from, to] = [words.shortDay(after), words.shortDay(last)];
  if (from && to) return from === to ? from : `${from} – ${to}`;
  return from ? words.say("since", { day: from }) : words.say("until", { day: to });
}

// A period ends before its last moment; people name the day that is still in it.
function dayBefore(moment) {
  return new Date(Date.parse(moment) - 1).toISOString();
}

function readChip(kind, text, query, remove, words) {
  const label = kind === "latest" ? "" : words.say(kind);
  const only = query.limits?.includes(kind) ? words.say("only") : "";
  return element("button", {
    type: "button", class: "token", "data-kind": kind, title: words.say("ignore"), click: remove,
  },
  label ? [element("span", { class: "kind" }, label), " "] : null,
  only, element("bdi", {}, text),
  element("span", { "aria-hidden": "true", class: "sign" }, "×"),
  element("span", { class: "unseen" }, `. ${words.say("ignore")}`));
}

function ignoredChip(kind, restore, words) {
  return element("button", {
    type: "button", class: "token ignored", "data-kind": kind, title: words.say("heed"), click: restore,
  },
  element("s", {}, words.say(kind)),
  element("span", { "aria-hidden": "true", class: "sign" }, "+"),
  element("span", { class: "unseen" }, `. ${words.say("heed")}`));
}
