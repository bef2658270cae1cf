/** The client of /v1/articles. */

import { request } from "./problem.js";

/** The article as it stands now, with its `body`. Throws: Problem (404: withdrawn or unknown). */
export async function fetchArticle(id, { signal } = {}) {
  const response = await request(`/v1/articles/${encodeURIComponent(id)}`, { signal });
  return response.json();
}

/** `{articles, total}`: at most `limit` articles, and how many the library holds. */
export async function fetchLibrary(limit) {
  const response = await request(`/v1/articles?limit=${limit}`);
  return response.json();
}
