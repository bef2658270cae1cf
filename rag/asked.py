"""Whose words a question asks for, and about what. Pure; English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain import Span
from rag.known import KnownNames
from rag.speech.vocabulary import DETERMINERS, DOCUMENTS, HONORIFICS, NAME_PARTICLES, TITLES
from rag.terms import is_stopword

SAYING = (
    r"say|said|says|saying|tell|told|tells|think|thinks|claim|claimed|claims|announce|announced|promise|promised|promises"
    r"|argue|argued|argues|warn|warned|warns|suggest|suggested|demand|demanded|insist|insisted|deny|denied|respond"
    r"|responded|react|reacted|reply|replied|comment|commented|explain|explained|describe|described|describes|call|called"
    r"|add|added|complain|complained|criticise|criticised|criticize|criticized|admit|admitted|believe|believes|believed"
    r"|write|wrote|tweet|tweeted|mention|mentioned|propose|proposed|predict|predicted|state|stated|expect|want"
)
AUX = r"(?:did|does|do|has|have|had|is|was|were|will|would)"
# With "is" and "was" the one who is named says it only in these forms: "was X told" asks for another's words.
_BEING, _DOING = r"(?:is|was)", r"(?:did|does|do|has|have|had|will|would)"
_BEING_SAID = (
    r"saying|telling|claiming|arguing|warning|demanding|suggesting|promising|proposing|denying|predicting|insisting|asking"
    r"|complaining|explaining|(?:quoted|reported)\s+as\s+saying"
)
# "In July, what ...": when it was is understood by itself.
_LEAD_IN = r"(?:(?:in|on|by|at|during|after|before|since|last|this|earlier)\b[^,?]{1,40},\s+)?"
# "what did X say about Y", "how has X responded to Y", "why did X say Y", "did X say Y"
_SAID = re.compile(
    rf"^(?:(?:and|so|but)\s+)?{_LEAD_IN}(?:(?:what|how|why|when|where|which\s+\w+)(?:\s+(?:exactly|else))?\s+)?"
    rf"(?:(?P<being>{_BEING})|{_DOING})\s+"
    rf"(?P<who>[^?]{{2,80}}?)\s+(?:(?-i:[a-z]+ly)\s+)?(?P<verb>(?(being)(?:{_BEING_SAID})|(?:{SAYING})))\b(?P<about>[^?]*)",
    re.IGNORECASE,
)
# "what is X's position on Y", "X's view of Y"
_POSITION = re.compile(
    rf"{_LEAD_IN}(?:what(?:'s|’s|\s+is|\s+was|\s+are|\s+were)\s+)?(?P<who>[^?]{{2,80}}?)(?:['’]s|['’])\s+"
    r"(?:(?:latest|newest|current|recent|most recent|new|own)\s+)?"
    r"(?:position|view|views|stance|opinion|reaction|response|comment|comments|statement|statements|words|remarks|take"
    r"|argument|explanation|promise|message)\b\s*(?:on|of|about|to|regarding|for|in)?(?P<about>[^?]*)",
    re.IGNORECASE,
)
# "according to X, ..."
_ACCORDING = re.compile(r"\b[Aa]ccording to (?P<who>(?:the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3})")
# "according to the ministry, ..."
_ACCORDING_ROLE = re.compile(
    r"\b[Aa]ccording to (?P<who>(?:the |an? |its |their |his |her )?[a-z][\w’'-]*(?: [a-z][\w’'-]*){0,3}?)(?=\s*(?:[,?]|$))"
)
_NO_SPEAKERS = DOCUMENTS | frozenset(
    "article articles report reports story stories news source sources outlet outlets publication publications author text"
    " passage coverage analysis website blog post review estimate estimates rumours rumors them him her it this that".split()
)
# A clause that goes before a saying verb further on: "Between the report from ... and Y's position", "an article on Z suggest".
_NO_NAME = re.compile(
    r"^(?:did|do|does|was|were|is|are|has|have|had|will|would|can|could|should|between|considering|given|based|following|after"
    r"|before|while|if|which|who|whose|what|when|where|why|how)\b|\b(?:articles?|reports?|pieces?|stor(?:y|ies)|posts?|reviews?)"
    r"(?:['’]s?)?\s+\w+|\b(?:before|after|while)\s+\w+\s+\w|\d{4}",
    re.IGNORECASE,
)
_LEADING_TO = re.compile(r"^\s*(?:about|on|regarding|concerning|of|to|that|as|over|when|if|with)\b", re.IGNORECASE)
# "tell the council about Y", "tell reporters that Y": who was told is not what it was about.
_TOLD = re.compile(
    r"^(?!\s*(?:about|of|that|how|what|why|whether)\b)\s*[^?,]{2,60}?(?=\s+(?:about|on|of|that|regarding|concerning|how|why"
    r"|whether|at|during|after|before|when|while)\b|\s*$)",
    re.IGNORECASE,
)
_TELLING = frozenset("tell told tells".split())
_TITLE = re.compile(r"^(?:the|a|an|mr|mrs|ms|dr)\.?\s+", re.IGNORECASE)
_JOINED = re.compile(r"\s*,\s*(?:and\s+|as well as\s+)?|\s+(?:and|as well as|&)\s+", re.IGNORECASE)
_BOTH = re.compile(r"^both\s+(?=\S)", re.IGNORECASE)
_PRONOUN = re.compile(
    r"^(?:he|she|they|it|both|both of them|the two(?: of them)?|the (?:latter|former)|these two|those two)$",
    re.IGNORECASE,
)
_DENYING = re.compile(r"\b(?:den(?:y|ies|ied)|denial)\b", re.IGNORECASE)
_WHO_IS = re.compile(
    r"^(?:(?:and|so|but)\s+)?who(?:['’]s|\s+(?:is|was|are|were))\s+(?P<name>[^?,]{2,60}?)\s*\??$", re.IGNORECASE
)
_WHO_SAID = re.compile(rf"^(?:(?:and|so|but)\s+)?who\s+(?:else\s+)?(?:(?:has|had)\s+)?(?:{SAYING})\b", re.IGNORECASE)
_MOST_SPEAKERS = 4
_MOST_NAMING_WORDS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose words, one or several, and about what; `span` is where the question names them.

    `stands_for` somebody named before, where it is a pronoun; then there are no speakers.
    """

    speakers: tuple[str, ...]
    about: str
    span: Span
    stands_for: bool = False


