/** What went wrong, in words for the reader; and requests that fail only with it. */

import { anotherKey, keyHeaders } from "./key.js";

const TITLES = {
  401: "This library needs a key",
  403: "Not allowed",
  404: "Not found",
  413: "That question is too long",
  422: "That question could not be asked",
  429: "Too many questions at once",
  500: "Something went wrong on the server",
  502: "A service behind this one did not answer",
  503: "The service is not ready",
  504: "A service behind this one did not answer in time",
};

/** An error whose `title` and `detail` are meant to be shown. */
export class Problem extends Error {
  constructor(title, detail = "", status = 0) {
    super(detail || title);
    this.name = "Problem";
    this.title = title;
    this.detail = detail;
    this.status = status;
  }

  /** From an RFC 9457 object; anything that is not text in it is ignored. */
  static from(data, status = 0) {
    const text = (value) => (typeof value === "string" ? value : "");
    const code = Number(data?.status) || status;
    const title = TITLES[code] ?? (text(data?.title) || "Something went wrong");
    return new Problem(title, text(data?.detail), code);
  }
}

/**
 * `fetch` with the visitor's key, every failure but an abort as a Problem.
 *
 * Throws: Problem; DOMException "AbortError" where `options.signal` was aborted.
 */
export async function request(path, options = {}) {
  const sent = keyHeaders();
  let response;
  try {
    response = await fetch(path, { ...options, headers: { ...options.headers, ...sent } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("The server cannot be reached", "Is it still running, and are you online?");
  }
  if (response.ok) return response;
  if (response.status === 401 && await anotherKey(sent)) return request(path, options);
  const data = await response.json().catch(() => null);
  throw Problem.from(data, response.status);
}
