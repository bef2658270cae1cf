"""Statements and people -> JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.links import link_to, reader_link
from api.schemas import SpeakerOut
from api.statements import PersonOut, QuoteOut, StatementList, StatementOut
from api.wire.native import article_ref, context
from rag.domain import Span
from rag.persons import Person
from rag.retrieval import other_outlets
from rag.rights import Rights, within_limit
from rag.said import KnownPerson, StatementPage
from rag.spoken import Stood, kind_of

_MOST_ROLES = 5


def statements_out(
    page: StatementPage,
    people: Sequence[Person] | None,
    outlets: Mapping[str, tuple[tuple[str, str], ...]],
    rights: Rights,
) -> StatementList:
    """`outlets` are those of each story, as the library gives them."""
    listed = []
    for stood in page.statements:
        article = stood.article
        also_in = other_outlets(outlets.get(stood.story, ()), article.id, article.outlet)
        listed.append(statement_out(stood, also_in, rights.quote_words(article.outlet)))
    return StatementList(
        speakers=None if people is None else [person.name for person in people],
        statements=listed,
        next=f"{page.next.day}~{page.next.key}" if page.next else None,
    )


def statement_out(stood: Stood, also_in: tuple[str, ...], quote_words: int | None) -> StatementOut:
    article, statement = stood.article, stood.statement
    span = within_limit(article.body, statement.span, quote_words)
    quotes = [Span(quote.start, min(quote.end, span.end)) for quote in statement.quotes if quote.start < span.end]
    before, after = context(article.body, span) if quote_words is None else ("", "")
    speaker = statement.speaker
    return StatementOut(
        id=f"{article.id}:{article.revision}:s{stood.number}",
        speaker=SpeakerOut(name=speaker.name, role=speaker.role) if speaker else None,
        kind=kind_of(statement),
        said_on=statement.said_on,
        start=span.start,
        end=span.end,
        quote=span.of(article.body),
        quotes=[QuoteOut(start=quote.start, end=quote.end, text=quote.of(article.body)) for quote in quotes],
        cue=statement.cue.of(article.body) if statement.cue else None,
        before=before,
        after=after,
        passage_id=stood.passage_id,
        article=article_ref(article, also_in),
        link=link_to(article, span),
        reader=reader_link(article, span),
    )


def person_out(known: KnownPerson) -> PersonOut:
    person, coverage = known.person, known.coverage
    return PersonOut(
        name=person.name,
        names=sorted(person.names),
        roles=list(person.roles[:_MOST_ROLES]),
        statements=coverage.statements,
        outlets=list(coverage.outlets),
        first=coverage.first,
        last=coverage.last,
    )
