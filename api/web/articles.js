/** The client of /v1/articles, /v1/people and /v1/statements. */

import { requestJson } from "./problem.js";

const path = (id) => `/v1/articles/${encodeURIComponent(id)}`;

/**
 * The article, with its `body`; as it stood in `revision`, where one is given.
 * Throws: Problem (404: withdrawn or unknown).
 */
export function fetchArticle(id, { revision = null, signal } = {}) {
  return requestJson(path(id) + (revision ? `?${new URLSearchParams({ revision })}` : ""), { signal });
}

/** The words at `span` of a revision, and what has become of them since. Throws: Problem. */
export function fetchCitation(id, { revision, span, signal }) {
  return requestJson(`${path(id)}/citation?${new URLSearchParams({ revision, start: span.start, end: span.end })}`, { signal });
}

/** Every revision that is kept, the first one first. Throws: Problem. */
export async function fetchRevisions(id, { signal } = {}) {
  return (await requestJson(`${path(id)}/revisions`, { signal })).revisions;
}

/** `{articles, total}`: at most `limit` articles, and how many the library holds. */
export function fetchLibrary(limit) {
  return requestJson(`/v1/articles?${new URLSearchParams({ limit })}`);
}

/** People whose words the library holds: those that `q` fits, else those with the most statements. */
export async function fetchPeople({ q = "", limit = 20 } = {}) {
  return (await requestJson(`/v1/people?${new URLSearchParams({ ...(q && { q }), limit })}`)).people;
}

/** A page of what `speaker` said, newest first: `{speakers, statements, next}`. Throws: Problem. */
export function fetchStatements({ speaker, about = "", cursor = null, signal }) {
  const query = new URLSearchParams({ speaker, limit: 30, ...(about && { about }), ...(cursor && { cursor }) });
  return requestJson(`/v1/statements?${query}`, { signal });
}
