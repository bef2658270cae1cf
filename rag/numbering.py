"""Evidence -> numbered passages with numbered sentences, as a chat model reads them, and back. Pure.

A number means a sentence of ours; there is no other way from a model's words to a citation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from rag.corrections import Corrections
from rag.domain import Evidence, Passage, Reading, Span
from rag.inert import visible

# Roughly right for English in any current vocabulary; other scripts use more, which the budget's slack covers.
_CHARS_PER_TOKEN = 3.6
# What looks like one of our numbers in an article's text would be taken for one.
_FALSE_NUMBER = re.compile(r"[\[【［〔](?=\s*\d[\d.,;\s–—-]*[\]】］〕])([^\]】］〕]*)[\]】］〕]")
_FENCE = re.compile(r"<{2,}|>{2,}|`{3,}|~{3,}|#{3,}|={3,}|-{3,}|\|{2,}")
# Servers read "<|im_end|>", "</s>" or "[INST]" within a text as the marks of a turn, whoever wrote them there.
_TURN_MARK = re.compile(r"\[(/?[A-Z_]{3,30})\]")
_ANGLES = str.maketrans({"<": "‹", ">": "›"})


@dataclass(frozen=True, slots=True)
class Line:
    """One numbered sentence."""

    reading: Reading
    sentence: int

    @property
    def span(self) -> Span:
        return self.reading.sentences[self.sentence]

    @property
    def text(self) -> str:
        return self.span.of(self.reading.article.body)


@dataclass(frozen=True, slots=True)
class Numbered:
    """What the model reads. `lines[p - 1][s - 1]` is the sentence `[p.s]`."""

    text: str
    lines: tuple[tuple[Line, ...], ...] = field(default=())

    def line(self, passage: int, sentence: int) -> Line | None:
        """None where there is no such sentence."""
        if not 0 < passage <= len(self.lines) or not 0 < sentence <= len(self.lines[passage - 1]):
            return None
        return self.lines[passage - 1][sentence - 1]

    def passage(self, number: int) -> tuple[Line, ...]:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ()


def number(evidence: Evidence, *, max_tokens: int) -> Numbered:
    """The passages in their order, as many as fit; the best one always, as many of its sentences as fit."""
    corrections = Corrections(evidence.readings.values())
    texts: list[str] = []
    numbered: list[tuple[Line, ...]] = []
    left = max_tokens * _CHARS_PER_TOKEN
    for scored in evidence.passages:
        reading = evidence.readings[scored.article.id]
        lines = lines_of(reading, scored.passage)
        head = f"[{len(numbered) + 1}] {shown_line(_heading(reading))}"
        shown = [f"[{len(numbered) + 1}.{n}] {_marked(line, corrections)}" for n, line in enumerate(lines, 1)]
        cost = len(head) + sum(len(text) + 1 for text in shown)
        if cost > left:
            if numbered:
                continue  # a shorter one further down may still fit
            while len(shown) > 1 and len(head) + sum(len(text) + 1 for text in shown) > left:
                shown.pop()
        left -= cost
        texts.append("\n".join([head, *shown]))
        numbered.append(tuple(lines[: len(shown)]))
    return Numbered("\n\n".join(texts), tuple(numbered))


def lines_of(reading: Reading, passage: Passage) -> list[Line]:
    """The sentences of a passage."""
    return [Line(reading, n) for n, span in enumerate(reading.sentences) if passage.span.holds(span)]


def _marked(line: Line, corrections: Corrections) -> str:
    """A sentence as the model reads it, with what is known of its standing before it."""
    text = shown_line(line.text)
    if (note := corrections.note_at(line.reading, line.sentence)) is not None and note.wrong:
        return f"(correction) {text}"
    return f"(wrong, corrected since) {text}" if corrections.superseding(line.reading, line.sentence) else text


def _heading(reading: Reading) -> str:
    article = reading.article
    day = full_day(article.published_at) if article.published_at else "no date"
    return f"{article.outlet or 'unknown outlet'}, {day}: {article.title}"


def full_day(moment: datetime) -> str:
    """ "Wednesday 12 April 2017": with the day of the week, by which articles name the days around them."""
    return moment.strftime("%A %-d %B %Y")


def shown_line(text: str) -> str:
    """An article's words on one line, without anything that reads like our own numbers, like a fence between parts, or
    like the marks of a turn."""
    plain = _FALSE_NUMBER.sub(r"(\1)", " ".join(visible(text).split()))
    return _TURN_MARK.sub(r"(\1)", _FENCE.sub(" ", plain)).translate(_ANGLES).strip()
