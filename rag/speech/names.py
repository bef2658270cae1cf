"""Find names that may be persons', in one unit, with the role worded beside them and what speaks for a person.

Pure. Places and organisations look like names too: `Mention.evidence` says how much is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.domain import Span
from rag.speech import vocabulary as words
from rag.speech.tokens import Token, Unit

_PARTY_ADJECTIVES = frozenset(
    "republican democrat democratic conservative liberal labour labor independent libertarian tory socialist".split()
)
_NOT_NAMES = (
    words.CLAUSE_WORDS | words.PREPOSITIONS | words.DETERMINERS | words.AUXILIARIES | frozenset(words.PRONOUNS)
    | words.TIME_WORDS | words.ADVERBS | frozenset("yes no ok okay dear thanks him me us them here there".split())
) - frozenset("may april june will y".split())  # fmt: skip
_ABBREVIATED = {
    "sen": "senator", "gov": "governor", "rep": "representative", "gen": "general", "lt": "lieutenant",
    "col": "colonel", "capt": "captain", "sgt": "sergeant", "prof": "professor", "dr": "doctor", "rev": "reverend",
    "adm": "admiral", "maj": "major",
}  # fmt: skip


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


def role_words(role: str) -> set[str]:
    """The words of a role that can be compared: lower case, "Sen." as "senator", small words left out."""
    found = {word.strip(".,'’").lower() for word in role.replace("-", " ").split()}
    found = {_ABBREVIATED.get(word, word) for word in found}
    return found - words.DETERMINERS - words.PREPOSITIONS - {"and", "former", "s", "'s"}


def mentions_in(unit: Unit, number: int) -> Iterator[Mention]:
    """Every name of a unit that may be a person's, in order; `number` is the unit's."""
    tokens = unit.tokens
    shouting = len(tokens) > 3 and sum([token.text.isupper() for token in tokens]) * 2 > len(tokens)
    at = 0
    while at < len(tokens):
        # looked at here, since most words are none: this runs once for every word that is ingested
        end = _run_end(tokens, at, shouting) if tokens[at].text[:1].isupper() else at
        if end == at:
            at += 1
            continue
        mention = _mention(unit, number, at, end)
        if mention is not None:
            yield mention
        at = end


def _is_name_word(token: Token, shouting: bool) -> bool:
    return (
        token.kind == "w"
        and token.capital
        and token.low not in _NOT_NAMES
        and not token.text[-1].isdigit()
        and (
            shouting
            or not (len(token.text) > 1 and token.text.isupper() and "." not in token.text)
            or len(token.text) > 5
        )
    )


def _run_end(tokens: Sequence[Token], at: int, shouting: bool) -> int:
    if not _is_name_word(tokens[at], shouting):
        return at
    end = at + 1
    while end < len(tokens) and end - at < 12:
        token = tokens[end]
        if _is_name_word(token, shouting):
            end += 1
        elif (
            token.low in words.NAME_PARTICLES and end + 1 < len(tokens) and _is_name_word(tokens[end + 1], shouting)
        ) or (token.text == "," and end + 1 < len(tokens) and tokens[end + 1].low in words.SUFFIXES):
            end += 2
        else:
            break
    return end


def _mention(unit: Unit, number: int, start: int, end: int) -> Mention | None:
    tokens = unit.tokens
    first = start
    for k in range(start, end):
        if tokens[k].low in words.TITLES and k + 1 < end:
            first = k + 1
    titled = first > start
    while first < end - 1 and not titled and _is_adjective(tokens[first], end - first):
        first += 1
    name = [token for token in tokens[first:end] if token.text != ","]
    parts = tuple(token.text for token in name)
    core = [token for token in name if token.low not in words.NAME_PARTICLES | words.SUFFIXES]
    if (
        not core
        or len(core) > 4
        or (len(core) == 1 and (core[0].low in words.TITLES or core[0].low in words.ROLE_NOUNS))
    ):
        return None
    organisation = any(token.low in words.ORGANISATION_WORDS for token in core[1:] or core) or (
        core[0].low in words.ORGANISATION_WORDS and len(core) > 1
    )
    if organisation and not titled:
        return None
    title = " ".join(token.text for token in tokens[start:first]) if titled else ""
    role_start = _role_start(tokens, first if not titled else start, titled)
    role = _text(unit, role_start, first) if role_start < first else ""
    role = _without_honorific(role)
    after_role = _role_after(unit, end)
    before_role = "" if role else _role_before_comma(unit, start)
    evidence, gender = _evidence(tokens, start, first, end, core)
    evidence += 2 * bool(role) + 2 * bool(after_role) + bool(before_role) + bool(titled)
    worded = role or after_role or before_role
    gender = gender or _role_gender(worded)
    return Mention(
        number, first, end, Span(tokens[first].start, tokens[end - 1].end), parts, title, worded, evidence, gender
    )


def _is_adjective(token: Token, left: int) -> bool:
    if left < 3:
        return token.low in _PARTY_ADJECTIVES and left >= 2
    return token.low in _PARTY_ADJECTIVES or (token.low.endswith(words.DEMONYM_ENDINGS) and not _given(token.low))


def _given(low: str) -> str:
    return next((gender for gender, names in words.GIVEN_NAMES.items() if low in names), "")


def _text(unit: Unit, start: int, end: int) -> str:
    """The words of a token range as the body spaces them."""
    tokens = unit.tokens
    pieces: list[str] = []
    for k in range(start, end):
        gap = k > start and tokens[k].start > tokens[k - 1].end
        pieces.append((" " if gap else "") + tokens[k].text)
    return "".join(pieces)


def _without_honorific(role: str) -> str:
    kept = [word for word in role.split() if word.lower() not in words.HONORIFICS]
    return " ".join(kept)


def _role_start(tokens: Sequence[Token], end: int, titled: bool) -> int:
    """Where the role worded right before a name begins: "longtime Kremlin spokesman", "Clinton's campaign manager"."""
    if not titled and (end == 0 or tokens[end - 1].low not in words.ROLE_NOUNS):
        return end
    start = end
    while start > 0 and end - start < 7:
        token = tokens[start - 1]
        if token.kind != "w" or token.low in _STOPS_ROLE or token.low in words.SPEECH or token.low in words.STANCE:
            break
        if titled and not token.capital and token.low not in words.ROLE_NOUNS | _ROLE_ADJECTIVES:
            break
        start -= 1
    while start < end and (
        tokens[start].low == "'s" or (tokens[start].low.endswith("ly") and not tokens[start].capital)
    ):
        start += 1
    return start


_ROLE_ADJECTIVES = frozenset(
    "former interim acting retired longtime long-time then-president presidential then ex vice prime deputy assistant"
    " senior chief top veteran lead incoming outgoing fellow independent state federal national".split()
)
_RELATIONS = frozenset(
    "mother father son daughter wife husband brother sister uncle aunt grandfather grandmother widow friend ally rival"
    " opponent fan supporter neighbor neighbour colleague counterpart successor predecessor critic man woman".split()
)
_STOPS_ROLE = (
    words.DETERMINERS | words.PREPOSITIONS | words.CLAUSE_WORDS | words.AUXILIARIES | frozenset(words.PRONOUNS)
    | words.TIME_WORDS | frozenset("and or but when met like told asked".split())
) - {"'s", "late"}  # fmt: skip


def _role_after(unit: Unit, end: int) -> str:
    """The role in "Name, (22,) the head of X, ..."."""
    tokens = unit.tokens
    at = end
    if at < len(tokens) and tokens[at].text == "(":
        close = next((k for k in range(at, min(at + 8, len(tokens))) if tokens[k].text == ")"), None)
        at = close + 1 if close is not None else at
    if at >= len(tokens) or tokens[at].text not in {",", "—", "–"}:
        return ""
    at += 1
    if at + 1 < len(tokens) and tokens[at].text[:1].isdigit() and tokens[at + 1].text == ",":
        at += 2
    if at >= len(tokens) or tokens[at].kind != "w":
        return ""
    determined = tokens[at].low in _OPENS_ROLE
    start = at + 1 if determined else at
    stop = at
    while stop < len(tokens) and stop - start < 12:
        token = tokens[stop]
        if token.kind != "w" and token.text not in {"&", "-"}:
            break
        if token.low in {"who", "whose", "which", "that", "and", "but", "as", "when", "while", "said", "says", "told"}:
            break
        stop += 1
    head = next((k for k in range(start, stop) if tokens[k].low in words.PREPOSITIONS), stop)
    named = [k for k in range(start, head) if tokens[k].low in words.ROLE_NOUNS or tokens[k].low in words.TITLES]
    if (
        not named
        or (not determined and named[0] > start + 3)
        or any(tokens[k].low in words.SPEECH for k in range(start, head))
    ):
        return ""
    if head == stop and tokens[head - 1].low not in words.ROLE_NOUNS | words.TITLES:
        return ""
    return _text(unit, start, stop)


def _role_before_comma(unit: Unit, start: int) -> str:
    """The role in "The head of X, Name, said"."""
    tokens = unit.tokens
    if start < 2 or tokens[start - 1].text != ",":
        return ""
    at = start - 1
    while at > 0 and tokens[at - 1].kind == "w" and start - at < 14:
        at -= 1
    begins = next((k for k in range(at, start - 1) if tokens[k].low in _OPENS_ROLE), None)
    if begins is None:
        if not (at + 1 < start and tokens[at].capital and tokens[at + 1].low == "'s"):
            return ""
        begins = at - 1
    head = next((k for k in range(begins + 1, start - 1) if tokens[k].low in words.PREPOSITIONS), start - 1)
    if tokens[head - 1].low not in words.ROLE_NOUNS:
        return ""
    return _text(unit, begins + 1, start - 1)


_OPENS_ROLE = frozenset("the a an his her its their".split())


def is_relation(role: str) -> bool:
    """Whether a role says only what somebody is to somebody else ("her husband"), or too much to be one."""
    head = role.replace(" of ", " | ").split(" | ")[0].split()
    return (bool(head) and head[-1].lower() in _RELATIONS) or len(role) > 110


def _role_gender(role: str) -> str:
    found = role_words(role)
    if found & words.FEMALE_ROLES:
        return "f"
    return "m" if found & words.MALE_ROLES else ""


_PLACE_BEFORE = frozenset("in at near across throughout outside inside to from around".split())


def _evidence(tokens: Sequence[Token], start: int, first: int, end: int, core: Sequence[Token]) -> tuple[int, str]:
    """How much speaks for a person here, and which gender the honorific or the given name tells."""
    found = 0
    gender = ""
    for token in tokens[start:first]:
        if token.low in words.HONORIFICS:
            found += 2
            gender = words.HONORIFICS[token.low]
    given = _given(core[0].low) if len(core) > 1 else ""
    if given:
        found += 1
        gender = gender or given
    before = tokens[start - 1] if start else None
    after = tokens[end] if end < len(tokens) else None
    if after is not None:
        if (after.low in words.SPEECH and after.low not in words.NOUN_TOO) or after.low == "who":
            found += 1
        if after.text == "," and end + 2 < len(tokens) and _is_age(tokens[end + 1]) and tokens[end + 2].text == ",":
            found += 2
    if before is not None:
        if before.low in {"said", "says", "asked", "added", "wrote"}:
            found += 1
        if before.low == "the":
            found -= 3
        if before.low in _PLACE_BEFORE:
            found -= 1
    return found, gender


def _is_age(token: Token) -> bool:
    return token.text.isdigit() and len(token.text) <= 2
