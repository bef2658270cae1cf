"""Candidate cases that a chat model writes from articles, by ragas' test-set generation, for a person to accept.

Of each article one passage is read: the model names what it is about, and then writes a question and an answer for one of these
names, as a reader, a reporter or an analyst would ask. Two passages of different articles that share a name give a question over
both. ragas' own pipeline reads whole collections first (summaries, themes, relations: some ten calls a passage, and a tokenizer
from the network); here its prompts are used for what a case needs, two calls each.

A model invents. So the words of its answer are looked for in the passages: what bears each sentence out becomes the evidence,
and a case with a sentence that nothing bears out is dropped. The model's answer is kept as a note and scores nothing: whoever
accepts the case writes the answers that count.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, zip_longest
from typing import Any

from evals.by_ragas.loading import Model, no_usable_reply, prepare
from evals.cases import Case, GoldEvidence
from ingest.splitting import split
from rag.domain import Article, Span
from rag.errors import ProviderError
from rag.facts import missing_facts
from rag.matching import WordVectors
from rag.overlap import nearest
from rag.sentences import sentence_spans
from rag.settings import IngestSettings
from rag.support import Claimed, Support

_LEAST_WORDS = 40
_MOST_NAMES = 5
_LEAST_ASKED = 4
_ASKERS = {
    "Reader": "Follows the news and wants to know what happened, when, where and to whom.",
    "Reporter": "Looks for the exact words that somebody said, and for figures and dates to check.",
    "Analyst": "Wants to know reasons, consequences and what changed.",
}
_OF_NEWS = (
    "The question is put to an archive of news articles, to somebody who does not see this context: name the people, places and"
    " things that it is about, and never speak of the text, the article or the context. The answer is one short sentence."
)
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """`failed`: what went wrong with calls; `unsupported`: questions whose answers the articles do not bear out."""

    cases: tuple[Case, ...]
    failed: tuple[str, ...]
    unsupported: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a model wrote: a question, its answer, and the manner that the question is asked in."""

    question: str
    answer: str
    manner: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A passage with the names that stand in it, and ragas' node of it."""

    article: Article
    text: str
    node: Any
    names: tuple[str, ...]


@dataclass(slots=True)
class _Ragas:
    """ragas' prompts, asked of one model; `failed` grows."""

    model: Model
    draw: random.Random
    failed: list[str] = field(default_factory=list)

    async def read(self, article: Article, passage: Span) -> _Read | None:
        """What the passage is about; None where the model gave no usable reply, or names nothing that stands there."""
        from ragas.testset.graph import Node, NodeType
        from ragas.testset.transforms.extractors.llm_based import NERPrompt, TextWithExtractionLimit

        text = passage.of(article.body)
        asked = TextWithExtractionLimit(text=text, max_num=_MOST_NAMES)
        found = await self._called(lambda: NERPrompt().generate(self.model.llm, data=asked), article.id)
        names = tuple(dict.fromkeys(name.strip() for name in found.entities if name.strip() in text)) if found else ()
        shown = f"{article.title}\n\n{text}"
        node = Node(type=NodeType.CHUNK, properties={"page_content": shown, "entities": list(names)})
        return _Read(article, text, node, tuple(filter(None, names))) if any(names) else None

    async def write(self, name: str, reads: Sequence[_Read]) -> Told | None:
        """A question about the name, its answer and the manner that it is asked in."""
        from ragas.testset.persona import Persona
        from ragas.testset.synthesizers.base import QueryLength, QueryStyle
        from ragas.testset.synthesizers.multi_hop.base import MultiHopScenario
        from ragas.testset.synthesizers.multi_hop.specific import MultiHopSpecificQuerySynthesizer
        from ragas.testset.synthesizers.single_hop.base import SingleHopScenario
        from ragas.testset.synthesizers.single_hop.specific import SingleHopSpecificQuerySynthesizer

        asker, style = self.draw.choice(list(_ASKERS)), self.draw.choice(list(QueryStyle))
        common = {
            "nodes": [read.node for read in reads],
            "persona": Persona(name=asker, role_description=_ASKERS[asker]),
            "style": style,
            "length": self.draw.choice([QueryLength.SHORT, QueryLength.MEDIUM]),
        }
        if len(reads) == 1:
            maker, scenario = SingleHopSpecificQuerySynthesizer, SingleHopScenario(term=name, **common)
        else:
            maker, scenario = MultiHopSpecificQuerySynthesizer, MultiHopScenario(combinations=[name], **common)
        synthesizer = maker(llm=self.model.llm, llm_context=_OF_NEWS)
        made = await self._called(lambda: synthesizer.generate_sample(scenario), reads[0].article.id)
        return Told(made.user_input.strip(), made.reference.strip(), style.name.lower()) if made else None

    async def _called(self, call: Callable[[], Awaitable[Any]], article: str) -> Any:
        try:
            return await call()
        except Exception as error:  # ragas, instructor and the client each raise their own
            self.failed.append(f"{article}: {no_usable_reply(error)}")
            return None


