"""What articles say that they, or earlier ones of their outlet, had wrong, and where the wrong words still stand.

Pure. A note such as "Correction: ..." or "An earlier version of this article said ..." repeats what was wrong: those words
bear nothing out. A sentence of the same article, of its story or of an earlier article of its outlet that has the wrong
figure, day or name on the same matter is superseded. A note of another outlet supersedes nothing: anybody could write one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.domain import Article, Reading, Span
from rag.facts import names
from rag.quantities import MONTHS, WEEKDAYS, day_words, numbers
from rag.terms import WORD, fold, stem, stems

_ITEM = r"(?:article|story|report|post|page|piece|headline|column|dispatch|caption|item|version)"
_LABEL = re.compile(
    r"\W*(?:corrections?(?: and clarifications?)?|clarifications?|erratum|editor(?:['’]s|s['’])? note|amendment"
    r"|(?:this is a )?corrected version|berichtigung|korrektur|richtigstellung|rectificatif|corrección|rettifica|correção"
    r"|исправление|уточнение|поправка|更正|訂正|تصحيح)\b\s*(?:[:：.—–-]|\(|$|of\b|\d)",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    rf"\b(?:earlier|previous|original|initial|first|prior)(?: \w+)? versions? of (?:this|the|our|that) (?:\w+ )?{_ITEM}\b"
    rf"|\bthis (?:\w+ )?{_ITEM} (?:was|has been|had been|is|originally|initially|previously|earlier|incorrectly|wrongly"
    r"|mistakenly|erroneously|misstated|misidentified)(?: \w+)?\b(?! (?:based|about|part|sponsored))"
    rf"|\b(?:an?|the|our|its) (?:\w+ )?{_ITEM} (?:[^.;]{{0,60}} )?(?:incorrectly|wrongly|mistakenly|erroneously|misstated"
    r"|misidentified|misreported)\b"
    r"|\b(?:we|this newspaper|this site|this website) (?:incorrectly|wrongly|mistakenly|erroneously|misstated|misidentified"
    r"|misreported|reported in error|said in error)\b",
    re.IGNORECASE,
)
_AMENDED = re.compile(
    rf"\bthis (?:\w+ )?{_ITEM} (?:was|has been|had been|is) (?:\w+ )?(?:corrected|amended|updated|edited|changed|revised)\b",
    re.IGNORECASE,
)
# Whatever follows these, in a note, is what was wrong.
_HAD = re.compile(
    r"\b(?:(?:wrongly|incorrectly|mistakenly|erroneously|inaccurately|originally|initially|previously|earlier)\s+)?"
    r"(?:said|stated|reported|gave|listed|described|named|identified|put|claimed|suggested|quoted|indicated|attributed"
    r"|called|referred|implied|wrote|misstated|misidentified|misreported|read|had)\b"
    r"(?:\s+(?:wrongly|incorrectly|mistakenly|erroneously|in error))?(?=(?P<wrong>[^;\n]*))",
    re.IGNORECASE,
)
# Who had it wrong: nobody else's words are wrong in a note.
_OURS = re.compile(rf"\b(?:versions?|{_ITEM}|we|newspaper|site|website|agency|originally|previously)\b", re.IGNORECASE)
_WRONGLY = re.compile(r"\b(?:wrongly|incorrectly|mistakenly|erroneously|inaccurately|in error)\b", re.IGNORECASE)
_AS = re.compile(r"\bas (?:\w+ ){0,3}$", re.IGNORECASE)
_TURN = re.compile(
    r"\s*(?:,? (?:when in fact|in fact|but|whereas|while|when|instead of|rather than)\b|, not\b|[.;] | [—–-] |\.$)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:and not|not|rather than|instead of)\s+(?P<wrong>[^,.;:()\n]*(?:[.,]\d[^,.;:()\n]*)*)", re.IGNORECASE
)
_FROM_TO = re.compile(
    r"\b(?:corrected|changed|amended|revised|updated)\b[^.;]*?\bfrom\s+(?P<wrong>[^;]*?)\s+to\b", re.IGNORECASE
)
# A note has one of these: most articles have none, and are read no further.
_ANY = (
    "correct clarif version editor erratum amend wrongly mistaken erroneous misstated misidentif misreport berichtig korrektur"
    " richtigstell rectificatif rettifica correç исправлен уточнен поправк 更正 訂正 تصحيح"
).split()
_SHOWS_BOTH = re.compile(
    r"\b(?:earlier|previous|original) version|\bcorrect(?:ed|ion)\b|\b(?:wrongly|mistakenly|incorrectly|erroneously)\b"
    r"|\bfirst reported\b|\bclarif",
    re.IGNORECASE,
)
_MOST_SENTENCES = 4
_NOTE_WORDS = frozenset(
    map(
        stem,
        "correction corrections clarification editor note earlier previous original version article story report post piece"
        " headline said stated reported gave wrongly incorrectly mistakenly error fact correct corrected amended updated figure"
        " number name date published online we monday tuesday wednesday thursday friday saturday sunday"
        " hundred thousand million billion".split(),
    )
)
# So many words that a note and a sentence share are one matter; in another article, more.
_SAME_MATTER, _SAME_MATTER_ELSEWHERE = 2, 3


@dataclass(frozen=True, slots=True)
class Note:
    """The sentences `first` to `last` of an article, which put something right. `wrong` are spans of its body."""

    reading: Reading
    first: int
    last: int
    wrong: tuple[Span, ...]

    @property
    def span(self) -> Span:
        return Span(self.reading.sentences[self.first].start, self.reading.sentences[self.last].end)

    @property
    def text(self) -> str:
        return self.span.of(self.reading.article.body)

    def holds(self, reading: Reading, sentence: int) -> bool:
        return reading.article.id == self.reading.article.id and self.first <= sentence <= self.last


@dataclass(frozen=True, slots=True)
class Values:
    """The figures, days and names of a text."""

    numbers: frozenset[float]
    days: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Values:
        kept = list(texts)
        found = {reading for text in kept for number in numbers(text) if number.strict for reading in number.readings}
        days = {word.key for text in kept for word in day_words(text) if word.key in MONTHS or word.key in WEEKDAYS}
        named = {fold(name.parts[-1]) for text in kept for name in names(text)}
        return cls(frozenset(found), frozenset(days), frozenset(named))

    def without(self, other: Values) -> Values:
        return Values(self.numbers - other.numbers, self.days - other.days, self.names - other.names)

    def __bool__(self) -> bool:
        return bool(self.numbers or self.days or self.names)

    def spans_in(self, text: str) -> Iterator[Span]:
        """Where one of them stands in the text."""
        for number in numbers(text):
            if number.strict and number.readings & self.numbers:
                yield Span(number.start, number.end)
        for word in day_words(text):
            if word.key in self.days:
                yield Span(word.start, word.end)
        for match in WORD.finditer(text):
            if match.group()[0].isupper() and fold(match.group()) in self.names:
                yield Span(match.start(), match.end())


class Corrections:
    """The notes in one question's evidence, and what they supersede."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self.readings = tuple(readings)
        self.notes = tuple(note for reading in self.readings for note in notes_in(reading))
        self._wrong = [(note, *_wrong_and_right(note)) for note in self.notes if note.wrong]

    def note_at(self, reading: Reading, sentence: int) -> Note | None:
        """The note that the sentence is part of."""
        return next((note for note in self.notes if note.holds(reading, sentence)), None)

    def superseding(self, reading: Reading, sentence: int) -> Note | None:
        """The note after which the sentence no longer holds."""
        return next((note for note, _, _ in self._over(reading, sentence)), None)

    def may_answer(self, reading: Reading, sentence: int) -> bool:
        """Not a note, or one of its sentences that has what is right."""
        note = self.note_at(reading, sentence)
        return note is None or self.puts_right(note, self.without_wrong(reading, reading.sentences[sentence]))

    def puts_right(self, note: Note, text: str) -> bool:
        """Whether the text has what the note says is right."""
        right = next((right for other, _, right in self._wrong if other is note), None)
        return right is not None and any(right.spans_in(text))

    def without_wrong(self, reading: Reading, span: Span) -> str:
        """What a span still says: the words that were wrong left out."""
        body = reading.article.body
        if not self._wrong:
            return span.of(body)
        taken = [wrong for note in self.notes if note.reading.article.id == reading.article.id for wrong in note.wrong]
        for n, sentence in enumerate(reading.sentences):
            if sentence.overlaps(span):
                taken += [
                    Span(sentence.start + found.start, sentence.start + found.end)
                    for _, wrong, _ in self._over(reading, n)
                    for found in wrong.spans_in(sentence.of(body))
                ]
        return _without(body, span, taken)

    def header_without_wrong(self, article: Article) -> str:
        """The headline, without what was corrected in it."""
        title = article.title
        taken = [
            found
            for note, wrong, right in self._wrong
            if _concerns(note, article, "") and not any(right.spans_in(title))
            for found in wrong.spans_in(title)
        ]
        return _without(title, Span(0, len(title)), taken)

    def _over(self, reading: Reading, sentence: int) -> Iterator[tuple[Note, Values, Values]]:
        if not self._wrong or self.note_at(reading, sentence) is not None:
            return
        text = reading.sentences[sentence].of(reading.article.body)
        for note, wrong, right in self._wrong:
            if not _concerns(note, reading.article, reading.story):
                continue
            if any(wrong.spans_in(text)) and not any(right.spans_in(text)) and _same_matter(note, reading, text):
                yield note, wrong, right


