"""Answers in the articles' own words; no model needed.

A question for somebody's words is answered from what that person said, any other from the sentences that hold most of
the question and words of the kind asked for. Where neither holds enough of the question, there is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from rag import wording
from rag.asked import asks_for_denial, asks_who_is, asks_who_said
from rag.candidates import Candidate, joined, sentences_of, span_of, text_of
from rag.choosing import SURENESS, Choice, Choosing, ahead, asked_stems
from rag.citations import Draft
from rag.corrections import Corrections
from rag.domain import (
    Abstention,
    AbstentionReason,
    Evidence,
    Kind,
    Query,
    Reading,
    ScoredPassage,
    Span,
    Statement,
)
from rag.expectations import is_decided, meets
from rag.holding import BEFORE, BESIDE, Held, learn_evidence
from rag.introducing import find_introduction
from rag.matching import Matcher, best_of, scaled
from rag.recalling import find_recalled
from rag.selecting import MOST_CLAIMS, NEARLY_ENOUGH, Selecting, each_once
from rag.speaking import Voice, find_voices, head_word, is_office, statements_by, worded_as
from rag.terms import word_count

# A question is answered where its words stand to this share in the sentence and its surroundings; the more words it
# has, the smaller the share that one sentence can hold.
_ENOUGH_OF_SHORT = 0.65
_ENOUGH_OF_LONG = 0.42
# What a person said is nearer to the question than what stands anywhere: the speaker is met already.
_SPEAKER_MET = 0.1
_QUOTED, _DENIED = 0.1, -0.15
# Unless a denial is asked for.
_ASKED_FOR = 0.5
_SHORT_TERMS, _LONG_TERMS = 4, 14
# With less than this share of that, no sentence is weighed. A question of few words is of something else where one of them is
# missing ("When does the circus open?"); of long ones no sentence with less was both first and right, on any dev set.
_FAR_OFF_OF_SHORT, _FAR_OFF_OF_LONG = 0.8, 0.4
# Of what is asked in another language than English, this much must stand in the sentence itself.
_ENOUGH_ALONE = 0.2
_ENOUGH_SAID = 0.25
_LEAST_SCORE = 1e-9
# Where one word is more than that of the question's weight and is met nowhere near the sentence, something else is asked for:
# "Who won the chess championship?" is not answered by another. No right answer on any dev set lacked more than .33.
_MOST_MISSED = 0.35
# What is asked about a name stands in the words that are no names; of them, this much must be met in or near the sentence.
_BESIDE_NAMES_OF_SHORT, _BESIDE_NAMES_OF_LONG = 0.5, 0.25


# Words that stand for something named before them: of what "it" is, the sentence before tells.
_STANDING_FOR = re.compile(r"\b(?:it|its|they|them|their|theirs|these|those)\b", re.IGNORECASE)
# A headline or a reporter's own question states nothing.
_ASKING = re.compile(r"[?？؟][\s”\"’')\]]*$")
_ENDED = re.compile(r"[.!?…:;。！？؟।][\s”\"’')\]]*$")
# What is so according to somebody may stand in the article's words, too.
_ACCORDING_TO = re.compile(r"\baccording to\b", re.IGNORECASE)
_SAYING = re.compile(r"\b(?:said|says|saying|told|tells|according to|announced|added|wrote|argued|denied|insisted)\b")


@dataclass(frozen=True, slots=True)
class Extract:
    """Drafts, best first, or why there are none; with the probability that the first is right, where that is measured."""

    drafts: tuple[Draft, ...] = ()
    abstention: Abstention | None = None
    confidence: float | None = None


@dataclass(slots=True)
class Extractor:
    """Reads one question's evidence."""

    query: Query
    evidence: Evidence
    matcher: Matcher
    # The same for a question about somebody who is not quoted: their name or role is then part of what must be met.
    wider: Matcher
    choice: Choice
    # A surer answer than that is given, another is not.
    least_confidence: float = 0.0
    corrections: Corrections = field(init=False)
    held: Held = field(init=False)
    choosing: Choosing = field(init=False)
    _has_learnt: bool = False

    def __post_init__(self) -> None:
        self.corrections = Corrections(self.evidence.readings.values())
        self.held = Held(self.matcher)
        self.choosing = Choosing(self.query, self.evidence, self.held, asked_stems(self.query))

    def extract(self) -> Extract:
        """The few sentences or statements that answer best; else an abstention."""
        if not self.evidence.passages:
            return Extract(abstention=Abstention(AbstentionReason.NO_EVIDENCE, "No article here has anything on this."))
        self._learn()
        if self.query.recalls and (recalled := find_recalled(self.query.recalls, self.evidence.readings.values())):
            return Extract((recalled,))
        if self.query.kind is Kind.SAID:
            return self._from_each(self.query.speakers)
        if asks_who_said(self.query.text) and (said := self._from_statements(self._anybody(), "anybody")).drafts:
            return said
        if name := asks_who_is(self.query.text):
            names = (name, *self.query.people)
            if introduced := find_introduction(names, self.evidence.readings.values(), self.corrections.may_answer):
                return Extract((introduced,))
        return self._from_sentences()

    def _anybody(self) -> Voice:
        """Everybody who has a name in the evidence."""
        said = (s.speaker.name for reading in self.evidence.readings.values() for s in reading.statements if s.speaker)
        return Voice("anybody", frozenset(said))

    def _from_each(self, speakers: Sequence[str]) -> Extract:
        """What each of them said, in turns; where it is none, why the first did not."""
        each = [self._from_words_of(who) for who in speakers]
        if len(each) == 1:
            return each[0]
        turns = zip_longest(*(extract.drafts for extract in each))
        drafts = each_once([draft for turn in turns for draft in turn if draft is not None])
        if drafts:
            return Extract(tuple(drafts[: max(MOST_CLAIMS, len(each))]))
        reasons = " ".join(dict.fromkeys(extract.abstention.detail for extract in each if extract.abstention))
        return Extract(abstention=Abstention(AbstentionReason.WEAK_EVIDENCE, reasons))

    def _from_words_of(self, who: str) -> Extract:
        refusals = []
        for voice in find_voices(who, self.evidence.readings.values()):
            extract = self._from_statements(voice, who)
            if extract.drafts:
                return extract
            refusals.append(extract)
        if refusals and not _ACCORDING_TO.search(self.query.text):
            return refusals[0]
        return self._from_sentences_about(who)

    def _from_sentences_about(self, who: str) -> Extract:
        """For words of somebody whom no statement names: the rules may have missed what was said."""
        wide = Extractor(self.query, self.evidence, self.wider, self.wider, self.choice)
        # Of a named person or an office, only a sentence with the name or the office and a word of saying counts.
        return wide._from_sentences(said_by=who if self._is_named(who) or is_office(head_word(who)) else "")

    def _is_named(self, who: str) -> bool:
        """Whether the words are somebody's name, rather than a role, as the question or the evidence writes them."""
        head = head_word(who)
        if head[:1].isupper():
            return True
        capitalised = re.compile(rf"\w[\w,]* {re.escape(head.capitalize())}\b")
        return bool(head) and any(capitalised.search(scored.text) for scored in self.evidence.passages)

    def _learn(self) -> None:
        if not self._has_learnt:
            learn_evidence(self.matcher, self.evidence)
            self._has_learnt = True

    # --- what somebody said ------------------------------------------------------------------------------------

    def _from_statements(self, voice: Voice, asked: str) -> Extract:
        candidates = [
            self._statement_candidate(reading, group)
            for reading in self.evidence.readings.values()
            for group in joined(statements_by(voice, reading), reading)
        ]
        if not candidates:
            detail = f"{asked[:1].upper()}{asked[1:]} is not quoted in what these articles have on this."
            return Extract(abstention=Abstention(AbstentionReason.WEAK_EVIDENCE, detail))
        if asks_for_denial(self.query.text) and not self.query.topic:
            candidates = [c for c in candidates if any(s.denied for s in c.statements)]
            if not candidates:
                detail = f"{voice.shown(asked)} is quoted in these articles, but not with a denial."
                return Extract(abstention=Abstention(AbstentionReason.WEAK_EVIDENCE, detail))
        enough = self._enough() - _SPEAKER_MET
        good = [c for c in candidates if c.coverage >= enough and c.own >= _ENOUGH_SAID and self._says_a_word_of_it(c)]
        if not good:
            detail = f"{voice.shown(asked)} is quoted in these articles, but not on: {self.query.topic or 'this'}."
            return Extract(abstention=Abstention(AbstentionReason.WEAK_EVIDENCE, detail))
        then = self._of_the_period(good)
        if not then and self.query.period:
            detail = (
                f"{voice.shown(asked)} is quoted on this in these articles, but not for: {self.query.period.words}."
            )
            return Extract(abstention=Abstention(AbstentionReason.WEAK_EVIDENCE, detail))
        return Extract(tuple(self._selecting().drafts(then, self._statement_draft)))

    def _of_the_period(self, candidates: list[Candidate]) -> list[Candidate]:
        """What was said when the question asks for, where anything was, or where only that is asked for."""
        period = self.query.period
        then = [c for c in candidates if period and period.holds(c.said_at)]
        return then if then or (period and "period" in self.query.limits) else candidates

    def _statement_candidate(self, reading: Reading, group: Sequence[Statement]) -> Candidate:
        first, last = sentences_of(reading, Span(group[0].span.start, group[-1].span.end))
        meant = range(self._first_meant(reading, group, first), last + 1)
        own = best_of(*(self.held.by(reading, n) for n in range(first, last + 1)))
        if meant.start < first:
            own = best_of(own, scaled(self.held.by(reading, meant.start), BEFORE))
        around = self.held.around(reading, first, last)
        credits = best_of(own, around)
        coverage, alone = self.matcher.coverage(credits), self.matcher.coverage(own)
        # Their own words come before a report of them, and what they denied comes last.
        denied = any(s.denied for s in group)
        if asks_for_denial(self.query.text):
            manner = _ASKED_FOR if denied else 0.0
        else:
            manner = _DENIED if denied else _QUOTED if all(s.quotes for s in group) else 0.0
        score = 0.5 * coverage + 0.5 * alone + manner + self._prior(reading)
        return Candidate(reading, first, last, credits, coverage, alone, score, tuple(group))

    def _first_meant(self, reading: Reading, group: Sequence[Statement], first: int) -> int:
        """The first sentence that tells what the statement is about: the one before it, where it speaks of "it" or "them"."""
        said = " ".join(span.of(reading.article.body) for s in group for span in (s.quotes or (s.span,)))
        return first - 1 if first and _STANDING_FOR.search(said) else first

    def _says_a_word_of_it(self, candidate: Candidate) -> bool:
        """Whether one word of the topic itself stands in the statement; words alike alone may be of another matter."""
        first = self._first_meant(candidate.reading, candidate.statements, candidate.first)
        texts = [text_of(candidate.reading, n, n) for n in range(first, candidate.last + 1)]
        return not self.matcher.terms or any(max(self.matcher.credits(text)) == 1.0 for text in texts)

    def _statement_draft(self, candidate: Candidate) -> Draft:
        return wording.said(candidate.reading, list(candidate.statements), candidate.span)

    # --- what the articles report ------------------------------------------------------------------------------

    def _from_sentences(self, *, said_by: str = "") -> Extract:
        candidates = self.sentences()
        if said_by:
            named = re.compile(rf"\b(?:{'|'.join(map(re.escape, worded_as(said_by)))})\b", re.IGNORECASE)
            spoken = [c for c in candidates if _speaks_of(c, named)]
            candidates = [c for c in spoken if c.coverage >= self._enough() and self._names_met(c)]
            if not candidates:
                detail = f"{said_by} is not quoted in what these articles have on this."
                return Extract(abstention=Abstention(AbstentionReason.WEAK_EVIDENCE, detail))
            return Extract(tuple(self._selecting().drafts(candidates, self.sentence_draft, told=True)))
        candidates = self._of_the_outlets(candidates)
        confidence = self.confidence(candidates)
        if confidence is None or confidence < self.least_confidence:
            detail = "The nearest passages do not hold what is asked."
            return Extract(abstention=Abstention(AbstentionReason.WEAK_EVIDENCE, detail))
        missed, word = self.matcher.most_missed(max(candidates, key=lambda c: c.score).credits)
        if missed > _MOST_MISSED:
            detail = f"The nearest passages do not hold what is asked: they have nothing on {word}."
            return Extract(abstention=Abstention(AbstentionReason.WEAK_EVIDENCE, detail))
        return Extract(
            tuple(self._selecting().drafts(candidates, self.sentence_draft, told=True)), confidence=confidence
        )

    def _of_the_outlets(self, candidates: list[Candidate]) -> list[Candidate]:
        """What the outlets that are named report, where one of their sentences holds enough of the question."""
        outlets = self.query.outlets
        theirs = [c for c in candidates if {c.reading.article.outlet, *c.reading.also_in} & set(outlets)]
        return theirs if any(c.coverage >= self._enough() for c in theirs) else candidates

    def sentences(self) -> list[Candidate]:
        """Those that may answer, with their scores, the best of which is 1."""
        self._learn()
        found = [c for scored in self.evidence.passages for c in self._sentence_candidates(scored)]
        # A heading, a caption or a line of a table only where nothing that ends as a sentence may answer.
        ended = [c for c in found if _ENDED.search(text_of(c.reading, c.first, c.last))]
        return self.choosing.weighed(ended or found, self.choice)

    def sureness(self, candidate: Candidate, ahead: float) -> tuple[float, ...]:
        """What tells how likely a sentence is right that lies so far ahead of the next."""
        return self.choosing.sureness(candidate, ahead, self._enough())

    def confidence(self, candidates: Sequence[Candidate]) -> float | None:
        """The probability that the best of these sentences is right; None where there is none."""
        if not candidates:
            return None
        gap = ahead(np.log(np.maximum([c.score for c in candidates], _LEAST_SCORE)))
        row = list(self.sureness(max(candidates, key=lambda c: c.score), gap))
        weighing = self.choice.sureness
        if not self.matcher.knows_likeness:  # nothing is told by it, for or against
            row[SURENESS.index("alike")] = weighing.means[SURENESS.index("alike")]
        return float(weighing.probabilities(np.asarray([row]))[0])

    def _sentence_candidates(self, scored: ScoredPassage) -> Iterator[Candidate]:
        asked, choosing = self.choosing.asked, self.choosing
        least_alone = 0.0 if self.matcher.language == "en" else _ENOUGH_ALONE
        reading = self.evidence.readings[scored.article.id]
        kind = self.query.kind
        for n, span in enumerate(reading.sentences):
            if not scored.passage.span.holds(span):
                continue
            text = span.of(reading.article.body)
            if not self.corrections.may_answer(reading, n) or word_count(text) < 4 or _ASKING.search(text):
                continue
            if is_decided(kind) and meets(kind, text, asked) is False:
                continue
            own = self.held.by(reading, n)
            credits = best_of(own, self.held.around(reading, n, n))
            coverage, alone = self.matcher.coverage(credits), self.matcher.coverage(own)
            if coverage < self._floor() or alone < least_alone:
                continue
            signals = choosing.signals(scored, text, own, credits)
            yield Candidate(reading, n, n, credits, coverage, alone, 0.0, (), own, signals)

    def _floor(self) -> float:
        """What a sentence must hold of the question to be weighed at all.

        The weights were fitted on English, where word vectors tell of other words; elsewhere it must hold nearly enough.
        """
        if self.matcher.language != "en":
            return self._enough() - NEARLY_ENOUGH
        return self._by_length(_FAR_OFF_OF_SHORT, _FAR_OFF_OF_LONG) * self._enough()

    def _names_met(self, candidate: Candidate) -> bool:
        """At least half of the question's names stand in or near the sentence; all of them where there is one."""
        named = [n for n, term in enumerate(self.matcher.terms) if term.name]
        met = sum(candidate.credits[n] >= BESIDE for n in named)
        beside = self._by_length(_BESIDE_NAMES_OF_SHORT, _BESIDE_NAMES_OF_LONG)
        return 2 * met >= len(named) and self.matcher.beside_names(candidate.credits) >= beside

    def sentence_draft(self, candidate: Candidate) -> Draft:
        """A sentence within somebody's words is shown as theirs."""
        reading = candidate.reading
        around = [s for s in reading.statements if s.quotes and s.span.overlaps(candidate.span)]
        if around and around[0].speaker and not wording.leans(text_of(reading, candidate.first, candidate.last)):
            span = Span(min(s.span.start for s in around), max(s.span.end for s in around))
            first, last = sentences_of(reading, span)
            return wording.said(
                reading, around, span_of(reading, min(first, candidate.first), max(last, candidate.last))
            )
        return wording.reported(reading, candidate.first, candidate.last)

    # --- shared ------------------------------------------------------------------------------------------------

    def _selecting(self) -> Selecting:
        return Selecting(self.query, self.evidence, self.matcher, self.corrections, self.held, self._enough())

    def _prior(self, reading: Reading) -> float:
        """The better an article's best passage ranks, the more its sentences are worth; a little."""
        best = max(s.score for s in self.evidence.passages if s.article.id == reading.article.id)
        return 0.1 * best

    def _enough(self) -> float:
        return self._by_length(_ENOUGH_OF_SHORT, _ENOUGH_OF_LONG)

    def _by_length(self, short: float, long: float) -> float:
        """Between the two, by the number of the question's words."""
        share = (len(self.matcher.terms) - _SHORT_TERMS) / (_LONG_TERMS - _SHORT_TERMS)
        return short + min(max(share, 0.0), 1.0) * (long - short)


def _speaks_of(candidate: Candidate, named: re.Pattern[str]) -> bool:
    """Whether a sentence has such a name and a word of saying, the name not within somebody's quoted words."""
    reading, span = candidate.reading, candidate.span
    quoted = [quote for statement in reading.statements for quote in statement.quotes]
    text = span.of(reading.article.body)
    places = (Span(span.start + found.start(), span.start + found.end()) for found in named.finditer(text))
    return bool(_SAYING.search(text)) and any(not any(q.overlaps(place) for q in quoted) for place in places)
