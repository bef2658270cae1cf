"""Every knob: type, unit, bounds, default. In the environment: ONRECORD_LIBRARY, ONRECORD_RETRIEVAL__K, ...

Reading them is the entry point's work; parts are handed the few values that they need.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from rag.errors import SettingsError


def _listed(value: object) -> object:
    """A list as an environment variable can hold it: parts between commas, or JSON."""
    if not isinstance(value, str):
        return value
    with suppress(ValueError):
        if isinstance(parsed := json.loads(value), list):
            return parsed
    return [part.strip() for part in value.split(",") if part.strip()]


# pydantic-settings reads a list as JSON unless it is told not to.
Names = Annotated[tuple[Annotated[str, Field(pattern=r"^[^\s/@*]+$")], ...], NoDecode, BeforeValidator(_listed)]
Ports = Annotated[tuple[Annotated[int, Field(ge=1, le=65535)], ...], NoDecode, BeforeValidator(_listed)]


def _origin(written: str) -> str:
    match = re.fullmatch(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?/?", written.strip().lower())
    if match is None:
        raise ValueError(f"{written[:80]!r} is no origin; write https://www.example.org, with :PORT where it has one")
    scheme, host, port = match.groups()
    return f"{scheme}://{host}" + (
        f":{port}" if port and (scheme, port) not in (("http", "80"), ("https", "443")) else ""
    )


def _network(written: str) -> str:
    try:
        return str(ip_network(written.strip(), strict=False))
    except ValueError:
        raise ValueError(f"{written[:80]!r} is no address and no network; write 10.0.0.2 or 10.0.0.0/24") from None


# As a browser sends it: scheme, host, and a port that is not the scheme's own.
Origin = Annotated[str, AfterValidator(_origin)]
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_listed)]
Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], NoDecode, BeforeValidator(_listed)]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError(f"{name!r} is no time zone; write one as Europe/Berlin, Asia/Shanghai or UTC") from error
    return name


Zone = Annotated[str, AfterValidator(_zone)]


def _database(address: SecretStr) -> SecretStr:
    # Its text may hold a password, and stays out of the message.
    if not re.fullmatch(r"postgresql(\+psycopg)?://\S+", address.get_secret_value()):
        raise ValueError("write postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE")
    return address


def _header_value(secret: SecretStr) -> SecretStr:
    # Its text stays out of the message.
    if not re.fullmatch(r"[!-~]+", secret.get_secret_value()):
        raise ValueError("a token has only ASCII letters, digits and punctuation, and no space or line break")
    return secret


# A part of an address on a Chroma server.
ChromaName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]*$")]

# What stands in for a chat model's answer: one in the articles' own words, or none.
Fallback = Literal["extractive", "abstain"]


class RetrievalSettings(BaseModel, frozen=True):
    """How passages are found. The defaults are measured: evals/LOG.md."""

    k: int = Field(10, ge=1, le=100, description="passages returned where the request does not say")
    lexical_depth: int = Field(100, ge=1, le=2000, description="passages taken from the lexical index")
    dense_depth: int = Field(100, ge=0, le=2000, description="passages taken from the vector index; 0 leaves it out")
    dense_weight: float = Field(0.1, ge=0, le=1, description="share of the dense score in the fused one")
    whole_weight: float = Field(
        1.0, ge=0, le=10, description="what a passage's score for the whole question adds to that for one part of it"
    )
    named_boost: float = Field(
        0.8,
        ge=0,
        le=10,
        description="added to the factor 1 of passages of a named outlet, section or period, and of the words of a named"
        " person, where words are asked for",
    )
    recency_boost: float = Field(0.3, ge=0, le=10, description="the same of the newest, where the latest is asked for")
    recency_half_life_days: float = Field(30.0, gt=0, le=10_000, description="after which that boost is half")


class RerankSettings(BaseModel, frozen=True):
    """What looks once more at the best passages of the search. Where it fails, they stay as the search ranked them."""

    by: str = Field(
        "signals",
        pattern=r"^(signals|none|served:.+|langchain:[\w.]+:\w+)$",
        description="signals, none, served:MODEL, or langchain:package.module:Class, any document compressor",
    )
    depth: int = Field(30, ge=1, le=500, description="passages looked at, of each part of the question")
    url: str = Field("http://127.0.0.1:8000/v1/rerank", pattern="^https?://", description="of served:MODEL")
    key: SecretStr | None = Field(None, description="of served:MODEL, sent as a bearer token")
    options: dict[str, Any] = Field({}, description="what a langchain: class is made with, as JSON")
    deadline_s: float = Field(5.0, gt=0, le=120, description="one question, with retries")
    retries: int = Field(1, ge=0, le=10, description="of served:MODEL, after 429, 5xx or a broken connection")


class EvidenceSettings(BaseModel, frozen=True):
    """What the answerer may read."""

    passages: int = Field(12, ge=1, le=50, description="passages read per question")
    tokens: int = Field(3000, ge=200, le=100_000, description="of them, about as many tokens go to a chat model")
    max_question_chars: int = Field(4000, ge=100, le=20_000)


class ExtractiveSettings(BaseModel, frozen=True):
    """Answers in the articles' own words."""

    precision: float = Field(
        0.54,
        ge=0,
        le=1,
        description="so many of the answers given shall be right, as on the dev sets; the rest abstains. 0: never for this",
    )


