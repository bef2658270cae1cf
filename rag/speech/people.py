"""Find the persons that a body names: full name, surname, roles as worded, where they are mentioned.

Pure. A capitalised run counts as a person only with evidence for it (a title, a role, an age, a verb of speech, a
later bare surname, a common given name); places and organisations look the same otherwise.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.domain import Span
from rag.sentences import paragraph_spans, sentence_spans
from rag.speech import vocabulary as words
from rag.speech.names import Mention, is_relation, mentions_in, role_words
from rag.speech.quotations import quotations
from rag.speech.tokens import Unit, units

# Nobody writes about more people of one surname, or of one role; a hostile text may.
_MOST_NAMESAKES = 50


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in a body: fullest name, roles as worded without a leading article, every mention in order."""

    name: str
    roles: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(slots=True)
class Profile:
    """What the body says about one person so far. `parts` are the words of the fullest name, titles left out."""

    parts: tuple[str, ...]
    gender: str = ""
    roles: list[str] = field(default_factory=list)
    mentions: list[Span] = field(default_factory=list)
    full_mentions: list[int] = field(default_factory=list)
    evidence: int = 0

    @property
    def name(self) -> str:
        return " ".join(self.parts)

    def last_named_before(self, position: int) -> int:
        """Where the full name last stands before `position`; -1 where it does not."""
        at = bisect_left(self.full_mentions, position)
        return self.full_mentions[at - 1] if at else -1

    def last_mentioned_before(self, position: int) -> int:
        """Where the person is last mentioned before `position`; -1 where not."""
        at = bisect_left(self.mentions, position, key=lambda span: span.start)
        return self.mentions[at - 1].start if at else -1

    @property
    def surname(self) -> str:
        return _surname(self.parts)


def _surname(parts: Sequence[str]) -> str:
    kept = [part for part in parts if part.lower() not in words.SUFFIXES]
    return kept[-1] if kept else ""


def _folded(name: str) -> str:
    return name.lower().replace("’", "'")


