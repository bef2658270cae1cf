/** Articles into the library: files that are chosen or dropped, and addresses, with progress and a report. */

import { dropped } from "./dropped.js";
import { element } from "./elements.js";
import { ingest, read } from "./ingest.js";
import { otherKey } from "./key.js";
import { failureNotice } from "./notices.js";
import { Problem } from "./problem.js";
import { ENGLISH as words } from "./words.js";

const LISTED = 50; // of what was skipped

const DID = {
  new: (n) => `${articles(n)} new`,
  updated: (n) => `${n} corrected: they have a new revision`,
  unchanged: (n) => `${n} unchanged: already here`,
  withdrawn: (n) => `${n} withdrawn`,
  near_copies: (n) => `${n} of these nearly the same as another, which counts as one story`,
};

const articles = (n) => words.counted("articles", n);

/** `place` takes the view; `loaded()` hears when the library has changed, `ask()` starts a question. */
export function loadView(place, { loaded, ask, titled }) {
  const at = places(choose, fetchAddresses, () => running?.abort());
  let running = null;
  let shown = false;

  // A file dropped beside the zone would take the page's place in the browser.
  window.addEventListener("dragover", (event) => { if (shown) over(event, true); });
  window.addEventListener("dragleave", (event) => { if (shown && !event.relatedTarget) over(event, false); });
  window.addEventListener("drop", async (event) => {
    if (!shown) return;
    over(event, false);
    start(await dropped(event.dataTransfer));
  });
  window.addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });

  function over(event, on) {
    event.preventDefault();
    at.zone.classList.toggle("over", on && !running);
  }

  function choose() {
    start({ files: [...at.files.files] });
    at.files.value = ""; // so that the same one, mended, can be chosen again
  }

  function fetchAddresses(event) {
    event.preventDefault();
    const addresses = at.address.value.split(/\s+/).filter(Boolean).map((each) => (each.includes("://") ? each : `https://${each}`));
    if (addresses.length) start({ addresses });
    else at.address.focus();
  }

  async function start({ files = [], addresses = [] }) {
    if (running || files.length + addresses.length === 0) return;
    running = new AbortController();
    busy(true);
    at.progress.textContent = files.length ? `Sending ${named(files)} …` : `Fetching ${addresses.length === 1 ? addresses[0] : `${addresses.length} addresses`} …`;
    const again = () => start({ files, addresses });
    try {
      const report = await ingest({ files, addresses }, { told, signal: running.signal });
      at.address.value = "";
      close(reportElement(report, ask));
    } catch (error) {
      close(...failed(error, again));
    }
  }

  // A count twice a second is for the eye; what is said aloud changes only when the reading begins.
  function told({ articles: n, share }) {
    if (at.progress.textContent !== "Reading …") at.progress.textContent = "Reading …";
    at.count.textContent = articles(n);
    if (share === null) at.bar.removeAttribute("value");
    else at.bar.value = share;
  }

  function failed(error, again) {
    if (error.name === "AbortError") {
      return [element("div", { class: "notice" }, element("h3", {}, "Stopped"),
        element("p", {}, "What was stored until then stays stored."))];
    }
    const problem = error instanceof Problem ? error : new Problem("The articles could not be loaded", error.message);
    const notice = failureNotice(problem, again);
    if (problem.status === 403) {
      notice.append(element("p", {}, "Loading needs a key with the scope ", element("code", {}, "write"), "; yours has others."),
        element("p", {}, element("button", { type: "button", class: "plain", click: async () => {
          if (await otherKey("It has to have the scope “write”. It is kept in this tab alone.")) again();
        } }, "Use another key")));
    }
    return [notice, ...(problem.report ? [reportElement(problem.report, ask)] : [])];
  }

  function close(...shows) {
    running = null;
    const focused = document.activeElement;
    busy(false);
    at.outcome.replaceChildren(...shows);
    // The button that was pressed could not keep the focus; who has gone on elsewhere keeps theirs.
    if (focused.contains(place) || place.contains(focused)) at.outcome.focus();
    loaded();
  }

  function busy(is) {
    if (is) at.outcome.replaceChildren();
    if (is) at.bar.removeAttribute("value");
    at.count.textContent = "";
    at.underWay.hidden = !is;
    at.fields.disabled = is;
    at.zone.classList.remove("over");
  }

  function open() {
    shown = true;
    titled("Load articles");
    if (!place.childElementCount) place.replaceChildren(...at.all);
  }

  return { open, shut: () => { shown = false; } };
}

