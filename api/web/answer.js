/** The answer as it arrives: what is being done, claims, sources, and how it was made. */

import { citationElement, passageElement } from "./citations.js";
import { claimElement } from "./claims.js";
import { counted } from "./front.js";
import { abstentionNotice, emptyLibraryNotice, failureNotice } from "./notices.js";

const NEAR = 5;

const $ = (selector) => document.querySelector(selector);

/**
 * `openCitation(number, button)` and `openNear(number, button)` show one in the reader,
 * `again()` asks once more. `on` takes the events of POST /v1/ask by their names.
 */
export function answerView({ openCitation, openNear, again }) {
  const on = { evidence, claim, answer: finish };
  const view = { citations: new Map(), near: [], on, start, fail, stop, counted: setTotal };
  let drawn = []; // what each paragraph of #claims shows
  let done = null; // the whole answer, once it is there
  let searching = false;
  let total = null; // articles in the library, once they are counted

  /** Clears the page for `question`. */
  function start(question) {
    view.citations.clear();
    view.near = [];
    drawn = [];
    done = null;
    $("#asked").textContent = question;
    for (const place of ["#claims", "#notice", "#sources ol", "#near ol"]) $(place).replaceChildren();
    for (const part of ["#meta", "#sources", "#near"]) $(part).hidden = true;
    wait(`Searching ${total === null ? "the articles" : counted(total)} …`);
    searching = true;
  }

  function setTotal(articles) {
    total = articles;
    if (searching) wait(`Searching ${counted(total)} …`);
    if (done) finish(done);
  }

  function wait(text) {
    $("#progress").textContent = text;
    $("#skeleton").hidden = drawn.length > 0;
  }

  function settle(text = "") {
    searching = false;
    $("#progress").textContent = text;
    $("#skeleton").hidden = true;
  }

  function evidence({ results = [] }) {
    view.near = results;
    const many = results.length;
    const outlets = new Set(results.map(({ article }) => article.outlet).filter(Boolean)).size;
    const from = outlets ? ` from ${plural(outlets, "outlet")}` : "";
    searching = false;
    if (many) wait(`Reading ${plural(many, "passage")}${from} …`);
  }

  /** One verified claim, with the citations that are new with it. */
  function claim(next) {
    for (const citation of next.cited ?? []) addSource(citation);
    draw(drawn.length, next);
    $("#skeleton").hidden = true;
  }

  /** The whole answer: it has the last word over what was streamed. */
  function finish(answer) {
    done = answer;
    const listed = new Set((answer.citations ?? []).map(({ number }) => number));
    for (const number of view.citations.keys()) if (!listed.has(number)) dropSource(number);
    (answer.citations ?? []).forEach(addSource);
    (answer.claims ?? []).forEach((next, i) => draw(i, next));
    for (const extra of drawn.splice(answer.claims?.length ?? 0)) extra.node.remove();
    settle();
    if (!answer.answered) abstain(answer);
    $("#meta").textContent = meta(answer, total);
    $("#meta").hidden = false;
  }

  function fail(problem) {
    settle();
    $("#notice").replaceChildren(failureNotice(problem, again));
  }

  function stop() {
    settle("Stopped.");
  }

  function abstain({ abstention, evidence: found }) {
    if (found) view.near = Array.isArray(found) ? found : (found.results ?? view.near);
    view.near = onePerArticle(view.near).slice(0, NEAR);
    $("#notice").replaceChildren(total === 0 ? emptyLibraryNotice(again) : abstentionNotice(abstention));
    $("#near ol").replaceChildren(...view.near.map((result, i) => passageElement(result, i + 1, openNear)));
    $("#near").hidden = view.near.length === 0;
  }

  // What already shows the same is left alone, here and in `draw`: it is neither read
  // out again nor does a button in it lose the focus.
  function addSource(citation) {
    const { number } = citation;
    const before = $(`#source-${number}`);
    if (before && JSON.stringify(view.citations.get(number)) === JSON.stringify(citation)) return;
    view.citations.set(number, citation);
    const node = citationElement(citation, openCitation);
    if (before) before.replaceWith(node);
    else $("#sources ol").append(node);
    $("#sources").hidden = false;
  }

  function dropSource(number) {
    view.citations.delete(number);
    $(`#source-${number}`)?.remove();
    $("#sources").hidden = view.citations.size === 0;
  }

  function draw(index, next) {
    const shows = JSON.stringify([next.text, next.citations, next.supported]);
    if (drawn[index]?.shows === shows) return;
    const citationOf = (number) => view.citations.get(number);
    const node = claimElement(next, { citationOf, open: openCitation });
    if (drawn[index]) drawn[index].node.replaceWith(node);
    else $("#claims").append(node);
    drawn[index] = { shows, node };
  }

  return view;
}

function onePerArticle(results) {
  const seen = new Set();
  return results.filter(({ article }) => !seen.has(article.id) && seen.add(article.id));
}

function plural(many, noun) {
  return `${many} ${noun}${many === 1 ? "" : "s"}`;
}

function meta(answer, total) {
  const took = answer.timings_ms?.total;
  const how = answer.mode === "model"
    ? `Written by ${answer.model || "a model"}, every statement checked against the articles`
    : "In the articles’ own words, without a model";
  return [
    answer.answered ? how : null,
    answer.degraded?.reason ? `Reduced service: ${answer.degraded.reason}` : null,
    total ? `${counted(total)} searched` : null,
    typeof took === "number" ? duration(took) : null,
  ].filter(Boolean).join(" · ");
}

function duration(ms) {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}
