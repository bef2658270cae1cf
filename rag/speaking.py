"""Whose words a question asks for, found among those who speak in the evidence or in the library. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.domain import Reading, Statement
from rag.matching import same_name
from rag.persons import Person, is_personal, merge, name_keys, speaker_words
from rag.speech import vocabulary
from rag.spoken import Naming
from rag.terms import Word, is_stopword, words

_LEAST, _WHOLLY = 500, 1000
_HONORIFICS = frozenset("mr mrs ms miss dr sir dame lord lady prof professor".split())


@dataclass(frozen=True, slots=True)
class Voice:
    """Speakers that the question may mean, by name; `name` is the one to show.

    `near` are stems of the question that neither name nor role has ("of Tarvia"): their articles must have them.
    """

    name: str
    names: frozenset[str]
    near: frozenset[str] = frozenset()
    several: bool = False

    def shown(self, asked: str) -> str:
        """The name; the question's own words where that is nobody's name, or where several share what was asked for."""
        return asked[:1].upper() + asked[1:] if self.several or not is_personal(self.name) else self.name


def find_voices(asked: str, readings: Iterable[Reading]) -> list[Voice]:
    """The speakers in the evidence that the words of the question name, those that agree best first."""
    # One article gives the name, another the role: what any of them gives counts.
    heard = Counter(
        (statement.speaker.name, statement.speaker.role)
        for reading in readings
        for statement in reading.statements
        if statement.speaker is not None
    )
    people = merge(Naming(name, role, count) for (name, role), count in heard.items())
    wanted, _ = asked_words(asked)
    voices = []
    for score, level in agreeing(asked, people):
        names = frozenset(name for person in level for name in person.names)
        best = max(level, key=lambda person: (len(person.name.split()), person.count))
        own = _stems_of(best.name) | _role_stems(best)
        near = frozenset(word for word in wanted if not any(same_name(word, part) for part in own))
        voices.append(Voice(best.name, names, near, several=len(level) > 1))
        if score == _WHOLLY:
            break  # whoever agrees less is somebody else
    return voices


def agreeing(asked: str, people: Sequence[Person]) -> list[tuple[int, list[Person]]]:
    """The people that the words name, grouped by how well they agree (to `_WHOLLY`), the best group first.

    A bare surname means everybody of that name; a first name, where the articles give one, must agree; a role ("the
    Kremlin spokesman") means whoever the articles give it to.
    """
    wanted, head = asked_words(asked)
    levels: dict[int, list[Person]] = {}
    for person in people if wanted else ():
        role = _role_stems(person)
        score = max(round(_WHOLLY * _agreement(wanted, head, name, role)) for name in person.names)
        if score >= _LEAST and _plain(asked) in map(_plain, person.roles):
            score = _WHOLLY  # that very role, and no other that has its words
        if score >= _LEAST:
            levels.setdefault(score, []).append(person)
    return [(score, _rather_people(levels[score])) for score in sorted(levels, reverse=True)]


def _rather_people(level: list[Person]) -> list[Person]:
    """Those with a name of their own, where there are any: "Biden" is not the Biden administration."""
    return [person for person in level if is_personal(person.name)] or level


def statements_by(voice: Voice, reading: Reading) -> list[Statement]:
    """What the voice says in an article; nothing where the article is of another place or body than the question's."""
    said = [s for s in reading.statements if s.speaker is not None and s.speaker.name in voice.names]
    if not said or not voice.near:
        return said
    there = {w.stem for w in words(f"{reading.article.header} {reading.article.body}")}
    return said if all(any(same_name(word, other) for other in there) for word in voice.near) else []


def head_word(asked: str) -> str:
    """The word that says who is meant: "Gounon" of "Gounon of Eurotunnel", "spokesman" of "the ministry's spokesman"."""
    kept = re.split(r"\b(?:of|on|for|at|in|from|with)\b", asked)[0]
    heads = [word.text for word in words(kept) if not is_stopword(word.text)]
    return heads[-1] if heads else ""


def asked_words(asked: str) -> tuple[list[str], int]:
    """The stems of the words that name somebody, and which of them is the head: the last before "of", "on", "for", ..."""
    kept, head = _naming_words(asked)
    return [word.stem for word in kept], head


def named_by(asked: str) -> tuple[list[frozenset[str]], int]:
    """For each of these words what a speaker with it is found by (as `speaker_words`), and which of them is the head.

    The head is one that speakers are found by: the surname before "Jr".
    """
    kept, head = _naming_words(asked)
    while head > 0 and kept[head].text.casefold() in vocabulary.SUFFIXES:
        head -= 1
    written = [(match.start(), match.end(), match.group()) for match in re.finditer(r"\S+", asked)]
    # "B&H" is two words, and one name.
    around = [next(whole for start, end, whole in written if start <= word.start < end) for word in kept]
    return [
        speaker_words(word.text, word.text) | name_keys(whole) for word, whole in zip(kept, around, strict=True)
    ], head


def _naming_words(asked: str) -> tuple[list[Word], int]:
    kept: list[Word] = []
    head = -1
    for word in words(asked):
        if word.text.casefold() in ("of", "on", "for", "at", "in", "from", "with") and head < 0:
            head = len(kept) - 1
        elif not is_stopword(word.text) and word.text.casefold() not in _HONORIFICS:
            kept.append(word)
    return kept, head if head >= 0 else len(kept) - 1


def _agreement(wanted: Sequence[str], head: int, speaker: str, role: set[str]) -> float:
    """0 to 1: the share of the asked words that the name and the role have; 0 where the surname is another's."""
    name = [w.stem for w in words(speaker) if w.text.casefold() not in _HONORIFICS]
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
    # Somebody of that name is meant rather than somebody in whose role it stands ("Biden's rival").
    # "the transport ministry's spokesman": whoever is no spokesman is not meant, whatever ministry speaks.
    return 0.5 + 0.49 * sum(met) / len(wanted) if met[head] else 0.4 * sum(met) / len(wanted)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).removeprefix("the ")


def _stems_of(name: str) -> set[str]:
    return {word.stem for word in words(name)}


def _role_stems(person: Person) -> set[str]:
    return {word.stem for role in person.roles for word in words(role) if not is_stopword(word.text)}


def _is_person_name(name: str) -> bool:
    return all(part[:1].isupper() for part in name.split())
