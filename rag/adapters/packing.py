"""Spans and statements as the plain lists that the catalog keeps. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from rag.domain import Span, Speaker, Statement


def flat(spans: Iterable[Span]) -> list[int]:
    """start, end, start, end, ..."""
    return [offset for span in spans for offset in (span.start, span.end)]


def spans_of(offsets: Sequence[int]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in zip(offsets[::2], offsets[1::2], strict=True))


def pack_statement(statement: Statement) -> list[Any]:
    speaker = statement.speaker
    return [
        flat([statement.span]),
        flat(statement.quotes),
        speaker and speaker.name,
        speaker and speaker.role,
        statement.cue and flat([statement.cue]),
        statement.source and flat([statement.source]),
        statement.said_on and statement.said_on.isoformat(),
        statement.denied,
    ]


def unpack_statement(packed: Sequence[Any]) -> Statement:
    span, quotes, name, role, cue, source, said_on, denied = packed
    return Statement(
        span=Span(*span),
        quotes=spans_of(quotes),
        speaker=Speaker(name, role) if name else None,
        cue=Span(*cue) if cue else None,
        source=Span(*source) if source else None,
        said_on=date.fromisoformat(said_on) if said_on else None,
        denied=denied,
    )


def speakers_within(span: Span, packed: Iterable[Sequence[Any]]) -> tuple[str, ...]:
    """The names of those whose statements overlap the span, each once."""
    names = (one[2] for one in packed if one[2] and one[0][0] < span.end and span.start < one[0][1])
    return tuple(dict.fromkeys(names))
