/**
 * <onrecord-ask>: a question and its answers on any page.
 *
 *   <script type="module" src="https://news.example/static/widget.js"></script>
 *   <onrecord-ask token-url="/onrecord-token"></onrecord-ask>
 *
 * Attributes: `server` (where the service is; the place this file came from), `token` or
 * `token-url` (an address of the host page's own server that replies `{"token": ...}`), `lang`,
 * `question` (asked at once), `outlets` and `speakers` (names, separated by ";"), `heading`.
 * Properties: `token`, `strings` (see words.js), `filters` (of POST /v1/ask), and the method `ask(question)`.
 * Events: onrecord-ask, -claim, -answer, -error, and -open-citation, which can be cancelled.
 * Styles: the properties of widget.css, and ::part(form | field | button | answer | claim | chip | source).
 */

import { answerView } from "./answer.js";
import { ask } from "./ask.js";
import { element } from "./elements.js";
import { Problem } from "./problem.js";
import { Tokens } from "./tokens.js";
import { Words } from "./words.js";

const STYLES = ["answer.css", "widget.css"].map((name) => new URL(name, import.meta.url).href);
const REMEMBERED = 20; // turns before a question that go with it

let made = 0;

export class OnRecordAsk extends HTMLElement {
  static observedAttributes = ["question"];

  #root = this.attachShadow({ mode: "open" });
  #name = `onrecord-${(made += 1)}`;
  #tokens = new Tokens(this);
  #strings = {};
  #filters = null;
  #words = null;
  #turns = [];
  #running = null;
  #at = null;

