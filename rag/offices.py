"""What offices mean: which wordings are one, whose holders are a body's own, and who speaks for it. Pure.

A chief executive is a CEO; a spokeswoman, like a spokesperson, says what the Kremlin says, which a minister's rival does not.
"""

from __future__ import annotations

import re

from rag.nations import is_nation

# The first of each is the one that stands for all.
_OFFICES = (
    ("CEO", "chief executive officer", "chief executive"),
    ("CFO", "chief financial officer"),
    ("COO", "chief operating officer"),
    ("CTO", "chief technology officer"),
    ("spokesperson", "spokesman", "spokeswoman", "press secretary"),
    ("chairperson", "chairman", "chairwoman", "chair"),
    ("congressperson", "congressman", "congresswoman"),
    ("prime minister", "premier", "PM"),
    ("vice-president", "vice president", "VP"),
    ("founder", "co-founder", "cofounder"),
    ("lawyer", "attorney"),
    ("MP", "member of parliament"),
)
# In their one wording: they speak for the body, and: the words beside them name a body, and no portfolio as a minister's do.
_SPEAK_FOR = frozenset(("spokesperson", "officials", "official", "representative"))
_OF_A_BODY = frozenset(
    "spokesperson ceo cfo coo cto chairperson founder lawyer coach captain owner analyst executive engineer".split()
)
# Whose, without saying whose: "the company's chief executive".
_ANY_BODY = frozenset(
    "agency association authority bank body board borough campaign chain city club company corporation council country county"
    " department district embassy federation firm force foundation government group hospital institute league ministry nation"
    " office operator organisation organization party police regulator school service side state team town union"
    " university".split()
)
_NATIONAL = re.compile(r"(?:ian|ean|ese|ish|can|ia|land|stan)s?$", re.IGNORECASE)
_FIRST = {wording.casefold(): office[0] for office in _OFFICES for wording in office}
_EVERY = {office[0].split()[-1].casefold(): office for office in _OFFICES}
_ANY = "|".join(sorted(map(re.escape, _FIRST), key=len, reverse=True))
_WORDED = re.compile(rf"\b(?!premier league\b)(?:{_ANY})\b", re.IGNORECASE)


def in_one_wording(role: str) -> str:
    """The role or the words of a question, each office by the wording that stands for all of it."""
    return _WORDED.sub(lambda found: _FIRST[found.group().casefold()], role)


def wordings(word: str) -> tuple[str, ...]:
    """Every wording of the office of which this is the last word in that one wording; of another word, itself."""
    return _EVERY.get(word.casefold(), (word,))


def speaks_for(head: str) -> bool:
    """Whether whoever is that, in one wording, says what the body says."""
    return head.casefold() in _SPEAK_FOR


def is_of_a_body(head: str) -> bool:
    """Whether the words beside this one, in one wording, name the body whose office it is."""
    return head.casefold() in _OF_A_BODY


def is_any_body(word: str) -> bool:
    """Whether it is a kind of body that may be any: "company"."""
    return word.casefold() in _ANY_BODY


def is_national(word: str) -> bool:
    """Whether it looks like a country's name or people: "Russian" may be said of a Kremlin spokesman."""
    return bool(_NATIONAL.search(word)) or is_nation(word.casefold())
