"""How much of a question's words a sentence holds, and what stands around it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rag.candidates import sentences_of, text_of
from rag.domain import Evidence, Reading, Speaker
from rag.matching import Matcher, best_of, scaled

# What stands near the sentence counts less than what stands in it; `BESIDE` is what the sentences right after it are worth,
# `BEFORE` those right before it.
BESIDE = 0.5
BEFORE = 0.75
_LEAD, _NEAR = 0.65, 0.4
_NEAR_SENTENCES = 6


def learn_evidence(matcher: Matcher, evidence: Evidence) -> None:
    """Have the matcher know the words of all that is read, together: each look at word vectors costs as much as many words."""
    matcher.learn(_read(evidence))


def _read(evidence: Evidence) -> Iterator[str]:
    """Headlines, leads and sentences of what was found, as they are looked at later: so that each is read once."""
    for reading in evidence.readings.values():
        yield reading.article.header
        yield _lead_of(reading)
    for scored in evidence.passages:
        reading = evidence.readings[scored.article.id]
        first, last = sentences_of(reading, scored.passage.span)
        for n in range(first, last + 1):
            yield text_of(reading, n, n)


def _lead_of(reading: Reading) -> str:
    """The headline and the first two sentences."""
    return f"{reading.article.header} {text_of(reading, 0, min(1, len(reading.sentences) - 1))}"


@dataclass(slots=True)
class Held:
    """Credits of one question's terms, looked up once a sentence; the matcher has learnt the evidence."""

    matcher: Matcher
    _met: dict[tuple[str, int], tuple[float, ...]] = field(default_factory=dict)
    _leads: dict[str, tuple[float, ...]] = field(default_factory=dict)
    _attributed: dict[str, dict[int, Speaker]] = field(default_factory=dict)

    def around(self, reading: Reading, first: int, last: int) -> tuple[float, ...]:
        """What the sentences beside, the lead and the neighbourhood add, each at its discount."""
        count = len(reading.sentences)
        lists = [scaled(self.lead(reading), _LEAD)]
        reaches = ((first - 2, first, BEFORE), (last + 1, last + 2, BESIDE))
        near = ((first - _NEAR_SENTENCES, first - 2, _NEAR), (last + 2, last + 1 + _NEAR_SENTENCES, _NEAR))
        for start, stop, factor in (*reaches, *near):
            beside = [self.by(reading, n) for n in range(max(start, 0), min(stop, count))]
            if beside:
                lists.append(scaled(best_of(*beside), factor))
        return best_of(*lists)

    def by(self, reading: Reading, sentence: int) -> tuple[float, ...]:
        """What one sentence holds, with the name and the role of whoever says it."""
        key = (reading.article.id, sentence)
        if key not in self._met:
            text, speaker = text_of(reading, sentence, sentence), self._speaker_of(reading, sentence)
            if speaker is not None:
                text = f"{text} {speaker.name} {speaker.role or ''}"
            self._met[key] = self.matcher.credits(text)
        return self._met[key]

    def lead(self, reading: Reading) -> tuple[float, ...]:
        """What the headline and the first sentences say: news names its subject there and not again."""
        article = reading.article
        if article.id not in self._leads:
            self._leads[article.id] = self.matcher.credits(_lead_of(reading))
        return self._leads[article.id]

    def _speaker_of(self, reading: Reading, sentence: int) -> Speaker | None:
        """Whose words a sentence holds, where the article says so, also if only by "he said"."""
        spoken = self._attributed.get(reading.article.id)
        if spoken is None:
            spoken = {}
            for statement in reading.statements:
                if statement.speaker is not None:
                    first, last = sentences_of(reading, statement.span)
                    spoken |= dict.fromkeys(range(first, last + 1), statement.speaker)
            self._attributed[reading.article.id] = spoken
        return spoken.get(sentence)
