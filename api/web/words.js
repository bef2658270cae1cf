/**
 * What an answer's own furniture says, in one place: the widget's host page may translate it.
 *
 * `{name}` stands for a value. Nothing of an article goes through here but as such a value,
 * and every value ends up in a text node.
 */

const STRINGS = {
  searching: "Searching the articles …",
  reading: "Reading {passages} …",
  passages: "{n} passages",
  passages_one: "1 passage",
  articles: "{n} articles",
  articles_one: "1 article",
  statements: "{n} statements",
  statements_one: "1 statement",
  stopped: "Stopped.",
  stop: "Stop",
  again: "Try again",
  retry_in: "It asks for {seconds} seconds of patience.",
  sources: "Sources",
  near: "What there is instead",
  near_note: "The nearest passages in the library. They do not answer the question.",
  read: "Read in article",
  read_source: "Read source {number} in the article",
  read_passage: "Read passage {number} in the article",
  publisher: "Publisher’s page",
  new_tab: "opens in a new tab",
  also_in: "Also in: ",
  source: "{number}, source: {name}",
  unsupported: "no source found for this",
  untitled: "Untitled",
  abstained: "Not in these articles",
  no_evidence: "No article mentions what the question asks about.",
  weak_evidence: "Some articles come near the question, but none of them answers it.",
  model_declined: "The articles that were found do not answer the question.",
  nothing_verified: "No statement could be traced to the words of an article, so none is shown.",
  spoke_about: "What {speaker} does speak about:",
  everything: "everything",
  ask_about: "What did {speaker} say about “{topic}”?",
  understood: "Read out of the question",
  read_as: "Taken as: ",
  outlets: "outlet",
  sections: "section",
  people: "person",
  period: "period",
  parts: "in parts",
  latest: "newest first",
  spelling: "spelling",
  only: "only ",
  since: "since {day}",
  until: "until {day}",
  ignore: "Do not read this out of the question",
  heed: "Read this out of the question again",
  copy: "Copy",
  copy_plain: "Plain text",
  copy_markdown: "Markdown",
  copy_html: "HTML",
  copied: "Copied.",
  copy_by_hand: "Copying is not allowed here: select and copy it yourself.",
  right_asked: "Is this answer right?",
  was_it_right: "Was it right?",
  is_that_so: "Is that so?",
  right: "Right",
  wrong: "Wrong",
  not_there: "Not in the articles",
  is_there: "It is there",
  what_was_wrong: "What was wrong? (need not be said)",
  send: "Send",
  sending: "Sending …",
  kept: "Thank you: it is kept with the question.",
  not_kept: "It was not kept. {reason}",
  too_old: "The answer is too old: ask again.",
  by_model: "Written by {model}, every statement checked against the articles",
  a_model: "a model",
  extractive: "In the articles’ own words, without a model",
  degraded: "Reduced service: {reason}",
  error: "Something went wrong",
  error_401: "This library needs a key",
  error_403: "Not allowed",
  error_404: "Not found",
  error_413: "That is too long",
  error_422: "That could not be asked",
  error_429: "Too many questions at once",
  error_500: "Something went wrong on the server",
  error_502: "A service behind this one did not answer",
  error_503: "The service is not ready",
  error_504: "A service behind this one did not answer in time",
  no_leave: "This page could not get leave to ask",
  not_shown: "The answer could not be shown",
  unreachable: "The server cannot be reached",
  unreachable_detail: "Is it still running, and are you online?",
  broke_off: "The answer broke off",
  broke_off_detail: "The connection ended before the answer was complete. What stands here was checked.",
  asked_on: "Asked of On the Record",
  question: "Your question",
  placeholder: "Ask the news …",
  ask: "Ask",
  follow_up: "Ask a follow-up",
  powered: "Every statement points at the words of an article.",
};

const NUMERIC_DAY = /^\d{4}-\d\d-\d\d/;

/** `strings` take the place of ours by their names; `locale` writes days and numbers. */
export class Words {
  #strings;
  #long;
  #short;

  constructor({ locale = "en-GB", strings = {} } = {}) {
    this.locale = locale;
    this.#strings = { ...STRINGS, ...strings };
    this.#long = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    this.#short = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  }

  /** The string called `name`, with `values` in its places. */
  say(name, values = {}) {
    return String(this.#strings[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
  }

  /** "1 passage", "12,345 passages": the string `name` for `n` of them. */
  counted(name, n) {
    return this.say(n === 1 ? `${name}_one` : name, { n: n.toLocaleString(this.locale) });
  }

  /** "25 July 2025": the day as the publisher wrote it, not as the reader's clock sees it. */
  day(published) {
    return this.#format(this.#long, published);
  }

  /** "25 Jul 2025". */
  shortDay(published) {
    return this.#format(this.#short, published);
  }

  #format(style, published) {
    const date = NUMERIC_DAY.exec(published ?? "");
    const time = date ? Date.parse(`${date[0]}T00:00:00Z`) : NaN;
    return Number.isNaN(time) ? "" : style.format(time);
  }
}

export const ENGLISH = new Words();
