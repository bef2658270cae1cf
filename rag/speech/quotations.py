"""Find what stands between quotation marks.

Pure. Knows “ ”, „ “, « », straight ", '' (two apostrophes, as wires send them) and single marks, which must not be
taken for apostrophes. A mark that is never closed ends with its paragraph, or goes on where the next paragraph opens
with the same mark.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.domain import Span

_MARK = re.compile(r"[“”„‟«»\"]|''|``")
_OPENING = {"“": "”", "„": "“", "‟": "”", "«": "»", "``": "''", "”": "”", '"': '"', "''": "''"}
_SINGLE_OPEN = re.compile(
    r"(?<![\w’'‘)\]])['‘](?=[\w$£€…\[(])(?!(?:\d0s|em|til|tis|twas|cause|n|bout|round|im)\b)", re.IGNORECASE
)
_SINGLE_CLOSE = re.compile(r"(?<=[\w.,!?…%)\]—-])['’](?!\w)")
_SENTENCE_END = re.compile(r"[.!?…](?=\s)")
_LONGEST_SINGLE = 1_500


@dataclass(frozen=True, slots=True)
class Quotation:
    """One run of quoted words in one paragraph. `outer` has the marks, `inner` has not.

    `goes_on` says that the next paragraph carries it on with a repeated opening mark.
    """

    outer: Span
    inner: Span
    goes_on: bool = False


class _Run(NamedTuple):
    start: int
    inner_start: int
    inner_end: int
    end: int
    mark: str
    closed: bool


def quotations(body: str, paragraphs: Sequence[Span]) -> tuple[Quotation, ...]:
    """Every outermost quotation in order; none crosses a paragraph, none is empty."""
    found: list[Quotation] = []
    runs_of = [_runs(body, paragraph) for paragraph in paragraphs]
    for at, runs in enumerate(runs_of):
        following = runs_of[at + 1][0] if at + 1 < len(runs_of) and runs_of[at + 1] else None
        for run in runs:
            goes_on = (
                not run.closed
                and following is not None
                and following.mark == run.mark
                and following.start == paragraphs[at + 1].start
            )
            found.extend(_quotation(body, run, paragraphs[at], goes_on))
    return tuple(found)


def _quotation(body: str, run: _Run, paragraph: Span, goes_on: bool) -> Iterator[Quotation]:
    inner_start, inner_end, end = run.inner_start, run.inner_end, run.end
    if not run.closed and not goes_on and run.start > paragraph.start:
        # Somebody forgot the closing mark: the rest of the sentence is all that can be trusted.
        stop = _SENTENCE_END.search(body, inner_start, paragraph.end)
        inner_end = end = stop.end() if stop else paragraph.end
    text = body[inner_start:inner_end]
    inner_start += len(text) - len(text.lstrip())
    inner_end = inner_start + len(text.strip())
    if inner_start < inner_end:
        yield Quotation(Span(run.start, end), Span(inner_start, inner_end), goes_on)


def _runs(body: str, paragraph: Span) -> list[_Run]:
    """Double quotations of one paragraph, and single ones outside of these."""
    doubles = list(_doubles(body, paragraph))
    runs: list[_Run] = []
    at = paragraph.start
    for double in [*doubles, None]:
        stop = double.start if double else paragraph.end
        runs.extend(_singles(body, at, stop, paragraph))
        if double:
            runs.append(double)
            at = double.end
    return runs


def _doubles(body: str, paragraph: Span) -> Iterator[_Run]:
    opened: tuple[int, int, str] | None = None
    depth = 0
    for mark in _MARK.finditer(body, paragraph.start, paragraph.end):
        kind, start, end = mark.group(), mark.start(), mark.end()
        if kind == "''" and opened is not None and body[end : end + 1] == "'":
            start, end = start + 1, end + 1  # the first of three closes a quotation within this one
        tight_left = start > paragraph.start and not body[start - 1].isspace() and body[start - 1] not in "([—–-"
        tight_right = end < paragraph.end and (body[end].isalnum() or body[end] in "$£€…[(‘'“.—#@")
        if opened is None:
            may_open = (
                kind in _OPENING
                and (kind in "“„«``" or not tight_left or body[start - 1] == ":")
                and end < paragraph.end
            )
            opened, depth = ((start, end, kind) if may_open else None), 0
            continue
        if kind == _OPENING[opened[2]] or (kind in '“”"' and opened[2] in '“”"' and tight_left and not tight_right):
            if kind == opened[2] and tight_right and not tight_left:
                # A second opening mark: the first was never closed.
                yield (
                    _Run(opened[0], opened[1], start, start, opened[2], True)
                    if _ends(body, start)
                    else _lost(body, opened, start)
                )
                opened, depth = (start, end, kind), 0
                continue
            if depth and kind != opened[2]:
                depth -= 1
                continue
            yield _Run(opened[0], opened[1], start, end, opened[2], True)
            opened = None
        elif (kind == opened[2] and kind in "“„«") or (kind == "“" and opened[2] == '"' and not tight_left):
            depth += 1
    if opened is not None:
        yield _Run(opened[0], opened[1], paragraph.end, paragraph.end, opened[2], False)


def _ends(body: str, at: int) -> bool:
    return body[max(0, at - 2) : at].strip()[-1:] in (",", ".", "?", "!")


def _lost(body: str, opened: tuple[int, int, str], stop: int) -> _Run:
    """What an opening mark without a closing one before the next opening mark covers: its sentence."""
    end = _SENTENCE_END.search(body, opened[1], stop)
    cut = end.end() if end else stop
    return _Run(opened[0], opened[1], cut, cut, opened[2], True)


def _singles(body: str, start: int, stop: int, paragraph: Span) -> Iterator[_Run]:
    opening = _SINGLE_OPEN.search(body, start, stop)
    if opening is None:
        return
    closings = [found.start() for found in _SINGLE_CLOSE.finditer(body, start, stop)]
    while opening is not None:
        at = opening.start()
        close = _closing(body, closings, at)
        if close is None:
            if at == paragraph.start and opening.group() == "‘" and stop == paragraph.end:
                yield _Run(at, at + 1, stop, stop, "‘", False)
                return
            opening = _SINGLE_OPEN.search(body, at + 1, stop)
            continue
        yield _Run(at, at + 1, close, close + 1, opening.group(), True)
        opening = _SINGLE_OPEN.search(body, close + 1, stop)


def _closing(body: str, closings: list[int], opened_at: int) -> int | None:
    """The mark that closes a single quotation; an apostrophe after s ("the boys' club") only where nothing else does."""
    fallback: int | None = None
    first = bisect_right(closings, opened_at + 1)
    for close in closings[first : first + 20]:
        if close - opened_at > _LONGEST_SINGLE:
            break
        after = body[close + 1 : close + 3]
        if body[close - 1] in "sS" and after[:1] == " " and (after[1:].islower() or after[1:].isupper()):
            fallback = close if fallback is None else fallback
            continue
        return close
    return fallback
