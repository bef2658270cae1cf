/**
 * The page: what its address says is what it shows.
 *
 * Every step is an address of its own, so back, forward, reload and sharing work alike;
 * `show` is the one place where an address becomes a view.
 */

import { readAddress, threadAddress } from "./address.js";
import { filterFields } from "./filters.js";
import { emptyLibraryNotice, frontView } from "./front.js";
import { sourcesView } from "./sources.js";

const NAME = "On the Record";
const $ = (selector) => document.querySelector(selector);

const form = $("#ask");
const next = $("#follow-up");
const filters = filterFields(form);
const reader = whenNeeded(async () => (await import("./reader.js")).readerView({
  close: () => sources.close(), step: (by) => sources.step(by),
}));
const people = whenNeeded(async () => (await import("./people.js")).peopleView($("#people"), {
  go: goTo, openSource: (...source) => sources.open(...source), settled: sync, titled,
}));
const loading = whenNeeded(async () => (await import("./load.js")).loadView($("#load"), {
  loaded: () => front.renew(), ask: () => form.elements.q.focus(), titled,
}));
const thread = whenNeeded(async () => (await import("./thread.js")).threadView($("#thread"), {
  go: goTo, openSource: (...source) => sources.open(...source), settled,
  whenEmpty: () => (front.total() === 0 ? emptyLibraryNotice(() => thread.now.again(0)) : null),
}));
const sources = sourcesView({
  reader, holder: ({ kind, of }) => (kind === "said" ? people.now?.holder() : thread.now?.holder(of)),
});
const front = frontView({ ask });

/**
 * `open` and `shut` of a view that is fetched with its first `open`, or before by `fetch`; `now` is
 * the view, once it is there. So the first view waits for nothing that it does not show.
 */
function whenNeeded(make) {
  let made = null;
  let wanted = 0; // only the last wish is granted
  const lazy = {
    now: null,
    fetch: async () => { lazy.now = await (made ??= make()); },
    async open(...target) {
      const wish = (wanted += 1);
      await lazy.fetch();
      if (wish === wanted) await lazy.now.open(...target);
    },
    shut() {
      wanted += 1;
      lazy.now?.shut();
    },
  };
  return lazy;
}

function goTo(address) {
  const here = window.location.pathname + window.location.search === address;
  window.history[here ? "replaceState" : "pushState"](null, "", address);
  show();
}

/** Asks `question` anew, also where it is the one that stands there. */
function ask(question) {
  const address = threadAddress([{ question }], filters.read());
  const here = window.location.pathname + window.location.search === address;
  if ($("#front").contains(document.activeElement)) $("#main").focus({ preventScroll: true });
  window.scrollTo(0, 0);
  if (here && thread.now?.questions().length) return thread.now.again(0);
  return goTo(address);
}

function show() {
  const address = readAddress();
  const { view } = address;
  const changed = document.body.dataset.view !== view;
  document.body.dataset.view = view;
  $("#front").hidden = view !== "front";
  $("#answers").hidden = view !== "answer";
  $("#people").hidden = view !== "people";
  $("#load").hidden = view !== "load";
  if (view !== "answer") thread.shut();
  if (view !== "people") people.shut();
  if (view !== "load") loading.shut();
  if (view === "front") front.load();
  if (view === "answer") return showThread(address);
  if (view === "people" && people.now?.shows(address)) return sync();
  sources.shut({ refocus: false });
  form.elements.q.value = "";
  titled();
  if (view !== "article") reader.shut();
  if (view === "people") return people.open(address).then(sync);
  if (view === "load") return loading.open();
  if (changed) window.scrollTo(0, 0);
  if (view !== "article") return undefined;
  return reader.open({ id: address.article, revision: address.revision, cited: address.span, alone: true, titled });
}

function titled(what = "") {
  document.title = what ? `${what} · ${NAME}` : NAME;
}

function showThread({ questions, filters: chosen, shown }) {
  const standing = thread.now && threadAddress(thread.now.questions(), thread.now.limits());
  if (standing === threadAddress(questions, chosen)) return sources.sync(shown);
  sources.shut({ refocus: false });
  reader.shut();
  next.hidden = true;
  form.elements.q.value = questions[0].question;
  filters.fill(chosen);
  titled(questions.at(-1).question);
  return thread.open(questions, chosen);
}

// The whole thread stands: it can be asked on, and a source that the address names be opened.
function settled() {
  next.hidden = !thread.now.holder(null)?.answer;
  front.load();
  reader.fetch();
  sync();
}

function sync() {
  sources.mark();
  sources.sync(readAddress().shown);
}

// Whoever is about to ask will want what shows an answer.
form.addEventListener("focusin", () => thread.fetch(), { once: true });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = form.elements.q.value.trim();
  // A phone's keyboard would cover the answer.
  if (window.matchMedia("(pointer: coarse)").matches) form.elements.q.blur();
  if (question) ask(question);
  else form.elements.q.focus();
});

next.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = next.elements.next.value.trim();
  if (!question) return next.elements.next.focus();
  next.elements.next.value = "";
  return goTo(threadAddress([...thread.now.questions(), { question }], thread.now.limits()));
});

// Links within the page change its view and load nothing anew.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.origin !== window.location.origin || !/^\/($|people|load$|articles\/)/.test(link.pathname)) return;
  if (link.hash) return;
  event.preventDefault();
  goTo(link.pathname + link.search);
  window.scrollTo(0, 0);
  $("#main").focus({ preventScroll: true });
});

// As a real jump it would be an address, and close the reader.
$(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  $("#main").focus();
});

window.addEventListener("popstate", show);

show();
