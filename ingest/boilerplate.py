"""Lines that a page adds to its story: newsletter boxes, links to other stories, share bars, cookie notes. Pure.

Whole lines go, by strong cues alone: a sentence of the story that mentions a newsletter stays. Repetition over a corpus is
no cue: the lines that recur most are the names of the states in a daily round-up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.cues import (
    AGENCY_ALONE,
    CREDIT_AFTER,
    LIST_HEAD,
    NAME_ALONE,
    SHARE_RUN,
    TAIL,
    TAIL_CHARS,
    TOPIC_HEAD,
    WRITER,
    rule_for,
)

# A page that would lose more than half of its words, and not all, is about these things; it stays as it is.
_MOST_LOST = 0.5
# Headlines listed under "Related:".
_MOST_LISTED = 8
_HEADLINE_CHARS = 160


@dataclass(frozen=True, slots=True)
class Removed:
    """A line that was taken out, and the rule that took it."""

    rule: str
    line: str


@dataclass(frozen=True, slots=True)
class Sifted:
    """What stays of a text, and what goes."""

    kept: str
    removed: tuple[Removed, ...]


def without_boilerplate(text: str) -> str:
    """The clean text without the lines that are no story: nothing where it has no other, all where it is about them."""
    return sift(text).kept


def sift(text: str) -> Sifted:
    """`text` is clean (see `clean_text`), and so is what stays of it."""
    removed: list[Removed] = []

    def shared(run: re.Match[str]) -> str:
        removed.append(Removed("share", run.group()))
        return " "

    def credit(found: re.Match[str]) -> str:
        removed.append(Removed("credit", found.group().strip()))
        return ""

    lines = [" ".join(line.split()) for line in SHARE_RUN.sub(shared, text).split("\n")]
    lines = [CREDIT_AFTER.sub(credit, line) if "/" in line else line for line in lines]
    # Before the rules, or a paragraph would go with its foot; and after them, for the line that is the last then.
    gone: dict[int, str] = {}
    removed += _cut_tails(lines, gone)
    gone |= _gone(lines)
    removed += _cut_tails(lines, gone)
    removed += [Removed(rule, lines[n]) for n, rule in sorted(gone.items())]
    kept = "\n".join(line for n, line in enumerate(lines) if n not in gone)
    kept = re.sub(r"\n{3,}", "\n\n", kept).strip()
    lost = sum(len(each.line.split()) for each in removed)
    return Sifted(text, ()) if kept and lost and lost > _MOST_LOST * len(text.split()) else Sifted(kept, tuple(removed))


def _gone(lines: Sequence[str]) -> dict[int, str]:
    """The numbers of the lines that are no story, with their rules."""
    gone: dict[int, str] = {}
    for number, line in enumerate(lines):
        if number in gone or not line:
            continue
        if rule := rule_for(line):
            gone[number] = rule
            if LIST_HEAD.fullmatch(line):
                gone |= dict.fromkeys(_headlines_after(lines, number), "listed link")
        elif TOPIC_HEAD.fullmatch(line) and (headlines := _headlines_after(lines, number)):
            gone |= dict.fromkeys([number, *headlines], "listed link")
    return gone | dict.fromkeys(_byline(lines, gone), "byline")


def _cut_tails(lines: list[str], gone: dict[int, str]) -> list[Removed]:
    """The feet that the last line that stays ended with; `lines` has lost them, and `gone` gains a line that is left bare."""
    cut: list[Removed] = []
    for number in range(len(lines) - 1, -1, -1):
        if number in gone or not lines[number]:
            continue
        while found := TAIL.search(lines[number], max(0, len(lines[number]) - TAIL_CHARS)):
            cut.append(Removed("tail", found.group().strip()))
            lines[number] = lines[number][: found.start()]
        if not lines[number]:
            continue
        if not (rule := rule_for(lines[number])):
            break
        gone[number] = rule
    return cut


def _byline(lines: Sequence[str], gone: Mapping[int, str]) -> list[int]:
    """The lines of the bylines that what stays opens with: an agency alone, or names and under them whose writers they are."""
    filled = [n for n, line in enumerate(lines) if line and (n not in gone or WRITER.fullmatch(line))]
    found: list[int] = []
    while filled:
        if filled[0] in gone:  # a handle, which goes also by itself
            filled = filled[1:]
        elif AGENCY_ALONE.fullmatch(lines[filled[0]]) and any(n not in gone for n in filled[1:]):
            found, filled = [*found, filled[0]], filled[1:]
        elif (
            any(n not in gone for n in filled[2:])
            and NAME_ALONE.fullmatch(lines[filled[0]])
            and WRITER.fullmatch(lines[filled[1]])
        ):
            found, filled = [*found, *filled[:2]], filled[2:]
        else:
            break
    return found


def _headlines_after(lines: Sequence[str], number: int) -> list[int]:
    """The lines under a heading such as "Related:" down to the end of the text, if each looks like a headline."""
    rest = [n for n in range(number + 1, len(lines)) if lines[n]]
    listed = all(len(lines[n]) <= _HEADLINE_CHARS and not lines[n].endswith((".", "!", ":", "”", '"')) for n in rest)
    return rest if listed and len(rest) <= _MOST_LISTED else []
