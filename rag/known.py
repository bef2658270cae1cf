"""The names that a library knows: its outlets, its sections, and the people whose words it holds. Pure.

Each is found by one look into a table, however many there are: names are compared by a key without case, spaces,
punctuation, diacritics or a leading "The", and people also by how their names sound in Latin letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from rag.domain import Article
from rag.terms import WORD, fold

# No name that anybody writes out in a question has more words.
LONGEST_NAME = 8
# Of those who share a surname or a role, as many are meant: who speak most.
_MOST_NAMESAKES = 3
_ARTICLES = frozenset("the a an der die das le la les el los il lo".split())
# Where the name ends and its slogan, its edition or its section begins: "Herald | News of the coast".
_AFTER_NAME = re.compile(r"\s+[|·•–—-]\s+|:\s+|\s*[(\[]")
_ENDING = re.compile(r"\.(?:com|org|net|info|news|tv|co\.[a-z]{2}|com\.[a-z]{2}|[a-z]{2})$", re.IGNORECASE)
_KIND_OF_OUTLET = frozenset("news newspaper newspapers online magazine radio television tv wire agency".split())
_SMALL = frozenset("of and the for in on at & de du des la le les und der die das el los y".split())
# How a sound is written by those who spell a name of another script; the longest spelling is read first.
_SOUNDS = {
    "shch": "sh", "tch": "ch", "zh": "j", "dj": "j", "kh": "h", "ph": "f", "ck": "k", "tz": "c", "ts": "c", "iy": "i",
    "ij": "i", "yy": "i", "yi": "i", "ou": "u", "oe": "o", "ue": "u", "ae": "a", "y": "i", "w": "v", "q": "k", "x": "ks",
}  # fmt: skip
_SPELLING = re.compile("|".join(_SOUNDS))
_TWICE = re.compile(r"(.)\1+")
# A person's name is two words or a few more, each with a capital but for those that join them.
_PERSON = re.compile(r"[A-ZÀ-ÞĀ-Ž]|[^\x00-\u024f]")
_FEWEST_WORDS, _MOST_WORDS = 2, 4
_SHORTEST_BY_SOUND = 5
_ROLE_WORDS = 2


@dataclass(frozen=True, slots=True)
class Names:
    """What a catalog holds by name. `outlets`: the host of each one's pages, where known; `people`: how often each speaks.

    `roles` are the people by what they are called ("harbour master"), `newest` is when the newest article was published,
    `stand_until` when some of it may be shown no more, or more of it.
    """

    outlets: Mapping[str, str | None] = field(default_factory=dict)
    sections: Sequence[str] = ()
    people: Mapping[str, int] = field(default_factory=dict)
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    newest: datetime | None = None
    stand_until: datetime | None = None


def key_of(words: Iterable[str]) -> str:
    """What two spellings of a name have in common."""
    return "".join(map(_plain, words))


def _plain(word: str) -> str:
    return "".join(filter(str.isalnum, fold(word)))


def sound_of(word: str) -> str:
    """How a name sounds, roughly: the same for "Zelensky", "Zelenskyy" and "Zelenskij"."""
    return _TWICE.sub(r"\1", _SPELLING.sub(lambda match: _SOUNDS[match.group()], _plain(word)))


class KnownNames:
    """Tables from keys to names as the catalog spells them. Names are added; to forget some, make it anew."""

    def __init__(self, names: Names | None = None) -> None:
        names = names or Names()
        self.newest = names.newest
        self._stand_until = names.stand_until
        self._outlets: dict[str, tuple[str, ...]] = {}
        self._sections: dict[str, tuple[str, ...]] = {}
        self._people: dict[str, str] = {}
        self._surnames: dict[str, tuple[str, ...]] = {}
        self._sounds: dict[str, tuple[str, ...]] = {}
        self._roles: dict[str, tuple[str, ...]] = {}
        for outlet, host in names.outlets.items():
            self.add_outlet(outlet, host)
        for section in names.sections:
            self.add_section(section)
        # Those who speak most come first, so that a surname of many means them.
        for person in sorted(names.people, key=lambda name: -names.people[name]):
            self.add_person(person)
        for role, people in names.roles.items():
            self._add_role(role, people)

    def stands(self, now: datetime) -> bool:
        """Whether what may be shown is still what it was when the names were read."""
        return self._stand_until is None or now < self._stand_until

    def add(self, article: Article, speakers: Sequence[str]) -> None:
        """The names of a new article."""
        if article.outlet:
            self.add_outlet(article.outlet, host_of(article.url))
        if article.section:
            self.add_section(article.section)
        for speaker in speakers:
            self.add_person(speaker)
        if article.published_at is not None and (self.newest is None or article.published_at > self.newest):
            self.newest = article.published_at

    def add_outlet(self, name: str, host: str | None = None) -> None:
        for key in _outlet_keys(name, host):
            _put(self._outlets, key, name)

    def add_section(self, name: str) -> None:
        _put(self._sections, key_of(name.split()), name)

    def add_person(self, name: str) -> None:
        words = [match.group() for match in WORD.finditer(name)]
        capitals = bool(words) and all(_PERSON.match(word) for word in (words[0], words[-1]))
        if not capitals or not _FEWEST_WORDS <= len(words) <= _MOST_WORDS:
            return  # a bare surname adds nothing that the words themselves do not say; the rest is no person
        self._people.setdefault(key_of(words), name)
        for table, key in ((self._surnames, key_of(words[-1:])), (self._sounds, sound_of(words[-1]))):
            if table is not self._sounds or len(key) >= _SHORTEST_BY_SOUND:
                _put(table, key, name, most=_MOST_NAMESAKES)

    def _add_role(self, role: str, people: Sequence[str]) -> None:
        words = role.split()
        if _ROLE_WORDS <= len(words) <= LONGEST_NAME:
            for name in people:
                _put(self._roles, key_of(words), name, most=_MOST_NAMESAKES)

    def outlets(self, words: Sequence[str]) -> tuple[str, ...]:
        """The outlets that are called so; several where they share a name, as a paper's sections do."""
        return self._outlets.get(key_of(words), ())

    def sections(self, words: Sequence[str]) -> tuple[str, ...]:
        return self._sections.get(key_of(words), ())

    def people(self, words: Sequence[str]) -> tuple[str, ...]:
        """Those of that full name, else of that surname, else of one that sounds so; none where too many have it."""
        if len(words) > 1:
            found = self._people.get(key_of(words))
            if found is not None:
                return (found,)
            given = sound_of(words[0])
            alike = self._sounds.get(sound_of(words[-1]), ())
            return tuple(name for name in alike if sound_of(name.split()[0]) == given)
        return self._surnames.get(key_of(words)) or self._sounds.get(sound_of(words[0]), ())

    def holders(self, words: Sequence[str]) -> tuple[str, ...]:
        """Those who are called by that role."""
        return self._roles.get(key_of(words), ())


