"""Find names that may be persons', in one unit, with the role worded beside them and what speaks for a person.

Pure. Places and organisations look like names too: `Mention.evidence` says how much is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.domain import Span
from rag.speech import vocabulary as words
from rag.speech.roles import role_after, role_before_comma, role_gender, role_start, without_honorific, worded
from rag.speech.runs import given_gender, is_given_name, past_what_is_no_name, run_end
from rag.speech.tokens import Token, Unit

_PARTY_ADJECTIVES = frozenset(
    "republican democrat democratic conservative liberal labour labor independent libertarian tory socialist".split()
)
# "Roe v. Holm" is a case, and nobody who speaks.
_AGAINST = frozenset("v v. vs vs.".split())
# Endings of what somebody is by trade: "Radiologist Ida Holm".
_TRADES = ("ologist", "ician", "ographer", "omist", "therapist")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at tokens `[start, end)` of a unit; `role` is what is worded right before it."""

    unit: int
    start: int
    end: int
    span: Span
    parts: tuple[str, ...]
    title: str
    role: str
    evidence: int
    gender: str
    speaks: bool = False
    introduced: bool = False


def mentions_in(unit: Unit, number: int) -> Iterator[Mention]:
    """Every name of a unit that may be a person's, in order; `number` is the unit's."""
    tokens = unit.tokens
    shouting = len(tokens) > 3 and sum([token.text.isupper() for token in tokens]) * 2 > len(tokens)
    at = 0
    while at < len(tokens):
        # looked at here, since most words are none: this runs once for every word that is ingested
        end = run_end(tokens, at, shouting) if tokens[at].text[:1].isupper() else at
        if end == at:
            at += 1
            continue
        mention = _mention(unit, number, at, end)
        if mention is not None:
            yield mention
        at = end


def _mention(unit: Unit, number: int, start: int, end: int) -> Mention | None:
    tokens = unit.tokens
    start = past_what_is_no_name(tokens, start, end)
    first = start
    for k in range(start, end):
        is_title = tokens[k].low in words.TITLES or tokens[k].low.endswith(_TRADES)
        # "Board Member Tom Reed", "Developer Tom Reed"; but "Mary Baker Reed" is a name.
        opens = k > start or is_given_name(tokens[min(k + 1, end - 1)].low)
        worded_before = opens and k < end - 2 and tokens[k].low in words.ROLE_NOUNS
        is_name = k == start and end - k == 2 and is_given_name(tokens[k].low)  # "Dean Holm"
        if k + 1 < end and (is_title or worded_before) and not is_name:
            first = k + 1
    titled = first > start
    while first < end - 1 and not titled and _is_adjective(tokens[first], end - first):
        first += 1
    if start == 0 and first == 0 and end > 1 and _asks(tokens):
        first = 1
    name = [token for token in tokens[first:end] if token.kind == "w"]
    parts = tuple(token.text for token in name)
    core = [token for token in name if token.low not in _NO_CORE]
    if not core or len(core) > 4 or _is_no_name(tokens, first, end):
        return None
    if any(token.low in words.INSTITUTIONS for token in core):
        return None  # "Premier League" too: the title is no title
    if core[-1].low in words.OFFICES and (len(core) > 1 or titled):
        return None  # "Senior Category Director", "the Vice President"
    trusted = titled and tokens[first - 1].low in words.TITLES
    if not trusted and _is_organisation(core):
        return None
    title = " ".join(token.text for token in tokens[start:first]) if titled else ""
    begins = role_start(tokens, first if not titled else start, titled)
    role = without_honorific(worded(unit, begins, first) if begins < first else "")
    after_role = role_after(unit, end)
    before_role = "" if role else role_before_comma(unit, start)
    evidence, gender = _evidence(tokens, start, first, end, core)
    evidence += 2 * bool(role) + 2 * bool(after_role) + bool(before_role) + bool(titled)
    common = core[-1].low in words.ORGANISATION_WORDS or (len(core) == 1 and _is_role(core[0].low))
    if common and not trusted:
        # "Marcus Hall" and "Maple Hall", "said Baker" and "Baker Street": less is known than of another name.
        if len(core) == 1:
            title = role = after_role = before_role = ""
        evidence -= (1 if is_given_name(core[0].low) else 2) * (len(core) > 1)
        if evidence < (len(core) == 1) - 2 * (core[-1].low in _SURNAMES and len(core) > 1):
            return None
    told = role or after_role or before_role
    gender = _told_by_suffix(parts) or gender or role_gender(told)
    span = Span(tokens[first].start, tokens[end - 1].end)
    heard = _speaks(tokens, start, end)
    return Mention(number, first, end, span, parts, title, told, evidence, gender, heard, _introduced(tokens, end))


def _introduced(tokens: Sequence[Token], end: int) -> bool:
    """Whether a name is told of as a person's is: "Holm, a cook", "Holm, 22, ..."."""
    if end + 1 >= len(tokens) or tokens[end].text != ",":
        return False
    return tokens[end + 1].low in {"a", "an", "the", "who", "whose"} or _is_age(tokens[end + 1])


