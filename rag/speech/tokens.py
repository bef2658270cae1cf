"""Cut a body into units of words, in which a whole quotation is one token.

Pure. A unit is a sentence, or several where a sentence boundary lies inside a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.domain import Span
from rag.speech.quotations import Quotation
from rag.speech.vocabulary import SPEECH

# What only a capital can begin stands behind one look at it: most words are not in capitals, and this is read word by word.
_TOKEN = re.compile(
    r"(?=[A-Z])(?:[RDI]-(?:[A-Z]\.){2,}|[RDI]-[A-Z][a-z]+\.?|(?:[A-Z]\.){2,}|[A-Z]\.(?=[ \u00a0](?:[A-Z]|$))"
    r"|(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sens?|Govs?|Reps?|Gen|Lt|Col|Maj|Capt|Cmdr|Adm|Sgt|Rev|Fr|Jr|Sr|St|Inc|Corp|Co|Ltd|No"
    r"|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla"
    r"|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|Ont|Que|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.(?!\w))|vs\.(?!\w)"
    r"|\d[\d,.]*\d(?!\d|-[a-z])|[’'](?:s|d|ll|re|ve)\b|\w+(?:[-.&/@]\w+|[’'](?!s\b)\w+)*|[^\w\s]"
)


_SPEAKER = re.compile(r"(?:(?:Mr|Mrs|Ms|Dr)\. )?(?:[A-Z][\w’'-]+ ){1,3}(?P<verb>[a-z]+)(?=[.,;:]|\s*$|\s*\n)")

_SIGNATURE = re.compile(r"[—–―‒-]\s?[A-Z][^\n“”\"]{2,80}(?=\n|$)")


class Token(NamedTuple):
    """`kind`: "w" word, "p" punctuation, "q" a whole quotation (no `text`; `low` is its last character)."""

    kind: str
    text: str
    low: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of one paragraph that is read at once. `quoted[i]` is the quotation at token i."""

    span: Span
    paragraph: int
    tokens: tuple[Token, ...]
    quoted: dict[int, Quotation]


def units(body: str, paragraphs: Sequence[Span], sentences: Sequence[Span], quotes: Sequence[Quotation]) -> list[Unit]:
    """The units of a body in order. Sentences that leave their paragraph are cut at its end."""
    found: list[Unit] = []
    next_sentence = next_quote = 0
    for number, paragraph in enumerate(paragraphs):
        within: list[Quotation] = []
        while next_quote < len(quotes) and quotes[next_quote].outer.end <= paragraph.end:
            within.append(quotes[next_quote])
            next_quote += 1
        cuts: list[int] = []
        while next_sentence < len(sentences) and sentences[next_sentence].start < paragraph.end:
            cuts.append(max(sentences[next_sentence].start, paragraph.start))
            next_sentence += 1
        first = 0
        for start, end in _outside(body, cuts, within, paragraph):
            last = first
            while last < len(within) and within[last].outer.start < end:
                last += 1
            found.append(_unit(body, start, end, number, within[first:last]))
            first = last
    return found


def _outside(body: str, cuts: Sequence[int], quotes: Sequence[Quotation], paragraph: Span) -> list[tuple[int, int]]:
    """Stretches between those cuts that do not fall into a quotation, nor between one and its speaker.

    "Where?" Reed asked. is one sentence to a reader and two to a splitter.
    """
    kept: list[int] = []
    at = 0
    for cut in cuts:
        while at < len(quotes) and quotes[at].outer.end <= cut:
            at += 1
        inside = at < len(quotes) and quotes[at].outer.start < cut
        if cut > paragraph.start and not inside and not (at and _speaks(body, quotes[at - 1].outer.end, cut)):
            kept.append(cut)
    return list(zip([paragraph.start, *kept], [*kept, paragraph.end], strict=True))


def _speaks(body: str, quote_end: int, cut: int) -> bool:
    """Whether a quotation ends right before `cut`, and nothing but who said it follows."""
    if body[quote_end:cut].strip():
        return False
    found = _SPEAKER.match(body, cut)
    return (found is not None and found["verb"] in SPEECH) or _SIGNATURE.match(body, cut) is not None


def _unit(body: str, start: int, end: int, paragraph: int, quotes: Sequence[Quotation]) -> Unit:
    tokens: list[Token] = []
    quoted: dict[int, Quotation] = {}
    at = start
    for quote in quotes:
        _words(body, at, quote.outer.start, tokens)
        quoted[len(tokens)] = quote
        tokens.append(Token("q", "", body[quote.inner.end - 1], quote.outer.start, quote.outer.end))
        at = quote.outer.end
    _words(body, at, end, tokens)
    return Unit(Span(start, end), paragraph, tuple(tokens), quoted)


def _words(body: str, start: int, end: int, into: list[Token]) -> None:
    new = tuple.__new__  # half of the time of Token(...), and this runs once for every word that is ingested
    for found in _TOKEN.finditer(body, start, end):
        text = found[0]
        low = text.lower()
        first, last = found.span()
        kind = "w" if last - first > 1 or text.isalnum() else "p"
        if kind == "p" and text in "’'" and body[first - 1 : first] == "s" and body[last : last + 1] == " ":
            kind, low = "w", "'s"  # "the dockers’ union"
        into.append(new(Token, (kind, text, low.replace("’", "'") if "’" in low else low, first, last)))
