"""What a body says about one person, and which of several of one surname a bare surname means.

Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rag.domain import Span
from rag.speech import vocabulary as words
from rag.speech.names import Mention
from rag.speech.roles import own_pronoun, role_words
from rag.speech.tokens import Unit

# Nobody writes about more people of one surname, or of one role; a hostile text may.
MOST_NAMESAKES = 50
# So many pronouns tell a surname's gender, and so many times those of the other.
_TOLD = 3


@dataclass(slots=True)
class Profile:
    """What the body says about one person so far. `parts` are the words of the fullest name, titles left out."""

    parts: tuple[str, ...]
    gender: str = ""
    roles: list[str] = field(default_factory=list)
    mentions: list[Span] = field(default_factory=list)
    full_mentions: list[int] = field(default_factory=list)
    evidence: int = 0
    in_headline: bool = False
    speaks: bool = False
    introduced: bool = False

    @property
    def name(self) -> str:
        return " ".join(self.parts)

    def may_be(self, gender: str) -> bool:
        """Whether "he" or "she" can mean them; of a single word without more that tells of a person, neither.

        An empty `gender` asks for anybody.
        """
        if self.gender:
            return gender in {self.gender, ""}
        return len(self.parts) > 1 or bool(self.roles)

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
        return surname_of(self.parts)


def surname_of(parts: Sequence[str]) -> str:
    kept = [part for part in parts if part.lower() not in words.SUFFIXES]
    return kept[-1] if kept else ""


def folded(name: str) -> str:
    """A surname or first name to compare by: "al-Holm" is called "Holm", too."""
    low = name.lower().replace("’", "'")
    return low[3:] if low.startswith(("al-", "el-")) and len(low) > 5 else low


def pronouns_of(mentions: Sequence[Mention], body_units: Sequence[Unit]) -> dict[str, str]:
    """The surnames that stand alone with pronouns of one gender three times and more, and hardly with the other's."""
    votes: dict[str, Counter[str]] = {}
    last = -1
    for mention, following in pairwise([*mentions, None]):
        if mention is None or mention.unit == last:
            continue
        last = mention.unit
        if len(mention.parts) > 1:
            continue
        tokens = body_units[mention.unit].tokens
        stop = following.start if following is not None and following.unit == mention.unit else len(tokens)
        gender = own_pronoun(tokens, mention.end, stop)
        if gender:
            votes.setdefault(folded(mention.parts[0]), Counter())[gender] += 1
    most = {name: heard.most_common(2) for name, heard in votes.items()}
    return {
        name: first[0]
        for name, (first, *others) in most.items()
        if first[1] >= _TOLD and first[1] >= _TOLD * sum(count for _, count in others)
    }


def distinguished(known: list[Profile], mention: Mention) -> list[Profile]:
    """Those of `known`, of one surname, whom a bare mention can mean: by gender, role, and who is told of most."""
    if mention.gender:
        fitting = [profile for profile in known if profile.gender in {mention.gender, ""}]
        certain = [profile for profile in fitting if profile.gender]
        known = certain if len(certain) == 1 else fitting or known
    if len(known) > 1 and mention.role:
        wanted = role_words(mention.role)
        fitting = [profile for profile in known if any(wanted & role_words(role) for role in profile.roles)]
        known = fitting or known
    if len(known) > 1 and not mention.gender:
        in_headline = [profile for profile in known[:MOST_NAMESAKES] if profile.in_headline]
        if len(in_headline) == 1:
            return in_headline
        # Of a child and a mother, whoever was heard and named last speaks on.
        last = max(known[:MOST_NAMESAKES], key=lambda profile: profile.last_named_before(mention.span.start))
        if mention.speaks and last.speaks and not any(each.speaks for each in known if each is not last):
            return [last]
        # Who is told of most is called by the surname; a namesake beside them by the full name.
        ordered = sorted(known[:MOST_NAMESAKES], key=lambda profile: -len(profile.full_mentions))
        if len(ordered[0].full_mentions) >= 2 * max(len(ordered[1].full_mentions), 1):
            return ordered[:1]
        with_role = [profile for profile in known[:MOST_NAMESAKES] if profile.roles]
        if len(with_role) == 1:
            return with_role
    if len(known) > 1:
        before = [(p.last_named_before(mention.span.start), p) for p in known[:MOST_NAMESAKES]]
        before.sort(key=lambda pair: pair[0])
        nearest, second = before[-1], before[-2]
        if nearest[0] >= 0 and (second[0] < 0 or nearest[0] - second[0] > 150):
            return [nearest[1]]
    return known
