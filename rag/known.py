"""The names that a library knows: its outlets, its sections, and the people whose words it holds. Pure.

Each is found by one look into a table, however many there are: names are compared by a key without case, spaces,
punctuation, diacritics or a leading "The", and people by `rag.persons.spelled`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from rag.domain import Article
from rag.persons import is_personal, spelled
from rag.ports import Names
from rag.speech.runs import is_given_name
from rag.spoken import Naming
from rag.terms import fold

# No name that anybody writes out in a question has more words.
LONGEST_NAME = 8
# Of those who share a surname or a role, as many are meant: who speak most.
_MOST_NAMESAKES = 3
# Who speaks so often, or bears a common given name, is surely a person.
_SURELY = 3
_ARTICLES = frozenset("the a an der die das le la les el los il lo".split())
# Where the name ends and its slogan, its edition or its section begins: "Herald | News of the coast".
_AFTER_NAME = re.compile(r"\s+[|·•–—-]\s+|:\s+|\s*[(\[]")
_ENDING = re.compile(r"\.(?:com|org|net|info|news|tv|co\.[a-z]{2}|com\.[a-z]{2}|[a-z]{2})$", re.IGNORECASE)
_KIND_OF_OUTLET = frozenset("news newspaper newspapers online magazine radio television tv wire agency".split())
_SMALL = frozenset("of and the for in on at & de du des la le les und der die das el los y".split())
# A person is found by two words or a few more: a bare surname adds nothing that the question does not say.
_FEWEST_WORDS, _MOST_WORDS = 2, 4


def key_of(words: Iterable[str]) -> str:
    """What two spellings of a name have in common."""
    return "".join(map(_plain, words))


def key_of_name(name: str) -> str:
    """The same for "The Lantern", "the Lantern" and "Lantern"."""
    return key_of(_without_article(name.split()))


def _without_article(words: Sequence[str]) -> Sequence[str]:
    while len(words) > 1 and words[0].casefold() in _ARTICLES:
        words = words[1:]
    return words


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    return "".join(filter(str.isalnum, fold(word)))


class KnownNames:
    """Tables from keys to names as the catalog spells them. Names are added; to forget some, make it anew."""

    def __init__(self, names: Names | None = None, namings: Iterable[Naming] = ()) -> None:
        names = names or Names()
        self.newest = names.newest
        self._stand_until = names.stand_until
        self._outlets: dict[str, tuple[str, ...]] = {}
        self._sections: dict[str, tuple[str, ...]] = {}
        self._people: dict[str, tuple[str, ...]] = {}
        self._surnames: dict[str, tuple[str, ...]] = {}
        self._roles: dict[str, tuple[str, ...]] = {}
        self._statements: Counter[str] = Counter()
        for outlet, url in names.outlets.items():
            self._add_outlet(outlet, url)
        for section in names.sections:
            self._add_section(section)
        # Those who speak most come first, so that a surname of many means them.
        for naming in sorted(namings, key=lambda naming: -naming.count):
            self._add_person(naming.name, naming.role, naming.count)

    @property
    def people_known(self) -> int:
        return len(self._statements)

    def stands(self, now: datetime) -> bool:
        """Whether what may be shown is still what it was when the names were read."""
        return self._stand_until is None or now < self._stand_until

    def add(self, article: Article, speakers: Sequence[str]) -> None:
        """The names of a new article."""
        if article.outlet:
            self._add_outlet(article.outlet, article.url)
        if article.section:
            self._add_section(article.section)
        for speaker in speakers:
            self._add_person(speaker)
        if article.published_at is not None and (self.newest is None or article.published_at > self.newest):
            self.newest = article.published_at

    def _add_outlet(self, name: str, url: str | None) -> None:
        for key in _outlet_keys(name, _host_of(url)):
            _put(self._outlets, key, name)

    def _add_section(self, name: str) -> None:
        _put(self._sections, key_of(name.split()), name)

    def _add_person(self, name: str, role: str | None = None, statements: int = 1) -> None:
        words = name.split()
        if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS or not is_personal(name):
            return
        self._statements[name] += statements
        _put(self._people, _spelled(words), name, most=_MOST_NAMESAKES)
        if len(words[-1]) > 1:
            _put(self._surnames, spelled(words[-1]), name, most=_MOST_NAMESAKES)
        if role and _FEWEST_WORDS <= len(role.split()) <= LONGEST_NAME:
            _put(self._roles, key_of(role.split()), name, most=_MOST_NAMESAKES)

    def outlets(self, words: Sequence[str]) -> tuple[str, ...]:
        """The outlets that are called so; several where they share a name, as a paper's sections do."""
        return self._outlets.get(key_of(words), ())

    def sections(self, words: Sequence[str]) -> tuple[str, ...]:
        return self._sections.get(key_of(words), ())

    def people(self, words: Sequence[str]) -> tuple[str, ...]:
        """Those of that full name, or of that surname, whichever way it is spelled; who speak most first."""
        if len(words) == 1:
            return tuple(name for name in self._surnames.get(spelled(words[0]), ()) if self._is_person(name))
        return self._people.get(_spelled(words), ()) if len(words) <= _MOST_WORDS else ()

    def surnames(self, letter: str) -> set[str]:
        """The surnames, as the articles have them, that begin with this letter, in small letters and without diacritics."""
        # Spellings of one name have one key, and whoever speaks most shows how it is written.
        return {names[0].split()[-1] for key, names in self._surnames.items() if key.startswith(spelled(letter))}

    def _is_person(self, name: str) -> bool:
        """Whether a name that one word is to mean is surely somebody's: "Neither Apple" once began a sentence."""
        return self._statements[name] >= _SURELY or is_given_name(name.split(maxsplit=1)[0].lower())

    def holders(self, words: Sequence[str]) -> tuple[str, ...]:
        """Those who are called by that role."""
        return self._roles.get(key_of(words), ())


def _spelled(words: Iterable[str]) -> str:
    return " ".join(map(spelled, words))


def _put(table: dict[str, tuple[str, ...]], key: str, name: str, *, most: int = 1000) -> None:
    held = table.get(key, ())
    if key and name not in held and len(held) < most:
        table[key] = (*held, name)


def _outlet_keys(name: str, host: str | None) -> set[str]:
    """By what an outlet may be called: in full, without slogan or ending, by its initials, by its pages' host."""
    keys = set()
    for form in (name, _AFTER_NAME.split(name.strip())[0]):
        plain = _ENDING.sub("", form.strip())
        words = _without_article(plain.split())
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


def _host_of(url: str | None) -> str | None:
    """The host of an address without "www."; None where there is none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return unicodedata.normalize("NFC", host).removeprefix("www.") if host else None
