"""One answer in the making: each draft is checked, held until one of them answers the question, and then shown."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, field

from rag.aptness import AptnessCheck, Gauge
from rag.citations import Citer, Draft
from rag.domain import Abstention, AbstentionReason, Answer, Checks, Citation, Claim, Evidence, Query, Turn
from rag.drafting import Drafts, Spent
from rag.matching import WordVectors
from rag.remembering import AnswerMemory
from rag.settings import Fallback
from rag.sides import Telling
from rag.verifying import Verifier

# A question and what was said before -> the question as it stands alone; None where that cannot be had.
Condense = Callable[[str, Sequence[Turn]], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class ClaimMade:
    """One verified sentence, with the citations that it is the first to use."""

    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """What answering by a chat model takes. Nothing that `drafts` writes is shown before `verifier` has seen it, nor
    before `aptness` has found a sentence that answers the question.

    `vectors` tell which words of the evidence mean what was asked. `fallback` is what stands in where nothing of it holds,
    or where it fails. With a `memory`, the same question is answered again without the model while what it cites stands.
    """

    drafts: Drafts
    verifier: Verifier
    aptness: AptnessCheck
    condense: Condense
    vectors: WordVectors
    fallback: Fallback = "extractive"
    memory: AnswerMemory | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft that may be shown; not `supported` only where the caller wants such ones too."""

    draft: Draft
    supported: bool = True


@dataclass(slots=True)
class Making:
    """One answer in the making."""

    drafts: Drafts
    citer: Citer = field(default_factory=Citer)
    # Verified, and not shown while none of them answers the question.
    held: list[Checked] = field(default_factory=list)
    abstention: Abstention | None = None
    spent: Spent = field(default_factory=Spent)
    repointed: int = 0
    degraded: str | None = None
    telling: Telling | None = None

    def falls_back_on(self, drafts: Drafts) -> None:
        self.degraded = self.degraded or self._in_vain("the chat model wrote")
        self.citer.dropped += len(self.held)
        self.held, self.drafts = [], drafts

    async def shows(self, checked: Checked, gauge: Gauge | None) -> list[ClaimMade]:
        """What may be shown now: nothing before a sentence answers the question, then it and all before it."""
        self.held.append(checked)
        if gauge is not None and not self.citer.claims and not await gauge.answers(checked.draft):
            return []
        held, self.held = self.held, []
        made = [self.citer.add(each.draft, supported=each.supported) for each in held]
        return [ClaimMade(*each) for each in made if each]

    def _in_vain(self, what: str) -> str:
        if self.held:
            return f"Nothing that {what} answers the question."
        return f"Nothing that {what} could be verified."

    def answer(self, query: Query, evidence: Evidence) -> Answer:
        abstention = None if self.citer.claims else self.abstention
        if abstention is None and not self.citer.claims:
            reason = AbstentionReason.WEAK_EVIDENCE if self.held else AbstentionReason.NOTHING_VERIFIED
            abstention = Abstention(reason, self.degraded or self._in_vain("was found"))
        return Answer(
            id=uuid.uuid4().hex,
            query=query,
            mode=self.drafts.mode,
            model=self.drafts.model,
            text=self.citer.text,
            claims=tuple(self.citer.claims),
            citations=tuple(self.citer.citations),
            abstention=abstention,
            evidence=evidence,
            degraded=self.degraded,
            usage={name: tokens for name, tokens in asdict(self.spent.usage).items() if tokens},
            checks=Checks(
                self.repointed, self.citer.dropped + len(self.held), self.spent.invented, self.spent.unfinished
            ),
            prompts=self.spent.prompts,
            confidence=self.spent.confidence if self.citer.claims else None,
        )


async def claims(
    query: Query, evidence: Evidence, state: Making, model: ModelAnswers | None, grounding: str
) -> AsyncGenerator[ClaimMade, None]:
    """The drafts that hold, as claims; everything else that drafting yields is noted in `state`."""
    gauge = await model.aptness.of(query, evidence) if model else None
    state.telling = Telling.of(query, evidence, model.vectors) if model else None
    async with aclosing(state.drafts.draft(query, evidence)) as drafts:
        async for draft in drafts:
            if isinstance(draft, Abstention):
                state.abstention = draft
            elif isinstance(draft, Spent):
                state.spent = draft
            elif (checked := await _checked(draft, query, evidence, state, model, grounding)) is not None:
                for made in await state.shows(checked, gauge):
                    yield made
    for draft in state.telling.missing() if state.telling and state.citer.claims else ():
        if (added := state.citer.add(draft)) is not None:
            yield ClaimMade(*added)


async def _checked(
    draft: Draft, query: Query, evidence: Evidence, state: Making, model: ModelAnswers | None, grounding: str
) -> Checked | None:
    """The draft as it is to be shown; None where it does not hold."""
    if model is None:
        return Checked(draft)
    verdict = await model.verifier.verify(draft, query, evidence)
    state.repointed += verdict.repointed
    if not verdict.supported and grounding == "strict":
        state.citer.dropped += 1
        return None
    told = state.telling.shown(verdict.draft) if verdict.supported and state.telling else verdict.draft
    return Checked(told, verdict.supported)
