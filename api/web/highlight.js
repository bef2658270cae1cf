/**
 * A body and spans of it -> paragraphs of pieces, each highlighted or not.
 *
 * Pure. Spans are half-open and count code points, as everywhere in the system, whereas
 * JavaScript's strings count UTF-16 units: an emoji before the words shifts them by one.
 */

/** Positions of code points `offsets` in UTF-16 units; beyond the end, the end. */
export function toUnits(text, offsets) {
  const units = new Map();
  const wanted = [...new Set(offsets)].sort((a, b) => a - b);
  let unit = 0;
  let point = 0;
  for (const offset of wanted) {
    while (point < offset && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    units.set(offset, unit);
  }
  return offsets.map((offset) => units.get(offset));
}

/**
 * One list of pieces for each line of `body` that is not blank. A piece is `{text, kind, change}`:
 * `kind` is "cited" within `cited`, else "also" within one of `others`, else null; `change` is
 * "removed" or "added" where one of `changes` (`{old, added}`, in order) says so, else null.
 */
export function paragraphs(body, cited, others = [], changes = []) {
  const spans = [cited, ...others].filter(Boolean);
  const marked = [
    ...spans.map((span) => ({ ...span, kind: span === cited ? "cited" : "also" })),
    ...changes.map(({ old, added }) => ({ ...old, kind: "removed", added })),
  ];
  const units = toUnits(body, marked.flatMap(({ start, end }) => [start, end]));
  const ranges = marked.map((span, i) => ({ ...span, from: units[2 * i], to: units[2 * i + 1] }));
  const additions = ranges.filter(({ added }) => added?.trim());
  const all = lines(body);
  const shown = [];
  for (const line of all) {
    // What was added between two paragraphs is one of its own.
    while (additions.length && additions[0].to < line.from) shown.push([paragraph(additions.shift())]);
    const within = [];
    while (additions.length && isWithin(additions[0], line)) within.push(additions.shift());
    shown.push(pieces(body, line, ranges, within));
  }
  return [...shown, ...additions.map((range) => [paragraph(range)])];
}

function lines(body) {
  const found = [];
  let from = 0;
  for (const text of body.split("\n")) {
    if (text.trim()) found.push({ from, to: from + text.length });
    from += text.length + 1;
  }
  return found;
}

const isWithin = ({ to, added }, line) => to < line.to || (to === line.to && !added.startsWith("\n"));

const addition = ({ added }) => ({ text: added, kind: null, change: "added" });
const paragraph = ({ added }) => addition({ added: added.trim() });

function pieces(body, line, ranges, additions) {
  const within = ranges.filter(({ from, to }) => from < line.to && to > line.from);
  const edges = [...within.flatMap(({ from, to }) => [from, to]), ...additions.map(({ to }) => to)];
  const inside = edges.filter((edge) => edge > line.from && edge < line.to);
  const cuts = [...new Set([line.from, ...inside, line.to])].sort((a, b) => a - b);
  const addedAt = (edge) => additions.filter(({ to }) => to === edge).map(addition);
  return [...addedAt(line.from), ...cuts.slice(1).flatMap((to, i) => {
    const over = within.filter((range) => range.from <= cuts[i] && range.to >= to).map(({ kind }) => kind);
    const kind = ["cited", "also"].find((each) => over.includes(each)) ?? null;
    const change = over.includes("removed") ? "removed" : null;
    return [{ text: body.slice(cuts[i], to), kind, change }, ...addedAt(to)];
  })];
}
