/** What went wrong, in words for the reader; and requests, which fail only with it. */

import { anotherKey, keyHeaders } from "./key.js";

const TITLES = {
  401: "This library needs a key",
  403: "Not allowed",
  404: "Not found",
  413: "That is too long",
  422: "That could not be asked",
  429: "Too many questions at once",
  500: "Something went wrong on the server",
  502: "A service behind this one did not answer",
  503: "The service is not ready",
  504: "A service behind this one did not answer in time",
};

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
    const title = TITLES[code] ?? (text(data?.title) || "Something went wrong");
    return new Problem(title, text(data?.detail), code, retryAfter);
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
    throw new Problem("The server cannot be reached", "Is it still running, and are you online?");
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
