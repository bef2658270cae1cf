"""Who said what in an article, and when: direct and indirect quotations with their speakers.

Pure: rules, no model. A quotation without an attribution (a title, a scare quote) is no statement, unless it is a
whole sentence whose speaker stands next to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from rag.domain import Span, Speaker, Statement
from rag.sentences import paragraph_spans, sentence_spans
from rag.speech.attributions import Attribution, attributions
from rag.speech.days import day_named
from rag.speech.people import People, all_units
from rag.speech.phrases import Range
from rag.speech.quotations import Quotation, quotations
from rag.speech.speakers import Speakers
from rag.speech.titles import is_title, is_told, is_work
from rag.speech.tokens import Unit, units
from rag.speech.vocabulary import QUOTED_ONLY, UTTERED

_DASHES = frozenset("— – ― - ‒".split())
_LEADS_UP = frozenset({":", ",", *_DASHES})
_LONGEST_SIGNATURE = 14
# What is done to works as often as words are said: "wrote “The Long Harbour”", "is back with “Harbour Nights”".
_DONE_TO_WORKS = frozenset({"write"}) | QUOTED_ONLY - UTTERED
_ARTICLES = frozenset("the a an".split())


class _Teller(NamedTuple):
    """Whose words a quotation without a cue is taken for, and when they were said."""

    speaker: Speaker | None
    source: Span | None
    said_on: date | None


@dataclass(slots=True)
class _Draft:
    """A statement in the making; `last_unit` is where it ends so far."""

    parts: list[Span]
    quotes: list[Span]
    speaker: Speaker | None
    cue: Span | None
    source: Span | None
    last_unit: int
    said_on: date | None = None
    denied: bool = False
    last_quotation: Quotation | None = field(default=None)

    def add(self, quotation: Quotation, unit: int) -> None:
        self.parts.append(quotation.outer)
        self.quotes.append(quotation.inner)
        self.last_unit = max(unit, self.last_unit)
        self.last_quotation = quotation

    def teller(self) -> _Teller:
        return _Teller(self.speaker, self.source, self.said_on)

    def statement(self) -> Statement:
        span = Span(min(part.start for part in self.parts), max(part.end for part in self.parts))
        return Statement(
            span, tuple(sorted(self.quotes)), self.speaker, self.cue, self.said_on, self.denied, self.source
        )


def statements(
    body: str, sentences: Sequence[Span], *, title: str = "", published_on: date | None = None
) -> tuple[Statement, ...]:
    """The statements of a body in order of their words.

    `sentences` are the body's own (`sentence_spans`; empty means these). `title` only helps to find full names.
    `said_on` is the day named with the cue, counted back from `published_on`, else `published_on`; None where another
    time is named.
    """
    return _Reader(body, sentences or sentence_spans(body), title, published_on).read()


class _Reader:
    """Reads one body from top to bottom."""

    def __init__(self, body: str, sentences: Sequence[Span], title: str, published_on: date | None) -> None:
        paragraphs = paragraph_spans(body)
        self.units = units(body, paragraphs, sentences, quotations(body, paragraphs))
        self.published_on = published_on
        self.body = body
        self.speakers = Speakers(body, self.units, People(self.units, all_units([title])))
        self.drafts: list[_Draft] = []
        # A cue at the end of its unit waits here for the quotation that opens the next one.
        self.open_cue: _Draft | None = None
        self.open_cue_unit = -2

    def read(self) -> tuple[Statement, ...]:
        for number, unit in enumerate(self.units):
            self._unit(number, unit)
        found = [draft.statement() for draft in self.drafts if draft.parts]
        return tuple(sorted(found, key=lambda statement: (statement.span.start, statement.span.end)))

    def _unit(self, number: int, unit: Unit) -> None:
        found = [each for each in attributions(unit) if not self._names_a_title(unit, each)]
        taken: set[int] = set()
        made: list[_Draft] = []
        for attribution in found:
            draft = self._draft(number, unit, attribution)
            taken.update(at for part in attribution.content for at in range(part.start, part.end))
            made.append(draft)
        loose = [at for at in unit.quoted if at not in taken]
        signed = _signature(unit) if 0 in loose else None
        if signed is not None:
            made.append(self._draft(number, unit, signed))
            loose.remove(0)
        for at in list(loose):
            if self._carried_on(number, unit, at):
                loose.remove(at)
        waiting = self.open_cue if self.open_cue_unit == number - 1 else None
        if waiting is not None and loose and loose[0] == 0:
            waiting.add(unit.quoted[loose.pop(0)], number)
            self.drafts.append(waiting)
        made_of = [draft for draft in made if draft.parts]
        self.drafts.extend(made_of)
        for at in list(loose):
            if made_of and at > 0 and unit.tokens[at - 1].text == "." and at + 1 >= len(unit.tokens):
                made_of[-1].add(unit.quoted[at], number)
                loose.remove(at)
        self._loose(number, unit, loose, made)
        if made and not made[-1].parts and _ends_open(unit):
            self.open_cue, self.open_cue_unit = made[-1], number

    def _draft(self, number: int, unit: Unit, attribution: Attribution) -> _Draft:
        tokens = unit.tokens
        source = attribution.source
        speaker = self.speakers.speaker(number, source) if source is not None else None
        # "..., she said on the programme “Harbour Talk”": the title carries nothing on.
        more = (part for part in attribution.content[1:] if not self._is_title(unit, part))
        content = (*attribution.content[:1], *more)
        quoted = [unit.quoted[at] for part in content for at in range(*part) if at in unit.quoted]
        return _Draft(
            parts=[_span(unit, part) for part in content],
            quotes=[quotation.inner for quotation in quoted],
            speaker=speaker,
            cue=_span(unit, attribution.cue),
            source=_span(unit, source) if source is not None else None,
            last_unit=number,
            said_on=day_named(tokens, attribution, self.published_on),
            denied=attribution.denied,
            last_quotation=quoted[-1] if quoted else None,
        )

    def _names_a_title(self, unit: Unit, attribution: Attribution) -> bool:
        """Whether a title stands for words ("Also showing: “The Long Harbour”"), or no more than "the" speaks."""
        source = attribution.source
        if source is not None and source.end - source.start == 1 and unit.tokens[source.start].low in _ARTICLES:
            return True
        if unit.tokens[attribution.cue.start].text == ":":
            return bool(attribution.content) and self._is_title(unit, attribution.content[0])
        if attribution.lemma not in _DONE_TO_WORKS:
            return False
        quoted = [unit.quoted[at] for part in attribution.content for at in range(*part) if at in unit.quoted]
        return bool(quoted) and all(is_work(each.inner.of(self.body)) for each in quoted)

    def _is_title(self, unit: Unit, part: Range) -> bool:
        quotation = unit.quoted.get(part.start)
        return quotation is not None and is_title(quotation.inner.of(self.body))

    def _carried_on(self, number: int, unit: Unit, at: int) -> bool:
        """Adds a quotation that the paragraph before left open, or that follows its speaker's first words."""
        quotation = unit.quoted[at]
        last = self.drafts[-1] if self.drafts else None
        if last is None:
            return False
        before = last.last_quotation
        opened = before is not None and before.goes_on and at == 0
        follows = (
            last.last_unit == number - 1
            and self.units[last.last_unit].paragraph == unit.paragraph
            and at == 0
            and before is not None
            and _is_sentence(quotation, unit, at)
        )
        same_unit = last.last_unit == number and at > 0 and at - 1 in unit.quoted and before is unit.quoted[at - 1]
        if opened or follows or same_unit:
            last.add(quotation, number)
            self.speakers.again(number, last.speaker)
            return True
        return False

    def _loose(self, number: int, unit: Unit, loose: Sequence[int], made: Sequence[_Draft]) -> None:
        """Statements from quotations that no cue of their unit takes: whole sentences by a speaker next to them."""
        for at in loose:
            quotation = unit.quoted[at]
            if _is_sentence(quotation, unit, at):
                teller = self._neighbour(number, unit, made)
            elif is_told(quotation.inner.of(self.body), unit.tokens, at):
                teller = self._within(number, unit, at, made) or self._nobody(unit, at)
            else:
                continue
            if teller is None:
                continue
            speaker, source, said_on = teller
            draft = _Draft([], [], speaker, None, source, number, said_on)
            draft.add(quotation, number)
            self.drafts.append(draft)
            self.speakers.again(number, speaker)

    def _neighbour(self, number: int, unit: Unit, made: Sequence[_Draft]) -> _Teller | None:
        if made:
            return made[-1].teller()
        last = self.drafts[-1] if self.drafts else None
        if last is not None and number - last.last_unit <= 1:
            return last.teller()
        if number > 0:
            subject = self.speakers.subject(number - 1)
            if subject is not None:
                return _Teller(*subject, self.published_on)
        if last is not None and number - last.last_unit <= 2:
            return last.teller()
        return None

    def _nobody(self, unit: Unit, at: int) -> _Teller | None:
        """Nobody known, where the words are led up to as said ones are: "..., ...: “...”"."""
        led_up_to = at > 2 and unit.tokens[at - 1].text in _LEADS_UP
        return _Teller(None, None, self.published_on) if led_up_to else None

    def _within(self, number: int, unit: Unit, at: int, made: Sequence[_Draft]) -> _Teller | None:
        """Who says a part of a sentence that no cue takes: whoever is named right behind, speaks before or is its subject."""
        if unit.tokens[at].low == ",":
            named = self.speakers.behind(number, at + 1)
            if named is not None:
                return _Teller(*named, self.published_on)
        last = self.drafts[-1] if self.drafts else None
        if at == 0 and last is not None and number - last.last_unit <= 1:
            return last.teller()
        if made:
            return made[-1].teller()
        subject = self.speakers.opening(number, at)
        return _Teller(*subject, self.published_on) if subject is not None else None


