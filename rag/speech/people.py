"""Find the persons that a body names: full name, surname, roles as worded, where they are mentioned.

Pure. A capitalised run counts as a person only with evidence for it (a title, a role, an age, a verb of speech, a
later bare surname, a common given name); places and organisations look the same otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.domain import Span
from rag.sentences import paragraph_spans, sentence_spans
from rag.speech import vocabulary as words
from rag.speech.given_names import FAMILY_NAMES_FIRST
from rag.speech.names import Mention, mentions_in
from rag.speech.profiles import MOST_NAMESAKES, Profile, distinguished, folded, pronouns_of, surname_of
from rag.speech.quotations import quotations
from rag.speech.roles import is_relation, own_pronoun, role_words
from rag.speech.runs import given_gender, is_given_name
from rag.speech.tokens import Unit, units
from rag.speech.trimming import tails, two_in_one, without_lead, without_openers, without_shared_lead


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in a body: fullest name, roles as worded without a leading article, every mention in order."""

    name: str
    roles: tuple[str, ...]
    spans: tuple[Span, ...]


def _is_office(title: str) -> bool:
    """Whether a title is more than "Mr" is: a first name follows "Pope", and not only a surname."""
    return bool(title) and title.lower() not in words.HONORIFICS


def _titled(mentions: Sequence[Mention]) -> dict[str, set[str]]:
    """The single names that a title stands with, and the words of the titles."""
    found: dict[str, set[str]] = {}
    for mention in mentions:
        if len(mention.parts) == 1 and _is_office(mention.title):
            found.setdefault(folded(mention.parts[0]), set()).update(role_words(mention.title))
    return found


