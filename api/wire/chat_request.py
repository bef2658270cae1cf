"""What OpenAI's and Perplexity's clients send -> our Request. Pure.

Fields that change nothing here (temperature, tools, ...) are let be; what would change the answer and cannot be done is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field, StrictBool, ValidationError

from api.schemas import FiltersIn, Moment, Name, Text
from api.wire.chat_message import Style
from rag.answering import Request
from rag.domain import Turn
from rag.errors import InputError, NotFoundError
from rag.sites import site_named

Mode = Literal["auto", "model", "extractive"]
# A model's name says how to answer and how to show the sources.
MODELS: Mapping[str, tuple[Mode, Style]] = {
    "onrecord": ("auto", "markers"),
    "onrecord-extractive": ("extractive", "markers"),
    "onrecord-links": ("auto", "links"),
    "onrecord-sources": ("auto", "sources"),
}
# What a follow-up can refer to; chat clients send everything since the beginning.
_TURNS_READ = 20
_TURN_CHARS = 20_000
_RECENT = {"hour": 1 / 24, "day": 1, "week": 7, "month": 31, "year": 366}
_TEXT_PARTS = ("text", "input_text", "output_text")


class MessageIn(BaseModel):
    """One message; `content` is text, or parts of which those of text are read."""

    role: str = Field(examples=["user"])
    content: Text | list[dict[str, Any]] | None = None


class SearchFields(BaseModel):
    """Perplexity's fields, and our own: filters and a day to answer as of."""

    search_after_date_filter: str | None = Field(None, description="published on that day or later: MM/DD/YYYY")
    search_before_date_filter: str | None = Field(None, description="published before that day: MM/DD/YYYY")
    search_recency_filter: Literal["hour", "day", "week", "month", "year"] | None = None
    search_domain_filter: list[Name] | None = Field(
        None,
        max_length=100,
        description="domains, each with all below it; “-” before one leaves it out",
        examples=[["example.com"]],
    )
    filters: FiltersIn = FiltersIn()
    as_of: Moment | None = None
    grounding: Literal["strict", "flag"] = "strict"

    def request(self, question: str, conversation: Sequence[Turn], mode: Mode) -> Request:
        """Raises InputError where a filter cannot be read."""
        limits = self.filters
        sites, without = _sites(self.search_domain_filter or ())
        after = _later(limits.published_after, _day(self.search_after_date_filter, "search_after_date_filter"))
        if self.search_recency_filter:
            now = self.as_of or datetime.now(UTC)
            after = _later(after, now - timedelta(days=_RECENT[self.search_recency_filter]))
        before = _earlier(limits.published_before, _day(self.search_before_date_filter, "search_before_date_filter"))
        times = {"published_after": after, "published_before": before}
        domains = {"sites": [*limits.sites, *sites], "without_sites": [*limits.without_sites, *without]}
        filters = limits.model_copy(update=times | domains).filters()
        return Request(
            question=question,
            conversation=tuple(conversation),
            filters=filters,
            as_of=self.as_of,
            mode=mode,
            grounding=self.grounding,
        )


class StreamOptions(BaseModel):
    """What a stream should hold besides the text."""

    include_usage: StrictBool = False


class ChatCompletionRequest(SearchFields):
    """A conversation whose last message by the user is the question."""

    model: str = Field("onrecord", examples=["onrecord"])
    messages: list[MessageIn] = Field(min_length=1, max_length=2000)
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = Field(None, description="one answer is given")


class ResponsesRequest(SearchFields):
    """A question, or a conversation whose last message by the user is the question."""

    model: str = Field("onrecord", examples=["onrecord"])
    input: Text | list[dict[str, Any]] = Field(examples=["what did Peskov say about a summit?"])
    stream: StrictBool | None = False
    previous_response_id: str | None = Field(None, description="not supported: nothing is kept, send the conversation")


def model_named(name: str) -> tuple[Mode, Style]:
    """How the model of that name answers and shows its sources. Raises NotFoundError."""
    try:
        return MODELS[name]
    except KeyError:
        raise NotFoundError(f"no model {name[:100]!r} here; those there are: {', '.join(MODELS)}") from None


def asked(messages: Sequence[MessageIn], field: str) -> tuple[str, tuple[Turn, ...]]:
    """The question, and the turns before it. What a system prompt says changes no answer: it is not read.

    Raises:
        InputError: no message is the user's, or the last of them holds something other than text.
    """
    last = next((n for n in range(len(messages) - 1, -1, -1) if messages[n].role == "user"), None)
    if last is None:
        raise InputError(f"no message in {field} has the role 'user', so there is no question", field=field)
    question = _text(messages[last], f"{field}[{last}].content", strict=True)
    turns = []
    for n, message in enumerate(messages[:last]):
        if message.role in ("user", "assistant"):
            said = _text(message, f"{field}[{n}].content", strict=False)
            role: Literal["user", "assistant"] = "user" if message.role == "user" else "assistant"
            turns.append(Turn(role, said[:_TURN_CHARS]))
    return question, tuple(turns[-_TURNS_READ:])


def messages_of(given: str | Sequence[Mapping[str, Any]]) -> list[MessageIn]:
    """The messages of an `input` of the Responses API: text, or items of which messages are read. Raises InputError."""
    if isinstance(given, str):
        return [MessageIn(role="user", content=given)]
    try:
        return [MessageIn.model_validate(dict(item)) for item in given if item.get("type", "message") == "message"]
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise InputError(f"input: a message’s {where} cannot be read: {fault['msg']}", field="input") from None


def _text(message: MessageIn, field: str, *, strict: bool) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    kept = []
    for n, part in enumerate(message.content):
        if part.get("type") in _TEXT_PARTS and isinstance(part.get("text"), str):
            kept.append(part["text"])
        elif strict:
            raise InputError(
                f"{field}[{n}]: a part of type {str(part.get('type'))[:40]!r} cannot be read; ask in text", field=field
            )
    return "\n".join(kept)


def _day(text: str | None, field: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text.strip(), "%m/%d/%Y").replace(tzinfo=UTC)
    except ValueError:
        raise InputError(
            f"{field}: {text[:40]!r} is not a day as MM/DD/YYYY, such as 07/25/2025", field=field
        ) from None


def _sites(domains: Sequence[str]) -> tuple[list[str], list[str]]:
    """The sites that are wanted, and those that are not."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for domain in map(str.strip, domains):
        try:
            (unwanted if domain.startswith("-") else wanted).append(site_named(domain.removeprefix("-")))
        except ValueError as error:
            raise InputError(f"search_domain_filter: {error}", field="search_domain_filter") from None
    return wanted, unwanted


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment), default=None)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment), default=None)
