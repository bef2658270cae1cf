"""An answer as one chat message, whose citations are marked or linked in its text. Pure.

Offsets are code points of the message, half-open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from api.links import link_to
from rag.domain import Answer, Article, Citation, Claim
from rag.inert import inert

Style = Literal["markers", "links", "sources"]
# What ends a link's address in Markdown, or could not stand in one.
_UNSAFE_IN_ADDRESS = re.compile(r"[\s()<>\"\\`\[\]]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+.!|~-])")


@dataclass(frozen=True, slots=True)
class Mark:
    """`[start, end)` of the message is what shows the citation."""

    start: int
    end: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Piece:
    """What is added to the end of a message at once."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(slots=True)
class ChatMessage:
    """A message in the making: `links` are links in Markdown, with the sources listed at its end; else marks are `[1]`.

    `base` is where our own pages are, for an article that has no address of its own.
    """

    style: Style
    base: str
    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def claim(self, claim: Claim, new: Sequence[Citation]) -> Piece:
        """The claim with its marks; `new` are the citations that it is the first to use."""
        self.citations.extend(new)
        text = ("\n\n" if self.text else "") + claim.text + " " * bool(claim.citations)
        marks = []
        for number in claim.citations:
            citation = self.citations[number - 1]
            mark = f"[[{number}]]({self.address(citation)})" if self.style == "links" else f"[{number}]"
            start = len(self.text) + len(text)
            marks.append(Mark(start, start + len(mark), citation))
            text += mark
        return self._add(Piece(text, tuple(marks)))

    def ending(self, answer: Answer) -> Piece:
        """What follows the claims: why there are none, or the sources where links are wanted; often nothing."""
        if answer.abstention is not None:
            return self._add(Piece(f"Not in these articles. {answer.abstention.detail}"))
        if self.style != "links" or not self.citations:
            return Piece("")
        listed = (
            f"{citation.number}. [{_escaped(citation.article.title)}]({self.address(citation)}){_imprint(citation.article)}"
            for citation in self.citations
        )
        return self._add(Piece("\n\nSources:\n\n" + "\n".join(listed)))

    def address(self, citation: Citation) -> str:
        """The publisher's page at the cited words, else our own reader there; safe inside a Markdown link."""
        link = link_to(citation.article, citation.span)
        whole = self.base.rstrip("/") + link if link.startswith("/") else link
        return _UNSAFE_IN_ADDRESS.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), whole)

    def _add(self, piece: Piece) -> Piece:
        self.text += piece.text
        self.marks.extend(piece.marks)
        return piece


def written(answer: Answer, style: Style, base: str) -> ChatMessage:
    """The whole message of an answer."""
    message = ChatMessage(style, base)
    for claim, new in _with_new_citations(answer):
        message.claim(claim, new)
    message.ending(answer)
    return message


def _with_new_citations(answer: Answer) -> Iterator[tuple[Claim, Sequence[Citation]]]:
    known = 0
    for claim in answer.claims:
        last = max((known, *claim.citations))
        yield claim, answer.citations[known:last]
        known = last


def _imprint(article: Article) -> str:
    day = article.published_at.strftime("%-d %B %Y") if article.published_at else None
    return "".join(
        f"{sep}{part}" for sep, part in ((" — ", article.outlet and _escaped(article.outlet)), (", ", day)) if part
    )


def _escaped(text: str) -> str:
    """Words as Markdown shows them, whatever characters they have."""
    return _MARKDOWN.sub(r"\\\1", " ".join(inert(text).split()))
