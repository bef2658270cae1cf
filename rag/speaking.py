"""Whose words a question asks for, found among those who speak in the evidence. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.domain import Reading, Speaker, Statement
from rag.matching import same_name
from rag.terms import is_stopword, words

_LEAST = 500
_HONORIFICS = frozenset("mr mrs ms miss dr sir dame lord lady prof professor".split())


@dataclass(frozen=True, slots=True)
class Voice:
    """Speakers that the question may mean, by name; `name` is the one to show."""

    name: str
    names: frozenset[str]


def find_voices(asked: str, readings: Iterable[Reading]) -> list[Voice]:
    """The speakers in the evidence that the words of the question name, those that agree best first.

    A bare surname means everybody of that name; a first name, where the article gives one, must agree; a role ("the
    Kremlin spokesman") means whoever the articles give it to.
    """
    wanted, head = _asked_words(asked)
    if not wanted:
        return []
    scores: Counter[str] = Counter()
    shown: dict[str, int] = Counter()
    for reading in readings:
        for statement in reading.statements:
            if statement.speaker is None:
                continue
            name = statement.speaker.name
            shown[name] += 1
            scores[name] = max(scores[name], round(1000 * _agreement(wanted, head, statement.speaker)))
    voices = []
    for level in sorted({score for score in scores.values() if score >= _LEAST}, reverse=True):
        names = frozenset(name for name, score in scores.items() if score == level)
        voices.append(Voice(max(names, key=lambda name: (len(name.split()), shown[name])), names))
    return voices


def statements_by(voice: Voice, said: Iterable[Statement]) -> list[Statement]:
    return [s for s in said if s.speaker is not None and s.speaker.name in voice.names]


def _asked_words(asked: str) -> tuple[list[str], int]:
    """The stems of the words that name somebody, and which of them is the head: the last before "of", "on", "for", ..."""
    stems: list[str] = []
    head = -1
    for word in words(asked):
        if word.text.casefold() in ("of", "on", "for", "at", "in", "from", "with") and head < 0:
            head = len(stems) - 1
        elif not is_stopword(word.text) and word.text.casefold() not in _HONORIFICS:
            stems.append(word.stem)
    return stems, head if head >= 0 else len(stems) - 1


def _agreement(wanted: Sequence[str], head: int, speaker: Speaker) -> float:
    """0 to 1: the share of the asked words that the name and the role have; 0 where the surname is another's."""
    name = [w.stem for w in words(speaker.name) if w.text.casefold() not in _HONORIFICS]
    role = [w.stem for w in words(speaker.role or "") if not is_stopword(w.text)]
    if not name:
        return 0.0
    in_name = [any(same_name(word, part) for part in name) for word in wanted]
    in_role = [any(same_name(word, part) for part in role) for word in wanted]
    if in_name[head]:
        # The surname agrees; what stands before it must agree too, with the name or with the role.
        others = [pair for n, pair in enumerate(zip(in_name, in_role, strict=True)) if n != head]
        if all(n or r for n, r in others):
            return 1.0
        first_name_known = len(name) > 1
        asked_first_name = len(wanted) == 2 and not in_role[0]
        return 0.0 if first_name_known and asked_first_name and _is_person_name(speaker) else 0.6
    met = [n or r for n, r in zip(in_name, in_role, strict=True)]
    # "the transport ministry's spokesman": whoever is no spokesman is not meant, whatever ministry speaks.
    return sum(met) / len(wanted) if met[head] else 0.4 * sum(met) / len(wanted)


def _is_person_name(speaker: Speaker) -> bool:
    return all(part[:1].isupper() for part in speaker.name.split())
