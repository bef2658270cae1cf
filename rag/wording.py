"""How a found sentence or statement is worded as a claim: in the article's own words, with whose words they are.

Pure. The only words added are the speaker's name and role, the article's outlet and date, and
the day on which it was said, before a colon or within brackets.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from rag.citations import Draft, Pointer
from rag.corrections import Note
from rag.domain import Article, Reading, Span, Speaker, Statement

# Shorter quotations are fragments: they are shown inside the sentence that holds them.
_FEWEST_QUOTED_WORDS = 5
_MOST_QUOTED_WORDS = 120
# A sentence that begins so leans on the one before it.
_LEANING = re.compile(
    r"^[“\"'‘(]?(?:He|She|It|They|His|Her|Hers|Its|Their|Him|Them|This|That|These|Those|But|And|Or|So|However|Instead|Still|Yet"
    r"|Nor|Then|There|Also|Both|Neither|Such|Others?|Another|Meanwhile|Nevertheless|Nonetheless|Moreover|Similarly|Otherwise"
    r"|The (?:company|man|woman|group|pair|two|latter|former|move|decision|plan|deal|agency|firm|team|report|incident|same))\b",
)
# The same in other languages: a pronoun or "but" at the front.
_LEANING_ELSEWHERE = re.compile(
    r"^[«„“‘「»\"]?(?:(?:Он|Она|Оно|Они|Его|Её|Ее|Их|Ему|Ей|Им|Это|Этот|Эта|Эти|Но|Однако|Также|Кроме того|При этом|Тогда"
    r"|Er|Sie|Es|Sein|Seine|Ihr|Ihre|Dies|Diese|Dieser|Aber|Doch|Jedoch|Allerdings|Auch|Zudem|Dabei|Dort|Damals"
    r"|وأضاف|وأضافت|وتابع|وتابعت|وأوضح|وأوضحت|لكنه|لكنها|ولكن|لكن|وهو|وهي|كما|وذلك|هذا|هذه)\b|[他她它]|这|那|但|此外|不过|然而|彼|これ|それ|しかし|また)"
)
_MOST_LEANS = 2
_FLOATING = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?!\s+\d)"
    r"|(?:last|this|next|earlier this|later this) (?:week|weekend|month|year|morning|evening|night|spring|summer|autumn|winter)"
    r"|(?:\w+ )?(?:days?|weeks?|months?|years?) ago)\b",
    re.IGNORECASE,
)


def said(reading: Reading, statements: list[Statement], sentences: Span) -> Draft:
    """A claim made of one speaker's neighbouring statements, which all lie within `sentences`."""
    article = reading.article
    speaker = next((s.speaker for s in statements if s.speaker), None)
    pointer = Pointer(reading, sentences, speaker)
    quotes = [quote.of(article.body) for s in statements for quote in s.quotes]
    counted = sum(len(quote.split()) for quote in quotes)
    whole = all(s.quotes and not s.denied and _is_all_quoted(s, article.body) for s in statements)
    # Words quoted from the middle of a sentence on ("but only “if ...”") would stand out of their context.
    if (
        speaker
        and whole
        and quotes[0].lstrip('“"')[:1].isupper()
        and _FEWEST_QUOTED_WORDS <= counted <= _MOST_QUOTED_WORDS
    ):
        words = " … ".join(f"“{_without_outer_marks(quote)}”" for quote in quotes)
        return Draft(f"{attribution(speaker, article, _said_on(statements))}: {words}", (pointer,))
    text = sentences.of(article.body)
    if speaker and not _names(text, speaker):
        return Draft(f"{attribution(speaker, article, _said_on(statements))}: {text}", (pointer,))
    return placed(Draft(text, (pointer,)))


def dated_words(reading: Reading, statements: list[Statement], sentences: Span) -> Draft:
    """The same, with the day on which it was said before it, as far as the article tells."""
    day, draft = _said_on(statements), said(reading, statements, sentences)
    if day is not None:
        return replace(draft, text=f"Said on {day:%-d %B %Y}. {draft.text}")
    draft = placed(draft)
    return replace(draft, text=f"On what day is not said. {draft.text}")


