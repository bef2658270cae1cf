/**
 * Server-sent events from a fetch body.
 *
 * EventSource cannot POST, so the stream is read by hand. Lines end in LF, CRLF or
 * CR, and a chunk may end anywhere, also between the CR and the LF of one line end.
 */

/** Turns text, in pieces of any size, into events `{event, data}`. */
export class EventParser {
  #rest = "";
  #event = "";
  #data = [];

  /** The events that `text` completes, in order. */
  push(text) {
    // A CR at the very end is held back: it may be the first half of a CRLF.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    return lines.map((line) => this.#take(line)).filter(Boolean);
  }

  #take(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return null; // a comment: the server's heartbeat
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    return null;
  }

  #dispatch() {
    const message = this.#data.length
      ? { event: this.#event || "message", data: this.#data.join("\n") }
      : null;
    this.#event = "";
    this.#data = [];
    return message;
  }
}

/** Events of `stream` (bytes) as they arrive; cancels the stream when the caller stops. */
export async function* readEvents(stream) {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