class ChatSettings(BaseModel, frozen=True):
    """How a chat model is asked. Temperature is 0 wherever the model takes one."""

    max_tokens: int = Field(1024, ge=16, le=32_000, description="longest answer")
    reasoning_tokens: int = Field(
        4096, ge=0, le=100_000, description="beside the answer's, for models that think before they write"
    )
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high"] | None = Field(
        None, description="for models that take one; none: the provider's default"
    )
    concurrency: int = Field(8, ge=1, le=1000, description="calls under way at the same time; others wait their turn")
    connect_timeout_s: float = Field(10.0, gt=0, le=120)
    first_token_timeout_s: float = Field(60.0, gt=0, le=3600, description="from asking to the first sign of an answer")
    next_token_timeout_s: float = Field(30.0, gt=0, le=600, description="longest silence within an answer")
    deadline_s: float = Field(120.0, gt=0, le=7200, description="one call, with waiting and retries")
    retries: int = Field(2, ge=0, le=10, description="while nothing of the answer has come")
    remembered: int = Field(0, ge=0, le=100_000, description="answers kept, so that the same question costs nothing")
    remembered_s: float = Field(600.0, gt=0, le=86_400, description="for as long, or until a cited article changes")
    support: Literal["weighed", "judged"] = Field(
        "weighed", description="what checks its sentences: features of the words, or the model itself, a call each"
    )
    aptness: Literal["rules", "judged"] = Field(
        "rules", description="what tells an answer from a true sentence beside the question: rules, or the model too"
    )
    fallback: Fallback = Field("extractive", description="where the model fails or nothing that it wrote holds")
    backoff_s: float = Field(0.5, ge=0, le=60, description="longest wait before the first retry; doubled for each more")


class GgufSettings(BaseModel, frozen=True):
    """How a GGUF file is run (`ONRECORD_CHAT_MODEL=gguf:FILE`)."""

    context_tokens: int = Field(8192, ge=512, le=1_000_000, description="prompt and answer together")
    threads: int | None = Field(None, ge=1, le=512, description="none: all processors but one")
    start_timeout_s: float = Field(180.0, gt=0, le=3600, description="reading the file into memory")
    first_token_timeout_s: float = Field(300.0, gt=0, le=3600, description="a processor reads a prompt slowly")
    deadline_s: float = Field(600.0, gt=0, le=7200)


