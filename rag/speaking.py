"""Whose words a question asks for, found among those who speak in the evidence or in the library. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.domain import Reading, Statement
from rag.matching import same_name
from rag.offices import in_one_wording, is_any_body, is_national, is_of_a_body, speaks_for, wordings
from rag.persons import Person, is_personal, merge, name_keys, speaker_words
from rag.speech import vocabulary
from rag.spoken import Naming
from rag.terms import Word, is_stopword, words

_LEAST, _WHOLLY = 500, 1000
_SEVERAL = re.compile(r"[,;/&]|\band\b")
_PASSING = frozenset(
    "former interim act then longtim current new deputi co senior chief main lead nation veteran".split()
)
# What follows one of these tells where, and not who.
_PREPOSITIONS = frozenset("of on for at in from with".split())
_BEHIND_HEAD = re.compile(rf"\b(?:{'|'.join(sorted(_PREPOSITIONS))})\b")
_HONORIFICS = frozenset("mr mrs ms miss dr sir dame lord lady prof professor".split())


@dataclass(frozen=True, slots=True)
class Voice:
    """Speakers that the question may mean, by name; `name` is the one to show.

    `near` are stems of the question that neither name nor role has ("of Tarvia"): their articles must have them, near the name
    or near `body`, the stems that are in the role ("the ministry").
    """

    name: str
    names: frozenset[str]
    near: frozenset[str] = frozenset()
    body: frozenset[str] = frozenset()
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
    kept, head = _naming_words(asked)
    wanted = [word.stem for word in kept]
    voices = []
    for score, level in agreeing(asked, people, wholly=False):
        names = frozenset(name for person in level for name in person.names)
        best = max(level, key=lambda person: (len(person.name.split()), person.count))
        own = _office(best.name).stems.union(*(_office(role).stems for role in best.roles))
        near = frozenset(word for word in wanted if not any(same_name(word, part) for part in own))
        body = frozenset(wanted) - near - {wanted[head]}
        voices.append(Voice(best.name, names, near, body, several=len(level) > 1))
        if score == _WHOLLY:
            break  # whoever agrees less is somebody else
    return voices


def agreeing(asked: str, people: Sequence[Person], *, wholly: bool = True) -> list[tuple[int, list[Person]]]:
    """The people that the words name, grouped by how well they agree (to `_WHOLLY`), the best group first.

    A bare surname means everybody of that name; a first name, where the articles give one, must agree; a role ("the
    Kremlin spokesman") means whoever the articles give it to. Unless `wholly`, also whoever has an office of which the
    articles do not say whose it is.
    """
    kept, head = _naming_words(asked)
    plain = _plain(asked)
    levels: dict[int, list[Person]] = {}
    for person in people if kept else ():
        # Each role by itself: OpenAI's chief executive who was the president of another firm is not OpenAI's president.
        each = (
            _agreement(kept, head, name, role, wholly=wholly) for name in person.names for role in person.roles or ("",)
        )
        score = max(round(_WHOLLY * agreement) for agreement in each)
        if score >= _LEAST and plain in map(_plain, person.roles):
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
    # In the headline, or where one of the names stands, too: England's captain is not Australia's in a report of both.
    surnames = re.compile(rf"\b(?:{'|'.join(re.escape(name.split()[-1]) for name in sorted(voice.names))})\b")
    there = {word.stem for word in words(reading.article.header)}
    for span in reading.sentences:
        text = span.of(reading.article.body)
        stems = {word.stem for word in words(text)}
        if stems & voice.body or surnames.search(text):
            there |= stems
    return said if all(any(same_name(word, other) for other in there) for word in voice.near) else []


def head_word(asked: str) -> str:
    """The word that says who is meant: "Gounon" of "Gounon of Eurotunnel", "spokesman" of "the ministry's spokesman"."""
    kept = _BEHIND_HEAD.split(asked)[0]
    heads = [word.text for word in words(kept) if not is_stopword(word.text)]
    return heads[-1] if heads else ""


def is_office(word: str) -> bool:
    """Whether somebody is asked for by what they are: "spokesman", "coach"."""
    return word.casefold() in vocabulary.ROLE_NOUNS


def worded_as(asked: str) -> tuple[str, ...]:
    """The word that says who is meant, or every wording of that office."""
    return wordings(head_word(in_one_wording(asked)))


def named_by(asked: str) -> tuple[list[frozenset[str]], int]:
    """For each of these words what a speaker with it is found by (as `speaker_words`), and which of them is the head.

    The head is one that speakers are found by: the surname before "Jr".
    """
    kept, head = _naming_words(asked)
    while head > 0 and kept[head].text.casefold() in vocabulary.SUFFIXES:
        head -= 1
    written = [(m.start(), m.end(), m.group()) for m in re.finditer(r"\S+", in_one_wording(asked))]
    # "B&H" is two words, and one name.
    around = [next(whole for start, end, whole in written if start <= word.start < end) for word in kept]
    return [_found_by(word.text) | name_keys(whole) for word, whole in zip(kept, around, strict=True)], head


def _found_by(word: str) -> frozenset[str]:
    """Also by the last word of each wording of an office: whoever is "chief executive" is found by "executive"."""
    return frozenset().union(*(speaker_words(word, each.split()[-1]) for each in wordings(word)))


def _naming_words(asked: str) -> tuple[list[Word], int]:
    """The words that name somebody, and which of them is the head: the last before "of", "on", "for", ..."""
    kept: list[Word] = []
    head = -1
    for word in words(in_one_wording(asked)):
        if word.text.casefold() in _PREPOSITIONS and head < 0:
            head = len(kept) - 1
        elif not is_stopword(word.text) and word.text.casefold() not in _HONORIFICS:
            kept.append(word)
    return kept, head if head >= 0 else len(kept) - 1


@dataclass(frozen=True, slots=True)
class _Office:
    """What a role, or a speaker without a name of their own, is called.

    Stems of all words, of those that say what it is, and of those that say whose; all words as they are written.
    """

    stems: frozenset[str]
    heads: frozenset[str]
    bodies: frozenset[str]
    written: frozenset[str]
    speaks: bool

    @property
    def is_bare(self) -> bool:
        """Whether nothing says whose: "interim CEO"."""
        return self.stems <= self.heads | _PASSING

    def is_of_another(self, unmet: Sequence[str], wanted: Sequence[str]) -> bool:
        """Whether it belongs to a body that is not asked for, and not to the one that is: "a Google spokesperson"."""
        theirs = [body for body in self.bodies if not any(same_name(word, body) for word in wanted)]
        return bool(theirs) and any(not is_national(word) for word in unmet)


def _agreement(asked: Sequence[Word], head: int, speaker: str, role: str, *, wholly: bool) -> float:
    """0 to 1: the share of the asked words that the name and the role have; 0 where the surname is another's."""
    named, office, is_person = _office(speaker), _office(role), is_personal(speaker)
    if not named.stems:
        return 0.0
    wanted = [word.stem for word in asked]
    met = [any(same_name(word, part) for part in (*named.stems, *office.stems)) for word in wanted]
    share = 0.5 + 0.49 * sum(met) / len(wanted)
    unmet = [word for word, is_met in zip(wanted, met, strict=True) if not is_met]
    if is_person and any(same_name(wanted[head], part) for part in named.stems):
        if all(met):
            return 1.0
        # The surname agrees; what stands before it must agree too, with the name or with the role.
        is_first_name = len(wanted) == 2 and not any(same_name(wanted[0], part) for part in office.stems)
        return 0.0 if len(named.stems) > 1 and is_first_name and _is_person_name(speaker) else 0.6
    # "the transport ministry's spokesman": whoever is no spokesman is not meant, whatever ministry speaks.
    for own in (office,) if is_person else (named, office):
        if any(same_name(wanted[head], part) for part in own.heads):
            if own.is_of_another(unmet, wanted) or (wholly and own.is_bare and not all(map(is_national, unmet))):
                return 0.0
            return 1.0 if own is named and all(met) else share
    # "the palace": whoever speaks for it, before others in whose role it stands ("the palace's gardener").
    for own in (named, office) if not is_office(asked[head].text) else ():
        if asked[head].text.casefold() in own.written:
            return 0.5 if not own.speaks else 1.0 if all(met) else share
    return 0.4 * sum(met) / len(wanted)


@lru_cache(maxsize=16_384)
def _office(worded: str) -> _Office:
    plain = in_one_wording(worded)
    kept = [word for word in words(plain) if not is_stopword(word.text) and word.text.casefold() not in _HONORIFICS]
    heads = [head_word(part) for part in _SEVERAL.split(plain)]
    beside = kept if any(map(is_of_a_body, heads)) else []
    return _Office(
        stems=frozenset(word.stem for word in kept),
        heads=frozenset(word.stem for part in heads for word in words(part)),
        bodies=frozenset(word.stem for word in beside if _names_a_body(word, plain) and word.text not in heads),
        written=frozenset(word.text.casefold() for word in kept),
        speaks=any(map(speaks_for, heads)),
    )


def _names_a_body(word: Word, role: str) -> bool:
    if word.text[:1].isupper():
        return True
    after = role[word.end :]
    # "the general's lawyer"; "the palace spokesman", where a chief spokesman is nobody's.
    beside = after.startswith(("'s ", "’s ")) or (speaks_for(after.strip()) and word.stem not in _PASSING)
    return beside and not is_any_body(word.text)


def _plain(words: str) -> str:
    return " ".join(in_one_wording(words).casefold().split()).removeprefix("the ")


def _is_person_name(name: str) -> bool:
    return all(part[:1].isupper() for part in name.split())
