"""Cut a body into sentences and paragraphs.

Pure. sentencex finds the boundaries and keeps a quotation of several sentences whole; what it gets wrong in news
("5 p.m. | Tuesday", "Ms. | Malik", "Jeb! | was") is put together again here, and a mark of quotation that is never
closed cannot make a sentence endless.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

import sentencex

from rag.domain import Span
from rag.languages import language_code
from rag.terms import word_count

# sentencex is quadratic in unclosed quotation marks: it never sees more than this at once.
_WINDOW_CHARS = 8_000
# Longer than this and it is taken for an unclosed quotation mark; news sentences hardly ever pass 80 words.
_LONG_SENTENCE_WORDS = 120
# A text without any punctuation is cut here, so that a passage can always hold whole sentences.
_LONGEST_SENTENCE_CHARS = 2_000

_PARAGRAPH = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SENTENCE_END = re.compile(r"[.!?…؟۔।]+[”’\"')\]»“]*(?=\s)|[。！？｡]+[”’」』]*")
_LETTER = re.compile(r"\w")

_ALWAYS_OPEN = re.compile(
    r"(?:^|[\s(“\"'‘—-])(?:"
    r"Mr|Mrs|Ms|Mx|Messrs|Dr|Drs|Prof|Gov|Govs|Sen|Sens|Rep|Reps|Gen|Lt|Col|Maj|Capt|Cmdr|Adm|Sgt|Cpl|Pvt|Det|Insp|Supt"
    r"|Rev|Fr|Msgr|Hon|Pres|Atty|Amb|Sec|Ft|Mt|St|Ste|vs|v|Nos?|Art|Fig|Vol|pp?|approx|cf|viz|e\.g|i\.e"
    r")\.$"
)
_MONTH = re.compile(r"(?:^|[\s(])(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$")
# sentencex takes the month for an abbreviation: "ends in May. | Aino Rask"; "May. 5" stays.
_ENDS_WITH_MAY = re.compile(r"\bMay\.(?=\s+[“\"‘'(]?[^\W\d_])")
_CLOCK = re.compile(r"\d\s?[ap]\.\s?m\.$", re.IGNORECASE)
_AFTER_CLOCK = re.compile(
    r"(?:[A-Z]{2,4}T\b|[ECMP]T\b|GMT|UTC|BST|Eastern|Central|Mountain|Pacific|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?:Jan|Febr)uary|March|April|May \d|June|July|August|(?:Septem|Octo|Novem|Decem)ber|Jan\.|Feb\.|Aug\.|Sept?\.|Oct\."
    r"|Nov\.|Dec\.|[Ll]ocal)"
)
_INITIAL = re.compile(r"(?:^|[A-Z][\w’'-]*\s|[\s.][A-Z]\.\s?)[A-Z]\.$")
_NAME_START = re.compile(r"[A-Z][.a-z’'-]|[“\"][A-Z]\w{1,14}[”\"] [A-Z]")
# "Plan B. The council ..." is two sentences although "B." looks like an initial.
_OPENER = re.compile(
    r"(?:The|An?|[HS]he|It|They|We|I|You|This|That|These|Those|But|And|Or|In|On|At|As|If|When|While|After|Before|For|To"
    r"|His|Her|Their|Its|There|Then|Here|What|Who|How|Why|Now|Not|No|Yes|So|By|With|From|Some|Many|Most|One)\b"
)
# `“Who goes there?” Okafor asked.` is one sentence, although a capital follows the closing mark.
_ASKED = re.compile(r"[?!…][”\"'’]+$")
_ASKER = re.compile(
    r"(?:[A-Z][\w.’'-]*\s+){1,5}(?:(?:has|had|also|later|then|once)\s+)?(?:said|says|asked|asks|added|told|wrote|writes|tweeted"
    r"|replied|responded|shouted|yelled|exclaimed|continued|declared|wondered|cried|quipped|joked|demanded|shot back)\b"
)
# «Когда?» | — спросил он; „Wirklich?“ | fragte sie is told by its small letter.
_DASH = re.compile(r"[—–-]\s")
# 「…。」 | 市長は語った, “……。” | 她说。: the one who says it follows without a space.
_SAID_UNSPACED = re.compile(
    r"[^\s。！？，、“「『]{1,16}(?:说|說|道|表示|称|稱|指出|问|問|写道|強調|强调|述べた|語った|話した|言った|答えた|尋ねた|訴えた|強調した)[。！？，、：]?"
)
_CLOSED_UNSPACED = re.compile(r"[。！？…][”」』]+$")
# "im 19. | Jahrhundert": German writes its ordinals with a full stop.
_ORDINAL = re.compile(r"\b\d{1,2}\.$")
_AFTER_ORDINAL = re.compile(
    r"(?:Jahrhundert|Jahrestag|Geburtstag|Platz|Mal|Stock|Spieltag|Runde|Minute|Kapitel|Etage|Klasse|Auflage|Jän|Feber)"
)
# Abbreviations that sentencex does not know.
_OPEN_ELSEWHERE = re.compile(
    r"(?:^|[\s(«„“])(?:[\u0621-\u064a]|أ\.د|ص\.ب|пр|просп|пер|пл|обл|р-н|корп|стр|акад|проф|ген|им|св)\.$"
)
_LIST_NUMBER = re.compile(r"^\(?(?:\d{1,3}|[A-Za-z])[.)]$")
_STARTS_LOW = re.compile(r"[“\"'‘(]?[a-zß-öø-ÿа-я]")
_ADDRESS = re.compile(r"(?:https?:|www\.|pic\.|i[A-Z])")


def paragraph_spans(body: str) -> tuple[Span, ...]:
    """The paragraphs of a body in order: lines with something on them, white space at both ends left out."""
    lines = (_trimmed(body, line.start(), line.end()) for line in _PARAGRAPH.finditer(body))
    return tuple(span for span in lines if span is not None)


def sentence_spans(body: str, language: str = "en") -> tuple[Span, ...]:
    """The sentences of a body in order, never across a newline, with every character that is not white space in one.

    A language that sentencex does not know is cut as English.
    """
    spans: list[Span] = []
    for paragraph in paragraph_spans(body):
        text = paragraph.of(body)
        cuts = _without_false_cuts(text, _with_months(text, list(_cuts(text, _known(language)))))
        for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            spans.extend(_bounded(body, paragraph.start + start, paragraph.start + end))
    return tuple(spans)


def _trimmed(body: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends; None where nothing else is in it."""
    text = body[start:end]
    left = len(text) - len(text.lstrip())
    kept = len(text.strip())
    return Span(start + left, start + left + kept) if kept else None