class ServerSettings(BaseModel, frozen=True):
    """Where the service listens, and whom it listens to."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    require_keys: Literal["auto", "always", "never"] = Field(
        "auto",
        description="auto: anywhere but on loopback, and there once a key was made; never: a proxy checks who asks",
    )
    origins: Origins = Field((), description="sites whose pages may call the service: https://www.example.org")
    proxies: Networks = Field((), description="addresses whose X-Forwarded-For and -Proto are believed")
    max_body_mb: float = Field(60, gt=0, description="largest request body, in megabytes")
    frame_ancestors: Origins = Field((), description="sites whose pages may show ours in a frame")
    timeout_s: float = Field(900.0, gt=0, le=86_400, description="one question or reading, to its last byte")


class LimitSettings(BaseModel, frozen=True):
    """How much anybody may ask of the service. Where no key is needed on loopback, only `asks_at_once` holds."""

    key_per_minute: int = Field(600, ge=1, le=1_000_000, description="requests with one key; all may come at once")
    address_per_minute: int = Field(300, ge=1, le=1_000_000, description="requests of one address without a key")
    failures_per_minute: int = Field(20, ge=1, le=1_000_000, description="wrong keys that an address may send")
    asks_at_once: int = Field(128, ge=1, le=100_000, description="questions under way, of all together")


class IngestSettings(BaseModel, frozen=True):
    """How articles are read."""

    max_passage_words: int = Field(160, ge=20, le=1000)
    max_article_chars: int = Field(2_000_000, ge=1000, description="longer bodies are refused")
    batch_articles: int = Field(64, ge=1, le=1000)
    timezone: Zone = Field("UTC", description="the zone of dates that state none, as Europe/Berlin")
    outlet_timezones: dict[str, Zone] = Field(
        {}, description='the same for single outlets, as JSON: {"Der Bote": "Europe/Berlin"}'
    )
    processes: int | None = Field(
        None, ge=0, le=16, description="processes that split articles; none: one core less than there are; 0: no other"
    )


class RaySettings(BaseModel, frozen=True):
    """How `onrecord ingest --ray` uses its cluster."""

    embedders: int | None = Field(
        None,
        ge=1,
        le=1000,
        description="processes that embed; none: one for each node, or for each GPU that is asked for",
    )
    embedder_gpus: float = Field(0.0, ge=0, le=8, description="GPUs that each of them asks for; .5: two share one")
    timeout_s: float = Field(600.0, gt=0, le=86_400, description="longest wait for one piece of work")
    connect_timeout_s: float = Field(10.0, gt=0, le=600, description="longest wait for a cluster's first answer")


class FetchSettings(BaseModel, frozen=True):
    """What may be fetched from the network, and how gently. Lists are written with commas."""

    allowed_hosts: Names = Field(
        (), description="hosts that may be fetched although their address is private: NAME or NAME:PORT, exactly"
    )
    ports: Ports = Field((80, 443, 8080, 8443), description="ports that any host may be fetched from")
    connect_timeout_s: float = Field(10.0, gt=0, le=120)
    read_timeout_s: float = Field(30.0, gt=0, le=600, description="longest silence within a reply")
    total_timeout_s: float = Field(120.0, gt=0, le=3600, description="one reply, from connecting to its last byte")
    max_body_mb: float = Field(50.0, gt=0, le=2000, description="largest body, in megabytes, unpacked")
    max_download_mb: float = Field(
        4000.0,
        gt=0,
        le=1_000_000,
        description="largest file that is named to be ingested, such as a WARC, in megabytes",
    )
    download_timeout_s: float = Field(7200.0, gt=0, le=86_400, description="one such file, to its last byte")
    max_linked_pages: int = Field(
        2000, ge=0, le=100_000, description="most pages fetched for the links of one feed or sitemap"
    )
    follow_files: bool = Field(
        False, description="fetch the pages that feeds and sitemaps link to also where these are files"
    )
    max_redirects: int = Field(10, ge=0, le=50)
    retries: int = Field(2, ge=0, le=10, description="after a broken connection, 429 or 5xx")
    max_retry_after_s: float = Field(30.0, ge=0, le=3600, description="a site that asks for a longer wait is given up")
    host_interval_s: float = Field(1.0, ge=0, le=3600, description="least time between two requests to a host")
    host_connections: int = Field(2, ge=1, le=32, description="requests to a host at the same time")
    max_crawl_delay_s: float = Field(
        30.0, ge=0, le=3600, description="longest Crawl-delay of a robots.txt that is kept"
    )
    obey_robots: bool = True


class WatchSettings(BaseModel, frozen=True):
    """How subscriptions are polled."""

    every_s: int = Field(900, ge=60, le=30 * 86_400, description="between two polls, where a subscription does not say")
    feeds_at_once: int = Field(4, ge=1, le=64)
    max_backoff_s: int = Field(86_400, ge=60, le=30 * 86_400, description="longest wait after failures in a row")
    revisit_days: float = Field(
        7.0, ge=0, le=365, description="how long the linked page of an entry is looked at again; 0: never"
    )


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
    catalog: Annotated[SecretStr, AfterValidator(_database)] | None = Field(
        None, description="a PostgreSQL database that holds the catalog; none: a file in the library's folder"
    )
    lexical: Literal["tantivy", "postgres"] = Field(
        "tantivy",
        description="where the words are: tantivy, in the library's folder, or postgres, beside the catalog there",
    )
    chroma: Annotated[str, Field(pattern=r"^https?://[^/\s@]+$")] | None = Field(
        None, description="a Chroma server that holds the vectors; none: a folder in the library's"
    )
    chroma_token: Annotated[SecretStr, AfterValidator(_header_value)] | None = Field(
        None, description="what that server, or the proxy before it, asks for; Chroma Cloud: its API key"
    )
    chroma_token_header: Literal["authorization", "x-chroma-token"] = Field(
        "authorization", description="where the token is sent, there as a bearer's; Chroma Cloud: x-chroma-token"
    )
    chroma_tenant: ChromaName = "default_tenant"
    chroma_database: ChromaName = Field("default_database", description="of that tenant; both have to be there")
    embedding: str = Field("static", description="static, minilm, or what LangChain's init_embeddings names")
    rights: Path | None = Field(None, description="the policy file: what may be shown and quoted of each outlet; TOML")
    chat_model: str | None = Field(
        None, description="what LangChain's init_chat_model names, or gguf:FILE; none: extractive answers"
    )
    lock_wait_s: float = Field(10.0, ge=0, description="how long a command waits for a library in use")
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    log_format: Literal["text", "json"] = Field("text", description="json: one object a line")
    retrieval: RetrievalSettings = RetrievalSettings()
    rerank: RerankSettings = RerankSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    extractive: ExtractiveSettings = ExtractiveSettings()
    chat: ChatSettings = ChatSettings()
    gguf: GgufSettings = GgufSettings()
    ingest: IngestSettings = IngestSettings()
    ray: RaySettings = RaySettings()
    fetch: FetchSettings = FetchSettings()
    watch: WatchSettings = WatchSettings()
    server: ServerSettings = ServerSettings()
    limits: LimitSettings = LimitSettings()

    @property
    def stored(self) -> bool:
        """Whether there may be a library: False where its folder holds none."""
        return self.catalog is not None or (self.library / "catalog.sqlite").exists()

    @property
    def shared(self) -> bool:
        """Whether all stores are on servers, so that several processes may work on the library at the same time."""
        return self.catalog is not None and self.lexical == "postgres" and self.chroma is not None

    def alone(self) -> Settings:
        """These, with every store in the library's folder: for a library made for one run."""
        return self.model_copy(update={"catalog": None, "lexical": "tantivy", "chroma": None})


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


def unknown_variables(environment: Iterable[str]) -> dict[str, str | None]:
    """The names in it that look like a setting's and are none, with the setting that was likely meant.

    They are no error: Kubernetes gives every pod ONRECORD_SERVICE_HOST and its like beside a service called onrecord.
    """
    known = {name.upper() for name in _names(Settings)}
    begun = {name: name.upper().removeprefix("ONRECORD_") for name in sorted(environment) if is_ours(name)}
    meant = {
        name: next((f"ONRECORD_{near}" for near in get_close_matches(rest, known, 1, 0.8)), None)
        for name, rest in begun.items()
        if rest not in known
    }
    return {name: likely for name, likely in meant.items() if likely or "__" in name}


def is_ours(name: str) -> bool:
    """Whether an environment variable is named as our settings are."""
    return name.upper().startswith("ONRECORD_")


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from (f"{name}__{within}" for within in _names(field.annotation))
