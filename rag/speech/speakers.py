"""Tell who the words that name a speaker mean: "he", "Peskov", "the Kremlin spokesman", "the ministry".

Pure. Reads the units in order, since a pronoun means somebody named before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from rag.domain import Span, Speaker
from rag.speech import vocabulary as words
from rag.speech.antecedents import Antecedents
from rag.speech.people import People
from rag.speech.phrases import Range
from rag.speech.profiles import Profile
from rag.speech.roles import role_gender
from rag.speech.runs import is_name_word
from rag.speech.subjects import BRINGS_IN, opening_subject, trails_behind, unnamed_people
from rag.speech.tokens import Token, Unit

# How many units back a pronoun may reach.
_REACH = 6
# How many units back "he" may reach for somebody of whom no more than a surname is known.
_NEAR = 3
_LONGEST_NAME_WORDS = 14
_LONGEST_DESCRIPTION = 6
# Further from the name, "the actor" is taken for whoever the text is about there.
_FAR_CHARS = 600
_NO_SPEAKERS = words.ADVERBS | words.TIME_WORDS | frozenset("apparently certainly clearly".split())
_JOINS = frozenset("and but or nor yet while as though although".split())


class Speakers:
    """Resolves speakers while the units of one body are read in order."""

    def __init__(self, body: str, body_units: Sequence[Unit], people: People) -> None:
        self._body = body
        self._units = body_units
        self._people = people
        self._spoke: dict[int, Profile | str] = {}
        self._by_role_alone: dict[int, Profile | None] = {}
        self._antecedents = Antecedents(body_units, people, self._spoke, self._role_subject)

    @cached_property
    def _unnamed_people(self) -> frozenset[str]:
        return unnamed_people(self._units)

    def speaker(self, number: int, source: Range) -> Speaker | None:
        """Who the source of an attribution in unit `number` is; None for a pronoun that nothing explains."""
        tokens = self._units[number].tokens
        found = self._resolve(number, tokens, source)
        if found is None:
            return None
        if isinstance(found, Profile) or not self._is_person(self._spoke.get(number)):
            self._spoke[number] = found
        if isinstance(found, Profile):
            return self.named(found, self._role_here(number, tokens, source, found))
        return Speaker(found)

    def _is_person(self, spoke: Profile | str | None) -> bool:
        """Whether somebody was heard, who stays heard in "Holm said so, according to a report"."""
        return isinstance(spoke, Profile) or (spoke is not None and self._antecedents.is_single_name(spoke))

    def named(self, profile: Profile, role: str | None = None) -> Speaker:
        return Speaker(profile.name, role or (_best_role(profile.roles) if profile.roles else None))

    def again(self, number: int, speaker: Speaker | None) -> None:
        """Notes that unit `number` goes on with a speaker, so that a later pronoun can mean them."""
        if speaker is None:
            return
        self._spoke.setdefault(number, self._people.called(speaker.name) or speaker.name)

    def subject(self, number: int) -> tuple[Speaker, Span] | None:
        """The person whom unit `number` is about, and where it names them."""
        found = self._antecedents.subject(number, "")
        if found is None:
            return None
        profile, span = found
        self._spoke.setdefault(number, profile)
        return self.named(profile), span

    def opening(self, number: int, before: int) -> tuple[Speaker, Span] | None:
        """The person who is the subject of unit `number`, named or meant before its token `before`."""
        tokens = self._units[number].tokens
        subject = opening_subject(tokens, before)
        found = self._resolve(number, tokens, subject) if subject is not None else None
        if subject is None or not isinstance(found, Profile):
            return None
        self._spoke.setdefault(number, found)
        return self.named(found), Span(tokens[subject.start].start, tokens[subject.end - 1].end)

    def behind(self, number: int, at: int) -> tuple[Speaker, Span] | None:
        """The person whom unit `number` names within a few words from its token `at` on."""
        tokens = self._units[number].tokens[at : at + _LONGEST_NAME_WORDS]
        if not tokens or tokens[0].low in words.CLAUSE_WORDS:
            return None
        named = self._people.at(tokens[0].start, tokens[-1].end)
        if not named:
            return None
        span, profile = named[0]
        self._spoke.setdefault(number, profile)
        return self.named(profile), span

    def _resolve(self, number: int, tokens: Sequence[Token], source: Range) -> Profile | str | None:
        first = tokens[source.start]
        pronoun = first.low.split("'")[0]  # "we've"
        if source.end - source.start == 1 and pronoun in words.PRONOUNS:
            kind = words.PRONOUNS[pronoun]
            unnamed = self._unnamed(tokens, source, kind)
            return unnamed or self._pronoun(number, kind, first.start, trails=trails_behind(tokens, source))
        person = self._person(tokens, source)
        if person is not None:
            return person
        return (
            self._by_role(tokens, source)
            or self._by_head(number, tokens, source)
            or self._described(number, tokens, source)
            or self._phrase(tokens, source)
        )

    def _person(self, tokens: Sequence[Token], source: Range) -> Profile | None:
        """The person at the head of the phrase, or right behind it between commas."""
        head_end = _head_end(tokens, source)
        if any(token.low == "who" for token in tokens[source.end : source.end + 2]):
            head_end = source.end  # "a friend of Ida Holm, who called it ..."
        inside = self._people.at(tokens[source.start].start, tokens[head_end - 1].end)
        if inside and inside[-1][0].end >= tokens[head_end - 1].end:
            return inside[-1][1]
        after = source.end
        if after + 1 < len(tokens) and tokens[after].text == ",":
            start = tokens[_past_title(tokens, after + 1)].start
            behind = self._people.at(start, start + 60)
            if behind and behind[0][0].start == start:
                return behind[0][1]
        if source.end - source.start == 1 and is_name_word(tokens[source.start], False):
            alike = self._people.named(tokens[source.start].text)
            if len(alike) == 1:
                return alike[0]  # "Hall said" where Marcus Hall is known
        return self._in_apposition(tokens, source, head_end)

    def _in_apposition(self, tokens: Sequence[Token], source: Range, head_end: int) -> Profile | None:
        """The person named right before "..., the senator who had called it that, ..." or "..., a senator told ..."."""
        following = tokens[source.end].low if source.end < len(tokens) else ""
        if following != "who" and following not in words.SAYING:
            return None  # "Ida Holm, the lawyer accused of ...": she says nothing
        if (
            source.start < 2
            or tokens[source.start - 1].text != ","
            or tokens[source.start].low not in {"the", "a", "an"}
        ):
            return None
        if tokens[head_end - 1].low not in words.ROLE_NOUNS:
            return None
        last = source.start - 2
        if last >= 2 and tokens[last].text.isdigit() and tokens[last - 1].text == ",":
            last -= 2  # "Ida Holm, 15, a volunteer who ..."
        end = tokens[last].end
        before = self._people.at(max(0, end - 60), end)
        return before[-1][1] if before and before[-1][0].end == end else None

    def _role_here(self, number: int, tokens: Sequence[Token], source: Range, profile: Profile) -> str | None:
        """The role as the phrase itself words it, where it does."""
        head_end = _head_end(tokens, source)
        mention = next(
            (
                span
                for span, who in self._people.at(tokens[source.start].start, tokens[head_end - 1].end)
                if who is profile
            ),
            None,
        )
        if mention is None:
            return None
        before = self._body[tokens[source.start].start : mention.start].strip()
        return before if before in profile.roles and len(before.split()) > 1 else None

    def _unnamed(self, tokens: Sequence[Token], source: Range, kind: str) -> str | None:
        """Whom the sentence itself brings in without a name: "A brewer ... is making a beer that he named ..."."""
        subject = opening_subject(tokens, source.start) if kind in "mf" else None
        if subject is None or tokens[subject.start].low not in BRINGS_IN:
            return None
        if tokens[subject.end - 1].low not in words.ROLE_NOUNS or self._people.at(
            tokens[subject.start].start, tokens[source.start].start
        ):
            return None
        return self._phrase(tokens, subject)

    def _pronoun(self, number: int, kind: str, start: int, *, trails: bool = False) -> Profile | str | None:
        """Who "he" is; one that `trails` ("Holm is wrong, he said") means nobody whom its own unit names."""
        if kind in {"1", "2"}:  # whoever writes or is spoken to
            return None
        if kind in {"p", "n"}:
            return self._earlier_group(number)
        return self._antecedents.meant(number, kind, start, trails=trails)

    def _described(self, number: int, tokens: Sequence[Token], source: Range) -> Profile | None:
        """Who "the 54-year-old" or "the Elm Democrat" is: whoever the text is about there, called so for variety."""
        if tokens[source.start].low != "the" or source.end - source.start > _LONGEST_DESCRIPTION:
            return None
        head = tokens[_head_end(tokens, source) - 1]
        aged = any(token.low.endswith("-year-old") for token in tokens[source.start : source.end])
        described = head.low in words.DESCRIPTIONS and not head.capital  # "The Economist" is a paper
        if not (aged or described) or head.low in self._unnamed_people:
            return None
        role = " ".join(token.text for token in tokens[source.start : source.end])
        gender = role_gender(role)
        spoke = (self._spoke.get(unit) for unit in range(number - 1, max(-1, number - _NEAR), -1))
        speaker = next((each for each in spoke if isinstance(each, Profile) and each.may_be(gender)), None)
        found = speaker or self._pronoun(number, gender, tokens[source.start].start)
        return found if isinstance(found, Profile) else None

    def _role_subject(self, number: int) -> Profile | None:
        """The person whom a unit is about by role alone: "The governor vetoed it"."""
        if number not in self._by_role_alone:
            tokens = self._units[number].tokens
            subject = opening_subject(tokens, len(tokens))
            known = subject is not None and tokens[subject.start].low == "the"  # "his co-founder" is another
            self._by_role_alone[number] = self._by_role(tokens, subject) if subject is not None and known else None
        return self._by_role_alone[number]

    def _earlier_group(self, number: int) -> str | None:
        for unit in range(number, max(-1, number - _REACH), -1):
            spoke = self._spoke.get(unit)
            if isinstance(spoke, str):
                return spoke
        return None

    def _by_role(self, tokens: Sequence[Token], source: Range) -> Profile | None:
        """The one person of whom the article says what "the Kremlin spokesman" says."""
        head_end = _head_end(tokens, source)
        first, last = tokens[source.start], tokens[head_end - 1]
        if first.low in BRINGS_IN | {"some", "several", "many"}:
            return None
        if last.low not in words.ROLE_NOUNS and last.low not in words.TITLES:
            return None
        position = first.start
        fitting = self._people.having(" ".join(token.text for token in tokens[source.start : source.end]))
        before = [profile for profile in fitting if profile.last_mentioned_before(position) >= 0]
        found = max(before or fitting, key=lambda profile: profile.last_mentioned_before(position), default=None)
        if found is None or last.low in words.OFFICEHOLDERS | words.TITLES - words.DESCRIPTIONS:
            return found
        # "The actor", "the Elm resident": there may be others than the one who was once called so.
        return found if position - found.last_mentioned_before(position) <= _FAR_CHARS else None

    def _by_head(self, number: int, tokens: Sequence[Token], source: Range) -> Profile | None:
        """The one person spoken of right before who is a leader by any name, for "the opposition leader"."""
        head = tokens[_head_end(tokens, source) - 1]
        if tokens[source.start].low != "the" or head.capital or head.low not in words.ROLE_NOUNS - {"general"}:
            return None
        near = self._units[max(0, number - _NEAR)].span.start
        fitting = [
            profile
            for profile in self._people.having(head.low)
            if profile.last_mentioned_before(tokens[source.start].start) >= near
            and any(_role_head(role) == head.low for role in profile.roles)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _phrase(self, tokens: Sequence[Token], source: Range) -> str | None:
        """The noun phrase itself, as it stands inside a sentence."""
        while source.start + 1 < source.end and tokens[source.start].low in _JOINS:
            source = Range(source.start + 1, source.end)  # "..., and its governor told ..."
        end = min(source.end, source.start + _LONGEST_NAME_WORDS)
        text = self._body[tokens[source.start].start : tokens[end - 1].end]
        text = " ".join(text.split())
        first = tokens[source.start]
        if source.end - source.start == 1 and first.low in _NO_SPEAKERS:
            return None
        if first.low in words.DETERMINERS and first.capital:
            text = text[0].lower() + text[1:]
        return text or None


def _past_title(tokens: Sequence[Token], at: int) -> int:
    """Past "the Rev." in "her brother, the Rev. Tom Holm"."""
    if tokens[at].low == "the":
        at += 1
    while at + 1 < len(tokens) and tokens[at].capital and tokens[at].low in words.TITLES:
        at += 1
    return min(at, len(tokens) - 1)


def _head_end(tokens: Sequence[Token], source: Range) -> int:
    """The end of the phrase's head: before "of", "for", "in" ..., or "representing" in "a lawyer representing Holm"."""
    for at in range(source.start + 1, source.end):
        low = tokens[at].low
        acts = low.endswith("ing") and not tokens[at].capital and tokens[at - 1].low in words.ROLE_NOUNS
        if low in words.PREPOSITIONS or acts:
            return at
    return source.end


def _role_head(role: str) -> str:
    """What somebody is by a role: "leader" in "leader of the opposition in Elm"."""
    found = role.lower().split()
    return next((found[at - 1] for at in range(1, len(found)) if found[at] in words.PREPOSITIONS), found[-1])


def _best_role(roles: Sequence[str]) -> str:
    """The first role worded in more than a title, else the first."""
    return next((role for role in roles if len(role.split()) > 1 and len(role) <= 80), roles[0])
