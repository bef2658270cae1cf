"""Measure `rag.statements` against PolNeAR: attributions in political news, annotated by hand.

    python -m evals.polnear ../shared/data/polnear/dev.jsonl [--limit N] [--errors N]

Words are what white space separates. A gold attribution is direct where its content has quotation marks in it. Annotators
left out some marks (a transcript, sentences of one quotation, marks turned round), and where one stood in a content alone,
"quoted words" takes all words up to it; so "words within marks" counts each annotated word that stands between marks of
the article, paired in order in its paragraph, instead. Every figure is a ratio of sums over articles with a 95 %
interval from 1,000 bootstrap samples of articles.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rag.domain import Span, Statement
from rag.sentences import paragraph_spans, sentence_spans
from rag.statements import statements

_MARKS = re.compile(r"[“”\"]|''")
_QUOTED = re.compile(r"“[^“”]*(?:”|$)|\"[^\"]*(?:\"|$)|''.*?(?:''|$)|^[^“”]*”", re.DOTALL)
_WORD = re.compile(r"\S+")
_EDGES = " \n\t“”\"'‘’.,;:!?…—-"
_SAME = 0.5


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated attribution; spans in order."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    direct: bool
    quoted: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One annotated article."""

    id: str
    title: str
    published_on: date
    text: str
    gold: tuple[Gold, ...]


@dataclass(slots=True)
class Counts:
    """What one article adds to each figure: (right, predicted, gold)."""

    figures: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)


def load(path: Path, limit: int | None = None) -> list[Document]:
    """The documents of a PolNeAR file in order."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [_document(json.loads(line)) for line in lines[:limit] if line]


def _document(record: dict[str, object]) -> Document:
    text = str(record["text"])
    attributions = record["attributions"]
    assert isinstance(attributions, list)
    gold = tuple(_gold(text, each) for each in attributions if each.get("content"))
    published_on = date.fromisoformat(str(record["published"]))
    return Document(str(record["id"]), str(record["title"]), published_on, text, gold)


def _gold(text: str, attribution: dict[str, list[list[int]]]) -> Gold:
    parts = {
        key: tuple(sorted(Span(start, end) for start, end in attribution.get(key) or []))
        for key in ("source", "cue", "content")
    }
    content = parts["content"]
    direct = any(_MARKS.search(span.of(text)) for span in content)
    quoted = tuple(
        _bare(text, Span(span.start + found.start(), span.start + found.end()))
        for span in _joined(text, content)
        for found in _QUOTED.finditer(span.of(text))
    )
    return Gold(parts["source"], parts["cue"], content, direct, quoted if direct else ())


def _between_marks(text: str) -> list[Span]:
    """What stands between marks, whichever way they look; the last mark of a paragraph may reach to its end."""
    spans: list[Span] = []
    for paragraph in paragraph_spans(text):
        marks = [(found.start(), found.end()) for found in _MARKS.finditer(text, paragraph.start, paragraph.end)]
        if len(marks) % 2:
            marks.append((paragraph.end, paragraph.end))
        pairs = zip(marks[::2], marks[1::2], strict=True)
        spans.extend(Span(opening[1], closing[0]) for opening, closing in pairs if opening[1] < closing[0])
    return spans


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans with those made one that only white space parts: annotators cut some quotations into sentences."""
    joined: list[Span] = []
    for span in spans:
        if joined and "\n\n" not in text[joined[-1].end : span.start] and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _bare(text: str, span: Span) -> Span:
    """The span without marks, punctuation and space at its ends."""
    inner = span.of(text)
    left = len(inner) - len(inner.lstrip(_EDGES))
    kept = len(inner.strip(_EDGES))
    return Span(span.start + left, span.start + left + kept)


def words_of(text: str, spans: Iterable[Span]) -> set[int]:
    """Where the words start that lie in the spans."""
    found: set[int] = set()
    for span in spans:
        for word in _WORD.finditer(text, span.start, span.end):
            if word.group().lower() != "that" or word.start() != span.start:
                found.add(word.start() + len(word.group()) - len(word.group().lstrip("“\"'‘(")))
    return found


