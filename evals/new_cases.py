"""Candidate cases from a library's own articles, by rule, for a person to accept. Pure.

Four kinds, by tag: `who_said` (a quotation, who said it), `said_on` (what somebody said on the day), `headline` (the headline as
a question, its first sentence as evidence), `wrong_speaker` (somebody asked about an article that never names them: nothing to
find, as far as a rule can tell). Each is tagged `candidate`: take the tag off what you keep, and throw the rest away.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, zip_longest

from evals.cases import Case, GoldEvidence
from ingest.splitting import split
from rag.domain import Article, Document, Span, Statement
from rag.settings import IngestSettings

_LEAST_WORDS, _MOST_WORDS = 5, 40
_ASKED_WORDS = 14
_FULL_NAME = re.compile(r"^[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*)+$")


def new_cases(articles: Sequence[Article], *, limit: int, seed: int) -> tuple[Case, ...]:
    """At most `limit` cases, the kinds in turn and at most one of a kind from an article; the same for the same seed."""
    draw = random.Random(seed)
    documents = [split(article, IngestSettings()) for article in draw.sample(articles, len(articles))]
    strangers = list(zip(documents, [*documents[1:], *documents[:1]], strict=True))
    by_kind: list[Iterator[Case | None]] = [
        *(map(_drawn(kind, draw), documents) for kind in (_who_said, _said_on, _headline)),
        (_wrong_speaker(here, there) for here, there in strangers),
    ]
    in_turn = (case for case in chain.from_iterable(zip_longest(*by_kind)) if case is not None)
    return tuple(case for _, case in zip(range(limit), in_turn, strict=False))


Kind = Callable[[Document], list[Case]]


def _drawn(kind: Kind, draw: random.Random) -> Callable[[Document], Case | None]:
    def one(document: Document) -> Case | None:
        found = kind(document)
        return draw.choice(found) if found else None

    return one


def _who_said(document: Document) -> list[Case]:
    body = document.article.body
    return [
        _case(
            document,
            f"who_said-{quote.start}",
            f"Who said “{_begun(quote.of(body))}”?",
            answers=(name, name.rsplit(" ", 1)[-1]),
            evidence=(_gold(document, quote),),
            speaker=name,
        )
        for statement, name in _named(document)
        for quote in statement.quotes
        if _LEAST_WORDS <= len(quote.of(body).split()) <= _MOST_WORDS
    ]


def _said_on(document: Document) -> list[Case]:
    article = document.article
    if article.published_at is None:
        return []
    said: dict[str, list[Span]] = {}
    for statement, name in _named(document):
        said.setdefault(name, []).extend(statement.quotes)
    return [
        _case(
            document,
            f"said_on-{quotes[0].start}",
            f"What did {name} say on {article.published_at:%-d %B %Y}?",
            answers=tuple(dict.fromkeys(_plain(quote.of(article.body)) for quote in quotes)),
            evidence=tuple(_gold(document, quote) for quote in quotes),
            speaker=name,
        )
        for name, quotes in said.items()
    ]


def _headline(document: Document) -> list[Case]:
    if not document.sentences:
        return []
    return [_case(document, "headline", document.article.title, evidence=(_gold(document, document.sentences[0]),))]


def _wrong_speaker(here: Document, there: Document) -> Case | None:
    """Somebody who speaks in one article asked about the other, which does not have the surname."""
    if here is there:
        return None
    text = f"{there.article.title} {there.article.body}"
    names = (name for _, name in _named(here) if not re.search(rf"\b{re.escape(name.rsplit(' ', 1)[-1])}\b", text))
    name = next(names, None)
    if name is None:
        return None
    question = f"What did {name} say about this: {there.article.title}?"
    return _case(there, f"wrong_speaker-{here.article.id[:8]}", question, answerable=False)


def _named(document: Document) -> Iterator[tuple[Statement, str]]:
    """The statements in quotation marks whose speaker's full name the article gives."""
    for statement in document.statements:
        if statement.quotes and statement.speaker and not statement.denied and _FULL_NAME.match(statement.speaker.name):
            yield statement, statement.speaker.name


def _gold(document: Document, span: Span) -> GoldEvidence:
    """The sentences that the span stands in."""
    inside = [sentence for sentence in document.sentences if sentence.overlaps(span)]
    whole = Span(inside[0].start, inside[-1].end) if inside else span
    return GoldEvidence(article=document.article.id, url=document.article.url, quote=whole.of(document.article.body))


def _case(
    document: Document,
    kind: str,
    question: str,
    *,
    answerable: bool = True,
    answers: tuple[str, ...] = (),
    evidence: tuple[GoldEvidence, ...] = (),
    speaker: str | None = None,
) -> Case:
    return Case(
        id=f"{document.article.id}-{kind}",
        question=question,
        answerable=answerable,
        answers=answers,
        evidence=evidence,
        speaker=speaker,
        tags=("candidate", kind.partition("-")[0]),
    )


def _begun(words: str) -> str:
    """The first words, enough to know it by."""
    plain = _plain(words).split()
    return " ".join(plain[:_ASKED_WORDS]) + (" …" if len(plain) > _ASKED_WORDS else "")


def _plain(words: str) -> str:
    return " ".join(words.split()).rstrip(",")
