"""Tell whether a word is the verb of an active clause: "Smith claims it" against "the claims", "was told".

Pure. No tagger: the words around decide.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.speech import vocabulary as words
from rag.speech.phrases import noun_phrase_before
from rag.speech.tokens import Token

_MODALS = frozenset(
    "to will would can could should may might must shall do does did don't doesn't didn't won't wouldn't can't cannot"
    " couldn't".split()
)
# "Applicants should aim for ..." and "it may need ..." tell what nobody said.
_MAY = frozenset("can could should may might must can't cannot couldn't".split())
_MAY_SAY = frozenset(lemma for lemma, _ in words.SPEECH.values())
# "A mother lode compared with ...", "he identified as ...": nobody says that of anything.
_NO_OBJECT = frozenset({("compare", "with"), ("compare", "to"), ("liken", "to"), ("identify", "as"), ("regard", "as")})
_PLURAL_SUBJECTS = frozenset("i we they you who people officials critics".split())


def is_active_verb(tokens: Sequence[Token], at: int, head: int, lemma: str, inflection: str) -> bool:
    """Whether the word at `at` is the verb of an active clause, and not a noun, an adjective or passive.

    `head` is where its group begins ("has also" in "has also said").
    """
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    group = [token.low for token in tokens[head:at]]
    if inflection == "past":
        if after is not None and (after.low in {"by", "-"} or (lemma in _NAMING and _is_named(before, after))):
            return False
        if after is not None and ((lemma, after.low) in _NO_OBJECT or _is_called(tokens, at, lemma)):
            return False
        passive = any(word in words.BE for word in group)
        return not passive and (before is None or before.low not in _BEFORE_NOUNS | words.PREPOSITIONS)
    if inflection == "ing":
        return before is None or not (before.low in words.DETERMINERS or before.low == "'s")
    if inflection == "base" and any(word in words.BE for word in group):
        return False  # "is truly back"
    if any(word in _MODALS for word in group):
        wished = lemma not in _MAY_SAY and any(word in _MAY for word in group)
        return inflection == "base" and not wished
    return before is not None and _is_present(tokens, at, head, lemma, inflection)


_NAMING = frozenset("call name dub label".split())


def _is_called(tokens: Sequence[Token], at: int, lemma: str) -> bool:
    """Whether nobody calls it so: "a crash, referred to as “the accident”, ..."."""
    if at == 0 or tokens[at - 1].kind == "w":
        return False
    following = [token.low for token in tokens[at + 1 : at + 3]]
    return following[:1] == ["as"] or (lemma == "refer" and following == ["to", "as"])


def _is_named(before: Token | None, after: Token) -> bool:
    """`a series called “The Bridge”` names a thing; `the mayor called “The Bridge” a bore` says something."""
    if before is None or before.kind != "w" or before.capital or after.kind != "q":
        return False
    return before.low not in words.ROLE_NOUNS and before.low not in words.PRONOUNS


def _is_present(tokens: Sequence[Token], at: int, head: int, lemma: str, inflection: str) -> bool:
    """Whether "claim" or "claims" is a verb, which only its neighbours tell."""
    before, subject = tokens[at - 1], tokens[max(head, 1) - 1]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if _closes_quotation(tokens, head, after):
        return True
    if after is not None and after.text == ":" and before.low not in words.PREPOSITIONS:
        return True
    fits = lemma not in words.NOUN_TOO or _has_object(after, lemma)
    if before.kind != "w":
        return before.text == "," and fits
    if subject.low in words.PRONOUNS or subject.low == "who":
        return True
    if before.low in _BEFORE_NOUNS or before.low in words.PREPOSITIONS or before.low == "'s" or not fits:
        return False
    if subject.kind != "w":
        return True
    if inflection == "base":
        return _is_plural(tokens, head)
    return lemma not in words.NOUN_TOO or (subject.capital and subject.low != "united")


def _is_plural(tokens: Sequence[Token], head: int) -> bool:
    """Whether the subject before a verb without an ending can be plural: "critics", "nine in 10", "those surveyed"."""
    source = noun_phrase_before(tokens, head)
    if source is None:
        return False
    end = next((k for k in range(source.start + 1, source.end) if tokens[k].low in words.PREPOSITIONS), source.end)
    for token in (tokens[end - 1], tokens[source.end - 1]):
        low = token.low
        if (
            low in _PLURAL_SUBJECTS
            or low in words.DETERMINERS - {"the", "a", "an"}
            or low[0].isdigit()
            or low == "percent"
        ):
            return True
        if low.endswith("s") and not low.endswith(("ss", "us")) and low not in words.BE and len(low) > 3:
            return True
    return tokens[source.start].low in {"those", "these", "most", "many", "some"}


def _closes_quotation(tokens: Sequence[Token], head: int, after: Token | None) -> bool:
    """`“...,” Smith notes.`: a noun could not stand there."""
    if after is not None and after.text not in {".", ",", ":"}:
        return False
    source = noun_phrase_before(tokens, head)
    return source is not None and source.start > 0 and tokens[source.start - 1].kind == "q"


_BEFORE_NOUNS = frozenset("the a an this that these those his her their its our my your every each no any".split())


def _has_object(after: Token | None, lemma: str) -> bool:
    """Whether what follows "Smith claims" makes it a verb: a clause, an object, a quotation, a fitting preposition."""
    if after is None:
        return False
    if lemma in _MOSTLY_NOUNS:
        return after.kind == "q" or after.low in {"that", "out", "to"}
    if after.low in words.PREPOSITIONS:
        return lemma in {"call", "talk", "ask", "offer"} and after.low in {"for", "on", "about"}
    return after.kind == "q" or after.capital or after.low in words.DETERMINERS or after.low in _CLAUSE_OPENERS


_MOSTLY_NOUNS = frozenset("state point issue need rule reason figure detail name post comment".split())


_CLAUSE_OPENERS = frozenset("that he she they it him her them what how why whether if there to :".split())