def _put(table: dict[str, tuple[str, ...]], key: str, name: str, *, most: int = 1000) -> None:
    held = table.get(key, ())
    if key and name not in held and len(held) < most:
        table[key] = (*held, name)


def _outlet_keys(name: str, host: str | None) -> set[str]:
    """By what an outlet may be called: in full, without slogan or ending, by its initials, by its pages' host."""
    keys = set()
    for form in (name, _AFTER_NAME.split(name.strip())[0]):
        plain = _ENDING.sub("", form.strip())
        words = plain.split()
        while len(words) > 1 and words[0].casefold() in _ARTICLES:
            words = words[1:]
        keys |= {key_of(form.split()), key_of(words)}
        # "BBC News" is the BBC; an ordinary word is not what an outlet is called by half.
        if len(words) == 2 and words[0].isupper() and len(words[0]) > 2 and words[1].casefold() in _KIND_OF_OUTLET:
            keys.add(key_of(words[:1]))
        initials = [word[0] for word in words if word.casefold() not in _SMALL]
        if len(initials) >= 3 and all(letter.isupper() for letter in initials):
            keys.add(key_of(["".join(initials)]))
    if host:
        keys.add(key_of([host.removeprefix("www.")]))
    return {key for key in keys if len(key) > 1}


def host_of(url: str | None) -> str | None:
    """The host of an address without "www."; None where there is none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return unicodedata.normalize("NFC", host).removeprefix("www.") if host else None