class People:
    """The persons of one body, found by mention or by surname."""

    def __init__(self, body_units: Sequence[Unit], title_units: Sequence[Unit] = ()) -> None:
        self._profiles: dict[tuple[str, str], Profile] = {}
        self._by_surname: dict[str, list[Profile]] = {}
        self._by_name: dict[str, Profile] = {}
        self._by_role_word: dict[str, list[Profile]] = {}
        self._at: dict[int, Profile] = {}
        self._ends: dict[int, int] = {}
        mentions = [mention for number, unit in enumerate(body_units) for mention in mentions_in(unit, number)]
        bare = {_folded(mention.parts[0]) for mention in mentions if len(mention.parts) == 1}
        for mention in mentions:
            if len(mention.parts) > 1:
                self._add_full(mention, reused=_folded(_surname(mention.parts)) in bare)
        for unit in title_units:
            for mention in mentions_in(unit, -1):
                if len(mention.parts) > 1 and (_folded(_surname(mention.parts)) in bare or mention.evidence):
                    self._add_full(mention, reused=True, located=False)
        self._profiles = {key: each for key, each in self._profiles.items() if each.evidence > 0}
        for profile in self._profiles.values():
            self._by_surname.setdefault(_folded(profile.surname), []).append(profile)
        for mention in mentions:
            self._locate(mention)
        for profile in self._profiles.values():
            self._by_name.setdefault(profile.name, profile)
            for word in {word for role in profile.roles[:_MOST_NAMESAKES] for word in role_words(role)}:
                self._by_role_word.setdefault(word, []).append(profile)

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._profiles.values())

    def at(self, start: int, end: int) -> list[tuple[Span, Profile]]:
        """Mentions inside `[start, end)` in order."""
        return [
            (Span(at, self._ends[at]), self._at[at])
            for at in range(start, min(end, start + 400))
            if at in self._at and self._ends[at] <= end
        ]

    def named(self, surname: str) -> list[Profile]:
        """Everybody of that surname, in order of first mention."""
        return self._by_surname.get(_folded(surname), [])

    def called(self, name: str) -> Profile | None:
        """The person of that full name."""
        return self._by_name.get(name)

    def having(self, role: str) -> list[Profile]:
        """Those whose roles have every word of `role`, the most recent last."""
        wanted = role_words(role)
        some = [self._by_role_word.get(word, []) for word in wanted]
        if not some:
            return []
        rarest = min(some, key=len)[:_MOST_NAMESAKES]
        return [profile for profile in rarest if any(wanted <= role_words(each) for each in profile.roles)]

    def _add_full(self, mention: Mention, *, reused: bool, located: bool = True) -> None:
        key = (_folded(mention.parts[0]), _folded(_surname(mention.parts)))
        profile = self._profiles.setdefault(key, Profile(mention.parts))
        if len(mention.parts) > len(profile.parts):
            profile.parts = mention.parts
        profile.evidence += mention.evidence + (1 if reused else 0)
        self._enrich(profile, mention)
        if located:
            profile.full_mentions.append(mention.span.start)

    def _enrich(self, profile: Profile, mention: Mention) -> None:
        profile.gender = profile.gender or mention.gender
        if mention.role and mention.role not in profile.roles and not is_relation(mention.role):
            profile.roles.append(mention.role)

    def _locate(self, mention: Mention) -> None:
        key = (_folded(mention.parts[0]), _folded(_surname(mention.parts)))
        profile = self._profiles.get(key) if len(mention.parts) > 1 else self._bare(mention)
        if profile is None:
            return
        if len(mention.parts) == 1:
            self._enrich(profile, mention)
        profile.mentions.append(mention.span)
        self._at[mention.span.start] = profile
        self._ends[mention.span.start] = mention.span.end

    def _bare(self, mention: Mention) -> Profile | None:
        """Who a bare surname means: the only one, else by gender or role, else the nearest one named before."""
        surname = mention.parts[0]
        known = self.named(surname)
        if not known:
            return self._new_bare(mention)
        if len(known) > 1:
            known = self._distinguished(known, mention)
        return known[0] if len(known) == 1 else self._new_bare(mention, shared=True)

    def _distinguished(self, known: list[Profile], mention: Mention) -> list[Profile]:
        if mention.gender:
            fitting = [profile for profile in known if profile.gender in {mention.gender, ""}]
            certain = [profile for profile in fitting if profile.gender]
            known = certain if len(certain) == 1 else fitting or known
        if len(known) > 1 and mention.role:
            wanted = role_words(mention.role)
            fitting = [profile for profile in known if any(wanted & role_words(role) for role in profile.roles)]
            known = fitting or known
        if len(known) > 1:
            before = [(p.last_named_before(mention.span.start), p) for p in known[:_MOST_NAMESAKES]]
            before.sort(key=lambda pair: pair[0])
            nearest, second = before[-1], before[-2]
            if nearest[0] >= 0 and (second[0] < 0 or nearest[0] - second[0] > 150):
                return [nearest[1]]
        return known

    def _new_bare(self, mention: Mention, *, shared: bool = False) -> Profile | None:
        if not shared and not (mention.title or mention.role):
            return None
        key = ("", _folded(mention.parts[0]))
        profile = self._profiles.get(key)
        if profile is None:
            profile = self._profiles[key] = Profile(mention.parts, evidence=1)
            if not shared:
                self._by_surname.setdefault(key[1], []).append(profile)
        return profile


def people(body: str) -> tuple[Person, ...]:
    """The persons named in a body, in order of first mention."""
    paragraphs = paragraph_spans(body)
    found = People(units(body, paragraphs, sentence_spans(body), quotations(body, paragraphs)))
    named = [profile for profile in found if profile.mentions]
    named.sort(key=lambda profile: profile.mentions[0])
    return tuple(Person(each.name, tuple(each.roles), tuple(each.mentions)) for each in named)


def all_units(bodies: Iterable[str]) -> list[Unit]:
    """Units of texts that stand on their own, such as a headline."""
    found: list[Unit] = []
    for text in bodies:
        paragraphs = paragraph_spans(text)
        found.extend(units(text, paragraphs, sentence_spans(text), ()))
    return found