def shows_both(text: str) -> bool:
    """Whether a text says itself that something was corrected: then it may name what was wrong."""
    return bool(_SHOWS_BOTH.search(text))


def notes_in(reading: Reading) -> tuple[Note, ...]:
    """The notes of an article, in order."""
    return tuple(Note(reading, *found) for found in _found(reading.article.body, reading.sentences))


@lru_cache(maxsize=512)
def _found(body: str, sentences: tuple[Span, ...]) -> tuple[tuple[int, int, tuple[Span, ...]], ...]:
    """First and last sentence of each note, and what was wrong in it."""
    plain = body.casefold()
    if not any(word in plain for word in _ANY):
        return ()
    found: list[tuple[int, int, tuple[Span, ...]]] = []
    n = 0
    while n < len(sentences):
        text = sentences[n].of(body)
        labelled = bool(_LABEL.match(text))
        if not (labelled or _EARLIER.search(text) or _AMENDED.search(text)):
            n += 1
            continue
        last = n
        # A label may stand on a line of its own.
        alone = labelled and len(text.split()) < _LABEL_WORDS
        while last + 1 < len(sentences) and last - n + 1 < _MOST_SENTENCES:
            gap = body[sentences[last].end : sentences[last + 1].start]
            if "\n" in gap and not (alone and last == n):
                break
            last += 1
        found.append((n, last, tuple(_wrong(body, sentences[n : last + 1]))))
        n = last + 1
    return tuple(found)


