"""How long a search and an answer take, step by step, in process and over HTTP, and what a filter costs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from evals.benchmarks.command import serving
from evals.benchmarks.subject import Subject, opened
from evals.benchmarks.tables import Cell, Table, percentile
from rag.answering import Answerer, Request
from rag.composition import make_answerer
from rag.domain import Filters
from rag.library import Library
from rag.settings import Settings

_WARM_UP = 20
_STEPS = ("lexical", "dense", "passages", "retrieval", "evidence", "answer")
_AIMS = {"search": "< 25", "ask": "< 60"}


@dataclass(slots=True)
class _Times:
    """Milliseconds of each step, one value a question; `whole` is the call as its caller sees it."""

    steps: dict[str, list[float]] = field(default_factory=dict)
    answered: int = 0

    def add(self, whole: float, timings: dict[str, float]) -> None:
        for step, took in (timings | {"whole": whole}).items():
            self.steps.setdefault(step, []).append(took)


async def speed(subject: Subject, settings: Settings) -> list[Table]:
    """In process first, then what a filter costs, then over HTTP to a server of its own."""
    async with opened(subject, settings) as (library, held):
        answerer = make_answerer(settings, library)
        for question in subject.questions[:_WARM_UP]:
            await _ask(answerer, question)
        inside = {
            (name, kind): await _timed(call, answerer, questions)
            for name, call in (("search", _search), ("ask", _ask))
            for kind, questions in _kinds(subject)
        }
        filtered = await _filtered(subject, held, answerer, library)
    outside = _over_http(subject, settings.library)
    return [
        _table(f"Time in process, in milliseconds ({held})", subject, inside),
        _table(f"Time over HTTP with a kept connection, in milliseconds ({held})", subject, outside),
        filtered,
    ]


def _kinds(subject: Subject) -> list[tuple[str, Sequence[str]]]:
    return [(kind, questions) for kind, questions in (("long", subject.long), ("short", subject.short)) if questions]


# --- in process ------------------------------------------------------------------------------------------------------

_Call = Callable[[Answerer, str], Awaitable[tuple[dict[str, float], bool]]]


async def _search(answerer: Answerer, question: str, filters: Filters | None = None) -> tuple[dict[str, float], bool]:
    found = await answerer.search(await answerer.understand(Request(question, filters=filters or Filters())))
    return found.timings_ms, bool(found.passages)


async def _ask(answerer: Answerer, question: str) -> tuple[dict[str, float], bool]:
    answer = await answerer.ask(Request(question, mode="extractive"))
    return answer.timings_ms, answer.answered


async def _timed(call: _Call, answerer: Answerer, questions: Sequence[str]) -> _Times:
    times = _Times()
    for question in questions:
        started = time.perf_counter()
        timings, answered = await call(answerer, question)
        times.add(_ms(started), timings)
        times.answered += answered
    return times


# --- over HTTP -------------------------------------------------------------------------------------------------------


def _over_http(subject: Subject, library: Path) -> dict[tuple[str, str], _Times]:
    bodies = {"search": "query", "ask": "question"}
    with serving(library) as server, httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        for question in subject.questions[:_WARM_UP]:
            _post(client, "ask", {"question": question, "mode": "extractive"}, _Times())
        times: dict[tuple[str, str], _Times] = {}
        for name, field_name in bodies.items():
            more = {"mode": "extractive"} if name == "ask" else {}
            for kind, questions in _kinds(subject):
                for question in questions:
                    _post(client, name, {field_name: question} | more, times.setdefault((name, kind), _Times()))
        return times


def _post(client: httpx.Client, name: str, body: dict[str, str], times: _Times) -> None:
    started = time.perf_counter()
    reply = client.post(f"/v1/{name}", json=body)
    whole = _ms(started)
    printed = reply.raise_for_status().json()
    times.add(whole, printed["timings_ms"])
    times.answered += bool(printed.get("answered", printed.get("results")))


# --- filters ---------------------------------------------------------------------------------------------------------


async def _filtered(subject: Subject, held: str, answerer: Answerer, library: Library) -> Table:
    """Each question is searched without a filter and with each of them in turn, so that all meet the same machine."""
    filters = {"none": Filters()} | await _filters(library)
    sizes = {name: (await library.articles(filters=each, limit=1)).total for name, each in filters.items()}
    times: dict[str, list[float]] = {name: [] for name in filters}
    for question in subject.questions:
        for name, each in filters.items():
            started = time.perf_counter()
            await _search(answerer, question, each)
            times[name].append(_ms(started))
    plain = times["none"]
    rows = []
    for name, took in times.items():
        p50, p95 = percentile(took, 50), percentile(took, 95)
        rows.append((name, sizes[name], p50, p95, p50 / percentile(plain, 50), p95 / percentile(plain, 95), "<= 2"))
    return Table(
        "Search with a filter, in process, in milliseconds",
        f"{len(plain)} questions; {held}",
        ("filter", "articles", "p50", "p95", "p50 / none", "p95 / none", "aim"),
        tuple(rows),
        digits=2,
    )


async def _filters(library: Library) -> dict[str, Filters]:
    """Filters narrow and wide, made from what the library holds."""
    page = await library.articles(filters=Filters(), limit=100_000)
    outlets = Counter(article.outlet for article in page.articles if article.outlet).most_common()
    sections = Counter(article.section for article in page.articles if article.section).most_common(1)
    days = sorted(article.published_at for article in page.articles if article.published_at)
    made = {}
    if outlets:
        made[f"outlet {outlets[-1][0]}"] = Filters(outlets=(outlets[-1][0],))
        made[f"outlet {outlets[0][0]}"] = Filters(outlets=(outlets[0][0],))
    if days:
        middle = days[len(days) // 2]
        month = datetime(middle.year, middle.month, 1, tzinfo=UTC)
        after = (month + timedelta(days=32)).replace(day=1)
        made[f"month {month:%Y-%m}"] = Filters(published_after=month, published_before=after)
        made["all but the first tenth"] = Filters(published_after=days[len(days) // 10])
    if sections:
        made[f"section {sections[0][0]}"] = Filters(sections=(sections[0][0],))
    return made


# --- shown -----------------------------------------------------------------------------------------------------------


def _table(title: str, subject: Subject, times: dict[tuple[str, str], _Times]) -> Table:
    kinds = [kind for kind, _ in _kinds(subject)]
    rows: list[tuple[Cell, ...]] = []
    for name in dict.fromkeys(name for name, _ in times):
        each = [times[name, kind] for kind in kinds]
        rows.append((name, *_cells([one.steps["whole"] for one in each]), _AIMS[name]))
        steps = [step for step in _STEPS if step in each[0].steps]
        rows.extend((f"    {step}", *_cells([one.steps[step] for one in each]), "") for step in steps)
    answered = ", ".join(f"{times['ask', kind].answered} of {len(asked)} {kind}" for kind, asked in _kinds(subject))
    return Table(
        title,
        ", ".join(f"{len(asked)} {kind} questions" for kind, asked in _kinds(subject)),
        ("", *(f"{kind} {p}" for kind in kinds for p in ("p50", "p95")), "aim p50"),
        tuple(rows),
        digits=2,
        notes=(
            "lexical and dense run side by side; retrieval holds them and passages; evidence and answer follow",
            f"answered (not abstained): {answered}",
        ),
    )


def _cells(lists: Sequence[Sequence[float]]) -> list[float]:
    return [percentile(values, q) for values in lists for q in (50, 95)]


def _ms(started: float) -> float:
    return (time.perf_counter() - started) * 1000