def _speaks(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a name stands right beside a verb of speech: "said Holm", "Holm told"."""
    if end < len(tokens) and tokens[end].low in words.SAYING:
        return True
    return start > 0 and is_inverted(tokens[start - 1])


def _told_by_suffix(parts: Sequence[str]) -> str:
    """ "m" for "Meredith Holm Jr.", a man's name whatever the first name is mostly."""
    return "m" if parts[-1].lower() in _MENS_SUFFIXES else ""


def _is_no_name(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether capitals name a case, "Roe v. Holm", or open a sentence, "Interestingly, the senator ..."."""
    if start and tokens[start - 1].low in _AGAINST:
        return True
    opens = start == 0 and end == 1 and len(tokens) > 1 and tokens[1].text == ","
    return opens and tokens[0].low.endswith("ly") and not is_given_name(tokens[0].low)


# Of the words of places and organisations, those that are surnames, too.
_SURNAMES = frozenset(
    "street park parks bridge hall lake bay church bank post day green black white west north east law court house"
    " english french german lane hill stone wood moor major price cross marsh fields brook power".split()
)
_NO_SURNAMES = words.ORGANISATION_WORDS - _SURNAMES
_NO_CORE = words.NAME_PARTICLES | words.SUFFIXES


def _is_organisation(core: Sequence[Token]) -> bool:
    """Whether a word of a name is one of places and organisations; a last one may be a surname, a first one a first name."""
    if any(token.low in words.ORGANISATION_WORDS for token in core[1:-1]):
        return True
    if core[0].low in words.ORGANISATION_WORDS and not is_given_name(core[0].low):
        return len(core) > 1 or core[0].low in words.INSTITUTIONS
    surname = core[-1].low
    return surname in _NO_SURNAMES and len(core) > 1 and not is_given_name(core[0].low)


def _asks(tokens: Sequence[Token]) -> bool:
    """Whether the first word is the verb of a question rather than a name: "Will Orlov resign?"."""
    return tokens[0].low in {"will", "may"} and tokens[-1].text == "?"


def _is_role(low: str) -> bool:
    return any(each in words.TITLES or each in words.ROLE_NOUNS for each in (low, low.removesuffix("s")))


def _is_adjective(token: Token, left: int) -> bool:
    if left < 3:
        return token.low in _PARTY_ADJECTIVES and left >= 2
    return token.low in _PARTY_ADJECTIVES or (
        token.low.endswith(words.DEMONYM_ENDINGS) and not is_given_name(token.low)
    )


_MENS_SUFFIXES = frozenset("jr jr. sr sr.".split())
_PLACE_BEFORE = frozenset("in at near across throughout outside inside to from around".split())


def _evidence(tokens: Sequence[Token], start: int, first: int, end: int, core: Sequence[Token]) -> tuple[int, str]:
    """How much speaks for a person here, and which gender the honorific or the given name tells."""
    found = 0
    gender = ""
    for token in tokens[start:first]:
        if token.low in words.HONORIFICS:
            found += 2
            gender = words.HONORIFICS[token.low]
    if len(core) > 1 and is_given_name(core[0].low):
        found += 1
        gender = gender or given_gender(core[0].low)
    before = tokens[start - 1] if start else None
    after = tokens[end] if end < len(tokens) else None
    if after is not None:
        if (after.low in words.SPEECH and after.low not in words.NOUN_TOO) or after.low == "who":
            found += 1
        if len(core) > 1 and _speaks_later(tokens, end):
            found += 1
        if after.text == "," and end + 2 < len(tokens) and _is_age(tokens[end + 1]) and tokens[end + 2].text == ",":
            found += 2
    if before is not None:
        if is_inverted(before):
            found += 1
        if before.low == "the":
            found -= 3
        if before.low in _PLACE_BEFORE:
            found -= 1
    return found, gender


def is_inverted(before: Token) -> bool:
    """Whether the word before a name is a verb that has its speaker behind it: "said Holm", "suggested Holm"."""
    lemma, inflection = words.SPEECH.get(before.low, ("", ""))
    return lemma in words.INVERTIBLE and (inflection == "past" or (inflection == "s" and lemma not in words.NOUN_TOO))


def _speaks_later(tokens: Sequence[Token], end: int) -> bool:
    """Whether a verb of speech comes after what is said of the name: "Name, a ..., said", "Name of the X posted"."""
    if tokens[end].text == ",":
        close = next((k for k in range(end + 1, min(end + 18, len(tokens))) if tokens[k].text == ","), None)
        return close is not None and close + 1 < len(tokens) and tokens[close + 1].low in words.SAYING
    if tokens[end].low in {"of", "from", "at"}:
        verb = next((k for k in range(end + 1, min(end + 7, len(tokens))) if not tokens[k].capital), len(tokens))
        while verb < len(tokens) and tokens[verb].low == "the":
            verb = next((k for k in range(verb + 1, min(verb + 6, len(tokens))) if not tokens[k].capital), len(tokens))
        return verb < len(tokens) and (
            tokens[verb].low in words.SAYING or (tokens[verb].low in words.SPEECH and tokens[verb].low.endswith("ed"))
        )
    return tokens[end].low in words.SPEECH and tokens[end].low.endswith("ed")


def _is_age(token: Token) -> bool:
    return token.text.isdigit() and len(token.text) <= 2
