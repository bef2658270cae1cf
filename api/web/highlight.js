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

/** `text[start:end]` by code points. */
export function slice(text, { start, end }) {
  return text.slice(...toUnits(text, [start, end]));
}

/** The span of `quote` in `text`, in code points, where it stands there exactly once; else null. */
export function find(text, quote) {
  const unit = quote ? text.indexOf(quote) : -1;
  if (unit < 0 || text.indexOf(quote, unit + 1) >= 0) return null;
  const start = [...text.slice(0, unit)].length;
  return { start, end: start + [...quote].length };
}

/**
 * One list of `{text, kind}` for each line of `body` that is not blank; `kind` is
 * "cited" within `cited`, else "also" within one of `others`, else null.
 */
export function paragraphs(body, cited, others = []) {
  const spans = [cited, ...others].filter(Boolean);
  const units = toUnits(body, spans.flatMap(({ start, end }) => [start, end]));
  const ranges = spans.map((span, i) => ({
    kind: span === cited ? "cited" : "also",
    from: units[2 * i],
    to: units[2 * i + 1],
  }));
  return lines(body).map((line) => pieces(body, line, ranges));
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

function pieces(body, line, ranges) {
  const within = ranges.filter(({ from, to }) => from < line.to && to > line.from);
  const edges = within.flatMap(({ from, to }) => [from, to]);
  const inside = edges.filter((edge) => edge > line.from && edge < line.to);
  const cuts = [...new Set([line.from, ...inside, line.to])].sort((a, b) => a - b);
  return cuts.slice(1).map((to, i) => {
    const over = within.filter((range) => range.from <= cuts[i] && range.to >= to);
    const kind = over.some((range) => range.kind === "cited") ? "cited" : (over[0]?.kind ?? null);
    return { text: body.slice(cuts[i], to), kind };
  });
}