function places(choose, fetchAddresses, stop) {
  const at = {
    files: element("input", { type: "file", id: "files", class: "unseen", multiple: true, "aria-describedby": "load-note", change: choose }),
    address: element("input", { id: "address", name: "address", type: "text", inputmode: "url", autocomplete: "off", autocapitalize: "none",
      spellcheck: "false", placeholder: "https://outlet.example/feed.xml" }),
    bar: element("progress", { max: 1, "aria-label": "Read of what was sent" }),
    progress: element("p", { class: "progress", role: "status" }),
    count: element("p", { class: "progress count" }),
    outcome: element("div", { class: "outcome", role: "status", tabindex: "-1" }),
  };
  at.zone = element("label", { class: "zone", for: "files" }, at.files,
    element("span", {}, element("b", {}, "Choose files"), " or drop files and folders here"));
  at.fields = element("fieldset", { class: "ways" },
    element("legend", { class: "unseen" }, "What to load"),
    at.zone,
    element("form", { class: "find", submit: fetchAddresses },
      element("label", { for: "address" }, "or fetch a page, a feed, a sitemap or a file from its address"),
      at.address, element("button", { type: "submit", class: "plain" }, "Fetch")));
  at.underWay = element("div", { class: "under-way", hidden: true }, at.bar, at.progress, at.count,
    element("button", { type: "button", class: "plain stop", click: stop }, "Stop"));
  at.all = [
    element("h2", { class: "asked" }, "Load articles"),
    element("p", { class: "note", id: "load-note" },
      "Text, HTML, RSS and Atom, JSON, CSV, WARC, or an archive of them: what a file is, is told by its content. What is here already is not stored twice."),
    at.fields, at.underWay, at.outcome,
  ];
  return at;
}

function named(files) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const amount = size < 1e5 ? `${Math.max(1, Math.round(size / 1e3))} kB` : `${(size / 1e6).toFixed(1)} MB`;
  return `${files.length === 1 ? files[0].name : `${files.length} files`}, ${amount},`;
}

/** The report in words. */
function reportElement(report, ask) {
  const did = Object.keys(DID).filter((name) => report[name]);
  const title = read(report) === 0 ? "There was no article in it" : report.new + report.updated ? "Loaded" : "Nothing new";
  return element("div", { class: "notice report" },
    element("h3", {}, title),
    did.length ? element("ul", {}, did.map((name) => element("li", { "data-did": name }, DID[name](report[name])))) : null,
    report.skipped.length ? skippedElement(report.skipped) : null,
    read(report) ? element("p", {}, element("button", { type: "button", class: "plain", click: ask }, "Ask something")) : null);
}

function skippedElement(skipped) {
  const more = skipped.length - LISTED;
  return element("div", { class: "skipped" },
    element("h4", {}, `${skipped.length === 1 ? "One thing was" : `${skipped.length.toLocaleString(words.locale)} things were`} left out`),
    element("ul", {}, skipped.slice(0, LISTED).map(({ where, reason }) => element("li", {},
      element("b", { dir: "auto" }, where), " ", element("span", { dir: "auto" }, reason)))),
    more > 0 ? element("p", {}, `and ${more.toLocaleString(words.locale)} more; the command `, element("code", {}, "onrecord ingest"), " lists all.") : null);
}