def asked_for(question: str, known: KnownNames) -> Asked | None:
    """Whose words are asked for and what about; None where nobody's are."""
    for pattern in (_SAID, _POSITION):
        match = pattern.search(question) if pattern is _SAID else pattern.match(question)
        if match is None:
            continue
        span, about = Span(*match.span("who")), match["about"]
        if _PRONOUN.match(match["who"].strip()):
            return Asked((), _topic(match), span, stands_for=True)
        if speakers := _speakers(match["who"], known):
            return Asked(speakers, _topic(match), span)
    match = _ACCORDING.search(question) or _according_to_a_role(question)
    if match:
        about = question.replace(match.group(), " ")
        return Asked((_TITLE.sub("", match["who"]),), about, Span(*match.span("who")))
    return None


def _according_to_a_role(question: str) -> re.Match[str] | None:
    """What names somebody, or a body, by what they are; a report or an article says what its outlet does."""
    match = _ACCORDING_ROLE.search(question)
    return match if match and not _NO_SPEAKERS & set(match["who"].split()) else None


def asks_who_said(question: str) -> bool:
    """Whether it asks who said something: "Who said that the quay is safe?"."""
    return bool(_WHO_SAID.match(question))


def asks_for_denial(question: str) -> bool:
    """Whether it asks what somebody denied."""
    return bool(_DENYING.search(question))


def asks_who_is(question: str) -> str:
    """The name in "Who is Agnes Torvald?"; "" where it asks for a name by what somebody is or does."""
    match = _WHO_IS.match(question)
    parts = match["name"].split() if match else []
    named = parts and all(part[:1].isupper() or part in NAME_PARTICLES for part in parts)
    return " ".join(parts) if named else ""


def _topic(match: re.Match[str]) -> str:
    about = match["about"]
    if match.re is _SAID and match["verb"].lower() in _TELLING:
        about = _TOLD.sub("", about)
    return _LEADING_TO.sub("", about)


def _speakers(who: str, known: KnownNames) -> tuple[str, ...]:
    """Those whom the words name: one, or each of several who are joined; nobody where the words are no name."""
    if _NO_NAME.search(who.strip()):
        return ()
    each = _several(who, known) or (who,)
    return tuple(filter(None, map(_person, each)))


def _several(who: str, known: KnownNames) -> tuple[str, ...]:
    """The speakers who are joined by "and"; none where it is one name ("Ministry of Trade and Industry", "Pell and Sons").

    All must have the form of a person's name or role, and one at least be known for one, unless the question says "both".
    """
    both = _BOTH.match(who)
    plain = _BOTH.sub("", who.strip())
    each = tuple(part.strip() for part in _JOINED.split(plain) if part.strip())
    if not 2 <= len(each) <= _MOST_SPEAKERS or len(set(each)) < len(each) or known.people(plain.split()):
        return ()
    if both and len(each) == 2:
        return each
    sure = [_is_known(part, known) for part in each]
    worded = [_is_role(part) or (any(sure) and _may_name(part)) for part in each]
    return each if all(s or w for s, w in zip(sure, worded, strict=True)) else ()


def _is_known(part: str, known: KnownNames) -> bool:
    """Whether this is surely somebody: whom the library knows, a full name, or a name with a title."""
    plain = _without_titles(part.split())
    if len(plain) < len(part.split()) or known.people(plain) or known.holders(_TITLE.sub("", part).split()):
        return True
    return len(plain) > 1 and all(word[:1].isupper() for word in plain) and plain[0].lower() not in DETERMINERS


def _is_role(part: str) -> bool:
    """Whether it has an article of its own: "the mayor"."""
    return len(part.split()) > 1 and part.split(maxsplit=1)[0].lower() in DETERMINERS


def _may_name(part: str) -> bool:
    return len(part.split()) == 1 and part[:1].isupper()


def _without_titles(words: Sequence[str]) -> Sequence[str]:
    while len(words) > 1 and words[0].lower().strip(".") in TITLES | HONORIFICS.keys():
        words = words[1:]
    return words


def _person(text: str) -> str:
    """The words that name the speaker; "" where they are not a name or a role ("it", "people in general")."""
    text = _TITLE.sub("", text.strip())
    if not text or len(text.split()) > _MOST_NAMING_WORDS or all(is_stopword(word) for word in text.split()):
        return ""
    return text
