"""Who said what in the whole of a library: the people by name or role, and their statements by subject and day."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rag.domain import Article, Filters
from rag.matching import NAME_PREFIX
from rag.persons import Person, is_personal, merge, speaker_words
from rag.ports import LexicalIndex
from rag.speaking import agreeing, named_by
from rag.speech import vocabulary
from rag.spoken import Coverage, Naming, Place, SpokenIndex, Stood, Wanted
from rag.terms import Word, is_stopword, stems, words

# Where a word stands in more passages than this, its statements are met by reading them in order of day.
_MOST_PASSAGES = 4000
# Statements are read in lots, so that a subject which few of them are about costs no more memory than one page.
_LOT = 100
_FURTHER = 20
# Where more speakers than this have the word that says who is meant, those come first who have the others too.
_MANY = 300
# An article may begin or cease to be shown at any moment.
_REMEMBERED = timedelta(seconds=2)
_MOST_REMEMBERED = 1000
_MOST_SUBJECTS = 4
_OWNED = re.compile(r"['’](?:s|re|ve|ll|d|m)?$", re.IGNORECASE)
_BEFORE_A_NOUN = r"\b(?i:the|an?|its|their|his|her|our|my|this|that|these|those|no|any|of|for|on|about|over|new)"
_NO_SUBJECTS = vocabulary.CLAUSE_WORDS | vocabulary.ADVERBS | vocabulary.TIME_WORDS | {"actually", "really", "about"}


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who speaks in the library, and how much of their words it holds."""

    person: Person
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Statements in order of day; `next` is where the following page goes on, None where there is none."""

    statements: tuple[Stood, ...]
    next: Place | None


class Said:
    """Reads one library's index of who said what."""

    def __init__(
        self,
        spoken: SpokenIndex,
        lexical: LexicalIndex,
        clock: Callable[[], datetime],
        *,
        changed: Callable[[], int] | None = None,
    ) -> None:
        """`changed`, where other processes change the library too: a number that grows when they do. It blocks."""
        self._spoken, self._lexical, self._clock = spoken, lexical, clock
        self._changed, self._seen = changed, -1
        # One question looks the same people up for each of its searches.
        self._named: dict[str, tuple[datetime, list[Person]]] = {}
        self._whole: set[tuple[str, ...]] = set()

    def forget(self) -> None:
        """To be called after each change of the library."""
        self._named, self._whole = {}, set()

    async def people_named(self, words: str) -> list[Person]:
        """The people whom the words name ("Peskov", "Mr Peskov", "the Kremlin spokesman"), those that agree best.

        Several where they fit alike: a bare surname means everybody of that name. Empty where nobody is meant.
        """
        return await asyncio.to_thread(self._people_named, words)

    def _people_named(self, words: str) -> list[Person]:
        if self._changed is not None and (number := self._changed()) != self._seen:
            self.forget()
            self._seen = number
        now, named = self._clock(), self._named
        found_at, people = named.get(words, (None, []))
        if found_at is None or not found_at <= now < found_at + _REMEMBERED:
            people = next((level for _, level in agreeing(words, self._found_by(words))), [])
            if len(named) >= _MOST_REMEMBERED:
                named.clear()
            named[words] = (now, people)
        return people

    def namings(self) -> list[Naming]:
        """Every name with its role under which the articles that may be shown now let somebody speak. Blocks."""
        return self._spoken.namings(at=self._clock())

    def _found_by(self, words: str) -> list[Person]:
        """Everybody who may be meant: all have the word that says who, in a name or in a role, as it is or nearly."""
        each, head = named_by(words)
        if not each:
            return []
        now = self._clock()
        mine, others = each[head], frozenset().union(*(keys for n, keys in enumerate(each) if n != head))
        found = self._spoken.namings(mine, at=now)
        if len(found) > _MANY and (narrowed := self._spoken.namings(*each, at=now)):
            found = narrowed  # "the Kremlin spokesman", not all who speak for somebody
        if others:
            # Of a name that is written otherwise here, another word must be the same.
            found += self._spoken.namings(
                [f"{key[:NAME_PREFIX]}*" for key in mine if len(key) >= NAME_PREFIX], others, at=now
            )
        # Whom a bare surname means is told by all who have it, also by those whom the words leave out.
        surnames = {naming.name.split()[-1] for naming in found if is_personal(naming.name)}
        every = self._spoken.namings({key for name in surnames for key in speaker_words(name)}, at=now)
        return merge({naming.key: naming for naming in (*found, *every)}.values())

    async def names_of(self, words: str) -> tuple[str, ...]:
        """Every name under which the articles know those whom the words name; empty where nobody is meant."""
        people = await self.people_named(words)
        return tuple(sorted({name for person in people for name in person.names}))

    async def resolved(self, filters: Filters) -> Filters:
        """The filters with each speaker under every name that the articles give them; as given where nobody is meant."""
        if not filters.speakers or filters.speakers in self._whole:
            return filters
        every = [name for given in filters.speakers for name in await self.names_of(given) or (given,)]
        whole = tuple(dict.fromkeys(every))
        if len(self._whole) >= _MOST_REMEMBERED:
            self._whole.clear()
        self._whole.add(whole)  # a search that is handed on looks nobody up again
        return replace(filters, speakers=whole)

    async def people(self, named: str | None = None, *, limit: int) -> list[KnownPerson]:
        """The people whom the words name, all groups of them, or everybody with a name; at most `limit`."""
        return await asyncio.to_thread(self._people, named, limit)

    def _people(self, named: str | None, limit: int) -> list[KnownPerson]:
        if named is None:
            people = [person for person in merge(self._spoken.namings(at=self._clock())) if person.is_named]
            # Copies of a story make some seem to say more than they do: a few further ones are looked at, too.
            known = [KnownPerson(person, self._coverage(person)) for person in people[: limit + _FURTHER]]
            return sorted(known, key=lambda each: -each.coverage.statements)[:limit]
        people = [person for _, level in agreeing(named, self._found_by(named)) for person in level]
        people = [person for person in people if person.is_somebody]
        return [KnownPerson(person, self._coverage(person)) for person in people[:limit]]

    def _coverage(self, person: Person) -> Coverage:
        return self._spoken.coverage([naming.key for naming in person.namings], at=self._clock())

    async def subjects_of(self, words: str) -> tuple[str, ...]:
        """What the people whom the words name speak about, most often first; see `subjects`."""
        wanted = Wanted(kinds=("direct", "indirect"))
        page = await asyncio.to_thread(self._statements, wanted, words, None, _LOT, None)
        return subjects(page.statements)

    async def statements(
        self, wanted: Wanted, *, speaker: str | None = None, about: str | None = None, limit: int, after: Place | None
    ) -> StatementPage:
        """A page of the statements that are wanted, by whom the words of `speaker` name, about the words of `about`."""
        return await asyncio.to_thread(self._statements, wanted, speaker, about, limit, after)

    def _statements(
        self, wanted: Wanted, speaker: str | None, about: str | None, limit: int, after: Place | None
    ) -> StatementPage:
        if speaker is not None:
            keys = tuple(naming.key for person in self._people_named(speaker) for naming in person.namings)
            wanted = replace(wanted, speakers=keys)
        subject = stems(about) if about is not None else set()
        if about is not None and subject:
            passages = self._lexical.holding(about, limit=_MOST_PASSAGES)
            if passages is not None:
                wanted = replace(wanted, articles=tuple(self._spoken.articles_of(passages)))
        found: list[Stood] = []
        while len(found) <= limit:
            lot = self._spoken.stood(wanted, limit=_LOT, after=after, at=self._clock())
            found += [stood for stood in lot if not subject or is_about(subject, stood)]
            if len(lot) < _LOT:
                break
            after = lot[-1].place
        page = found[:limit]
        return StatementPage(tuple(page), page[-1].place if len(found) > limit else None)


