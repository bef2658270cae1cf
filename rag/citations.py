"""Drafts -> claims whose citations are checked, and the guard that keeps quotation marks honest.

Pure. A draft points at spans of articles; what it points at exists or the draft is dropped, and words between quotation
marks stand verbatim in what it points at or lose their marks. A claim's words are inert: no link, image or marker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.domain import Citation, Claim, Reading, Span, Speaker
from rag.inert import inert
from rag.quoting import quoted_within

_FOLD = str.maketrans(
    dict.fromkeys("“”„‟«»「」『』《》〝〞〟＂﹁﹂﹃﹄", '"')
    | dict.fromkeys("‘’‚‹›", "'")
    | {"\u00a0": " ", "\u202f": " "}
)
# As they open and close in English, French and Russian, German (both ways), Swedish and Finnish, Chinese and Japanese.
_QUOTED = re.compile(
    r"“([^“”„]*)”|\"([^\"]*)\"|«([^«»]*)»|»([^«»]*)[«»]|„([^„“”]*)[“”]|”([^“”„]*)”|「([^「」]*)」|『([^『』]*)』|﹁([^﹁﹂]*)﹂"
    r"|﹃([^﹃﹄]*)﹄|〝([^〝〞〟]*)[〞〟]|＂([^＂]*)＂"
    r"|(?<!\w)‘([^‘’“”\"]*(?:’\w[^‘’“”\"]*)*)’(?!\w)|(?<!\w)‹([^‹›]*)›|(?<!\w)‚([^‚‘’]*)[‘’]"
)
_MARKS = re.compile(r"[“”„‟«»「」『』〝〞〟＂﹁﹂﹃﹄\"]")
_OPENERS = re.compile(r"[‘‚‹]")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A span of an article that a draft says supports it."""

    reading: Reading
    span: Span
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence of an answer before it is checked."""

    text: str
    pointers: tuple[Pointer, ...]


@dataclass(slots=True)
class Citer:
    """Checks drafts one by one and numbers their citations from 1; one span has one number."""

    citations: list[Citation] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    text: str = ""
    dropped: int = 0
    _first: dict[str, Reading] = field(default_factory=dict)

    def add(self, draft: Draft, *, supported: bool = True) -> tuple[Claim, tuple[Citation, ...]] | None:
        """The claim with the citations that it is the first to use; None where nothing valid supports it.

        A claim that is shown although it is not `supported` may point at nothing.
        """
        pointers = [pointer for pointer in draft.pointers if _valid(pointer)]
        if (supported and not pointers) or not draft.text.strip():
            self.dropped += 1
            return None
        text, pointers = _within_rights(_one_line(inert(draft.text)), self._of_one_origin(pointers))
        cited = [pointer.span.of(pointer.reading.article.body) for pointer in pointers]
        text = _shown(text, cited)
        if not re.search(r"\w", text):
            self.dropped += 1
            return None
        before = len(self.citations)
        numbers = tuple(dict.fromkeys(self._number(pointer) for pointer in pointers))
        lead = "\n" if self.text else ""
        start = len(self.text) + len(lead)
        self.text += lead + text + " " * bool(numbers) + "".join(f"[{number}]" for number in numbers)
        claim = Claim(text, start, start + len(text), numbers, supported)
        self.claims.append(claim)
        return claim, tuple(self.citations[before:])

    def _of_one_origin(self, pointers: Sequence[Pointer]) -> list[Pointer]:
        """Each pointer at the article of its story that is cited first, where that has the same words.

        A copy of what is cited already confirms nothing: it would look like a second source.
        """
        kept: list[Pointer] = []
        for pointer in pointers:
            reading, words = pointer.reading, pointer.span.of(pointer.reading.article.body)
            first = self._first.setdefault(reading.story or reading.article.id, reading)
            if first.article.id != reading.article.id and (start := first.article.body.find(words)) >= 0:
                pointer = replace(pointer, reading=first, span=Span(start, start + len(words)))  # noqa: PLW2901
            if pointer not in kept:
                kept.append(pointer)
        return kept

    def _number(self, pointer: Pointer) -> int:
        article, span = pointer.reading.article, pointer.span
        for citation in self.citations:
            if citation.article.id == article.id and citation.span == span:
                return citation.number
        passage = pointer.reading.passage_at(span)
        citation = Citation(
            number=len(self.citations) + 1,
            article=article,
            passage_id=passage.id if passage else "",
            span=span,
            quote=span.of(article.body),
            speaker=pointer.speaker,
            also_in=pointer.reading.also_in,
            quote_words=pointer.reading.quote_words,
        )
        self.citations.append(citation)
        return citation.number


def _shown(text: str, cited: Sequence[str]) -> str:
    """The text as it is shown: quotation marks only around what is verbatim, and no markup of any kind."""
    text = _one_line(honest_quotes(text, cited))
    if _one_line(inert(text)) != text:
        # A mark that was taken off stood within a link or a tag: then none is left that could do the same.
        text = _one_line(inert(_OPENERS.sub("", _MARKS.sub("", text))))
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _within_rights(text: str, pointers: Sequence[Pointer]) -> tuple[str, list[Pointer]]:
    """The claim and what it points at, cut to the words that may be quoted of each article."""
    kept: list[Pointer] = []
    for pointer in pointers:
        if (most := pointer.reading.quote_words) is None:
            kept.append(pointer)
            continue
        quoted = quoted_within(text, pointer.reading.article.body, pointer.span, most)
        text = quoted.text
        kept.append(replace(pointer, span=quoted.span))
    return text, kept


def _valid(pointer: Pointer) -> bool:
    body = pointer.reading.article.body
    return pointer.span.end <= len(body) and bool(pointer.span.of(body).strip())


def fold(text: str) -> str:
    """Typographic quotation marks and white space as one kind; the guard compares texts in this form alone."""
    return " ".join(text.translate(_FOLD).split())


def is_verbatim(words: str, cited: Sequence[str]) -> bool:
    """Whether the words stand in one of the cited texts; a closing comma or full stop may be the quoting sentence's own."""
    plain = fold(words).rstrip(".,")
    if not plain:
        return False
    whole = re.compile(rf"(?<!\w){re.escape(plain)}(?!\w)" if plain[-1:].isalnum() else rf"(?<!\w){re.escape(plain)}")
    return any(whole.search(fold(text)) for text in cited)


def quoted_words(text: str) -> list[str]:
    """What stands between quotation marks, marks excluded, in order."""
    return [next(group for group in match.groups() if group is not None) for match in _QUOTED.finditer(text)]


def honest_quotes(text: str, cited: Sequence[str]) -> str:
    """The text with quotation marks only around words that stand verbatim in a cited text; other marks are taken off."""

    def keep(match: re.Match[str]) -> str:
        words = next(group for group in match.groups() if group is not None)
        return match.group() if is_verbatim(words, cited) else words

    before, kept = text, _QUOTED.sub(keep, text)
    while kept != before:  # marks taken off can bring two others together
        before, kept = kept, _QUOTED.sub(keep, kept)
    pairs = _QUOTED.sub("", kept)
    if not _MARKS.search(pairs):
        return kept
    # A mark without its partner would pair with one of the next claim: take off those that stand alone.
    spans = [match.span() for match in _QUOTED.finditer(kept)]
    return "".join(
        c for n, c in enumerate(kept) if not _MARKS.match(c) or any(start <= n < end for start, end in spans)
    )
