"""The only place where settings become objects; vendors are imported here, when needed: their imports are slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from rag.answering import Answerer
from rag.apart import apart
from rag.aptness import AptnessCheck
from rag.chatting import ChatModel
from rag.conversing import standalone
from rag.domain import Answer
from rag.drafting import ExtractiveDrafts
from rag.errors import SettingsError
from rag.generation import ModelDrafts
from rag.library import Library
from rag.making import ModelAnswers
from rag.matching import WordVectors
from rag.opening import make_folder, open_stores
from rag.ports import Embedder
from rag.ranking import Reranker
from rag.remembering import AnswerMemory
from rag.settings import RerankSettings, Settings
from rag.verifying import Verifier


def make_embedder(name: str) -> Embedder:
    """The embedding that a settings string names. Raises SettingsError where it is unknown or not installed."""
    from rag.adapters import embedding

    if name == "static":
        return embedding.Embedder("static", embedding.StaticEmbeddings())
    if name == "minilm":
        from rag.adapters.minilm import MiniLMEmbeddings

        return embedding.Embedder("minilm", MiniLMEmbeddings())
    if ":" not in name:
        raise SettingsError(
            f"ONRECORD_EMBEDDING={name!r} is unknown; write static, minilm, or provider:model such as"
            " openai:text-embedding-3-small"
        )
    from langchain.embeddings import init_embeddings

    try:
        embeddings = init_embeddings(name, **_PROVIDER_OPTIONS.get(name.partition(":")[0], {}))
    except ImportError as error:
        raise SettingsError(f"ONRECORD_EMBEDDING={name!r} needs a package that is not installed: {error}") from error
    except Exception as error:  # each provider checks its settings in its own way
        raise SettingsError(
            f"ONRECORD_EMBEDDING={name!r} cannot be set up ({type(error).__name__}): is the provider's key in the"
            " environment (OPENAI_API_KEY, ...), and is the provider's name right?"
        ) from error
    return embedding.Embedder(name, embeddings)


def make_reranker(settings: RerankSettings, library: Library) -> Reranker | None:
    """The reranker that is set, None where none is. Raises SettingsError where it cannot be had."""
    kind, _, name = settings.by.partition(":")
    if kind == "served":
        from rag.adapters.served_reranker import ServedReranker

        key = settings.key.get_secret_value() if settings.key else None
        return ServedReranker(
            name,
            settings.url,
            key=key,
            depth=settings.depth,
            deadline_s=settings.deadline_s,
            retries=settings.retries,
        )
    if kind == "langchain":
        from rag.adapters.compressor_reranker import CompressorReranker, load_compressor

        compressor = load_compressor(name, settings.options)
        return CompressorReranker(name, compressor, depth=settings.depth, deadline_s=settings.deadline_s)
    if kind == "none":
        return None
    from rag.adapters.signals_reranker import SignalsReranker, shipped_weights

    return SignalsReranker(library, shipped_weights(), depth=settings.depth)


def make_chat(settings: Settings) -> ChatModel | None:
    """The chat model that is set, None where none is. Nothing is sent and nothing is started before its first call.

    Whoever makes it closes it. Raises SettingsError: an unknown provider, a missing package, file or key.
    """
    if settings.chat_model is None:
        return None
    provider, _, name = settings.chat_model.partition(":")
    if provider == "gguf":
        from rag.adapters.local_chat import LocalChat

        return LocalChat(Path(name).expanduser(), chat=settings.chat, gguf=settings.gguf)
    from rag.adapters.chat import LangChainChat
    from rag.adapters.chat_providers import connect

    return LangChainChat(connect(settings.chat_model, settings.chat), settings.chat)


@asynccontextmanager
async def open_chat(settings: Settings) -> AsyncIterator[ChatModel | None]:
    """The chat model that is set, closed when the context ends, its process too. Raises as `make_chat`."""
    chat = make_chat(settings)
    try:
        yield chat
    finally:
        if chat is not None:
            await chat.close()


# Passages are far shorter than any model's context, and counting tokens would download a vocabulary first.
_PROVIDER_OPTIONS: dict[str, dict[str, Any]] = {
    "openai": {"check_embedding_ctx_length": False, "timeout": 30, "max_retries": 3},
}


@asynccontextmanager
async def open_library(
    settings: Settings,
    *,
    command: str | None = None,
    url: str | None = None,
    secret: str | None = None,
    rebuild: bool = False,
    alone: bool = False,
    embedder: Embedder | None = None,
) -> AsyncIterator[Library]:
    """The library in `settings.library`, owned by this process while the context lasts; made where there is none.

    Where all stores are on servers, other processes may work on it at the same time, unless it is opened `alone`. What a
    crash left unfinished is finished before it is handed out. With `rebuild`, both indexes are made anew, also for another
    embedding than the one that made them. An `embedder` stands for the one that the settings name.

    Raises:
        LibraryLockedError: another process owns it.
        LibraryMismatchError: it was made by another embedding.
        StorageError: a store cannot be opened.
    """
    from rag.adapters.ownership import Ownership, this_command

    folder = settings.library
    await asyncio.to_thread(make_folder, folder)
    ownership = Ownership(folder, command=command or this_command(), url=url, secret=secret)
    try:
        await asyncio.to_thread(ownership.take, wait_s=settings.lock_wait_s)
        embedder = await apart(partial(_ready, settings.embedding, embedder))
        library = await asyncio.to_thread(open_stores, settings, embedder, rebuild=rebuild, alone=alone)
        try:
            await library.reconcile()
            yield library
        finally:
            await library.close()
    finally:
        ownership.release()


async def copy_library(source: Settings, target: Settings, told: Callable[[str, int], None]) -> dict[str, int]:
    """Copy a library to the stores of `target`, and return the copy's counts; broken off, it goes on where it stood.

    Both are owned meanwhile. Raises as `rag.moving.copy_stores` and `open_library`.
    """
    from rag.adapters.ownership import Ownership, this_command
    from rag.moving import copy_stores

    async with open_library(source, alone=True):
        await asyncio.to_thread(make_folder, target.library)
        ownership = Ownership(target.library, command=this_command(), url=None, secret=None)
        try:
            await asyncio.to_thread(ownership.take, wait_s=target.lock_wait_s)
            await asyncio.to_thread(copy_stores, source, target, told)
        finally:
            ownership.release()
    async with open_library(target) as library:
        return await library.counts()


def _ready(embedding: str, embedder: Embedder | None) -> Embedder:
    """The embedder, with the stores' vendors imported: seconds of work that holds nothing, and can be left at any moment."""
    for store in ("catalog", "lexical", "vectors"):
        import_module(f"rag.adapters.{store}")
    return embedder or make_embedder(embedding)