  /** Texts in another language, by the names in words.js; set before the element is in the page. */
  get strings() { return this.#strings; }
  set strings(strings) { this.#strings = strings ?? {}; this.#draw(); }

  /** A token of POST /v1/tokens; with `token-url` one is fetched instead, and again when it has run out. */
  get token() { return this.#tokens.given; }
  set token(token) { this.#tokens.given = token; }

  /** `filters` of POST /v1/ask; null: those of the attributes. */
  get filters() { return this.#filters; }
  set filters(filters) { this.#filters = filters; }

  get server() { return new URL(this.getAttribute("server") ?? "/", import.meta.url).origin; }

  connectedCallback() {
    this.#draw();
    const question = this.getAttribute("question");
    if (question) this.ask(question);
  }

  disconnectedCallback() {
    this.#running?.abort();
  }

  attributeChangedCallback(name, before, question) {
    if (this.#at && question && question !== before) this.ask(question);
  }

  /** Asks `question`; what was asked before goes with it. True when the answer is there. */
  ask(question) {
    return this.#ask(question, []);
  }

  async #ask(question, ignored) {
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    this.#tell("ask", { question });
    const turn = this.#turn(question, ignored);
    try {
      return await this.#read(turn, mine);
    } catch (error) {
      if (error.name === "AbortError") {
        turn.view.stop();
        return false;
      }
      const problem = error instanceof Problem ? error : Problem.named("not_shown", { detail: error.message });
      turn.view.fail(problem);
      this.#tell("error", { question, title: problem.title, detail: problem.detail, status: problem.status });
      return false;
    }
  }

  async #read(turn, mine) {
    const { question, view } = turn;
    for await (const { event, data } of this.#events(this.#request(question, turn), mine.signal)) {
      if (this.#running !== mine) return false;
      if (event in view.on) view.on[event](data);
      if (event === "claim") this.#tell("claim", { question, claim: data });
      if (event === "answer") this.#tell("answer", { question, answer: data });
    }
    return view.answer !== null;
  }

  // A token that has run out is known by its refusal, and then another one is fetched, once.
  async* #events(body, signal) {
    const service = { base: this.server, headers: () => this.#tokens.headers() };
    try {
      yield* ask(body, { signal, service });
    } catch (error) {
      if (error.status !== 401 || !this.#tokens.renew()) throw error;
      yield* ask(body, { signal, service });
    }
  }

  #request(question, turn) {
    const before = this.#turns.slice(0, this.#turns.indexOf(turn)).filter(({ view }) => view.answer).slice(-REMEMBERED);
    const conversation = before.flatMap((each) => [
      { role: "user", content: each.question },
      { role: "assistant", content: each.view.answer.text || each.view.answer.abstention?.detail || "" },
    ]);
    const filters = this.#filters ?? this.#namedFilters();
    return {
      question,
      ...(Object.keys(filters).length && { filters }),
      ...(conversation.length && { conversation }),
      ...(turn.ignored.length && { ignore: turn.ignored }),
    };
  }

  #namedFilters() {
    const names = (attribute) => (this.getAttribute(attribute) ?? "").split(";").map((name) => name.trim()).filter(Boolean);
    const [outlets, speakers] = [names("outlets"), names("speakers")];
    return { ...(outlets.length && { outlets }), ...(speakers.length && { speakers }) };
  }

  #turn(question, ignored) {
    const turn = { question, ignored };
    const again = (kinds) => {
      for (const { view } of this.#turns.splice(this.#turns.indexOf(turn))) view.close();
      this.#ask(question, kinds);
    };
    turn.view = answerView({
      id: `${this.#name}-answer-${this.#turns.length + 1}`,
      question,
      ignored,
      words: this.#words,
      does: {
        openCitation: (number) => this.#openCitation(turn.view, number),
        openNear: (number) => this.#openNear(turn.view, number),
        ask: (next) => this.ask(next),
        again: () => again(ignored),
        stop: () => this.#running?.abort(),
        ignore: again,
      },
    });
    this.#turns.push(turn);
    this.#at.thread.append(turn.view.node);
    return turn;
  }

  // The host page may have a place of its own for it; else the source's card comes into view.
  #openCitation(view, number) {
    const citation = view.citations.get(number);
    if (!citation || !this.#tell("open-citation", { citation })) return;
    const card = view.node.querySelector(`[data-source="${number}"]`);
    for (const each of view.node.querySelectorAll("[data-source]")) each.classList.toggle("open", each === card);
    for (const chip of view.node.querySelectorAll("[data-cite]")) {
      chip.setAttribute("aria-expanded", String(Number(chip.dataset.cite) === number));
    }
    card.scrollIntoView({ block: "nearest" });
    card.tabIndex = -1;
    (card.querySelector("a") ?? card).focus({ preventScroll: true });
  }

  #openNear(view, number) {
    const { article, start, end, text } = view.near[number - 1];
    this.#tell("open-citation", { citation: { article, start, end, quote: text } });
  }

  /** False where the host page has cancelled it. */
  #tell(name, detail) {
    return this.dispatchEvent(new CustomEvent(`onrecord-${name}`, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  #draw() {
    if (!this.isConnected) return;
    this.#words = new Words({ locale: this.lang || "en-GB", strings: this.#strings });
    const words = this.#words;
    const heading = this.getAttribute("heading");
    const input = element("input", {
      part: "field", type: "text", name: "question", "aria-label": words.say("question"), placeholder: words.say("placeholder"),
      autocomplete: "off", enterkeyhint: "search",
    });
    const form = element("form", { part: "form", class: "question", role: "search", submit: (event) => {
      event.preventDefault();
      const question = input.value.trim();
      if (!question) return input.focus();
      input.value = "";
      input.placeholder = words.say("follow_up");
      return this.ask(question);
    } }, input, element("button", { part: "button", type: "submit" }, words.say("ask")));
    this.#at = { thread: element("div", { class: "thread" }) };
    this.#turns = [];
    this.#root.replaceChildren(
      ...STYLES.map((href) => element("link", { rel: "stylesheet", href, crossorigin: "anonymous" })),
      element("div", { class: "widget" },
        heading ? element("h2", { class: "heading" }, heading) : null,
        this.#at.thread, form,
        element("p", { class: "meta" }, words.say("powered"))),
    );
  }
}

customElements.define("onrecord-ask", OnRecordAsk);