def _span(unit: Unit, part: Range) -> Span:
    return Span(unit.tokens[part.start].start, unit.tokens[part.end - 1].end)


def _is_sentence(quotation: Quotation, unit: Unit, at: int) -> bool:
    """Whether a quotation is said words rather than a title or a scare quote."""
    alone = sum(token.kind != "p" for token in unit.tokens) == len(unit.quoted)
    long_enough = quotation.inner.end - quotation.inner.start >= 12
    return quotation.goes_on or (alone and long_enough)


def _signature(unit: Unit) -> Attribution | None:
    """The attribution of words that are signed: a quotation, a dash, a name, and nothing more."""
    tokens = unit.tokens
    end = len(tokens) - (tokens[-1].text == ".")
    if not 3 <= end <= 2 + _LONGEST_SIGNATURE or tokens[0].kind != "q" or tokens[1].text not in _DASHES:
        return None
    if not all(token.kind == "w" or token.text == "," for token in tokens[2:end]) or not tokens[2].capital:
        return None
    if not tokens[end - 1].capital and "," not in {token.text for token in tokens[2:end]}:
        return None
    name_end = next((at for at in range(2, end) if tokens[at].text == ","), end)
    return Attribution(Range(1, 2), Range(2, name_end), (Range(0, 1),), "sign")


def _ends_open(unit: Unit) -> bool:
    return bool(unit.tokens) and (unit.tokens[-1].text in {":", ","} or unit.tokens[-1].kind == "w")
