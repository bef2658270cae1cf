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

from rag.domain import Filters, Kind, Part, Query, Turn, Understanding
from rag.errors import FilterError, QuestionError
from rag.known import KnownNames
from rag.languages import is_asking, question_language, without_function_words
from rag.naming import read_names
from rag.periods import periods_in, without_periods
from rag.terms import WORD, is_stopword, words

_SAYING = (
    r"say|said|says|saying|tell|told|tells|think|thinks|claim|claimed|claims|announce|announced|promise|promised|promises"
    r"|argue|argued|argues|warn|warned|warns|suggest|suggested|demand|demanded|insist|insisted|deny|denied|respond"
    r"|responded|react|reacted|reply|replied|comment|commented|explain|explained|describe|described|describes|call|called"
    r"|add|added|complain|complained|criticise|criticised|criticize|criticized|admit|admitted|believe|believes|believed"
    r"|write|wrote|tweet|tweeted|mention|mentioned|propose|proposed|predict|predicted|state|stated|expect|want"
)
_AUX = r"(?:did|does|do|has|have|had|is|was|were|will|would)"
# "what did X say about Y", "how has X responded to Y", "why did X say Y", "did X say Y"
_SAID = re.compile(
    rf"^(?:(?:and|so|but)\s+)?(?:(?:what|how|why|when|where|which\s+\w+)(?:\s+(?:exactly|else))?\s+)?{_AUX}\s+"
    rf"(?P<who>[^?]{{2,80}}?)\s+(?:\w+ly\s+)?(?:{_SAYING})\b(?P<about>[^?]*)",
    re.IGNORECASE,
)
# "what is X's position on Y", "X's view of Y"
_POSITION = re.compile(
    r"(?:what(?:'s|’s|\s+is|\s+was|\s+are|\s+were)\s+)?(?P<who>[^?]{2,80}?)(?:['’]s|['’])\s+"
    r"(?:(?:latest|newest|current|recent|most recent|new|own)\s+)?"
    r"(?:position|view|views|stance|opinion|reaction|response|comment|comments|statement|statements|words|remarks|take"
    r"|argument|explanation|promise|message)\b\s*(?:on|of|about|to|regarding|for|in)?(?P<about>[^?]*)",
    re.IGNORECASE,
)
# "according to X, ..."
_ACCORDING = re.compile(r"\baccording to (?P<who>(?:the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3})")
_LEADING_TO = re.compile(r"^\s*(?:about|on|regarding|concerning|of|to|that|as|over|when|if|with)\b", re.IGNORECASE)
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
            rf"\bwhen\s+(?:exactly\s+)?{_AUX}\b|\b(?:what|which) (?:date|day|year|month|time|week)\b|\bhow soon\b|\bby when\b",
        ),
        (
            Kind.WHERE,
            (
                rf"\bwhere\s+(?:exactly\s+)?{_AUX}\b|\b(?:what|which|in which) "
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
_FOLLOW_UP = re.compile(
    r"^(?:and|but|so|then|what about|how about|why|who|when|where)\b|\b(?:he|she|it|they|him|her|them|his|their|that|this|those"
    r"|these|there|then)\b",
    re.IGNORECASE,
)
# "And in September?", "What about the euro?": it asks the same of another time or thing.
_ELLIPSIS = re.compile(
    r"^(?:and|but|so|then|what about|how about)\b"
    r"(?!\s+(?:who|what|when|where|why|how|which|did|does|do|is|was)\b)",
    re.IGNORECASE,
)
_ASKING = frozenset(
    "what who whom whose when where why which how did does do say said tell told think please give show list me many much long"
    " latest newest recent recently currently exactly else happened news article articles report reports reported according"
    " anyone anybody someone somebody figure number name kind sort type amount".split()
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
    earlier = _followed(plain, conversation)
    if earlier and periods_in(plain, base, language=language):
        earlier = without_periods(earlier, base, language=language)  # another time is asked for than before
    text = f"{earlier.rstrip('?!. ')} — {plain}" if earlier else plain
    limits = _limited(filters or Filters(), as_of)
    english = language in (None, "en")
    named = read_names(text, known or KnownNames(), base, language=language, ignored=ignored)
    who, topic = _asked_for(plain, earlier, base) if english else ("", "")
    if not who or named.is_source(who):  # what an outlet says is what it reports
        who, topic = "", plain
    kind = Kind.SAID if who else _kind(plain) if english else Kind.OTHER
    if earlier and not (who and _ELLIPSIS.match(plain)):
        topic = f"{topic} {text}" if who else f"{text} {topic}"
    latest = "latest" not in ignored and bool(_LATEST.search(plain))
    return Query(
        question=question,
        text=text,
        topic=_without_asking(named.without_sources(topic), who, language or "en"),
        kind=kind,
        names=tuple(name for name in names_in(text, language or "en") if not named.is_source(name)),
        speakers=(who,) if who else (),
        filters=limits,
        latest=latest,
        as_of=as_of,
        language=language,
        parts=tuple(map(_without_latest, named.parts)) if latest else named.parts,
        outlets=named.outlets,
        sections=named.sections,
        people=named.people,
        period=named.period,
        limits=named.limits,
    )


def _without_latest(part: Part) -> Part:
    """The part without the words for the newest, which stand in articles of any day."""
    return replace(part, text=" ".join(_LATEST.sub(" ", part.text).split()) or part.text)


def _base(known: KnownNames | None, as_of: datetime | None) -> datetime:
    """What times are counted from."""
    now = datetime.now(UTC)
    return as_of or min((known.newest if known else None) or now, now)


def _followed(question: str, conversation: Sequence[Turn]) -> str:
    """The question before, where this one goes on from it; else ""."""
    asked = [turn.content for turn in conversation if turn.role == "user" and turn.content.strip()]
    if not asked or not (_FOLLOW_UP.search(question) or len(words(question)) < 5):
        return ""
    return " ".join(asked[-1].split())[:600]


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


def _asked_for(question: str, earlier: str, base: datetime) -> tuple[str, str]:
    """Whose words are asked for and what about; what a follow-up leaves unsaid is that of the question before."""
    who, about = _speaker_and_topic(question)
    goes_on = _ELLIPSIS.match(question) if earlier else None
    if who or not goes_on:
        return who, about
    who, about = _speaker_and_topic(earlier)
    return who, _without_asking(without_periods(question[goes_on.end() :], base), who, "en") or about


def _speaker_and_topic(question: str) -> tuple[str, str]:
    """The person whose words are asked for and what about; ("", "") where nobody's are."""
    for pattern in (_SAID, _POSITION):
        match = pattern.search(question) if pattern is _SAID else pattern.match(question)
        if match:
            who = _person(match["who"])
            if who:
                return who, _LEADING_TO.sub("", match["about"])
    match = _ACCORDING.search(question)
    if match:
        return match["who"].removeprefix("the "), question.replace(match.group(), " ")
    return "", ""


def _person(text: str) -> str:
    """The words that name the speaker; "" where they are not a name or a role ("it", "people in general")."""
    text = re.sub(r"^(?:the|a|an|mr|mrs|ms|dr)\.?\s+", "", text.strip(), flags=re.IGNORECASE)
    if not text or len(text.split()) > 7 or all(is_stopword(word) for word in text.split()):
        return ""
    return text


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