def subjects(statements: Sequence[Stood]) -> tuple[str, ...]:
    """Words of the headlines that stand in these statements too, else beside them: what the statements are about.

    At most `_MOST_SUBJECTS`, the most frequent first; nothing of the speakers' names and roles.
    """
    return _subjects(statements, beside=0) or _subjects(statements, beside=1)


def _subjects(statements: Sequence[Stood], *, beside: int) -> tuple[str, ...]:
    speakers = [stood.statement.speaker for stood in statements if stood.statement.speaker]
    own_words = {key for who in speakers for key in stems(f"{who.name} {who.role or ''}")}
    counts: Counter[tuple[str, ...]] = Counter()
    shown: dict[tuple[str, ...], str] = {}
    for stood in statements:
        for run in _runs(stood.article, stems(_text(stood, beside=beside)) - own_words):
            key = tuple(word.stem for word in run)
            counts[key] += 1
            run_text = stood.article.title[run[0].start : run[-1].end]
            shown.setdefault(key, _OWNED.sub("", run_text))
    best = sorted(counts, key=lambda key: (-counts[key], -len(key), key))
    kept: list[tuple[str, ...]] = []
    for key in best:
        if not any(set(key) & set(other) for other in kept):
            kept.append(key)
    return tuple(shown[key] for key in kept[:_MOST_SUBJECTS])


def _runs(article: Article, wanted: set[str]) -> list[list[Word]]:
    """Neighbouring words of an article's title that are all wanted, and name something."""
    title = article.title
    runs: list[list[Word]] = [[]]
    for word in words(title):
        gap = title[runs[-1][-1].end : word.start] if runs[-1] else ""
        if gap.strip():
            runs.append([])
        plain = _OWNED.sub("", word.text)
        fits = word.stem in wanted and len(plain) > 2 and plain.casefold() not in _NO_SUBJECTS
        if fits and not is_stopword(plain) and _names_something(plain, article.body):
            runs[-1].append(word)
        else:
            runs.append([])
    return [run for run in runs if run]


def _names_something(word: str, body: str) -> bool:
    """Whether a word of a headline is a noun, as far as the text below tells: "cuts" is none where only "he cuts" stands.

    One that stands there in capitals alone is a name.
    """
    plain = re.escape(word.casefold())
    return not re.search(rf"\b{plain}\b", body) or bool(re.search(rf"{_BEFORE_A_NOUN}\s+{plain}\b", body))


def is_about(subject: set[str], stood: Stood) -> bool:
    """Whether every word of the subject stands in the statement's sentences, beside them or in the headline.

    One at least must stand in the statement's own.
    """
    if not stems(_text(stood, beside=0)) & subject:
        return False
    return subject <= stems(_text(stood, beside=1)) | stems(stood.article.title)


def _text(stood: Stood, *, beside: int) -> str:
    """The sentences that hold the statement, with as many more on both sides."""
    touched = [n for n, sentence in enumerate(stood.sentences) if sentence.overlaps(stood.statement.span)]
    if not touched:
        return ""
    first, last = max(touched[0] - beside, 0), min(touched[-1] + beside, len(stood.sentences) - 1)
    return stood.article.body[stood.sentences[first].start : stood.sentences[last].end]