class People:
    """The persons of one body, found by mention or by surname."""

    def __init__(self, body_units: Sequence[Unit], title_units: Sequence[Unit] = ()) -> None:
        self._profiles: dict[tuple[str, str], Profile] = {}
        self._by_surname: dict[str, list[Profile]] = {}
        self._by_name: dict[str, Profile] = {}
        self._by_first_name: dict[str, list[Profile]] = {}
        # "Carlos Reyes Holm" may be called Reyes.
        self._by_middle: dict[str, list[Profile]] = {}
        self._by_role_word: dict[str, list[Profile]] = {}
        self._at: dict[int, Profile] = {}
        self._ends: dict[int, int] = {}
        mentions = [mention for number, unit in enumerate(body_units) for mention in mentions_in(unit, number)]
        mentions = list(without_shared_lead(without_openers(mentions, body_units), body_units))
        self._by_tail = tails(mentions)
        # "Pope Francis" is no Francis Reed, and "President Min" is President Min Su-jin.
        self._titled = _titled(mentions)
        # "the Jazz" is nobody's surname, whatever "Utah Jazz" looks like.
        alone = Counter(folded(mention.parts[0]) for mention in mentions if len(mention.parts) == 1)
        things = Counter(folded(m.parts[0]) for m in mentions if len(m.parts) == 1 and m.evidence <= -3)
        bare = {name for name, count in alone.items() if 2 * things[name] <= count}
        where = Counter(folded(m.parts[0]) for m in mentions if len(m.parts) == 1 and m.evidence == -1)
        self._places = {name for name, count in where.items() if 3 * count > alone[name]}
        speaking = {folded(m.parts[0]) for m in mentions if len(m.parts) == 1 and m.evidence > 0} & bare
        for mention in mentions:
            if len(mention.parts) > 1:
                surname = folded(surname_of(mention.parts))
                called = {surname} | ({folded(mention.parts[0])} & FAMILY_NAMES_FIRST)
                self._add_full(mention, bool(called & bare) + bool(called & speaking))
        names = {mention.parts for mention in mentions}
        for unit in title_units:
            for mention in mentions_in(unit, -1):
                surname = folded(surname_of(mention.parts))
                told = surname in bare or mention.evidence
                if len(mention.parts) > 1 and told and not two_in_one(mention, alone):
                    self._add_full(without_lead(mention, names), 1, located=False)
        self._profiles = {
            key: each for key, each in self._profiles.items() if each.evidence > 0 and not self._is_in_a_place(each)
        }
        self._pronouns = pronouns_of(mentions, body_units)
        for profile in self._profiles.values():
            self._by_surname.setdefault(folded(profile.surname), []).append(profile)
            if len(profile.parts) > 1:
                self._by_first_name.setdefault(folded(profile.parts[0]), []).append(profile)
            for part in profile.parts[1:-1]:
                self._by_middle.setdefault(folded(part), []).append(profile)
        for mention in mentions:
            self._locate(mention)
        self._hear_genders([mention for mention in mentions if mention.span.start in self._at], body_units)
        for profile in self._profiles.values():
            self._by_name.setdefault(profile.name, profile)
            for word in {word for role in profile.roles[:MOST_NAMESAKES] for word in role_words(role)}:
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
        return self._by_surname.get(folded(surname), [])

    def _is_in_a_place(self, profile: Profile) -> bool:
        """Whether a name ends with a place and nothing tells of a person: "Harbour Track Elm"."""
        told = profile.roles or profile.gender or is_given_name(profile.parts[0].lower())
        return not told and folded(profile.surname) in self._places

    def is_place(self, name: str) -> bool:
        """Whether a single name, in small letters, stands mostly as a place does: "in Elm"."""
        return name in self._places

    def called(self, name: str) -> Profile | None:
        """The person of that full name."""
        return self._by_name.get(name)

    def having(self, role: str) -> list[Profile]:
        """Those whose roles have every word of `role`, the most recent last."""
        wanted = role_words(role)
        some = [self._by_role_word.get(word, []) for word in wanted]
        if not some:
            return []
        rarest = min(some, key=len)[:MOST_NAMESAKES]
        return [profile for profile in rarest if any(wanted <= role_words(each) for each in profile.roles)]

    def _add_full(self, mention: Mention, reused: int, *, located: bool = True) -> None:
        """`reused` is what the surname's use alone says for a person."""
        profile = self._profiles.setdefault(self._key(mention.parts), Profile(mention.parts))
        if len(mention.parts) > len(profile.parts):
            profile.parts = mention.parts
        profile.evidence += mention.evidence + reused
        profile.speaks = profile.speaks or mention.speaks
        profile.introduced = profile.introduced or mention.introduced
        self._enrich(profile, mention)
        if located:
            profile.full_mentions.append(mention.span.start)
        else:
            profile.in_headline = True

    def _key(self, parts: tuple[str, ...]) -> tuple[str, str]:
        """First name and surname; those of the full name where `parts` are a name of two surnames, "Tuesta Soldevilla"."""
        parts = self._by_tail.get(tuple(part.lower() for part in parts), parts)
        elder = " sr" if parts[-1].lower() in {"sr", "sr."} else ""  # "Holm Sr." is not "Holm Jr."
        return folded(parts[0]), folded(surname_of(parts)) + elder

    def _enrich(self, profile: Profile, mention: Mention) -> None:
        profile.gender = profile.gender or mention.gender
        if mention.role and mention.role not in profile.roles and not is_relation(mention.role):
            profile.roles.append(mention.role)

    def _locate(self, mention: Mention) -> None:
        profile = self._profiles.get(self._key(mention.parts)) if len(mention.parts) > 1 else self._bare(mention)
        if profile is None:
            return
        if len(mention.parts) == 1:
            self._enrich(profile, mention)
        profile.mentions.append(mention.span)
        self._at[mention.span.start] = profile
        self._ends[mention.span.start] = mention.span.end

    def _hear_genders(self, located: Sequence[Mention], body_units: Sequence[Unit]) -> None:
        """Whether the pronoun behind the first name of a unit, with no other person between, is hers or his."""
        votes: dict[int, Counter[str]] = {}
        last = -1
        for mention, following in pairwise([*located, None]):
            if mention is None or mention.unit == last:
                continue
            last, profile = mention.unit, self._at[mention.span.start]
            if profile.gender:
                continue
            tokens = body_units[mention.unit].tokens
            stop = following.start if following is not None and following.unit == mention.unit else len(tokens)
            gender = own_pronoun(tokens, mention.end, stop)
            if gender:
                votes.setdefault(id(profile), Counter())[gender] += 1
        for profile in self._profiles.values():
            heard = votes.get(id(profile), Counter()).most_common(2)
            if heard and (len(heard) == 1 or heard[0][1] >= 2 * heard[1][1]):
                profile.gender = heard[0][0]

    def _bare(self, mention: Mention) -> Profile | None:
        """Who a bare surname means: the only one, else by gender or role, else the nearest one named before."""
        surname = mention.parts[0]
        known = self.named(surname) or self._by_middle.get(folded(surname), []) or self._first_named(mention)
        if not known:
            return self._new_bare(mention)
        told = "" if mention.gender else self._pronouns.get(folded(surname), "")
        if told:
            known = [profile for profile in known if profile.gender in {told, ""}]
            if not known:  # "Holm" with "he" is not Ida Holm
                return self._new_bare(replace(mention, gender=told), shared=True)
        if len(known) > 1:
            known = distinguished(known, mention)
        return known[0] if len(known) == 1 else self._new_bare(mention, shared=True)

    def _first_named(self, mention: Mention) -> list[Profile]:
        """The only person of that first name, where a person is meant: "Ada said"."""
        name = folded(mention.parts[0])
        found = self._by_first_name.get(name, [])[:MOST_NAMESAKES]
        if name in self._titled and not any(self._titled[name] & role_words(r) for each in found for r in each.roles):
            return []
        # "Harbour said" means no "Harbour Freight".
        told = any(each.gender or each.roles or each.introduced for each in found)
        if not (is_given_name(name) or name in FAMILY_NAMES_FIRST or (mention.evidence > 0 and told)):
            return []
        # Of two Mikes, whoever was named in full last.
        return [max(found, key=lambda profile: profile.last_named_before(mention.span.start))] if found else []

    def _new_bare(self, mention: Mention, *, shared: bool = False) -> Profile | None:
        first_name = mention.evidence > 0 and is_given_name(mention.parts[0].lower())
        if not shared and not (mention.title or mention.role or first_name):
            return None
        told = folded(mention.parts[0])
        if told in self._places or len(told) == 1 or (told.endswith(words.DEMONYM_ENDINGS) and not is_given_name(told)):
            return None
        key = ("", folded(mention.parts[0]))
        profile = self._profiles.get(key)
        if profile is None:
            gender = mention.gender or given_gender(key[1])
            profile = self._profiles[key] = Profile(mention.parts, gender, evidence=1)
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
