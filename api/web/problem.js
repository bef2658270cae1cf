/** What went wrong, in words for the reader; and requests, which fail only with it. */

import { anotherKey, keyHeaders } from "./key.js";
import { ENGLISH } from "./words.js";

const KNOWN = [401, 403, 404, 413, 422, 429, 500, 502, 503, 504]; // statuses with a title of ours

/** An error whose `title` and `detail` are meant to be shown; `retryAfter` is in seconds, or null. */
export class Problem extends Error {
  constructor(title, detail = "", status = 0, retryAfter = null) {
    super(detail || title);
    this.name = "Problem";
    this.title = title;
    this.detail = detail;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** From an RFC 9457 object; anything that is not text in it is ignored. */
  static from(data, status = 0, retryAfter = null) {
    const text = (value) => (typeof value === "string" ? value : "");
    const code = Number(data?.status) || status;
    if (KNOWN.includes(code)) return Problem.named(`error_${code}`, { detail: text(data?.detail), status: code, retryAfter });
    return text(data?.title)
      ? new Problem(data.title, text(data.detail), code, retryAfter)
      : Problem.named("error", { detail: text(data?.detail), status: code, retryAfter });
  }

  /** With the title `name` of words.js, and its detail where none is given: a widget says them in its own language. */
  static named(name, { detail = null, status = 0, retryAfter = null } = {}) {
    const problem = new Problem(ENGLISH.say(name), detail ?? ENGLISH.say(`${name}_detail`), status, retryAfter);
    return Object.assign(problem, { told: (words) => [words.say(name), detail ?? words.say(`${name}_detail`)] });
  }

  /** The title and the detail, in the language of `words` where they are ours. */
  told() {
    return [this.title, this.detail];
  }
}

/**
 * The server that the page came from. A widget has one of its own, elsewhere and with a token. `again`: whether a
 * request that was refused as it was sent may be tried once more, with another key.
 */
export const HERE = { base: "", headers: async () => keyHeaders(), again: anotherKey };

/**
 * `fetch` of a path of `service`, with every failure but an abort as a Problem.
 *
 * Throws: Problem; DOMException "AbortError" where `options.signal` was aborted.
 */
export async function request(path, { service = HERE, headers = {}, ...options } = {}) {
  const sent = { ...(await service.headers()), ...headers };
  let response;
  try {
    response = await fetch(service.base + path, { ...options, headers: sent });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw Problem.named("unreachable");
  }
  if (response.ok) return response;
  if (response.status === 401 && await service.again?.(sent)) return request(path, { service, headers, ...options });
  const data = await response.json().catch(() => null);
  const wait = Number(response.headers.get("Retry-After"));
  throw Problem.from(data, response.status, wait > 0 ? wait : null);
}

/** The JSON of a path; `body` is sent as JSON by POST. Throws as `request` does. */
export async function requestJson(path, { body, ...options } = {}) {
  const sent = body === undefined ? options : {
    ...options, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  return (await request(path, sent)).json();
}
