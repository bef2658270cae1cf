"""Which of the good candidates are shown, and as what: the best, what says otherwise, what adds to it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag import wording
from rag.candidates import Candidate, repeats
from rag.citations import Draft
from rag.corrections import Corrections, Note
from rag.disagreement import Disagreement
from rag.domain import Evidence, Query
from rag.holding import Held
from rag.matching import Matcher, best_of
from rag.sides import both_sides

# A further sentence for another part of the question needs that, less so much.
NEARLY_ENOUGH = 0.05
MOST_CLAIMS = 3
# A long question has parts: a claim that meets this much more of it is shown too.
_GAIN, _MANY_TERMS = 0.15, 8
# A further claim is shown where it is nearly as good as the first; words of the one who was asked for, more readily.
_NEARLY, _NEARLY_SAID = 0.45, 0.85
# The newest is looked for among sentences that score so much of the best; the scores are powers, and fall fast.
_NEWEST_AMONG = 0.25


@dataclass(frozen=True, slots=True)
class Selecting:
    """For one question and its evidence; `enough` is the share of the question that an answer to it holds."""

    query: Query
    evidence: Evidence
    matcher: Matcher
    corrections: Corrections
    held: Held
    enough: float

    def drafts(
        self, good: Sequence[Candidate], made: Callable[[Candidate], Draft], *, told: bool = False
    ) -> Iterator[Draft]:
        """The chosen ones, each once; what was corrected gives way to what has it right, else to the correction."""
        notes = {id(c): self._correction(c) for c in good}
        upheld = [
            c
            for c in good
            if not (note := notes[id(c)])
            or not any(self._puts_right(note, other) for other in good if not notes[id(other)])
        ]
        chosen = self._chosen(upheld or good)
        drafts = [wording.corrected(note) if (note := notes[id(c)]) else made(c) for c in chosen]
        if told and not notes[id(chosen[0])]:
            drafts[:1] = self._sides(chosen[0], drafts[0])
        yield from each_once(drafts)[:MOST_CLAIMS]

    def _sides(self, best: Candidate, draft: Draft) -> list[Draft]:
        """The best draft, with what says otherwise elsewhere; where the latest is asked for, with its day."""
        disagreement = Disagreement(self.query, self.evidence, self.corrections, self.held)
        rivals = disagreement.rivals(best.reading, best.last)
        if rivals:
            return both_sides(draft, rivals)
        return [wording.placed(draft) if self.query.latest else draft]

    def _correction(self, candidate: Candidate) -> Note | None:
        """The note that the candidate is part of, or that says otherwise."""
        for n in range(candidate.first, candidate.last + 1):
            reading = candidate.reading
            note = self.corrections.note_at(reading, n) or self.corrections.superseding(reading, n)
            if note is not None:
                return note
        return None

    def _puts_right(self, note: Note, candidate: Candidate) -> bool:
        return self.corrections.puts_right(note, candidate.span.of(candidate.reading.article.body))

    def _chosen(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The best, then those nearly as good that say something else or cover other words; the newest first if asked."""
        ordered = sorted(candidates, key=lambda c: -c.score)
        best = ordered[0]
        nearly = _NEARLY_SAID if best.statements else _NEARLY
        if self.query.latest:
            among = nearly if best.statements else _NEWEST_AMONG
            near = [c for c in ordered if c.score >= among * best.score]
            ordered = sorted(near, key=lambda c: (-c.published, -c.score))
            best = ordered[0]
        chosen = [best]
        for candidate in ordered[1:]:
            if len(chosen) == MOST_CLAIMS:
                break
            if any(repeats(candidate, other) for other in chosen) or candidate.own < 0.5 * best.own:
                continue
            covered = best_of(*(c.credits for c in chosen))
            gain = self.matcher.coverage(best_of(covered, candidate.credits)) - self.matcher.coverage(covered)
            holds_enough = candidate.coverage >= self.enough - NEARLY_ENOUGH
            of_a_part = holds_enough and gain >= _GAIN and len(self.matcher.terms) >= _MANY_TERMS
            if candidate.score >= nearly * best.score or of_a_part:
                chosen.append(candidate)
        return chosen


def each_once(drafts: Sequence[Draft]) -> list[Draft]:
    """Without what repeats an earlier one: its words, or the place that it points at."""
    kept: list[Draft] = []
    for draft in drafts:
        places = {(p.reading.article.id, p.span) for p in draft.pointers}
        if not any(
            draft.text == other.text or places == {(p.reading.article.id, p.span) for p in other.pointers}
            for other in kept
        ):
            kept.append(draft)
    return kept
