"""Revisions of an article, and a citation of one of them as it stands today -> JSON. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from api.history import ChangeOut, CitedOut, RevisionList, RevisionOut, SpanOut, SupersededOut
from api.links import reader_link
from api.wire.native import article_ref, context
from rag.domain import Article, Span
from rag.errors import InputError, NotFoundError
from rag.ports import Revision
from rag.revisions import Change, changes, moved
from rag.rights import Rights, within_limit


def revisions_out(article: Article, stood: Sequence[Revision], rights: Rights) -> RevisionList:
    """Each with what it changed of the one before it."""
    shows = rights.shows_full_text(article.outlet)
    listed = []
    for n, revision in enumerate(stood):
        before = stood[n - 1] if n else None
        listed.append(
            RevisionOut(
                revision=revision.number,
                recorded_at=revision.recorded_at,
                title=revision.title,
                current=revision.number == article.revision,
                changes=_changes_out(before.body, revision.body, changes(before.body, revision.body), shows=shows)
                if before
                else [],
            )
        )
    return RevisionList(id=article.id, revisions=listed)


def cited_out(article: Article, stood: Sequence[Revision], revision: int, asked: Span, rights: Rights) -> CitedOut:
    """The words that were cited, and what has become of them. Raises NotFoundError, InputError."""
    of = next((each for each in stood if each.number == revision), None)
    if of is None:
        raise NotFoundError(f"article {article.id!r} has no revision {revision}; /revisions lists those it has")
    if not asked.end <= len(of.body) or asked.start == asked.end:
        raise InputError(
            f"[{asked.start}, {asked.end}) is no span of revision {revision}, which has {len(of.body)} characters",
            field="end",
        )
    most = rights.quote_words(article.outlet)
    span = within_limit(of.body, asked, most)
    before, after = context(of.body, span) if most is None else ("", "")
    return CitedOut(
        article=article_ref(article).model_copy(update={"title": of.title, "revision": revision}),
        start=span.start,
        end=span.end,
        quote=span.of(of.body),
        before=before,
        after=after,
        superseded=None if revision == article.revision else _superseded(article, stood, of, span, rights),
    )


def _superseded(article: Article, stood: Sequence[Revision], of: Revision, span: Span, rights: Rights) -> SupersededOut:
    following = next(each for each in stood if each.number > of.number)
    changed = changes(of.body, article.body)
    stands = moved(span, of.body, article.body, changed)
    shows = rights.shows_full_text(article.outlet)
    return SupersededOut(
        by=following.number,
        at=following.recorded_at,
        current=article.revision,
        changes=_changes_out(of.body, article.body, changed, shows=shows),
        stands=None if stands is None else _span_out(stands),
        reader=reader_link(article, stands),
    )


def _changes_out(old: str, new: str, changed: Sequence[Change], *, shows: bool) -> list[ChangeOut]:
    return [
        ChangeOut(
            old=_span_out(each.old),
            new=_span_out(each.new),
            removed=each.old.of(old) if shows else None,
            added=each.new.of(new) if shows else None,
        )
        for each in changed
    ]


def _span_out(span: Span) -> SpanOut:
    return SpanOut(start=span.start, end=span.end)
