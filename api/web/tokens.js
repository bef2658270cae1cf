/**
 * Where the widget's right to ask comes from: a token, given or fetched, and never a key.
 *
 * `token-url` is an address of the host page's own server, which knows who its reader is, has
 * POST /v1/tokens mint a token with its key, and replies `{"token": "...", "expires_at": "..."}`.
 */

import { Problem } from "./problem.js";

const TIMEOUT_MS = 10_000;
const EARLY_MS = 5_000; // so long before its end a token is not sent any more

export class Tokens {
  given = null;
  #host;
  #fetched = null; // a promise of {token, ends}

  /** `host` has the attributes `token` and `token-url`. */
  constructor(host) {
    this.#host = host;
  }

  get #address() { return this.#host.getAttribute("token-url"); }

  /** Headers of a request, with a token where there is one. Throws: Problem. */
  async headers() {
    const token = this.given ?? this.#host.getAttribute("token") ?? (this.#address ? await this.#current() : null);
    return token ? { Authorization: `Bearer ${token}` } : {};
  }

  /** Forgets a fetched token; true where another one can be had. */
  renew() {
    this.#fetched = null;
    return Boolean(this.#address) && this.given === null && !this.#host.hasAttribute("token");
  }

  async #current() {
    const known = await this.#fetched?.catch(() => null);
    if (!known || known.ends < Date.now() + EARLY_MS) this.#fetched = this.#fetch();
    return (await this.#fetched).token;
  }

  async #fetch() {
    const failed = (why) => Problem.named("no_leave", { detail: why });
    const address = new URL(this.#address, document.baseURI);
    if (address.origin !== window.location.origin) {
      throw failed(`token-url is on ${address.origin}: give an address of this page's own server.`);
    }
    let reply;
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      reply = response.ok ? await response.json() : null;
    } catch {
      reply = null;
    }
    if (typeof reply?.token !== "string") throw failed("Its own server gave no token; try again later.");
    const ends = Date.parse(reply.expires_at);
    return { token: reply.token, ends: Number.isNaN(ends) ? Infinity : ends };
  }
}
