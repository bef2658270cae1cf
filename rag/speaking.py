"""Whose words a question asks for, found among those who speak in the evidence. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.domain import Reading, Speaker, Statement
from rag.matching import Matcher, same_name
from rag.terms import is_stopword, words

_HONORIFICS = frozenset("mr mrs ms miss dr sir dame lord lady prof professor".split())


@dataclass(frozen=True, slots=True)
class Voice:
    """The speakers that the question means, by name; `name` is the one to show."""

    name: str
    names: frozenset[str]


def find_voice(asked: str, said: Sequence[tuple[Reading, tuple[Statement, ...]]], matcher: Matcher) -> Voice | None:
    """The speakers in the evidence that the words of the question name; None where nobody speaks under them.

    A bare surname means everybody of that name; a first name, where the article gives one, must agree; a role ("the
    Kremlin spokesman") means whoever the articles give it to.
    """
    wanted = [w.stem for w in words(asked) if not is_stopword(w.text) and w.text.casefold() not in _HONORIFICS]
    if not wanted:
        return None
    scores: Counter[str] = Counter()
    shown: dict[str, int] = Counter()
    for _, statements in said:
        for statement in statements:
            if statement.speaker is None:
                continue
            name = statement.speaker.name
            shown[name] += 1
            scores[name] = max(scores[name], round(1000 * _agreement(wanted, statement.speaker)))
    best = max(scores.values(), default=0)
    if best < 500:
        return None
    names = frozenset(name for name, score in scores.items() if score == best)
    return Voice(max(names, key=lambda name: (len(name.split()), shown[name])), names)


def statements_by(voice: Voice, said: Iterable[Statement]) -> list[Statement]:
    return [s for s in said if s.speaker is not None and s.speaker.name in voice.names]


def _agreement(wanted: Sequence[str], speaker: Speaker) -> float:
    """0 to 1: the share of the asked words that the name and the role have; 0 where the surname is another's."""
    name = [w.stem for w in words(speaker.name) if w.text.casefold() not in _HONORIFICS]
    role = [w.stem for w in words(speaker.role or "") if not is_stopword(w.text)]
    if not name:
        return 0.0
    in_name = [any(same_name(word, part) for part in name) for word in wanted]
    in_role = [any(same_name(word, part) for part in role) for word in wanted]
    if in_name[-1]:
        # The surname agrees; what stands before it must agree too, with the name or with the role.
        others = list(zip(in_name[:-1], in_role[:-1], strict=True))
        if all(n or r for n, r in others):
            return 1.0
        first_name_known = len(name) > 1
        asked_first_name = len(wanted) == 2 and not in_role[0]
        return 0.0 if first_name_known and asked_first_name and _is_person_name(speaker) else 0.6
    met = sum(n or r for n, r in zip(in_name, in_role, strict=True))
    return met / len(wanted)


def _is_person_name(speaker: Speaker) -> bool:
    return all(part[:1].isupper() for part in speaker.name.split())