def _known(language: str) -> str:
    """The language code as sentencex wants it; it takes one that it does not know for English itself."""
    return language_code(language) or "en"


def _cuts(text: str, language: str) -> Iterator[int]:
    """Where sentencex ends a sentence inside a paragraph, in order, both ends of the paragraph left out."""
    start = 0
    while start < len(text):
        window = text[start : start + _WINDOW_CHARS]
        ends = [int(found["end_index"]) for found in sentencex.get_sentence_boundaries(language, window)]
        if start + len(window) >= len(text):
            yield from (start + end for end in ends if 0 < end < len(window))
            return
        inner = [end for end in ends if 0 < end < len(window)] or _plain_cuts(window)
        if not inner:
            inner = [window.rfind(" ") + 1 or len(window)]
        yield from (start + end for end in inner)
        start += inner[-1]


def _plain_cuts(text: str) -> list[int]:
    """Every end of a sentence by punctuation alone, also within quotation marks."""
    return [found.end() for found in _SENTENCE_END.finditer(text) if found.end() < len(text)]


def _with_months(text: str, cuts: list[int]) -> list[int]:
    """The cuts, and one after each "May." that ends a sentence outside of a quotation."""
    more = [found.end() for found in _ENDS_WITH_MAY.finditer(text)]
    if not more:
        return cuts
    starts = [0, *cuts]
    # A hostile line may have nothing but these: no look goes further back than a sentence is long.
    looked_at = ((cut, max(starts[bisect_left(starts, cut) - 1], cut - _LONGEST_SENTENCE_CHARS)) for cut in more)
    return sorted({*cuts, *(cut for cut, start in looked_at if not _is_quoted(text[start:cut]))})


def _is_quoted(text: str) -> bool:
    """Whether a mark of quotation that opened in `text` is still open at its end."""
    return text.count("“") > text.count("”") or text.count("«") > text.count("»") or text.count('"') % 2 == 1


def _without_false_cuts(text: str, cuts: list[int]) -> list[int]:
    kept: list[int] = []
    for cut in cuts:
        previous = kept[-1] if kept else 0
        if not _is_false_cut(text, previous, cut):
            kept.append(cut)
    return kept


def _is_false_cut(text: str, start: int, cut: int) -> bool:
    """Whether the sentence that begins at `start` goes on after `cut`."""
    # The last words decide; looking no further back keeps a long paragraph linear.
    before = text[max(start, cut - 40) : cut].rstrip()
    after = text[cut : cut + 80].lstrip()
    if not before or not after or (text[cut - 1] == "." and text[cut].isascii() and text[cut].isalnum()):
        return True
    return bool(
        not _LETTER.search(before)
        or not _LETTER.search(text, cut)
        or _ALWAYS_OPEN.search(before)
        or (_MONTH.search(before) and after[0].isdigit())
        or (_ASKED.search(before) and _ASKER.match(after))
        or (_DASH.match(after) and before[-1] in "»“")
        or (_CLOSED_UNSPACED.search(before) and _SAID_UNSPACED.match(after))
        or _OPEN_ELSEWHERE.search(before)
        or (_ORDINAL.search(before) and _AFTER_ORDINAL.match(after))
        or (_CLOCK.search(before) and _AFTER_CLOCK.match(after))
        or (cut - start < 8 and _LIST_NUMBER.match(before))
        or (_STARTS_LOW.match(after) and not _ADDRESS.match(after))
        or (_INITIAL.search(before) and _NAME_START.match(after) and not _OPENER.match(after))
    )


def _bounded(body: str, start: int, end: int) -> Iterator[Span]:
    """One sentence, cut inside where it is too long to be one."""
    span = _trimmed(body, start, end)
    if span is None:
        return
    text = span.of(body)
    if len(text) <= 2 * _LONG_SENTENCE_WORDS or (
        len(text) <= _LONGEST_SENTENCE_CHARS and word_count(text) <= _LONG_SENTENCE_WORDS
    ):
        yield span
        return
    cuts = _without_false_cuts(text, _plain_cuts(text))
    for left, right in zip([0, *cuts], [*cuts, len(text)], strict=True):
        yield from _chopped(body, span.start + left, span.start + right)


def _chopped(body: str, start: int, end: int) -> Iterator[Span]:
    """Pieces of at most `_LONGEST_SENTENCE_CHARS`, cut at white space where there is some."""
    while end - start > _LONGEST_SENTENCE_CHARS:
        space = body.rfind(" ", start + 1, start + _LONGEST_SENTENCE_CHARS)
        cut = space if space > 0 else start + _LONGEST_SENTENCE_CHARS
        piece = _trimmed(body, start, cut)
        if piece is not None:
            yield piece
        start = cut
    rest = _trimmed(body, start, end)
    if rest is not None:
        yield rest