def reported(reading: Reading, first: int, last: int) -> Draft:
    """A claim made of the article's sentences `first` to `last`, with those before them that they lean on."""
    body = reading.article.body
    start = first
    while start > 0 and first - start < _MOST_LEANS and leans(reading.sentences[start].of(body)):
        start -= 1
    span = Span(reading.sentences[start].start, reading.sentences[last].end)
    draft = Draft(span.of(body), (Pointer(reading, span),))
    return placed(draft) if floats(draft.text) else draft


def floats(text: str) -> bool:
    """Whether it names a day by that of its article ("on Tuesday", "last month"): what that means, its date says."""
    return bool(_FLOATING.search(text))


def placed(draft: Draft, *, earlier: bool = False) -> Draft:
    """The draft with the outlet and the day that it comes from before it, where it does not name them already."""
    article = draft.pointers[0].reading.article
    where = imprint(article)
    if not where or (
        draft.text.find(_day(article), 0, _LEAD) >= 0 and draft.text.find(article.outlet or "", 0, _LEAD) >= 0
    ):
        return replace(draft, text=f"Earlier, {draft.text}") if earlier and draft.text.startswith(where) else draft
    return replace(draft, text=f"{'Earlier, ' if earlier else ''}{where}: {draft.text}")


def dated(draft: Draft) -> Draft:
    """A model's sentence with the outlet and the day of what it cites at its end: "... (The Post, 25 July 2025)."."""
    articles = {p.reading.article.id: p.reading.article for p in draft.pointers}
    known = [", ".join(part for part in (a.outlet, _day(a)) if part) for a in articles.values()]
    shown = "; ".join(where for where in dict.fromkeys(known) if where)
    if not shown or any(_day(a) and _day(a) in draft.text for a in articles.values()):
        return draft
    at = len(draft.text.rstrip(".")) if draft.text.endswith(".") else len(draft.text)
    return replace(draft, text=f"{draft.text[:at]} ({shown}){draft.text[at:]}")


# An attribution with its outlet and day ends within so many characters.
_LEAD = 240


def corrected(note: Note) -> Draft:
    """A claim made of a correction, whole: it says itself what was wrong."""
    return placed(Draft(note.text, (Pointer(note.reading, note.span),)))


def leans(sentence: str) -> bool:
    """Whether the sentence cannot be understood without the one before it."""
    return bool(_LEANING.match(sentence) or _LEANING_ELSEWHERE.match(sentence))


def attribution(speaker: Speaker, article: Article, said_on: date | None = None) -> str:
    """ "Dmitry Peskov, Kremlin spokesman (The Post, 25 July 2025)", as much of it as is known.

    With the day on which it was said, where that is another: "(The Post, 25 July 2025, said on 23 July 2025)".
    """
    who = f"{speaker.name}, {speaker.role}" if speaker.role else speaker.name
    who = who[:1].upper() + who[1:]
    published = article.published_at.date() if article.published_at else None
    said = f"said on {said_on:%-d %B %Y}" if said_on and said_on != published else ""
    known = ", ".join(part for part in (article.outlet, _day(article), said) if part)
    return f"{who} ({known})" if known else who


def _said_on(statements: list[Statement]) -> date | None:
    """The day that all of them name; None where it is not one."""
    days = {statement.said_on for statement in statements}
    return days.pop() if len(days) == 1 else None


def imprint(article: Article) -> str:
    """ "The Post (25 July 2025)", as much of it as is known."""
    day = _day(article)
    if not article.outlet:
        return day
    return f"{article.outlet} ({day})" if day else article.outlet


def _day(article: Article) -> str:
    return article.published_at.strftime("%-d %B %Y") if article.published_at else ""


def _is_all_quoted(statement: Statement, body: str) -> bool:
    """Whether nearly all that was said stands between quotation marks."""
    words = len(statement.span.of(body).split())
    quoted = sum(len(quote.of(body).split()) for quote in statement.quotes)
    return quoted >= 0.6 * words


def _without_outer_marks(quote: str) -> str:
    return quote.strip().rstrip(",").strip('“”"')


def _names(text: str, speaker: Speaker) -> bool:
    return speaker.name.split()[-1] in text
