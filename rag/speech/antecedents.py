"""Tell who "he", "she" or "the actor" means: whoever was spoken of last, and how.

Pure. Everybody named or heard before is weighed by how far back that was, in units, and by how: who spoke or was the
subject comes before who was only an object ("beat Holm", "with Holm") or an owner ("Holm's plan").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from rag.domain import Span
from rag.speech import vocabulary as words
from rag.speech.people import People
from rag.speech.profiles import Profile
from rag.speech.roles import is_relation, role_gender
from rag.speech.subjects import is_agent, opening_subject
from rag.speech.tokens import Token, Unit

# How many units back a pronoun may reach.
_REACH = 6
# How many units back one may reach for somebody of whom no more than a single name or a description is known.
_NEAR = 3
_LONGEST_DESCRIPTION = 6
# What each way of being named adds to the distance in units.
_AS_SUBJECT, _AS_AGENT, _AS_OWNER, _AS_ANOTHER, _AS_OBJECT = 0.4, 0.6, 0.8, 0.9, 1.2
_ALONE, _UNTOLD = 0.6, 0.3
_DASHES = frozenset("— – − - •".split())
_INTRODUCES = frozenset("a an the who".split())
# What sources called by one word are that are nobody: indefinite words, countries and their cities.
_NOBODY = words.DETERMINERS | frozenset(
    "anyone everyone someone nobody everybody somebody anybody others washington beijing moscow tokyo london brussels"
    " berlin paris kyiv kiev tehran ankara delhi jerusalem seoul pyongyang damascus riyadh canberra ottawa dublin rome"
    " madrid warsaw athens vienna geneva cairo islamabad downing capitol kremlin pentagon russia china israel ukraine iran"
    " iraq syria turkey france germany britain england scotland ireland japan korea india pakistan canada australia mexico"
    " brazil sweden norway egypt europe america twitter facebook google".split()
)
_BEYOND = words.PREPOSITIONS | frozenset("above below than like unlike as".split())


class Named(NamedTuple):
    """Somebody a unit names, where, and what the way of it adds to the distance."""

    profile: Profile
    span: Span
    cost: float


class Antecedents:
    """Who is spoken of in the units of one body. `spoke` has, unit by unit, who was heard so far.

    `by_role` tells whom a unit is about by role alone: "The governor vetoed it".
    """

    def __init__(
        self,
        body_units: Sequence[Unit],
        people: People,
        spoke: Mapping[int, Profile | str],
        by_role: Callable[[int], Profile | None],
    ) -> None:
        self._by_role = by_role
        self._units = body_units
        self._people = people
        self._spoke = spoke
        self._goes_on: dict[int, tuple[str, Profile | str | None]] = {}
        self._followed = 0

    def meant(self, number: int, gender: str, start: int, *, trails: bool = False) -> Profile | str | None:
        """Whom a pronoun of `gender` at `start` of unit `number` means; one that `trails` nobody of its own unit.

        An empty `gender` asks for anybody.
        """
        self._follow(number)
        best: tuple[float, Profile | str] | None = None
        for unit in range(number, max(-1, number - _REACH), -1):
            distance = float(number - unit)
            if best is not None and best[0] <= distance:
                break
            limit = start if unit == number else None
            for cost, who in self._candidates(unit, gender, limit, number, trails=trails):
                if best is None or distance + cost < best[0]:
                    best = distance + cost, who
        return best[1] if best is not None else None

    def _candidates(
        self, unit: int, gender: str, limit: int | None, number: int, *, trails: bool
    ) -> Iterator[tuple[float, Profile | str]]:
        spoke = self._spoke.get(unit)
        if isinstance(spoke, Profile) and spoke.may_be(gender):
            yield 0.0, spoke
        elif isinstance(spoke, str) and number - unit <= _NEAR:
            if is_somebody(spoke) and role_gender(spoke) in {"", gender}:
                yield 0.0, spoke
            elif self.is_single_name(spoke):
                yield _ALONE, spoke
        if limit is None:
            by_role = self._by_role(unit)
            if by_role is not None and by_role.may_be(gender):
                yield _AS_SUBJECT, by_role
            of, goes_on = self._goes_on.get(unit, ("", None))
            if goes_on is not None and of == gender:
                yield _AS_SUBJECT, goes_on
        if limit is None or not trails:
            for named in self.named(unit, gender, limit):
                yield named.cost + (0.0 if named.profile.gender else _UNTOLD), named.profile

    def _follow(self, number: int) -> None:
        """Notes, in order, whom each unit before `number` is about whose subject is a pronoun: "He is of the opinion ..."."""
        while self._followed < number:
            unit, self._followed = self._followed, self._followed + 1
            tokens = self._units[unit].tokens
            subject = opening_subject(tokens, len(tokens))
            gender = words.PRONOUNS.get(tokens[subject.start].low.split("'")[0]) if subject is not None else None
            if subject is not None and gender in {"m", "f"}:
                self._goes_on[unit] = gender, self.meant(unit, gender, tokens[subject.start].start)

    def subject(self, number: int, gender: str) -> tuple[Profile, Span] | None:
        """The person whom unit `number` is about, and where it names them."""
        found = min(self.named(number, gender), key=lambda named: named.cost, default=None)
        return (found.profile, found.span) if found is not None else None

    def named(self, number: int, gender: str, before: int | None = None) -> Iterator[Named]:
        """The persons named in unit `number` up to `before`, in order."""
        unit = self._units[number]
        if _is_credit(unit.tokens, number):
            return
        end = before if before is not None else unit.span.end
        mentions = self._people.at(unit.span.start, end)
        if not mentions:
            return
        by_end = {token.end: at for at, token in enumerate(unit.tokens)}
        by_start = {token.start: at for at, token in enumerate(unit.tokens)}
        led = False
        for span, profile in mentions:
            cost = _cost(unit.tokens, by_start.get(span.start, 0), by_end.get(span.end, len(unit.tokens)) + 1)
            if cost == _AS_SUBJECT:
                cost, led = (_AS_ANOTHER if led else _AS_SUBJECT), True
            if not gender or profile.may_be(gender):
                yield Named(profile, span, cost)

    @cached_property
    def _small(self) -> frozenset[str]:
        """The words that the body has in small letters, too."""
        return frozenset(token.text for unit in self._units for token in unit.tokens if token.kind == "w")

    def is_single_name(self, phrase: str) -> bool:
        """Whether a speaker is called by a single name that nothing tells more of, and not "Anyone" or "Critics"."""
        low = phrase.lower()
        if len(phrase) < 2 or not phrase.isalpha() or phrase.isupper() or not phrase[0].isupper():
            return False
        known = low in _NOBODY or low in self._small or self._people.is_place(low)
        return not known and low not in words.INSTITUTIONS and not low.endswith(words.DEMONYM_ENDINGS)


def _is_credit(tokens: Sequence[Token], number: int) -> bool:
    """Whether a unit is no sentence, but says who wrote or photographed: "Ida Holm/Harbour Post", a name at the top."""
    if any(token.kind == "w" and token.text.islower() for token in tokens):
        return False
    return number == 0 or tokens[0].text in _DASHES or any("/" in token.text for token in tokens)


def _cost(tokens: Sequence[Token], first: int, after: int) -> float:
    """What being named at `[first, after)` adds: by the word before and the words behind."""
    if is_agent(tokens, first):
        return _AS_AGENT
    if after < len(tokens) and tokens[after].low == "'s":
        return _AS_OWNER
    before = first - 1
    while (
        before > 0
        and first - before < _LONGEST_DESCRIPTION
        and not tokens[before].capital
        and _may_describe(tokens[before])
    ):
        before -= 1  # "like the economist Ida Holm"
    if first == 0 or (tokens[before].low not in _BEYOND and tokens[before].text not in _DASHES):
        return _AS_SUBJECT
    # "It weighed on Holm, a student in Elm.": whoever is introduced there is spoken of.
    introduced = after + 1 < len(tokens) and tokens[after].text == "," and tokens[after + 1].low in _INTRODUCES
    return _AS_AGENT if introduced else _AS_OBJECT


def _may_describe(token: Token) -> bool:
    return token.low in words.DETERMINERS or token.low in words.ROLE_NOUNS


def is_somebody(phrase: str) -> bool:
    """Whether a speaker without a name is one person: "the senior official"."""
    first, *rest = phrase.lower().split()
    if first not in {"the", "a", "an", "one"} or not 0 < len(rest) < _LONGEST_DESCRIPTION or is_relation(phrase):
        return False  # "a friend" stands beside whoever the text is about
    return rest[-1] in words.ROLE_NOUNS
