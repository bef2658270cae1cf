"""A run -> the score of every metric on every case.

What has no score stays None: a case that failed, a question without an answer where answers are compared. No mean counts it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evals.by_ragas.loading import missing
from evals.metrics.table import METRICS, Verdicts
from evals.results import Run
from evals.statistics import Estimate, bootstrap_interval, proportion_interval
from evals.supporting import verdicts
from rag.errors import SettingsError, SourceError
from rag.support import Support

_FORMAT = "onrecord-scores-1"
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Scores:
    """`by_metric[metric][case]`, metrics in the table's order; `failed` are the cases without a reply.

    `left_out` says which metrics of those asked for could not be computed, and why.
    """

    name: str
    cases: tuple[str, ...]
    failed: tuple[str, ...]
    by_metric: dict[str, dict[str, float | None]]
    verdicts: dict[str, Verdicts] = field(default_factory=dict)
    left_out: str | None = None

    def on(self, metric: str, cases: Sequence[str]) -> list[float | None]:
        """The metric's scores on these cases, in their order."""
        scores = self.by_metric.get(metric, {})
        return [scores.get(case) for case in cases]

    def estimate(self, metric: str, cases: Sequence[str] | None = None) -> Estimate | None:
        """Its mean with a 95 % interval, over the cases that it scores; None where it scores none.

        Where every score is 0 or 1 it is a proportion's: a bootstrap of five 1s would be sure of itself.
        """
        scored = self.scored(metric, cases)
        if not scored:
            return None
        if all(each in (0, 1) for each in scored):
            return proportion_interval(int(sum(scored)), len(scored))
        return bootstrap_interval(scored)

    def scored(self, metric: str, cases: Sequence[str] | None = None) -> list[float]:
        return [score for score in self.on(metric, cases or self.cases) if score is not None]


async def score(run: Run, support: Support, metrics: Iterable[str] = ()) -> Scores:
    """The scores of a run by these metrics, all where none is named. Raises as `named` does."""
    wanted = tuple(metrics)
    chosen, reason = named(wanted), missing()
    judged = {result.case.id: await verdicts(result, support) for result in run.results}
    return Scores(
        name=run.header.name,
        # Sorted: the order in which cases happened to end must not move an interval.
        cases=tuple(sorted(result.case.id for result in run.results)),
        failed=tuple(result.case.id for result in run.results if result.reply is None),
        by_metric={
            metric: {
                result.case.id: await METRICS[metric](result.case, result, judged[result.case.id])
                for result in run.results
                if result.reply is not None
            }
            for metric in chosen
        },
        verdicts=judged,
        left_out=f"ragas' own metrics: {reason}" if reason and not wanted else None,
    )


def named(metrics: Iterable[str]) -> list[str]:
    """The metrics of these names or groups, in the table's order; for none all that can be computed.

    Raises SourceError where there is no such metric, SettingsError where one that is named cannot be computed.
    """
    wanted = set(metrics)
    groups = {metric.group for metric in METRICS.values()}
    if unknown := wanted - set(METRICS) - groups:
        raise SourceError(
            f"no such metric: {', '.join(sorted(unknown))}; there are {', '.join(METRICS)}, and the groups"
            f" {', '.join(sorted(groups))}"
        )
    found = [name for name, metric in METRICS.items() if not wanted or {name, metric.group} & wanted]
    reason = missing()
    if reason and wanted and (lacking := [name for name in found if METRICS[name].group == "ragas"]):
        raise SettingsError(f"{', '.join(lacking)}: {reason}")
    return [name for name in found if not reason or METRICS[name].group != "ragas"]


def write_scores(scores: Scores, path: Path) -> None:
    """As a baseline to keep: one JSON document without answers; costs, which differ from machine to machine, left out."""
    kept = {
        metric: {case: None if score is None else round(score, _DIGITS) for case, score in by_case.items()}
        for metric, by_case in scores.by_metric.items()
        if METRICS[metric].group != "cost" and any(score is not None for score in by_case.values())
    }
    head = {"format": _FORMAT, "name": scores.name, "cases": scores.cases, "failed": scores.failed}
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
    metrics = [f"{json.dumps(metric)}: {json.dumps(dict(sorted(by.items())))}" for metric, by in kept.items()]
    lines.append('"metrics": {\n' + ",\n".join(metrics) + "\n}")
    # A line a metric, so that a change of the baseline can be read.
    path.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


def read_scores(path: Path) -> Scores:
    """What `write_scores` wrote. Raises SourceError."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != _FORMAT:
            raise ValueError(f"its format is {document['format']!r}, not {_FORMAT!r}")
        return Scores(document["name"], tuple(document["cases"]), tuple(document["failed"]), document["metrics"])
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            f"{path} holds no scores ({error}); `onrecord eval gate RUN --baseline FILE --accept` writes them"
        ) from error


def is_scores(path: Path) -> bool:
    """Whether the file holds scores rather than a run, by its beginning."""
    try:
        with path.open("rb") as file:
            return _FORMAT.encode() in file.read(200)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error


def default_support() -> Support:
    """The support check that needs no model."""
    from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
    from rag.adapters.weighed_support import WeighedSupport

    return WeighedSupport(WordVectorCache(StaticEmbeddings()))
