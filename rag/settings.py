"""Every knob: type, unit, bounds, default. In the environment: ONRECORD_LIBRARY, ONRECORD_RETRIEVAL__K, ...

Reading them is the entry point's work; parts are handed the few values that they need.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from rag.errors import SettingsError


class RetrievalSettings(BaseModel, frozen=True):
    """How passages are found. The defaults are measured: evals/LOG.md."""

    k: int = Field(10, ge=1, le=100, description="passages returned where the request does not say")
    lexical_depth: int = Field(100, ge=1, le=2000, description="passages taken from the lexical index")
    dense_depth: int = Field(100, ge=0, le=2000, description="passages taken from the vector index; 0 leaves it out")
    dense_weight: float = Field(0.1, ge=0, le=1, description="share of the dense score in the fused one")


class EvidenceSettings(BaseModel, frozen=True):
    """What the answerer may read."""

    passages: int = Field(12, ge=1, le=50, description="passages read per question")
    max_question_chars: int = Field(4000, ge=100, le=20_000)


class ServerSettings(BaseModel, frozen=True):
    """Where the service listens. Anything but loopback needs `allow_remote`, since there are no keys yet."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    allow_remote: bool = False
    max_body_mb: float = Field(60, gt=0, description="largest request body, in megabytes")


class IngestSettings(BaseModel, frozen=True):
    """How articles are read."""

    max_passage_words: int = Field(160, ge=20, le=1000)
    max_article_chars: int = Field(2_000_000, ge=1000, description="longer bodies are refused")
    batch_articles: int = Field(64, ge=1, le=1000)


class Settings(BaseSettings):
    """All of it, from the environment; explicit arguments win."""

    model_config = SettingsConfigDict(
        env_prefix="ONRECORD_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
    )

    library: Path = Field(Path("onrecord-library"), description="the folder that holds the stores")
    embedding: str = Field("static", description="static, minilm, or what LangChain's init_embeddings names")
    chat_model: str | None = Field(None, description="what LangChain's init_chat_model names; none: extractive answers")
    lock_wait_s: float = Field(10.0, ge=0, description="how long a command waits for a library in use")
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    retrieval: RetrievalSettings = RetrievalSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    ingest: IngestSettings = IngestSettings()
    server: ServerSettings = ServerSettings()


def read_settings(**explicit: object) -> Settings:
    """Raises SettingsError, naming each variable that is wrong. An explicit None counts as not given."""
    given = {name: value for name, value in explicit.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except UnreadableError as error:
        group = next((name for name in Settings.model_fields if f'"{name}"' in str(error)), "")
        variable = f"ONRECORD_{group.upper()}"
        raise SettingsError(f"{variable} is not JSON; set its values one by one: {variable}__NAME=...") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"ONRECORD_{'__'.join(str(part).upper() for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise SettingsError(wrong) from error
