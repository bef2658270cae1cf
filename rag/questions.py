"""Question (and conversation) -> Query, by rules. Pure.

Whose words are asked for, and what kind of answer, is told in English; a question in another language is taken by its
names and its subject.
What cannot be told from the question alone (is "may" a month or a name?) is left to the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rag.asked import AUX, asked_for
from rag.domain import Filters, Kind, Part, Query, Turn, Understanding
from rag.errors import FilterError, QuestionError
from rag.following import standing_alone
from rag.known import KnownNames
from rag.languages import is_asking, question_language, without_function_words
from rag.naming import read_names
from rag.periods import without_periods
from rag.terms import WORD, is_stopword

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (Kind.HOW_MANY, r"\bhow many\b|\bwhat (?:number|percentage|share|proportion)\b|\bhow often\b"),
        (
            Kind.HOW_MUCH,
            (
                r"\bhow (?:much|high|tall|fast|far|big|large|deep|old|wide|heavy|strong)\b"
                r"|\b(?:what|which) \w*\s?(?:price|cost|sum|amount|rate|speed|figure|bill|rise|score|temperature|size)\b"
            ),
        ),
        (Kind.HOW_LONG, r"\bhow long\b|\bfor how\b|\bwhat (?:length|duration)\b"),
        (
            Kind.WHEN,
            rf"\bwhen\s+(?:exactly\s+)?{AUX}\b|\b(?:what|which) (?:date|day|year|month|time|week)\b|\bhow soon\b|\bby when\b",
        ),
        (
            Kind.WHERE,
            (
                rf"\bwhere\s+(?:exactly\s+)?{AUX}\b|\b(?:what|which|in which) "
                r"(?:city|town|country|place|village|state|region|port|island)\b"
            ),
        ),
        (
            Kind.WHO,
            r"\bwho(?:se|m)?\b|\bwhich (?:person|man|woman|individual|minister|politician|player|actor|official)\b",
        ),
        (Kind.WHY, r"\bwhy\b|\bwhat (?:caused|causes|led to|made)\b|\bfor what reason\b"),
        (
            Kind.YES_NO,
            r"^(?:and |so |but )?(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|may)\b",
        ),
    )
)
_MEASURE = re.compile(
    r"\bhow (?:many|much|often|long|soon|big|high|tall|fast|far|large|deep|old|wide|heavy|strong)\b", re.IGNORECASE
)
_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|recently|currently|at the moment|right now|now|up to date|as of today)\b",
    re.IGNORECASE,
)
_ASKING = frozenset(
    "what who whom whose when where why which how did does do say said tell told think please give show list me many much long"
    " latest newest recent recently currently exactly else happened news article articles report reports reported according"
    " anyone anybody someone somebody anything something everything figure number name kind sort type amount compare".split()
)


def understand(
    question: str,
    *,
    conversation: Sequence[Turn] = (),
    filters: Filters | None = None,
    as_of: datetime | None = None,
    max_chars: int = 4000,
    known: KnownNames | None = None,
    ignored: Collection[Understanding] = (),
) -> Query:
    """The query that the question asks, by the names that the library knows; what is `ignored` is not understood.

    Times such as "last week" are counted from `as_of`, else from the newest article that is known, else from now.

    Raises:
        QuestionError: it is empty, or longer than `max_chars`.
        FilterError: its date range ends before it starts.
    """
    plain = " ".join(question.split())
    if not WORD.search(plain):
        raise QuestionError(
            "the question is empty: ask something, such as “what did Peskov say about a summit?”", field="question"
        )
    if len(plain) > max_chars:
        raise QuestionError(
            f"the question has {len(plain):,} characters; at most {max_chars:,}: ask one question, and hand articles in"
            " with POST /v1/articles",
            field="question",
        )
    language = question_language(plain)
    base = _base(known, as_of)
    names = known or KnownNames()
    alone = standing_alone(plain, conversation, names, base, language=language)
    text = alone.text
    limits = _limited(filters or Filters(), as_of)
    english = language in (None, "en")
    named = read_names(text, names, base, language=language, ignored=ignored)
    asked = asked_for(alone.question, names) if english else None
    who, topic = (asked.speakers, asked.about) if asked else ((), "")
    if not who or any(map(named.is_source, who)):  # what an outlet says is what it reports
        who, topic = (), alone.question
    elif "period" not in ignored:
        topic = without_periods(topic, base)  # when it was said is no part of what was said
    kind = Kind.SAID if who else _kind(alone.question) if english else Kind.OTHER
    if alone.earlier:
        topic = f"{topic} {text}" if who else f"{text} {topic}"
    limits_time = alone.of_its_time and named.period is not None and "period" not in named.limits
    latest = "latest" not in ignored and bool(_LATEST.search(alone.question))
    return Query(
        question=question,
        text=text,
        topic=_without_asking(named.without_sources(topic), " ".join(who), language or "en"),
        kind=kind,
        names=tuple(name for name in names_in(text, language or "en") if not named.is_source(name)),
        speakers=who,
        filters=limits,
        latest=latest,
        as_of=as_of,
        language=language,
        parts=tuple(map(_without_latest, named.parts)) if latest else named.parts,
        outlets=named.outlets,
        sections=named.sections,
        people=named.people,
        period=named.period,
        limits=(*named.limits, "period") if limits_time else named.limits,
        recalls=alone.recalls,
    )


def _without_latest(part: Part) -> Part:
    """The part without the words for the newest, which stand in articles of any day."""
    return replace(part, text=" ".join(_LATEST.sub(" ", part.text).split()) or part.text)


def _base(known: KnownNames | None, as_of: datetime | None) -> datetime:
    """What times are counted from."""
    now = datetime.now(UTC)
    return as_of or min((known.newest if known else None) or now, now)


def names_in(text: str, language: str = "en") -> tuple[str, ...]:
    """Runs of capitalised words, the first word of the text left out where it is an ordinary one.

    None in German, which writes every noun so.
    """
    if language == "de":
        return ()
    found: list[str] = []
    run: list[str] = []
    last_end = -1
    for number, match in enumerate(WORD.finditer(text)):
        word = match.group()
        plain = re.sub(r"['’]s?$", "", word)
        asks = plain.casefold() in _ASKING or is_asking(plain, language)
        named = plain[:1].isupper() and not (is_stopword(plain, language) or asks)
        joined = bool(run) and text[last_end : match.start()] in (" ", "-", ". ")
        if named and not (number == 0 and len(plain) > 1 and plain[1:].islower() and _KINDS[-1][1].match(text)):
            if run and not joined:
                found.append(" ".join(run))
                run = []
            run.append(plain)
            if word != plain:  # a possessive ends a name: "Russia's Peskov" is two
                found.append(" ".join(run))
                run = []
        elif run:
            found.append(" ".join(run))
            run = []
        last_end = match.end()
    if run:
        found.append(" ".join(run))
    return tuple(dict.fromkeys(found))


def check_range(filters: Filters) -> Filters:
    """The filters, if their date range does not end before it starts. Raises FilterError."""
    after, before = filters.published_after, filters.published_before
    if after is not None and before is not None and after >= before:
        raise FilterError(
            f"the range ends before it starts: published_after={after.isoformat()},"
            f" published_before={before.isoformat()}",
            field="filters.published_before",
        )
    return filters


def _limited(filters: Filters, as_of: datetime | None) -> Filters:
    if as_of is not None:
        # `published_before` is exclusive, and what was published at that very moment was there.
        end = as_of + timedelta(microseconds=1)
        before = filters.published_before
        filters = replace(filters, published_before=min(before, end) if before else end)
    return check_range(filters)


def _kind(question: str) -> Kind:
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), Kind.OTHER)


def _without_asking(topic: str, who: str, language: str) -> str:
    left_out = {word.casefold() for word in who.split()}
    kept = [
        word
        for word in WORD.findall(without_function_words(_MEASURE.sub(" ", topic), language))
        if word.casefold() not in left_out and not is_asking(word, language)
    ]
    if language == "en":
        kept = [word for word in kept if word.casefold() not in _ASKING]
    return " ".join(word for word in kept if not is_stopword(word, language))
