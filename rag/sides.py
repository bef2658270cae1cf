"""How it is shown that articles disagree: each side with who says it and when, the newest first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rag import wording
from rag.attributing import attributed, repeated
from rag.citations import Draft
from rag.corrections import Corrections
from rag.disagreement import Disagreement, Told
from rag.domain import Evidence, Query
from rag.holding import Held, learn_evidence
from rag.matching import Matcher, WordVectors, make_terms


def side(told: Told, *, earlier: bool = False) -> Draft:
    """One side in its article's own words."""
    return wording.placed(wording.reported(told.reading, told.sentence, told.sentence), earlier=earlier)


def both_sides(draft: Draft, rivals: Sequence[Told]) -> list[Draft]:
    """A draft and what says otherwise: what is older by a day or more is given as earlier."""
    own = draft.pointers[0].reading.article.published_at
    newest = max((day for day in (own.date() if own else None, *(r.published for r in rivals)) if day), default=None)
    age = -own.timestamp() if own else float("inf")
    sides = [(age, wording.placed(draft, earlier=bool(own and newest and own.date() < newest)))]
    sides += [(r.age, side(r, earlier=bool(r.published and newest and r.published < newest))) for r in rivals]
    return [shown for _, shown in sorted(sides, key=lambda each: each[0])]


@dataclass(slots=True)
class Telling:
    """One model's answer as it is shown: who said what and when, and what says otherwise, in the articles' own words."""

    query: Query
    disagreement: Disagreement
    _cited: set[tuple[str, int]] = field(default_factory=set)
    _owed: list[Draft] = field(default_factory=list)
    _rivals: list[Told] = field(default_factory=list)
    _dated: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, query: Query, evidence: Evidence, vectors: WordVectors) -> Telling:
        terms = make_terms(query.topic, query.names, {}, 0, question=query.text, language=query.language or "en")
        matcher = Matcher(terms, vectors, language=query.language or "en")
        learn_evidence(matcher, evidence)
        corrections = Corrections(evidence.readings.values())
        return cls(query, Disagreement(query, evidence, corrections, Held(matcher)))

    def shown(self, draft: Draft) -> Draft:
        """A verified draft as it is shown; the newest in its place, where the latest is asked for and it is not."""
        cited = [
            (p.reading, n) for p in draft.pointers for n, s in enumerate(p.reading.sentences) if s.overlaps(p.span)
        ]
        self._cited.update((reading.article.id, n) for reading, n in cited)
        rivals = {id(rival): rival for reading, n in cited for rival in self.disagreement.rivals(reading, n)}
        opposed = sorted(rivals.values(), key=lambda each: each.age)
        own = min((Told(reading, n, (), ()).age for reading, n in cited), default=0.0)
        if self.query.latest and opposed and opposed[0].age < own:
            newest = opposed[0]
            self._cited.add((newest.reading.article.id, newest.sentence))
            self._owed.append(wording.placed(draft, earlier=True))
            return side(newest)
        self._rivals += opposed
        return self._placed(attributed(draft), always=bool(opposed) or self.query.latest)

    def missing(self) -> Iterator[Draft]:
        """What says otherwise and was not cited, once the model is done."""
        yield from self._owed
        for rival in list({id(rival): rival for rival in self._rivals}.values())[:_MOST_RIVALS]:
            if (rival.reading.article.id, rival.sentence) not in self._cited:
                yield side(rival)

    def _placed(self, draft: Draft, *, always: bool) -> Draft:
        """With its outlet and day, where that matters and the answer has not said it of these articles yet."""
        articles = {p.reading.article.id for p in draft.pointers}
        tells = always or wording.floats(draft.text) or bool(repeated(draft.text, draft.pointers))
        if not tells or articles <= self._dated:
            return draft
        self._dated |= articles
        return wording.dated(draft)


_MOST_RIVALS = 2
