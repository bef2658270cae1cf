/** The client of POST /v1/ask, streamed. */

import { Problem, request } from "./problem.js";
import { readEvents } from "./sse.js";

/**
 * Yields `{event, data}`: evidence, then claims, and last the whole `answer`. `body` is the
 * request but for `stream`.
 *
 * Throws: Problem where the server refuses, reports an `error` event or stops before
 * the answer; "AbortError" where `signal` was aborted.
 */
export async function* ask(body, { signal, service } = {}) {
  const response = await request("/v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ ...body, stream: true }),
    signal,
    service,
  });
  try {
    for await (const message of readEvents(response.body)) {
      const data = JSON.parse(message.data);
      if (message.event === "error") throw Problem.from(data);
      yield { event: message.event, data };
      if (message.event === "answer") return;
    }
  } catch (error) {
    if (error instanceof Problem || error.name === "AbortError") throw error;
    throw Problem.named("broke_off");
  }
  throw Problem.named("broke_off");
}
