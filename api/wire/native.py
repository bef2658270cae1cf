"""Answer -> the JSON of /v1/ask and /v1/search, and what an ingest did. Pure."""

from __future__ import annotations

import re
from dataclasses import asdict, fields

from api.articles import ArticleListed, ArticleOut, IngestOut, SkippedOut
from api.links import link_to, reader_link
from api.schemas import (
    AbstentionOut,
    ArticleRef,
    AskResponse,
    ChecksOut,
    CitationOut,
    ClaimOut,
    DegradedOut,
    PartOut,
    PassageOut,
    PeriodOut,
    QueryOut,
    SpeakerOut,
)
from ingest.pipeline import IngestReport
from rag.domain import Abstention, Answer, Article, Citation, Claim, Filters, Period, Query, ScoredPassage, Span
from rag.rights import within_limit

_CONTEXT_CHARS = 240


def answer_out(answer: Answer, *, with_evidence: bool = False) -> AskResponse:
    return AskResponse(
        id=answer.id,
        question=answer.query.question,
        answered=answer.answered,
        abstention=abstention_out(answer.abstention) if answer.abstention else None,
        text=answer.text,
        claims=[claim_out(claim) for claim in answer.claims],
        citations=[citation_out(citation) for citation in answer.citations],
        evidence=[passage_out(scored) for scored in answer.evidence.passages] if with_evidence else None,
        query=query_out(answer.query),
        mode=answer.mode,
        model=answer.model,
        degraded=DegradedOut(reason=answer.degraded) if answer.degraded else None,
        timings_ms=answer.timings_ms,
        usage=answer.usage,
        checks=ChecksOut(**asdict(answer.checks)),
        prompts=list(answer.prompts),
        confidence=round(answer.confidence, 4) if answer.confidence is not None else None,
    )


def abstention_out(abstention: Abstention) -> AbstentionOut:
    return AbstentionOut(
        reason=abstention.reason.value, detail=abstention.detail, spoke_about=list(abstention.spoke_about)
    )


def claim_out(claim: Claim) -> ClaimOut:
    return ClaimOut(
        text=claim.text, start=claim.start, end=claim.end, supported=claim.supported, citations=list(claim.citations)
    )


def citation_out(citation: Citation) -> CitationOut:
    article, span = citation.article, citation.span
    before, after = context(article.body, span) if citation.quote_words is None else ("", "")
    return CitationOut(
        number=citation.number,
        article=article_ref(article, citation.also_in),
        passage_id=citation.passage_id,
        start=span.start,
        end=span.end,
        quote=citation.quote,
        before=before,
        after=after,
        speaker=SpeakerOut(name=citation.speaker.name, role=citation.speaker.role) if citation.speaker else None,
        link=link_to(article, span),
        reader=reader_link(article, span),
    )


def passage_out(scored: ScoredPassage) -> PassageOut:
    span = within_limit(scored.article.body, scored.passage.span, scored.quote_words)
    return PassageOut(
        passage_id=scored.passage.id,
        article=article_ref(scored.article, scored.also_in),
        start=span.start,
        end=span.end,
        text=span.of(scored.article.body),
        score=round(scored.score, 6),
        rank=scored.rank,
        channels={name: round(score, 6) for name, score in scored.channels.items()},
    )


def query_out(query: Query) -> QueryOut:
    return QueryOut(
        question=query.question,
        text=query.text,
        topic=query.topic,
        kind=query.kind.value,
        names=list(query.names),
        speakers=list(query.speakers),
        latest=query.latest,
        as_of=query.as_of,
        filters=filters_out(query.filters),
        parts=[
            PartOut(
                text=part.text,
                outlets=list(part.outlets),
                sections=list(part.sections),
                people=list(part.people),
                period=_period_out(part.period),
            )
            for part in query.parts
        ],
        outlets=list(query.outlets),
        sections=list(query.sections),
        people=list(query.people),
        period=_period_out(query.period),
        limits=list(query.limits),
        spelling=list(query.spelling),
    )


def _period_out(period: Period | None) -> PeriodOut | None:
    return None if period is None else PeriodOut(words=period.words, after=period.after, before=period.before)


def filters_out(filters: Filters) -> dict[str, object]:
    """Those that are set."""
    given = {each.name: getattr(filters, each.name) for each in fields(filters)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items() if value}


def article_ref(article: Article, also_in: tuple[str, ...] = ()) -> ArticleRef:
    return ArticleRef(
        id=article.id,
        title=article.title,
        outlet=article.outlet,
        authors=list(article.authors),
        url=article.url,
        published_at=article.published_at,
        revision=article.revision,
        also_in=list(also_in),
    )


def article_out(article: Article, *, full_text: bool = True) -> ArticleOut:
    fields = {name: getattr(article, name) for name in ArticleOut.model_fields}
    return ArticleOut(**fields if full_text else fields | {"body": None})


def article_listed(article: Article) -> ArticleListed:
    return ArticleListed(**{name: getattr(article, name) for name in ArticleListed.model_fields})


def ingest_out(report: IngestReport) -> IngestOut:
    return IngestOut(
        new=report.new,
        updated=report.updated,
        unchanged=report.unchanged,
        near_copies=report.near_copies,
        withdrawn=report.withdrawn,
        untitled=report.untitled,
        skipped=[SkippedOut(where=each.where, reason=each.reason, kind=each.kind) for each in report.skipped],
        skipped_by=report.skipped_by,
        passages=report.passages,
        seconds=report.seconds,
        rate=report.rate,
        dry_run=report.dry_run,
    )


def context(body: str, span: Span) -> tuple[str, str]:
    """The words on both sides, whole ones, as far as the paragraph or `_CONTEXT_CHARS` goes."""
    before = body[max(0, span.start - _CONTEXT_CHARS) : span.start]
    if span.start > _CONTEXT_CHARS:
        before = re.sub(r"^\S*\s", "", before)
    after = body[span.end : span.end + _CONTEXT_CHARS]
    if span.end + _CONTEXT_CHARS < len(body):
        after = re.sub(r"\s\S*$", "", after)
    return before.rpartition("\n")[2], after.partition("\n")[0]