async def written_cases(
    articles: Sequence[Article],
    model: Model,
    support: Support,
    vectors: WordVectors,
    *,
    limit: int,
    seed: int,
    on_progress: Progress = lambda done, total, failed: None,
) -> Written:
    """At most `limit` cases, of one article and of two in turn. Raises ProviderError where the model replied to nothing."""
    prepare("cases that a model writes")
    ragas = _Ragas(model, random.Random(seed))
    reads: list[_Read] = []
    drawn = list(_drawn(articles, ragas.draw, limit))
    for done, (article, passage) in enumerate(drawn):
        on_progress(done, len(drawn) + limit, len(ragas.failed))
        if (read := await ragas.read(article, passage)) is not None:
            reads.append(read)
    if not reads:
        raise ProviderError(
            f"the model gave nothing to ask about in {len(drawn)} passages"
            + (f" (first: {ragas.failed[0]}); is it up, and does it answer in JSON?" if ragas.failed else "")
        )
    cases: list[Case] = []
    unsupported: list[str] = []
    for name, of in _planned(reads, ragas.draw):
        if len(cases) + len(unsupported) >= limit:
            break
        on_progress(len(drawn) + len(cases) + len(unsupported), len(drawn) + limit, len(ragas.failed))
        if (told := await ragas.write(name, of)) is None or len(told.question.split()) < _LEAST_ASKED:
            continue
        passages = [(read.article, read.text) for read in of]
        case = await grounded(told, passages, support, vectors, number=len(cases) + 1)
        if case is None:
            unsupported.append(told.question)
        else:
            cases.append(case)
    return Written(tuple(cases), tuple(ragas.failed), tuple(unsupported))


def _drawn(articles: Sequence[Article], draw: random.Random, most: int) -> list[tuple[Article, Span]]:
    """A passage of each article, long enough to ask about."""
    found: list[tuple[Article, Span]] = []
    for article in draw.sample(list(articles), len(articles)):
        passages = [
            p for p in split(article, IngestSettings()).passages if len(p.of(article.body).split()) >= _LEAST_WORDS
        ]
        if passages and len(found) < most:
            found.append((article, draw.choice(passages)))
    return found


def _planned(reads: Sequence[_Read], draw: random.Random) -> list[tuple[str, tuple[_Read, ...]]]:
    """What to ask about: names of one passage, and names that two passages share, in turn."""
    one = [(draw.choice(read.names), (read,)) for read in reads]
    two = [
        (draw.choice(shared), (a, b))
        for a, b in combinations(reads, 2)
        if (shared := [name for name in a.names if name in b.names])
    ]
    draw.shuffle(two)
    return [each for each in chain.from_iterable(zip_longest(one, two)) if each is not None]


async def grounded(
    told: Told, passages: Sequence[tuple[Article, str]], support: Support, vectors: WordVectors, *, number: int
) -> Case | None:
    """With the sentences that bear the answer out as evidence; None where a sentence of the answer has none."""
    known = [(article, span.of(text)) for article, text in passages for span in sentence_spans(text)]
    context = "\n".join([told.question, *(article.title for article, _ in passages)])
    used: set[int] = set()
    for span in sentence_spans(told.answer):
        at = await _borne_out(span.of(told.answer), [text for _, text in known], context, support, vectors)
        if not at:
            return None
        used.update(at)
    if not used:
        return None
    evidence = tuple(GoldEvidence(article=known[n][0].id, url=known[n][0].url, quote=known[n][1]) for n in sorted(used))
    kind = "two_articles" if len({fact.key for fact in evidence}) > 1 else "one_article"
    return Case(
        id=f"{passages[0][0].id}-written-{number}",
        question=told.question,
        evidence=evidence,
        answerable=True,
        tags=("candidate", "written", told.manner, kind),
        note=f"The model's answer: {told.answer}",
    )


async def _borne_out(
    claim: str, sentences: list[str], context: str, support: Support, vectors: WordVectors
) -> tuple[int, ...]:
    """The fewest sentences that bear a claim out; none where the best three do not."""
    for most in range(1, 4):
        at = nearest(claim, sentences, vectors, most=most)
        claimed = Claimed(claim, tuple(sentences[n] for n in at), context)
        (score,) = await support.scores([claimed])
        if at and score >= support.threshold and not missing_facts(claimed):
            return at
    return ()
