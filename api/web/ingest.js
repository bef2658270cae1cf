/** The client of POST /v1/ingest, streamed: files and addresses, in so many requests as they need. */

import { Problem, request } from "./problem.js";
import { readEvents } from "./sse.js";

// One request's share, well below what the service takes at once; a larger file goes alone.
const MOST_FILES = 100;
const MOST_BYTES = 20_000_000;
const MOST_ADDRESSES = 20;

const COUNTS = ["new", "updated", "unchanged", "near_copies", "withdrawn"];

const TITLES = {
  403: "This key may not load articles",
  404: "This server loads nothing over the network",
  413: "That is too large at once",
  422: "Nothing could be loaded",
};

/**
 * Loads `sources`, `{files, addresses}`, and returns the report: counts of articles, and `skipped`. `told` hears
 * `{articles, share}` as it goes; `share`, of the bytes that are known of, is null before the first is read.
 * What was loaded before something failed is in `problem.report`.
 *
 * Throws: Problem; DOMException "AbortError" where `signal` was aborted.
 */
export async function ingest(sources, { told, signal }) {
  const lots = lotsOf(sources);
  const whole = { ...Object.fromEntries(COUNTS.map((name) => [name, 0])), skipped: [] };
  const refused = [];
  for (const [i, lot] of lots.entries()) {
    const before = read(whole);
    const tell = ({ articles, bytes_read: done, bytes_total: all }) => told({
      articles: before + articles, share: all ? (i + done / all) / lots.length : i ? i / lots.length : null,
    });
    try {
      add(whole, await load(lot, { tell, signal }));
    } catch (problem) {
      // A lot of which nothing could be read is no reason to leave the others out.
      if (problem.status !== 422 || lots.length === 1) throw Object.assign(problem, { report: read(whole) ? whole : null });
      refused.push(problem);
      whole.skipped.push({ where: lot.names.join(", "), reason: problem.detail });
    }
  }
  if (refused.length === lots.length) throw refused[0];
  return whole;
}

/** How many articles a report tells of. */
export function read(report) {
  return report.new + report.updated + report.unchanged + report.withdrawn; // near-copies are among the new and updated
}

function lotsOf({ files = [], addresses = [] }) {
  const lots = [];
  let bytes = Infinity;
  for (const file of files) {
    if (bytes + file.size > MOST_BYTES || lots.at(-1).files.length === MOST_FILES) {
      lots.push({ files: [], addresses: [], names: [] });
      bytes = 0;
    }
    lots.at(-1).files.push(file);
    lots.at(-1).names.push(file.name);
    bytes += file.size;
  }
  for (let i = 0; i < addresses.length; i += MOST_ADDRESSES) {
    const some = addresses.slice(i, i + MOST_ADDRESSES);
    lots.push({ files: [], addresses: some, names: some });
  }
  return lots;
}

function add(whole, report) {
  for (const name of COUNTS) whole[name] += report[name] ?? 0;
  whole.skipped.push(...(report.skipped ?? []));
}

async function load(lot, { tell, signal }) {
  const body = new FormData();
  body.set("stream", "true");
  for (const file of lot.files) body.append("files", file, file.name);
  for (const address of lot.addresses) body.append("url", address);
  try {
    const response = await request("/v1/ingest", { method: "POST", headers: { Accept: "text/event-stream" }, body, signal });
    for await (const { event, data } of readEvents(response.body)) {
      if (event === "progress") tell(JSON.parse(data));
      if (event === "report") return JSON.parse(data);
      if (event === "error") throw Problem.from(JSON.parse(data));
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    if (error instanceof Problem) throw worded(error, lot);
    // What it is cannot be told apart: a file that has changed or gone since it was chosen fails in the same way.
  }
  throw new Problem("The loading broke off", "The connection was lost before the report came. What was stored stays stored: load the same again, and only the rest is new.");
}

function worded(problem, { files }) {
  const sent = problem.status === 0 && files.length;
  const detail = sent
    ? "The connection broke while the files were sent. Is the server still running? Larger files than it takes are refused in this way, too."
    : problem.detail;
  return new Problem(TITLES[problem.status] ?? problem.title, detail, problem.status, problem.retryAfter);
}