def measure(document: Document, found: Sequence[Statement]) -> Counts:
    """Counts of one article for each figure, with its errors."""
    text, counts = document.text, Counts()
    gold_quoted = words_of(text, (q for g in document.gold for q in g.quoted))
    said_quoted = words_of(text, (q for s in found for q in s.quotes))
    counts.figures["quoted words"] = _overlap(said_quoted, gold_quoted)
    within = words_of(text, _between_marks(text)) & words_of(text, (c for g in document.gold for c in g.content))
    counts.figures["words within marks"] = _overlap(said_quoted, within)
    direct = words_of(text, (c for g in document.gold if g.direct for c in g.content))
    said_direct = words_of(text, (part for s in found if s.quotes for part in content_of(s)))
    counts.figures["direct words"] = _overlap(said_direct, direct)
    indirect = words_of(text, (c for g in document.gold if not g.direct for c in g.content)) - direct
    said_indirect = words_of(text, (part for s in found if not s.quotes for part in content_of(s))) - said_direct
    counts.figures["indirect words"] = _overlap(said_indirect - direct, indirect - said_direct)
    counts.figures["indirect words, strict"] = _overlap(said_indirect, indirect)
    counts.figures["all words"] = _overlap(said_indirect | said_direct, indirect | direct)
    _quotations(document, found, counts)
    _sources(document, found, counts)
    _indirect_errors(document, said_indirect | said_direct, indirect | direct, found, counts)
    return counts


def content_of(statement: Statement) -> list[Span]:
    """What was said, without the attribution in its midst: after that, words count from the next quotation on."""
    holes = sorted(hole for hole in (statement.cue, statement.source) if hole and statement.span.holds(hole))
    if not holes:
        return [statement.span]
    after = max(hole.end for hole in holes)
    more = [quote.start for quote in statement.quotes if quote.start >= after]
    return [Span(statement.span.start, holes[0].start), Span(min(more, default=after), statement.span.end)]


def _overlap(said: set[int], gold: set[int]) -> tuple[int, int, int]:
    return len(said & gold), len(said), len(gold)


def _alike(one: Span, other: Span) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / (max(one.end, other.end) - min(one.start, other.start)) if common > 0 else 0.0


def _quotations(document: Document, found: Sequence[Statement], counts: Counts) -> None:
    """Quotation spans one by one: right where a gold one covers the same words by four fifths."""
    text = document.text
    gold = sorted({q for g in document.gold for q in g.quoted if q.end > q.start})
    said = sorted({_bare(text, q) for s in found for q in s.quotes})
    right_gold = [q for q in gold if any(_alike(q, s) >= 0.8 for s in said)]
    right_said = [s for s in said if any(_alike(q, s) >= 0.8 for q in gold)]
    counts.figures["quotations found"] = (len(right_gold), len(gold), len(gold))
    counts.figures["quotations right"] = (len(right_said), len(said), len(said))
    counts.figures["quotations"] = (min(len(right_gold), len(right_said)), len(said), len(gold))
    for q in gold:
        if q not in right_gold:
            partly = any(q.overlaps(s) for s in said)
            kind = "cut otherwise" if partly else f"missed, {'fragment' if q.end - q.start < 40 else 'sentence'}"
            counts.errors.append((f"quotation {kind}", _shown(text, q)))
    for s in said:
        if s not in right_said and not any(q.overlaps(s) for q in gold):
            counts.errors.append(("quotation nobody annotated", _shown(text, s)))


