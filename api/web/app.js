/**
 * The page: what its address says is what it shows.
 *
 * Every step is an address of its own, so back, forward, reload and sharing work alike;
 * `show` is the one place where an address becomes a view.
 */

import { questionAddress, readAddress } from "./address.js";
import { answerView } from "./answer.js";
import { ask } from "./ask.js";
import { filterFields, requestFilters } from "./filters.js";
import { frontView } from "./front.js";
import { Problem } from "./problem.js";
import { readerView } from "./reader.js";
import { sourcesView } from "./sources.js";

const KEPT = 20; // answers that "back" can show without asking again

const $ = (selector) => document.querySelector(selector);

const form = $("#ask");
const filters = filterFields(form);
const answer = answerView({
  openCitation: (number, button) => sources.open({ kind: "cite", number }, button),
  openNear: (number, button) => sources.open({ kind: "near", number }, button),
  again: () => visit(form.elements.q.value.trim()),
});
const reader = readerView({ close: () => sources.close(), step: (by) => sources.step(by) });
const sources = sourcesView({ answer, reader });
const front = frontView({ ask: visit, read: goTo, counted: answer.counted });
const earlier = new Map(); // address of a question -> the events of its answer

let running = null; // AbortController of the question being asked
let current = null; // address of the question on the page

function goTo(address) {
  window.history.pushState(null, "", address);
  window.scrollTo(0, 0);
  show();
}

/** Asks `question`, also where it is the one that stands there. */
function visit(question) {
  const address = questionAddress(question, filters.read());
  const here = window.location.pathname + window.location.search === address;
  earlier.delete(address);
  current = null;
  if ($("#front").contains(document.activeElement)) $("#main").focus({ preventScroll: true });
  window.history[here ? "replaceState" : "pushState"](null, "", address);
  window.scrollTo(0, 0);
  show();
}

function show() {
  const address = readAddress();
  const view = address.article ? "article" : address.question ? "answer" : "front";
  document.body.dataset.view = view;
  $("#front").hidden = view !== "front";
  $("#answer").hidden = view !== "answer";
  if (view === "answer") return showQuestion(address);
  leaveQuestion();
  if (view === "article") {
    return reader.open({ id: address.article, revision: address.revision, cited: address.span, alone: true });
  }
  return reader.shut();
}

function showQuestion({ question, filters: chosen, shown }) {
  const address = questionAddress(question, chosen);
  if (address === current) return sources.sync(shown);
  sources.shut({ refocus: false });
  reader.shut();
  current = address;
  form.elements.q.value = question;
  filters.fill(chosen);
  document.title = `${question} · On the Record`;
  return run(question, chosen, address);
}

function leaveQuestion() {
  running?.abort();
  sources.shut({ refocus: false });
  current = null;
  form.elements.q.value = "";
  document.title = "On the Record";
}

async function run(question, chosen, address) {
  running?.abort();
  const mine = new AbortController();
  const live = () => running === mine;
  running = mine;
  $("#stop").hidden = false;
  answer.start(question);
  try {
    for await (const { event, data } of events(question, chosen, address, mine.signal)) {
      if (!live()) return;
      if (event in answer.on) answer.on[event](data);
    }
    sources.mark();
    sources.sync(readAddress().shown);
  } catch (error) {
    if (live()) failed(error);
  } finally {
    if (live()) $("#stop").hidden = true;
  }
}

function failed(error) {
  if (error.name === "AbortError") return answer.stop();
  if (error instanceof Problem) return answer.fail(error);
  console.error(error);
  return answer.fail(new Problem("The answer could not be shown", error.message));
}

// Going back shows the answer that stood there and asks nobody again; the reader
// still fetches the article as it is now.
async function* events(question, chosen, address, signal) {
  if (earlier.has(address)) return yield* earlier.get(address);
  const seen = [];
  for await (const item of ask(question, { filters: requestFilters(chosen), signal })) {
    seen.push(item);
    if (item.event === "answer") keep(address, seen);
    yield item;
  }
}

function keep(address, seen) {
  earlier.set(address, seen);
  if (earlier.size > KEPT) earlier.delete(earlier.keys().next().value);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = form.elements.q.value.trim();
  // A phone's keyboard would cover the answer.
  if (window.matchMedia("(pointer: coarse)").matches) form.elements.q.blur();
  if (question) visit(question);
  else form.elements.q.focus();
});

$("#stop").addEventListener("click", () => {
  running?.abort();
  form.elements.q.focus();
});

// As a real jump it would be an address, and close the reader.
$(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  $("#main").focus();
});

window.addEventListener("popstate", show);

front.load();
show();