_LABEL_WORDS = 5


def _wrong(body: str, sentences: Sequence[Span]) -> Iterator[Span]:
    """The words of a note that repeat what was wrong."""
    for sentence in sentences:
        text = sentence.of(body)
        had = next((m for m in _HAD.finditer(text) if _is_ours(text, m)), None)
        if had is not None:
            end = turn.start() if (turn := _TURN.search(had["wrong"])) else len(had["wrong"])
            yield Span(sentence.start + had.start("wrong"), sentence.start + had.start("wrong") + end)
        else:
            yield from (
                Span(sentence.start + m.start("wrong"), sentence.start + m.end("wrong"))
                for pattern in (_NOT, _FROM_TO)
                for m in pattern.finditer(text)
            )


def _is_ours(text: str, had: re.Match[str]) -> bool:
    """Whether it says what this outlet had wrong, rather than what somebody said, or "as we reported"."""
    before = text[: had.start("wrong")]
    if _AS.search(text[: had.start()]) or not re.search(r"\w", had["wrong"]):
        return False
    return bool(_OURS.search(before) or _WRONGLY.search(before))


def _wrong_and_right(note: Note) -> tuple[Values, Values]:
    body = note.reading.article.body
    right = Values.of([_without(body, note.span, note.wrong)])
    wrong = Values.of(span.of(body) for span in note.wrong)
    return wrong.without(right), right.without(wrong)


def _concerns(note: Note, article: Article, story: str) -> bool:
    """Whether a note can be on this article: on its own, its story's, or an earlier one of its outlet."""
    own = note.reading.article
    if own.id == article.id or (story and story == note.reading.story):
        return True
    if not own.outlet or not article.outlet or own.outlet.casefold() != article.outlet.casefold():
        return False
    if own.published_at is None or article.published_at is None:
        return False
    return article.published_at <= own.published_at


def _same_matter(note: Note, reading: Reading, text: str) -> bool:
    topic = stems(f"{note.text} {note.reading.article.title}") - _NOTE_WORDS
    topic -= {word for word in topic if word[:1].isdigit()}
    shared = topic & stems(text)
    needed = _SAME_MATTER if note.reading.article.id == reading.article.id else _SAME_MATTER_ELSEWHERE
    return len(shared) >= needed or 2 * len(shared) >= len(topic) > 0


def _without(body: str, span: Span, taken: Iterable[Span]) -> str:
    kept: list[str] = []
    at = span.start
    for cut in sorted(taken):
        if cut.overlaps(span) and cut.end > at:
            kept.append(body[at : max(at, cut.start)])
            at = min(cut.end, span.end)
    return "… ".join([*kept, body[at : span.end]])
