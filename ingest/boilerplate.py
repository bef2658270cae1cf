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
    BYLINE,
    CREDIT_AFTER,
    NAME_ALONE,
    PLAYER_MESSAGE,
    PLAYER_SIGN,
    READ_MORE,
    SHARE_RUN,
    SHARE_SIGNS,
    WRITER,
    rule_for,
)
from ingest.feet import foot, life_of_its_writer
from ingest.headlines import LIST_HEAD, TOPIC_HEAD, asides

# A page that would lose more than half of its words, and not all, is about these things; it stays as it is.
_MOST_LOST = 0.5
_MOST_CAPTION_CHARS = 400
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

    def link(found: re.Match[str]) -> str:
        removed.append(Removed("link", found.group().strip()))
        return ""

    def player(found: re.Match[str]) -> str:
        removed.append(Removed("advertisement", found.group().strip()))
        return ""

    def shared(run: re.Match[str]) -> str:
        removed.append(Removed("share", run.group()))
        return " "

    whole = SHARE_RUN.sub(shared, text) if any(sign in text for sign in SHARE_SIGNS) else text
    if PLAYER_SIGN in text:
        whole = PLAYER_MESSAGE.sub(player, whole)
    lines = [" ".join(line.split()) for line in whole.split("\n")]
    if " Read more" in text:
        lines = [READ_MORE.sub(link, line) for line in lines]
    removed += _cut_captions(lines)
    # Before the rules, or a paragraph would go with its foot; and after them, for the line that is the last then.
    gone: dict[int, str] = {}
    removed += _cut_tails(lines, gone)
    gone |= _gone(lines)
    if gone:
        removed += _cut_tails(lines, gone)
    removed += [Removed(rule, lines[n]) for n, rule in sorted(gone.items())]
    kept = "\n".join(line for n, line in enumerate(lines) if n not in gone)
    kept = (re.sub(r"\n{3,}", "\n\n", kept) if "\n\n\n" in kept else kept).strip()
    lost = sum(len(each.line.split()) for each in removed)
    return Sifted(text, ()) if kept and lost and lost > _MOST_LOST * len(text.split()) else Sifted(kept, tuple(removed))


def _cut_captions(lines: list[str]) -> list[Removed]:
    """The captions, known by the credit at their end: `lines` has lost them, or their credits alone where it is all pictures.

    A paragraph longer than a caption loses a credit that ran into it.
    """
    found = {
        n: credit
        for n, line in enumerate(lines)
        if ("/" in line or " via " in line) and (credit := CREDIT_AFTER.search(line))
    }
    pictures = (
        sum(len(lines[n].split()) for n in found) > _MOST_LOST * sum(len(line.split()) for line in lines)
        if found
        else False
    )
    cut: list[Removed] = []
    for n, credit in found.items():
        if pictures or len(lines[n]) > _MOST_CAPTION_CHARS:
            cut.append(Removed("credit", credit.group().strip()))
            lines[n] = lines[n][: credit.start()]
        else:
            cut.append(Removed("caption", lines[n]))
            lines[n] = ""
    return cut


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
    gone |= dict.fromkeys(asides(lines, gone), "link")
    gone |= dict.fromkeys(_byline(lines, gone), "byline")
    left = [n for n, line in enumerate(lines) if line and n not in gone]
    return gone | {left[-1]: "life"} if life_of_its_writer([lines[n] for n in left]) else gone


def _cut_tails(lines: list[str], gone: dict[int, str]) -> list[Removed]:
    """The feet that the last line that stays ended with; `lines` has lost them, and `gone` gains a line that is left bare."""
    cut: list[Removed] = []
    for number in range(len(lines) - 1, -1, -1):
        if number in gone or not lines[number]:
            continue
        while (start := foot(lines[number])) is not None:
            cut.append(Removed("tail", lines[number][start:].strip()))
            lines[number] = lines[number][:start]
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
        elif (AGENCY_ALONE.fullmatch(lines[filled[0]]) or BYLINE.fullmatch(lines[filled[0]])) and any(
            n not in gone for n in filled[1:]
        ):
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
