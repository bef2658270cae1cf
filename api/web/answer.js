/**
 * One question and its answer as it arrives: what was understood, what is being done,
 * claims, sources, and how it was made. The page and the widget both show it.
 */

import { citationElement, passageElement } from "./citations.js";
import { claimElement } from "./claims.js";
import { element } from "./elements.js";
import { abstentionNotice, failureNotice } from "./notices.js";
import { previews } from "./preview.js";
import { toolsElement } from "./tools.js";
import { understoodElement } from "./understood.js";
import { ENGLISH } from "./words.js";

const NEAR = 5;

/**
 * `does` is what the answer's surroundings do: `openCitation(number, button)`,
 * `openNear(number, button)`, `ask(question)`, `again()`, `stop()`, `ignore(kinds)`,
 * and `feedback` (null: not asked for), `personAddress(name)` and `whenEmpty()`, a notice
 * instead of the abstention, where they have them. `id` tells one answer on the page from another.
 *
 * `node` is the element, `on` takes the events of POST /v1/ask by their names.
 */
export function answerView({ id, question, ignored = [], does, words = ENGLISH }) {
  const at = places(id, words);
  const view = {
    node: at.node, citations: new Map(), near: [], answer: null,
    on: { evidence, claim, answer: finish }, fail, stop, close: () => at.node.remove(),
  };
  const citationOf = (number) => view.citations.get(number);
  let drawn = []; // what each paragraph of the claims shows

  at.asked.textContent = question;
  at.stop.addEventListener("click", does.stop);
  previews(at.node, { citationOf: (chip) => citationOf(Number(chip.dataset.cite)), words });
  wait(words.say("searching"));

  function wait(text) {
    at.progress.textContent = text;
    at.skeleton.hidden = drawn.length > 0;
    at.stop.hidden = false;
  }

  function settle(text = "") {
    at.progress.textContent = text;
    at.skeleton.hidden = at.stop.hidden = true;
    at.node.removeAttribute("aria-busy");
  }

  function evidence({ query, results = [] }) {
    view.near = results;
    if (query) understand(query);
    if (results.length) wait(words.say("reading", { passages: words.counted("passages", results.length) }));
  }

  function understand(query) {
    const shows = JSON.stringify([query, ignored]);
    if (at.understood.shows === shows) return;
    at.understood.shows = shows;
    at.understood.replaceChildren(understoodElement(query, ignored, { change: does.ignore, words }) ?? "");
  }

  /** One verified claim, with the citations that are new with it. */
  function claim(next) {
    for (const citation of next.cited ?? []) addSource(citation);
    draw(drawn.length, next);
    at.skeleton.hidden = true;
  }

  /** The whole answer: it has the last word over what was streamed. */
  function finish(answer) {
    view.answer = answer;
    const listed = new Set((answer.citations ?? []).map(({ number }) => number));
    for (const number of view.citations.keys()) if (!listed.has(number)) dropSource(number);
    (answer.citations ?? []).forEach(addSource);
    (answer.claims ?? []).forEach((next, i) => draw(i, next));
    for (const extra of drawn.splice(answer.claims?.length ?? 0)) extra.node.remove();
    settle();
    if (answer.query) understand(answer.query);
    if (!answer.answered) abstain(answer);
    at.meta.textContent = madeBy(answer, words);
    at.tools.replaceChildren(...toolsElement(answer, { feedback: does.feedback, words }));
    at.foot.hidden = false;
  }

  function fail(problem) {
    settle();
    at.notice.replaceChildren(failureNotice(problem, does.again, words));
  }

  function stop() {
    settle(words.say("stopped"));
  }

  function abstain(answer) {
    view.near = onePerArticle(answer.evidence ?? view.near).slice(0, NEAR);
    const { ask, personAddress } = does;
    at.notice.replaceChildren(does.whenEmpty?.() ?? abstentionNotice(answer, { ask, personAddress, words }));
    at.nearList.replaceChildren(...view.near.map((result, i) => (
      passageElement(result, i + 1, { open: does.openNear, words }))));
    at.near.hidden = view.near.length === 0;
  }

  // What already shows the same is left alone, here and in `draw`: it is neither read
  // out again nor does a button in it lose the focus.
  function addSource(citation) {
    const { number } = citation;
    const before = cardOf(number);
    if (before && JSON.stringify(citationOf(number)) === JSON.stringify(citation)) return;
    view.citations.set(number, citation);
    const { openCitation: open, personAddress } = does;
    const node = citationElement(citation, { open, personAddress, words });
    if (before) before.replaceWith(node);
    else at.sourceList.append(node);
    at.sources.hidden = false;
  }

  const cardOf = (number) => at.sourceList.querySelector(`[data-source="${number}"]`);

  function dropSource(number) {
    view.citations.delete(number);
    cardOf(number)?.remove();
    at.sources.hidden = view.citations.size === 0;
  }

  function draw(index, next) {
    const shows = JSON.stringify([next.text, next.citations, next.supported]);
    if (drawn[index]?.shows === shows) return;
    const node = claimElement(next, { citationOf, open: does.openCitation, words });
    if (drawn[index]) drawn[index].node.replaceWith(node);
    else at.claims.append(node);
    drawn[index] = { shows, node };
  }

  return view;
}

/** The empty places of an answer, by name. */
function places(id, words) {
  const named = (name) => `${id}-${name}`;
  const at = {
    asked: element("h2", { class: "asked", id: named("asked"), tabindex: "-1", dir: "auto" }),
    understood: element("div"),
    claims: element("div", { class: "claims", part: "answer", "aria-live": "polite", "aria-relevant": "additions" }),
    skeleton: element("div", { class: "skeleton", "aria-hidden": "true" }, element("i"), element("i"), element("i")),
    progress: element("p", { class: "progress", role: "status" }),
    stop: element("button", { type: "button", class: "plain stop" }, words.say("stop")),
    notice: element("div", { class: "notice-place", "aria-live": "polite" }),
    tools: element("div", { class: "tools" }),
    meta: element("p", { class: "meta" }),
    sourceList: element("ol"),
    nearList: element("ol"),
  };
  at.foot = element("div", { class: "foot", hidden: true }, at.tools, at.meta);
  at.sources = element("section", { class: "sources", "aria-labelledby": named("sources"), hidden: true },
    element("h3", { class: "rubric", id: named("sources") }, words.say("sources")), at.sourceList);
  at.near = element("section", { class: "nearest", "aria-labelledby": named("near"), hidden: true },
    element("h3", { class: "rubric", id: named("near") }, words.say("near")),
    element("p", { class: "note" }, words.say("near_note")), at.nearList);
  at.node = element("article", { class: "turn", id, "aria-labelledby": named("asked"), "aria-busy": "true" },
    at.asked, at.understood, at.claims, at.skeleton,
    element("div", { class: "under-way" }, at.progress, at.stop), at.notice, at.foot, at.sources, at.near);
  return at;
}

function onePerArticle(results) {
  const seen = new Set();
  return results.filter(({ article }) => !seen.has(article.id) && seen.add(article.id));
}

function madeBy(answer, words) {
  const took = answer.timings_ms?.total;
  const how = answer.mode === "model"
    ? words.say("by_model", { model: answer.model || words.say("a_model") })
    : words.say("extractive");
  return [
    answer.answered ? how : null,
    answer.degraded?.reason ? words.say("degraded", { reason: answer.degraded.reason }) : null,
    typeof took === "number" ? duration(took) : null,
  ].filter(Boolean).join(" · ");
}

function duration(ms) {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}