def _sources(document: Document, found: Sequence[Statement], counts: Counts) -> None:
    """Of gold direct attributions with a source: whether the statement that has their quotation names that source."""
    text = document.text
    right = matched = total = 0
    for gold in document.gold:
        if not gold.direct or not gold.source or not gold.quoted:
            continue
        total += 1
        longest = max(gold.quoted, key=lambda q: q.end - q.start)
        same = [s for s in found if any(q.overlaps(longest) for q in s.quotes)]
        if not same:
            continue
        matched += 1
        if any(s.source and any(s.source.overlaps(g) for g in gold.source) for s in same):
            right += 1
        else:
            named = same[0].source.of(text) if same[0].source else "nothing"
            kind = "source of a quotation without a cue" if same[0].cue is None else "source"
            counts.errors.append((kind, f"{named!r} for {gold.source[0].of(text)!r}: {_shown(text, longest)}"))
    counts.figures["source, of all"] = (right, total, total)
    counts.figures["source, of those found"] = (right, matched, matched)


def _indirect_errors(
    document: Document, said: set[int], gold_words: set[int], found: Sequence[Statement], counts: Counts
) -> None:
    text = document.text
    for gold in document.gold:
        own = words_of(text, gold.content)
        if not gold.direct and own and len(own & said) < _SAME * len(own):
            cue = " ".join(part.of(text) for part in gold.cue)
            source = " ".join(part.of(text) for part in gold.source)
            content = " ".join(part.of(text) for part in gold.content)
            counts.errors.append(("indirect missed", f"[{cue}] by [{source}]: {content[:160]!r}"))
    for statement in found:
        own = words_of(text, content_of(statement))
        if own and len(own & gold_words) < _SAME * len(own):
            cue = statement.cue.of(text) if statement.cue else ""
            source = statement.source.of(text) if statement.source else ""
            counts.errors.append(("nobody annotated", f"[{cue}] by [{source}]: {statement.span.of(text)[:160]!r}"))


def _shown(text: str, span: Span) -> str:
    return repr(
        text[max(0, span.start - 60) : span.start] + ">>" + span.of(text)[:120] + "<<" + text[span.end : span.end + 60]
    )


def ratio(name: str, counts: Sequence[Counts]) -> float:
    """F1 (equal to the share of right ones where predicted and gold are the same set)."""
    right, said, gold = (sum(each.figures[name][k] for each in counts) for k in range(3))
    return 2 * right / (said + gold) if said + gold else 0.0


def interval(name: str, counts: Sequence[Counts], samples: int = 1000) -> tuple[float, float]:
    """The middle 95 % of the figure over bootstrap samples of articles."""
    draw = random.Random(7)
    drawn = sorted(ratio(name, draw.choices(counts, k=len(counts))) for _ in range(samples))
    return drawn[int(0.025 * samples)], drawn[int(0.975 * samples)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures, and with --errors the first few errors of each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--errors", type=int, default=0, help="how many errors of each kind to print")
    options = parser.parse_args(arguments)
    documents = load(options.path, options.limit)
    began = time.perf_counter()
    found = [statements(d.text, sentence_spans(d.text), title=d.title, published_on=d.published_on) for d in documents]
    seconds = time.perf_counter() - began
    counts = [measure(document, each) for document, each in zip(documents, found, strict=True)]
    print(f"{len(documents)} articles, {sum(map(len, found))} statements, {len(documents) / seconds:.0f} articles/s")
    for name in counts[0].figures:
        right, said, gold = (sum(each.figures[name][k] for each in counts) for k in range(3))
        low, high = interval(name, counts)
        precision, recall = right / max(said, 1), right / max(gold, 1)
        print(
            f"{name:26} {ratio(name, counts):.3f} [{low:.3f}, {high:.3f}]  P {precision:.3f} R {recall:.3f} of {gold}"
        )
    errors = [error for each in counts for error in each.errors]
    for kind, number in Counter(kind for kind, _ in errors).most_common():
        print(f"\n{number} x {kind}")
        random.Random(3).shuffle(errors)
        for _, shown in [error for error in errors if error[0] == kind][: options.errors]:
            print("   ", shown)


if __name__ == "__main__":
    main()
