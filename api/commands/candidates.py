"""`onrecord eval new-cases | from-feedback`: cases for a person to accept."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.client import RefusedError, call
from api.commands.evaluated import model_of
from api.commands.running import print_json, run_async, service, settings_of
from api.evaluation_terminal import RunBar
from api.printable import printable
from evals.by_ragas.writing import Written, written_cases
from evals.cases import Case, GoldEvidence, write_cases
from evals.from_feedback import Said, cases_from
from evals.new_cases import new_cases as by_rule
from evals.running import chosen
from ingest.fields import article_from_fields
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.adapters.weighed_support import WeighedSupport
from rag.domain import Article
from rag.errors import InputError, SourceError
from rag.settings import Settings

if TYPE_CHECKING:
    import httpx


def new_cases(arguments: argparse.Namespace) -> int:
    """By rule; where a model is named, written by it."""
    if bool(arguments.url) != bool(arguments.model):
        raise InputError("a model that writes cases needs both: --url http://host:port/v1 --model NAME")
    out = _new(arguments.out)
    articles = run_async(_articles(settings_of(arguments), arguments))
    if not articles:
        raise SourceError("the library has no article to make cases of; `onrecord ingest` fills it")
    if not arguments.model:
        return _candidates(by_rule(articles, limit=arguments.limit, seed=arguments.seed), out, arguments)
    made = run_async(_written(articles, arguments))
    for each in made.failed:
        print(printable(f"failed: {each}"), file=sys.stderr)
    for question in made.unsupported:
        print(printable(f"dropped, the articles do not bear out its answer: {question}"), file=sys.stderr)
    return _candidates(made.cases, out, arguments)


async def _written(articles: list[Article], arguments: argparse.Namespace) -> Written:
    vectors = WordVectorCache(StaticEmbeddings())
    async with model_of(arguments) as model:
        with RunBar(arguments.model) as progress:
            return await written_cases(
                articles,
                model,
                WeighedSupport(vectors),
                vectors,
                limit=arguments.limit,
                seed=arguments.seed,
                on_progress=progress,
            )


def from_feedback(arguments: argparse.Namespace) -> int:
    out = _new(arguments.out)
    cases = cases_from(run_async(_said(settings_of(arguments))))
    if not cases:
        raise SourceError("no feedback to make cases of: POST /v1/feedback {answer_id, verdict, note} keeps it")
    return _candidates(cases, out, arguments)


def _new(named: str) -> Path:
    out = Path(named)
    if out.exists():
        raise SourceError(f"{out} is there already: name another --out, or delete it")
    return out


def _candidates(cases: tuple[Case, ...], out: Path, arguments: argparse.Namespace) -> int:
    if not cases:
        raise SourceError("nothing in these articles made a case; --seed draws others")
    write_cases(cases, out)
    kinds = Counter(case.tags[-1] for case in cases)
    if arguments.json:
        print_json({"candidates": str(out), "cases": len(cases), "kinds": dict(kinds)})
        return 0
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    print(f"{out}: {len(cases)} candidates ({told}); read each, take off the tag `candidate` of what you keep")
    return 0


async def _said(settings: Settings) -> list[Said]:
    """All feedback of the library, with the words that the answers pointed at."""
    found: list[Said] = []
    async with service(settings) as client:
        after: int | None = 0
        while after is not None:
            page = await call(client, "GET", "/v1/feedback", params={"after": after})
            for each in page["feedback"]:
                cited = [await _read_again(client, pointed) for pointed in each["pointed"]]
                names = ("answer_id", "verdict", "note", "request", "answered")
                found.append(Said(**{name: each[name] for name in names}, cited=tuple(filter(None, cited))))
            after = page["next"]
    return found


async def _read_again(client: httpx.AsyncClient, pointed: dict[str, Any]) -> GoldEvidence | None:
    """The words there; None where they are withdrawn or no longer shown."""
    at = {name: pointed[name] for name in ("revision", "start", "end")}
    try:
        cited = await call(client, "GET", f"/v1/articles/{pointed['article_id']}/citation", params=at)
    except RefusedError:
        return None
    return GoldEvidence(article=pointed["article_id"], url=cited["article"]["url"], quote=cited["quote"])


async def _articles(settings: Settings, arguments: argparse.Namespace) -> list[Article]:
    """As many articles, drawn by the seed, as the candidates need; those whose whole text may not be shown are left out."""
    async with service(settings) as client:
        ids, after = list[str](), None
        while True:
            page = await call(
                client, "GET", "/v1/articles", params={"limit": 500} | ({"after": after} if after else {})
            )
            ids += [article["id"] for article in page["articles"]]
            if (after := page["next"]) is None:
                break
        drawn = chosen(sorted(ids), limit=arguments.limit, seed=arguments.seed)
        found = [await call(client, "GET", f"/v1/articles/{number}") for number in drawn]
    return [article_from_fields(each, article_id=each["id"]) for each in found if each["body"]]