def make_answerer(
    settings: Settings,
    library: Library,
    chat: ChatModel | None = None,
    *,
    on_answer: Callable[[Answer], None] = lambda answer: None,
) -> Answerer:
    """The ask flow on a library; with `chat`, answers are written by it and checked sentence by sentence."""
    word_vectors = _word_vectors()
    return Answerer(
        library,
        _extractive(settings, library, word_vectors),
        retrieval=settings.retrieval,
        evidence=settings.evidence,
        reranker=make_reranker(settings.rerank, library),
        model=_model_answers(settings, library, chat, word_vectors) if chat else None,
        on_answer=on_answer,
    )


def _word_vectors() -> WordVectors:
    from rag.adapters.embedding import StaticEmbeddings, WordVectorCache

    return WordVectorCache(StaticEmbeddings())


def _extractive(settings: Settings, library: Library, vectors: WordVectors) -> ExtractiveDrafts:
    from rag.adapters.weighed_answers import shipped_choice

    choice = shipped_choice()
    return ExtractiveDrafts(
        library, vectors, choice, least_confidence=choice.least_confidence(settings.extractive.precision)
    )


def _model_answers(settings: Settings, library: Library, chat: ChatModel, word_vectors: WordVectors) -> ModelAnswers:
    drafts = ModelDrafts(
        chat, library, evidence_tokens=settings.evidence.tokens, answer_tokens=settings.chat.max_tokens
    )
    from rag.adapters.judged_aptness import JudgedAptness
    from rag.adapters.judged_support import JudgedSupport
    from rag.adapters.weighed_support import WeighedSupport

    support = JudgedSupport(chat) if settings.chat.support == "judged" else WeighedSupport(word_vectors)
    memory = AnswerMemory(settings.chat.remembered, settings.chat.remembered_s) if settings.chat.remembered else None
    aptness = AptnessCheck(library, word_vectors, JudgedAptness(chat) if settings.chat.aptness == "judged" else None)
    condense = partial(standalone, chat=chat)
    return ModelAnswers(drafts, Verifier(support), aptness, condense, word_vectors, settings.chat.fallback, memory)
