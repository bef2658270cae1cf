"""Evidence -> drafts written by a chat model that points at sentences.

The model sees numbered sentences and ends each of its own with their numbers. What it points at is looked up in our own
table: a number that is not there is dropped and counted. Whether a draft is true is not decided here: `verifying` does.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.chatting import ChatModel, Finished
from rag.citations import Draft, Pointer
from rag.domain import Abstention, AbstentionReason, Evidence, Query
from rag.drafting import Spent, look
from rag.errors import ProviderContextError
from rag.inert import inert
from rag.library import Library
from rag.numbering import Numbered, full_day, number
from rag.pointing import Address, Pointed, PointerParser
from rag.prompting import prompt
from rag.sentences import sentence_spans
from rag.verifying import pointer

_DECLINED = re.compile(r"\W*not (?:\w+ )?in the (?:articles|passages)\b", re.IGNORECASE)
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+(?=\S)|^#{1,6}\s+|^>\s+|^(?:Example )?[Aa]nswer:\s*")
# Single marks as a model types them would pass for apostrophes: as double ones they are held to what they enclose.
_SINGLE_QUOTED = re.compile(r"(?<![\w'])'(?=[^\s'])([^']{1,1000})(?<=[^\s'])'(?![\w'])")
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)([^*_`]{1,500})(?<=\S)\1")
# A model that goes on after its answer asks itself the next question.
_STOPS = ("\nQuestion:", "\nPassages:")


class ModelDrafts:
    """A chat model's answer, each sentence as soon as it is whole."""

    mode = "model"

    def __init__(self, chat: ChatModel, library: Library, *, evidence_tokens: int, answer_tokens: int) -> None:
        self._chat, self._library = chat, library
        self._evidence_tokens, self._answer_tokens = evidence_tokens, answer_tokens
        self._prompt = prompt("answer")

    @property
    def model(self) -> str:
        return self._chat.name

    async def draft(self, query: Query, evidence: Evidence) -> AsyncGenerator[Draft | Abstention | Spent, None]:
        """Drafts as they come, then what they took; an abstention where the model declines.

        A prompt that is too long for the model is tried again with half of the passages.
        """
        presence = await look(query, evidence, self._library)
        if presence.abstention is not None:
            yield presence.abstention
            return
        budget = self._evidence_tokens
        while True:
            try:
                async with aclosing(self._written(query, number(evidence, max_tokens=budget))) as written:
                    async for draft in written:
                        yield draft
                return
            except ProviderContextError:
                budget //= 2
                if budget < _LEAST_BUDGET:
                    raise

    async def _written(self, query: Query, numbered: Numbered) -> AsyncGenerator[Draft | Abstention | Spent, None]:
        parser, account = PointerParser(), _Account(query.language or "en")
        values = {
            "passages": numbered.text,
            "today": full_day(query.as_of or datetime.now(UTC)),
            "question": query.text,
        }
        stream = self._chat.stream(self._prompt.messages(values), max_tokens=self._answer_tokens, stop=_STOPS)
        declined, finished = False, Finished()
        async with aclosing(stream) as pieces:
            async for piece in pieces:
                if isinstance(piece, Finished):
                    finished = piece
                    break
                for pointed in parser.feed(piece):
                    declined = declined or _declines(pointed)
                    for draft in account.drafts(pointed, numbered):
                        yield draft
                if declined:
                    break  # whatever follows is padding, and is not paid for
        # What is left when the output was cut off is half a sentence, unless it has its pointer already.
        whole = finished.reason != "length" or parser.ended
        for pointed in parser.close():
            declined = declined or _declines(pointed)
            for draft in account.drafts(pointed, numbered, whole=whole):
                yield draft
        if declined and not account.given:
            detail = "The model found no answer in the articles."
            yield Abstention(AbstentionReason.MODEL_DECLINED, detail)
        yield Spent(finished.usage, account.invented, account.unfinished, (self._prompt.version,))


# Fewer tokens of evidence than this are not worth asking with.
_LEAST_BUDGET = 200


@dataclass(slots=True)
class _Account:
    """Turns stretches into drafts and counts what is lost on the way."""

    language: str
    invented: int = 0
    unfinished: int = 0
    given: int = 0

    def drafts(self, pointed: Pointed, numbered: Numbered, *, whole: bool = True) -> Iterator[Draft]:
        """Each sentence of the stretch with the pointers that stand behind all of it; not the last, if it is cut off."""
        if _declines(pointed):
            return
        if pointed.cut:
            self.unfinished += 1
            return
        pointers = tuple(self._pointers(pointed.addresses, numbered))
        text = plain(pointed.text)
        spans = sentence_spans(text, self.language)
        self.unfinished += not whole
        for span in spans if whole else spans[:-1]:
            if re.search(r"\w", sentence := span.of(text)):
                self.given += 1
                yield Draft(sentence, pointers)

    def _pointers(self, addresses: tuple[Address, ...], numbered: Numbered) -> Iterator[Pointer]:
        for passage, sentence in addresses:
            lines = numbered.passage(passage) if sentence is None else (numbered.line(passage, sentence),)
            self.invented += not lines or lines == (None,)
            yield from (pointer(line) for line in lines if line is not None)


def plain(text: str) -> str:
    """A model's words without markup, addresses or list marks: none of them is ever shown."""
    text = inert(text)
    text = _EMPHASIS.sub(r"\2", text)
    text = _SINGLE_QUOTED.sub(r"“\1”", text)
    return _LIST_MARK.sub("", text).strip()


def _declines(pointed: Pointed) -> bool:
    return bool(_DECLINED.match(pointed.text))
