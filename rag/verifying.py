"""A draft against what it points at: supported as it stands, supported by other sentences of the evidence, or not at all.

Five things have to hold: words between quotation marks stand in what is cited; each number, date and name stands there or
in the article's header; whoever is said to have said it did; nobody does what was done to them; the support check finds the
claim borne out. Where they do not, the evidence is searched for sentences that make them hold before the claim is given up.
A model may be wrong about where, and right about what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from rag.attributing import misattribution
from rag.citations import Draft, Pointer, is_verbatim, quoted_words
from rag.corrections import Corrections, shows_both
from rag.domain import Evidence, Query, Reading
from rag.facts import MissingFact, missing_facts
from rag.numbering import Line, full_day, lines_of
from rag.roles import Exchange, exchanges
from rag.support import Claimed, Support
from rag.terms import stems

# Sentences of the evidence that may take over a claim, and those around what was cited that may stand beside it.
_MOST_LIKELY = 4
_NEAR = 3
_MOST_BESIDE = 2
# A support check may cost a call for each.
_MOST_TRIES = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """`draft` points at what supports it, where anything does; `why` says what does not hold, where nothing does."""

    draft: Draft
    supported: bool
    repointed: bool = False
    why: str = ""


class Verifier:
    """Checks the drafts of one answer after the other. Holds no state of any."""

    def __init__(self, support: Support) -> None:
        self._support = support

    async def verify(self, draft: Draft, query: Query, evidence: Evidence) -> Verdict:
        """Raises ProviderError where the support check asks a model."""
        corrections = Corrections(evidence.readings.values())
        tries = [Grounded.of(draft.pointers, draft.text, corrections)] if draft.pointers else []
        if tries and tries[0].holds and (await self._scores(draft, tries))[0] >= self._support.threshold:
            return Verdict(draft, supported=True)
        others = [Grounded.of(pointers, draft.text, corrections) for pointers in _elsewhere(draft, evidence)]
        tries += [ground for ground in others if ground.holds][:_MOST_TRIES]
        scores = await self._scores(draft, tries)
        for ground, score in zip(tries, scores, strict=True):
            if ground.holds and score >= self._support.threshold:
                return Verdict(replace(draft, pointers=ground.pointers), supported=True, repointed=True)
        first = tries[0] if tries else None
        return Verdict(draft, supported=False, why=first.fault if first and not first.holds else "not borne out")

    async def _scores(self, draft: Draft, tries: Sequence[Grounded]) -> list[float]:
        if not tries:
            return []
        return await self._support.scores([ground.claimed for ground in tries])


@dataclass(frozen=True, slots=True)
class Grounded:
    """A claim on one set of pointers, and what it says that they do not."""

    pointers: tuple[Pointer, ...]
    claimed: Claimed
    missing: tuple[MissingFact, ...]
    unquoted: tuple[str, ...]
    misattributed: str | None = None

    @classmethod
    def of(cls, pointers: Sequence[Pointer], text: str, corrections: Corrections) -> Grounded:
        """What was corrected bears out only a claim that says so."""
        if shows_both(text):
            corrections = Corrections(())
        cited = tuple(corrections.without_wrong(p.reading, p.span) for p in pointers)
        claimed = Claimed(text, cited, _context(pointers, corrections))
        unquoted = tuple(words for words in quoted_words(text) if not is_verbatim(words, cited))
        misattributed = misattribution(Draft(text, tuple(pointers)))
        return cls(tuple(pointers), claimed, missing_facts(claimed), unquoted, misattributed)

    @property
    def holds(self) -> bool:
        return not (self.missing or self.unquoted or self.misattributed or self.exchanged)

    @property
    def exchanged(self) -> tuple[Exchange, ...]:
        """What the claim has the other way round; its sources' headlines count among what it may rest on."""
        return exchanges(self.claimed.text, (*self.claimed.cited, self.claimed.context))

    @property
    def fault(self) -> str:
        if self.unquoted:
            return f"quoted words stand in no sentence that it cites: {self.unquoted[0]}"
        if self.misattributed:
            return self.misattributed
        if not self.missing:
            (first, *_) = self.exchanged
            return f"what it cites has it the other way round ({first.kind}): {first.what}"
        return f"no sentence that it cites has the {self.missing[0].kind} {self.missing[0].text}"


def _context(pointers: Sequence[Pointer], corrections: Corrections) -> str:
    """What a reader sees beside the cited words: the articles' headers, and who speaks in them."""
    known: dict[str, None] = {}
    for pointer in pointers:
        article = pointer.reading.article
        day = full_day(article.published_at) if article.published_at else ""
        known[" — ".join(part for part in (corrections.header_without_wrong(article), article.outlet, day) if part)] = (
            None
        )
        if pointer.speaker:
            known[f"{pointer.speaker.role or ''} {pointer.speaker.name}".strip()] = None
    return "\n".join(known)


def _elsewhere(draft: Draft, evidence: Evidence) -> Iterator[tuple[Pointer, ...]]:
    """Other sets of pointers for the draft, fewest sentences first."""
    wanted = stems(draft.text)
    shared = [(len(wanted & stems(line.text)), n, line) for n, line in enumerate(_lines(evidence))]
    ordered = [line for count, _, line in sorted(shared, key=lambda each: (-each[0], each[1])) if count]
    near = [line for line in ordered if _is_near(line, draft.pointers)][:_MOST_LIKELY]
    likely = ordered[:_MOST_LIKELY]
    for count in range(1, _MOST_BESIDE + 1):
        # One sentence that says it all is the best citation; then what was cited with what it leans on.
        for others in combinations(likely, count):
            yield tuple(map(pointer, others))
        for beside in combinations(near, count):
            yield (*draft.pointers, *map(pointer, beside))


def _lines(evidence: Evidence) -> list[Line]:
    """Every sentence of the evidence once, passages in their order."""
    lines = (
        line for scored in evidence.passages for line in lines_of(evidence.readings[scored.article.id], scored.passage)
    )
    return list({(line.reading.article.id, line.sentence): line for line in lines}.values())


def _is_near(line: Line, pointers: Sequence[Pointer]) -> bool:
    for cited in pointers:
        if cited.reading.article.id == line.reading.article.id:
            at = _sentence_at(cited.reading, cited)
            if 0 < abs(line.sentence - at) <= _NEAR:
                return True
    return False


def _sentence_at(reading: Reading, cited: Pointer) -> int:
    return next((n for n, span in enumerate(reading.sentences) if span.overlaps(cited.span)), 0)


def pointer(line: Line) -> Pointer:
    """To a sentence of the evidence, with whoever speaks in it."""
    said = (s.speaker for s in line.reading.statements if s.speaker and s.span.overlaps(line.span))
    return Pointer(line.reading, line.span, next(said, None))
