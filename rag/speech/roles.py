"""Find how a text words somebody's role, before or behind the name, and compare roles. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag.speech import vocabulary as words
from rag.speech.tokens import Token, Unit

_ABBREVIATED = {
    "sen": "senator", "gov": "governor", "rep": "representative", "gen": "general", "lt": "lieutenant",
    "col": "colonel", "capt": "captain", "sgt": "sergeant", "prof": "professor", "dr": "doctor", "rev": "reverend",
    "adm": "admiral", "maj": "major",
}  # fmt: skip


def role_words(role: str) -> set[str]:
    """The words of a role that can be compared: lower case, "Sen." as "senator", small words left out."""
    found = {word.strip(".,'’").lower() for word in role.replace("-", " ").split()}
    found = {_ABBREVIATED.get(word, word) for word in found}
    return found - words.DETERMINERS - words.PREPOSITIONS - {"and", "former", "s", "'s"}


def worded(unit: Unit, start: int, end: int) -> str:
    """The words of a token range as the body spaces them."""
    tokens = unit.tokens
    pieces: list[str] = []
    for k in range(start, end):
        gap = k > start and tokens[k].start > tokens[k - 1].end
        pieces.append((" " if gap else "") + tokens[k].text)
    return "".join(pieces)


def without_honorific(role: str) -> str:
    kept = [word for word in role.split() if word.lower() not in words.HONORIFICS]
    return " ".join(kept)


def role_start(tokens: Sequence[Token], end: int, titled: bool) -> int:
    """Where the role worded right before a name begins: "longtime Kremlin spokesman", "Clinton's campaign manager"."""
    if not titled and (end == 0 or tokens[end - 1].low not in words.ROLE_NOUNS):
        return end
    start = end
    while start > 0 and end - start < 7:
        token = tokens[start - 1]
        if token.kind != "w" or token.low in _STOPS_ROLE or token.low in words.SPEECH or token.low in words.STANCE:
            break
        if "/" in token.text:
            break  # "Ida Reed/AP Harbour mayor Tom Holm"
        if titled and not token.capital and token.low not in words.ROLE_NOUNS | _ROLE_ADJECTIVES:
            break
        start -= 1
    while start < end and (
        tokens[start].low == "'s" or (tokens[start].low.endswith("ly") and not tokens[start].capital)
    ):
        start += 1
    # "a move X owner Ida Holm said": a noun in small letters before a name is no part of the role.
    while start + 1 < end and not tokens[start].capital and tokens[start + 1].capital and _is_noun(tokens[start].low):
        start += 1
    return start


def _is_noun(low: str) -> bool:
    return low not in _ROLE_ADJECTIVES and low not in words.ROLE_NOUNS and not low.endswith("ed")


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
    | words.TIME_WORDS | frozenset("and or but when met like told asked images read".split())
) - {"'s", "late"}  # fmt: skip


def _opens_behind(tokens: Sequence[Token], at: int) -> int | None:
    """Where what is told of a name behind it begins: after a comma or a dash, or at "a" in "is now a mayor"."""
    if at < len(tokens) and tokens[at].text in {",", "—", "–"}:
        return at + 1
    if at >= len(tokens) or tokens[at].low not in {"is", "was"}:
        return None
    at += 1 + (at + 1 < len(tokens) and tokens[at + 1].low in {"now", "also"})
    return at if at < len(tokens) and tokens[at].low in {"a", "an", "the"} else None


def role_after(unit: Unit, end: int) -> str:
    """The role in "Name, (22,) the head of X, ..."."""
    tokens = unit.tokens
    at = end
    if at < len(tokens) and tokens[at].text == "(":
        close = next((k for k in range(at, min(at + 8, len(tokens))) if tokens[k].text == ")"), None)
        at = close + 1 if close is not None else at
    opening = _opens_behind(tokens, at)
    if opening is None:
        return ""
    at = opening
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
        if token.low in words.PRONOUNS:
            return ""  # "Tom, you are an athlete"
        stop += 1
    if stop < len(tokens) and tokens[stop].low in words.SAYING:
        return ""  # "With the patient Ida Holm, the Queen said": another subject
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
    return worded(unit, start, stop)


def role_before_comma(unit: Unit, start: int) -> str:
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
    head = next((k for k in range(begins + 1, start - 1) if tokens[k].low in _ENDS_HEAD), start - 1)
    if tokens[head - 1].low not in words.ROLE_NOUNS:
        return ""
    return worded(unit, begins + 1, start - 1)


_ENDS_HEAD = words.PREPOSITIONS | {"as"}
_OPENS_ROLE = frozenset("the a an his her its their".split())


_TELLS = {"he": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "herself": "f"}


def own_pronoun(tokens: Sequence[Token], start: int, stop: int) -> str:
    """ "m" or "f" by the first pronoun in `[start, stop)` that a name before it can have; "" where none tells.

    In "Ivo Holm, who is not related to her," it is somebody else's.
    """
    for at in range(start, stop):
        low = tokens[at].low
        if low == "her" and (at + 1 >= len(tokens) or tokens[at + 1].kind != "w" or tokens[at - 1].low in words.SPEECH):
            return ""
        if low == "him":
            return ""
        if low in _TELLS:
            return _TELLS[low]
    return ""


def is_relation(role: str) -> bool:
    """Whether a role says only what somebody is to somebody else ("her husband"), or too much to be one."""
    head = role.replace(" of ", " | ").split(" | ")[0].split()
    return (bool(head) and head[-1].lower() in _RELATIONS) or len(role) > 110


def role_gender(role: str) -> str:
    found = role_words(role)
    if found & words.FEMALE_ROLES:
        return "f"
    return "m" if found & words.MALE_ROLES else ""
