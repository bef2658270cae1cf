/** The client of /v1/articles. */

import { request } from "./problem.js";

/**
 * The article, with its `body`; as it stood in `revision`, where one is given.
 * Throws: Problem (404: withdrawn or unknown).
 */
export async function fetchArticle(id, { revision = null, signal } = {}) {
  const query = revision ? `?${new URLSearchParams({ revision })}` : "";
  const response = await request(`/v1/articles/${encodeURIComponent(id)}${query}`, { signal });
  return response.json();
}

/** The words at `span` of a revision, and what has become of them since. Throws: Problem. */
export async function fetchCitation(id, { revision, span, signal }) {
  const query = new URLSearchParams({ revision, start: span.start, end: span.end });
  const response = await request(`/v1/articles/${encodeURIComponent(id)}/citation?${query}`, { signal });
  return response.json();
}

/** `{articles, total}`: at most `limit` articles, and how many the library holds. */
export async function fetchLibrary(limit) {
  const response = await request(`/v1/articles?limit=${limit}`);
  return response.json();
}
