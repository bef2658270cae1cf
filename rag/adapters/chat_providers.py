"""From a settings string to LangChain's chat model, with the options that are OpenAI's and those that are everybody's."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import openai
from langchain_core.language_models import BaseChatModel
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from rag.errors import ProviderRefusedError, SettingsError
from rag.settings import ChatSettings

# The HTTP replies of the call that is under way: closing one is what stops the provider's work at once.
OPEN_REPLIES: ContextVar[list[Any]] = ContextVar("open_replies")

# Models that think first take no temperature, and spend tokens before the answer's first.
_THINKING = re.compile(r"(?:^|/)(?:o\d|gpt-5(?!.*chat)|gpt-oss)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Connected:
    """A provider's model; with `openai`, each call may have OpenAI's parameters, and ends with a reason."""

    model: BaseChatModel
    name: str
    openai: bool
    thinking: bool
    official: bool
    close: Callable[[], Awaitable[None]]


class _OpenAIChat(ChatOpenAI):
    """LangChain's, which drops the field that a refusal is streamed in."""

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        choices = chunk.get("choices") or ()
        if made is not None and any((choice.get("delta") or {}).get("refusal") for choice in choices):
            made.message.additional_kwargs["refusal"] = True
        return made


def connect(chat_model: str, settings: ChatSettings) -> Connected:
    """What `ONRECORD_CHAT_MODEL` names. Nothing is sent yet.

    Raises SettingsError: no such provider, its package or its key is missing.
    """
    provider, colon, name = chat_model.partition(":")
    if not colon or not provider or not name:
        raise SettingsError(
            f"ONRECORD_CHAT_MODEL={chat_model!r} is unknown; write provider:model such as openai:gpt-5-mini, or gguf:FILE"
        )
    if provider != "openai":
        return _connect_other(chat_model, name, settings)
    key, base_url = os.environ.get("OPENAI_API_KEY"), os.environ.get("OPENAI_BASE_URL")
    if not key and not base_url:
        raise SettingsError(
            f"ONRECORD_CHAT_MODEL={chat_model} needs a key: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own"
        )
    return connect_openai(name, settings, base_url=base_url or None, key=SecretStr(key or "none"))


def connect_openai(name: str, settings: ChatSettings, *, base_url: str | None, key: SecretStr) -> Connected:
    """A model behind OpenAI's format, at `base_url` or at OpenAI."""
    timeout = openai.Timeout(settings.deadline_s, connect=settings.connect_timeout_s)
    client = openai.DefaultAsyncHttpxClient(timeout=timeout, event_hooks={"response": [_seen]})
    try:
        model = _OpenAIChat(
            model=name,
            api_key=key,
            base_url=base_url,
            http_async_client=client,
            timeout=timeout,
            max_retries=0,  # ours keep to the deadline
            stream_chunk_timeout=None,  # likewise
            use_responses_api=False,
            reasoning_effort=settings.reasoning_effort,
        )
    except Exception as error:
        raise _cannot(f"openai:{name}", error) from None
    official = base_url is None or "api.openai.com" in base_url
    return Connected(model, name, True, _THINKING.search(name) is not None, official, client.aclose)


def _connect_other(chat_model: str, name: str, settings: ChatSettings) -> Connected:
    from langchain.chat_models import init_chat_model

    try:
        model = init_chat_model(
            chat_model,
            temperature=0,
            max_tokens=settings.max_tokens,
            timeout=settings.deadline_s,
            max_retries=0,
        )
    except ImportError as error:
        package = re.search(r"langchain-[a-z0-9-]+", str(error))
        wanted = f"`pip install {package[0]}`" if package else "its LangChain package"
        raise SettingsError(
            f"ONRECORD_CHAT_MODEL={chat_model} needs a package that is not installed: {wanted}"
        ) from error
    except Exception as error:  # each provider checks its settings in its own way, and may name the key
        raise _cannot(chat_model, error) from None
    return Connected(model, name, False, False, False, _nothing)


def _cannot(chat_model: str, error: Exception) -> SettingsError:
    return SettingsError(
        f"ONRECORD_CHAT_MODEL={chat_model} cannot be set up ({type(error).__name__}): is the provider's key in the"
        " environment (OPENAI_API_KEY, ...), and is the provider's name right?"
    )


async def _seen(response: Any) -> None:
    """Note each reply that opens; one that is a web page comes from a proxy or a wrong address."""
    if (opened := OPEN_REPLIES.get(None)) is not None:
        opened.append(response)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code == 200 and kind not in ("text/event-stream", "application/json"):
        raise ProviderRefusedError(
            f"the address answers with {kind or 'no content type'} and not as a chat server: is OPENAI_BASE_URL right, /v1"
            " included?"
        )


async def _nothing() -> None:
    """Other providers' clients are closed by their libraries."""
