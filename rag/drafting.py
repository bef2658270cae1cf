"""Evidence -> drafts: the port that every answerer satisfies, and the answerer that needs no model."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Protocol

from rag.chatting import Usage
from rag.choosing import Choice
from rag.citations import Draft
from rag.domain import Abstention, AbstentionReason, Evidence, Query
from rag.extractive import Extract, Extractor
from rag.languages import STEMMERS, language_code
from rag.library import Library
from rag.matching import Matcher, WordVectors, make_terms, same_name
from rag.speech.vocabulary import ROLE_NOUNS
from rag.terms import is_stopword, words
from rag.vouching import missing_sources


@dataclass(frozen=True, slots=True)
class Spent:
    """What drafting took and what it lost on the way: pointers to nothing, sentences too long or cut off.

    `confidence` is the probability that the first draft is right, where that is measured.
    """

    usage: Usage = field(default_factory=Usage)
    invented: int = 0
    unfinished: int = 0
    prompts: tuple[str, ...] = ()
    confidence: float | None = None


class Drafts(Protocol):
    """Writes an answer, sentence by sentence, as drafts that point at spans of the evidence.

    Nothing that it yields is shown before it is checked; an `Abstention` instead says why there is no answer. `Spent`
    comes last, where there is anything to account for.
    """

    @property
    def mode(self) -> str:
        """`extractive` or `model`."""
        ...

    @property
    def model(self) -> str | None:
        """The chat model's name; None where there is none."""
        ...

    def draft(self, query: Query, evidence: Evidence) -> AsyncGenerator[Draft | Abstention | Spent, None]:
        """Raises ProviderError, also after the first drafts."""
        ...


class ExtractiveDrafts:
    """The articles' own words."""

    mode = "extractive"
    model = None

    def __init__(
        self, library: Library, word_vectors: WordVectors, choice: Choice, *, least_confidence: float = 0.0
    ) -> None:
        """What is less likely right than `least_confidence` is not said."""
        self._library, self._word_vectors = library, word_vectors
        self._choice, self._least_confidence = choice, least_confidence

    async def draft(self, query: Query, evidence: Evidence) -> AsyncGenerator[Draft | Abstention | Spent, None]:
        """The few sentences or statements that answer best, all found before the first is yielded."""
        extract = await self._extract(query, evidence)
        if extract.abstention is not None:
            yield extract.abstention
        for draft in extract.drafts:
            yield draft
        if extract.drafts:
            yield Spent(confidence=extract.confidence)

    async def _extract(self, query: Query, evidence: Evidence) -> Extract:
        extractor = await self.extractor(query, evidence)
        if isinstance(extractor, Abstention):
            return Extract(abstention=extractor)
        return await asyncio.to_thread(extractor.extract)

    async def extractor(self, query: Query, evidence: Evidence) -> Extractor | Abstention:
        """What reads this evidence; an abstention where the library need not be asked."""
        presence = await look(query, evidence, self._library)
        if presence.abstention is not None:
            return presence.abstention
        language = reading_language(query, evidence)
        topic, whole = (
            topic_matcher(text, query, presence, self._word_vectors, language)
            for text in (query.topic, f"{' '.join(query.speakers)} {query.topic}")
        )
        return Extractor(query, evidence, topic, whole, self._choice, self._least_confidence)


@dataclass(frozen=True, slots=True)
class Presence:
    """How many of the library's passages have each word of the question, and why it need not be asked, where so."""

    frequencies: dict[str, int]
    passages: int
    abstention: Abstention | None = None


async def look(query: Query, evidence: Evidence, library: Library) -> Presence:
    """What the library knows of the question's words: a name that it never had is answered by nobody."""
    language = reading_language(query, evidence)
    asked = list(
        dict.fromkeys(
            w.text
            for w in words(f"{query.topic} {query.text} {' '.join(query.speakers)}", language)
            if not is_stopword(w.text, language)
        )
    )
    found, passages = await asyncio.gather(library.document_frequencies(asked), library.passage_count())
    frequencies = dict(zip(asked, found, strict=True))
    detail = None
    if passages == 0:
        detail = "The library is empty: load articles with `onrecord ingest FILE`."
    elif unknown := _unknown(query, frequencies, evidence, language):
        detail = f"No article here mentions {' or '.join(unknown)}."
    elif not evidence.passages:
        detail = "Nothing in these articles is near to the question."
    elif absent := missing_sources(query, evidence):
        detail = f"No article here is from {' or '.join(absent)}, or mentions it."
    return Presence(frequencies, passages, Abstention(AbstentionReason.NO_EVIDENCE, detail) if detail else None)


def topic_matcher(topic: str, query: Query, presence: Presence, vectors: WordVectors, language: str) -> Matcher:
    """What tells how much of a topic of the question a text holds, by how rare its words are in the library."""
    terms = make_terms(
        topic, query.names, presence.frequencies, presence.passages, question=query.text, language=language
    )
    return Matcher(terms, vectors, language=language)


def reading_language(query: Query, evidence: Evidence) -> str:
    """The language in which question and evidence are compared.

    The question's own; where it does not tell, or nothing here is in it, that of most passages.
    """
    if query.language is not None and query.language not in STEMMERS:
        return query.language  # a script of its own tells
    found = Counter(language_code(scored.article.language) or "en" for scored in evidence.passages)
    if query.language in found or not found:
        return query.language or "en"
    return found.most_common(1)[0][0]


def _unknown(query: Query, frequencies: dict[str, int], evidence: Evidence, language: str) -> list[str]:
    """The question's names that stand nowhere in the library, nor in a like form in the evidence."""
    unknown = []
    there: frozenset[str] | None = None
    for name in dict.fromkeys((*query.names, *query.speakers)):
        parts = [w for w in words(name, language) if not is_stopword(w.text, language)]
        # Whose office it is must be known; what it is called is worded in many ways.
        parts = [w for w in parts if w.text.casefold() not in ROLE_NOUNS] or parts
        if not parts:
            continue
        known = [frequencies.get(w.text, 0) > 0 for w in parts]
        if not all(known):  # the evidence may have it in another form: Zelensky for Zelenskyy
            there = there or _stems_of(evidence, language)
            known = [k or any(same_name(w.stem, other) for other in there) for k, w in zip(known, parts, strict=True)]
        # The last word is the surname; a role in small letters is met by any of its words.
        if not known[-1] and (parts[-1].text[:1].isupper() or not any(known)):
            unknown.append(name)
    # One of several speakers is enough to answer.
    others = set(query.speakers) - set(unknown)
    return [name for name in unknown if name not in query.speakers] if others and len(query.speakers) > 1 else unknown


def _stems_of(evidence: Evidence, language: str) -> frozenset[str]:
    texts = (f"{scored.article.header} {scored.text}" for scored in evidence.passages)
    return frozenset(word.stem for text in texts for word in words(text, language))
