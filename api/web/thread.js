/**
 * A question and those that follow up on it, each with its answer.
 *
 * What stands already is kept as long as the address still asks for it: going back, asking
 * on and taking one reading out ask only what is new.
 */

import { personAddress, threadAddress } from "./address.js";
import { answerView } from "./answer.js";
import { ask } from "./ask.js";
import { feedbackElement } from "./feedback.js";
import { requestLimits } from "./filters.js";
import { Problem } from "./problem.js";
import { ENGLISH } from "./words.js";

const KEPT = 20; // answers that "back" can show without asking again
const REMEMBERED = 20; // turns before a question that go with it

/**
 * `place` takes the answers. `go(address)` shows another address; `openSource(shown, button)` opens a
 * source; `whenEmpty()` is a notice where the library is empty; `settled()` hears when the last
 * question has its answer, or fails.
 */
export function threadView(place, { go, openSource, whenEmpty, settled }) {
  const earlier = new Map(); // address up to a question -> the events of its answer
  let turns = [];
  let filters = {};
  let running = null; // AbortController of the questions being asked

  /** Shows `questions`, `{question, ignored}` each, within `limits`. */
  async function open(questions, limits) {
    filters = limits;
    const keys = questions.map((_, i) => threadAddress(questions.slice(0, i + 1), limits));
    const same = turns.findIndex((turn, i) => turn.key !== keys[i]);
    const kept = same < 0 ? turns.length : same;
    if (kept === turns.length && kept === questions.length) return;
    running?.abort();
    for (const { view } of turns.splice(kept)) view.close();
    const mine = new AbortController();
    running = mine;
    for (let i = kept; i < questions.length; i += 1) {
      turns.push(turn(i, questions[i], keys[i]));
      if (i > 0) turns[i].view.node.scrollIntoView({ block: "start" });
      if (!await answered(turns[i], mine)) break;
    }
    if (running === mine) settled();
  }

  function turn(index, { question, ignored }, key) {
    const of = index + 1;
    const view = answerView({
      id: `answer-${of}`,
      question,
      ignored,
      does: {
        openCitation: (number, button) => openSource({ kind: "cite", number, of: ofOthers(of) }, button),
        openNear: (number, button) => openSource({ kind: "near", number, of: ofOthers(of) }, button),
        ask: (next) => go(threadAddress([{ question: next }], filters)),
        again: () => again(index),
        stop: () => running?.abort(),
        ignore: (kinds) => go(threadAddress(turns.map((each, i) => (i === index ? { ...each, ignored: kinds } : each)), filters)),
        feedback: feedbackElement,
        personAddress,
        whenEmpty,
      },
    });
    place.append(view.node);
    return { question, ignored, key, view };
  }

  // Where there is one answer its sources need not say whose they are.
  const ofOthers = (of) => (turns.length > 1 ? of : null);

  /** Asks the `index`th question once more, and those after it. */
  function again(index) {
    const questions = turns.map(({ question, ignored }) => ({ question, ignored }));
    for (const { key, view } of turns.splice(index)) {
      earlier.delete(key);
      view.close();
    }
    open(questions, filters);
  }

  /** False where the answer did not come to its end. */
  async function answered(asked, mine) {
    const { view } = asked;
    try {
      for await (const { event, data } of events(asked, mine.signal)) {
        if (running !== mine) return false;
        if (event in view.on) view.on[event](data);
      }
      return view.answer !== null;
    } catch (error) {
      failed(view, error);
      return false;
    }
  }

  function failed(view, error) {
    if (error.name === "AbortError") return view.stop();
    if (error instanceof Problem) return view.fail(error);
    console.error(error);
    return view.fail(Problem.named("not_shown", { detail: error.message }));
  }

  // Going back shows the answer that stood there and asks nobody again; the reader
  // still fetches the article as it is now.
  async function* events(asked, signal) {
    if (earlier.has(asked.key)) return yield* earlier.get(asked.key);
    const seen = [];
    for await (const item of ask(requestOf(asked), { signal })) {
      seen.push(item);
      if (item.event === "answer") keep(asked.key, seen);
      yield item;
    }
  }

  function requestOf(asked) {
    const before = turns.slice(0, turns.indexOf(asked)).slice(-REMEMBERED);
    const conversation = before.flatMap(({ question, view: { answer } }) => [
      { role: "user", content: question },
      { role: "assistant", content: answer?.text || answer?.abstention?.detail || ENGLISH.say("abstained") },
    ]);
    return {
      question: asked.question,
      ...requestLimits(filters),
      ...(conversation.length && { conversation }),
      ...(asked.ignored.length && { ignore: asked.ignored }),
    };
  }

  function keep(key, seen) {
    earlier.set(key, seen);
    if (earlier.size > KEPT) earlier.delete(earlier.keys().next().value);
  }

  /** Takes everything off the page. */
  function shut() {
    running?.abort();
    running = null;
    for (const { view } of turns.splice(0)) view.close();
  }

  return {
    open, shut, again,
    questions: () => turns.map(({ question, ignored }) => ({ question, ignored })),
    limits: () => filters,
    /** The answer that `of` names, from 1; null: the last one. */
    holder: (of) => (of === null ? turns.at(-1) : turns[of - 1])?.view ?? null,
  };
}
