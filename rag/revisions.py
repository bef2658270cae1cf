"""What changed between two revisions of a body, and where cited words stand now. Pure.

Lines are compared first, then the words within those that differ (difflib); offsets are code points, half-open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rag.domain import Span
from rag.rights import UNSPACED

_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|{UNSPACED}|(?:(?!{UNSPACED})\w)+|[^\w\s]")
_LINE = re.compile(r"[^\n]+")
_WORDLESS = re.compile(r"[^\w\n]*")
# difflib's time grows with the pairs of equal parts, and again with the length: beyond this a stretch is one change.
_MOST_WORK = 30_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """`old` of the earlier body became `new` of the later one; an empty `old` was added there, an empty `new` removed."""

    old: Span
    new: Span


def changes(old: str, new: str) -> tuple[Change, ...]:
    """In order, none touching another; outside of them both bodies are the same, character for character."""
    found: list[Change] = []
    at_old = at_new = 0
    for one, other in (*_same(old, new), (Span(len(old), len(old)), Span(len(new), len(new)))):
        change = _trimmed(old, new, Span(at_old, one.start), Span(at_new, other.start))
        if change is not None:
            found.append(change)
        at_old, at_new = one.end, other.end
    return tuple(_by_paragraph(_merged(found, old), old, new))


def moved(span: Span, old: str, new: str, changed: Sequence[Change]) -> Span | None:
    """Where the words of `old` at `span` stand in `new`; None where they do not stand there any more, to the letter.

    Of several places, the one that the changes lead to, else the nearest to it.
    """
    shift = 0
    for change in changed:
        if change.old.end <= span.start:
            shift = change.new.end - change.old.end
    words, expected = span.of(old), max(span.start + shift, 0)
    places = [match.start() for match in re.finditer(f"(?={re.escape(words)})", new)] if words else []
    if not places:
        return None
    start = min(places, key=lambda place: (abs(place - expected), place))
    return Span(start, start + len(words))


def _same(old: str, new: str) -> Iterator[tuple[Span, Span]]:
    """Spans of equal text in both, in order: whole lines, and words of lines that differ."""
    old_lines, new_lines = (_spans(_LINE, text) for text in (old, new))
    for equal, a, b in _blocks(old, old_lines, new, new_lines):
        if equal:
            yield from zip(old_lines[a], new_lines[b], strict=True)
        elif old_lines[a] and new_lines[b]:
            words, others = (
                _spans(_TOKEN, text, lines[0].start, lines[-1].end)
                for text, lines in ((old, old_lines[a]), (new, new_lines[b]))
            )
            for same, c, d in _blocks(old, words, new, others):
                if same:
                    yield from zip(words[c], others[d], strict=True)


def _spans(pattern: re.Pattern[str], text: str, start: int = 0, end: int | None = None) -> list[Span]:
    return [Span(*match.span()) for match in pattern.finditer(text, start, len(text) if end is None else end)]


def _blocks(old: str, one: Sequence[Span], new: str, other: Sequence[Span]) -> Iterator[tuple[bool, slice, slice]]:
    """Stretches of both lists that are equal, or not, in order."""
    a, b = [span.of(old) for span in one], [span.of(new) for span in other]
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    yield True, slice(0, head), slice(0, head)
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if _work(middle_a, middle_b) > _MOST_WORK:
        yield False, slice(head, len(a) - tail), slice(head, len(b) - tail)
    else:
        for tag, i, j, k, m in SequenceMatcher(None, middle_a, middle_b, autojunk=False).get_opcodes():
            yield tag == "equal", slice(head + i, head + j), slice(head + k, head + m)
    yield True, slice(len(a) - tail, len(a)), slice(len(b) - tail, len(b))


def _work(one: Sequence[str], other: Sequence[str]) -> int:
    counted = Counter(other)
    return sum(counted[each] for each in one) * min(len(one), len(other))


def _trimmed(old: str, new: str, one: Span, other: Span) -> Change | None:
    """The change between two places, without the blanks that both have at its edges; None where both are equal."""
    before, after = one.of(old), other.of(new)
    if before == after:
        return None
    least = min(len(before), len(after))
    head = 0
    while head < least and before[head] == after[head] and before[head].isspace():
        head += 1
    tail = 0
    while tail < least - head and before[-1 - tail] == after[-1 - tail] and before[-1 - tail].isspace():
        tail += 1
    return Change(Span(one.start + head, one.end - tail), Span(other.start + head, other.end - tail))


def _merged(found: Sequence[Change], old: str) -> list[Change]:
    merged: list[Change] = []
    for change in found:
        if merged:
            last = merged[-1]
            between = old[last.old.end : change.old.start]
            if _WORDLESS.fullmatch(between):  # two changes with no word between them read as one
                merged[-1] = Change(Span(last.old.start, change.old.end), Span(last.new.start, change.new.end))
                continue
        merged.append(change)
    return merged


def _by_paragraph(found: Sequence[Change], old: str, new: str) -> Iterator[Change]:
    """A paragraph that came or went, from break to break: of "A. [B.] C." and "A[. B]. C." the former is read."""
    for n, change in enumerate(found):
        limit = found[n + 1].old.start if n + 1 < len(found) else len(old)
        text = change.new.of(new) or change.old.of(old)
        by = text.find("\n")
        one_sided = change.old.start == change.old.end or change.new.start == change.new.end
        if one_sided and by > 0 and change.old.end + by <= limit:
            following = old[change.old.end : change.old.end + by]
            if text[:by] == following:
                yield Change(_shifted(change.old, by), _shifted(change.new, by))
                continue
        yield change


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
