"""Is a run good enough: rules in TOML, each broken only where noise does not explain it.

most_failed = 0                      # cases without a reply
never = ["invalid_spans"]            # these score 0 on every case

[least]                              # the mean may not lie below, with the whole of its interval
"hits@10" = 0.9

[most]                               # nor above
false_answer = 0.3

[may_worsen]                         # against the baseline, by so much at most, with the whole of the paired interval
contained = 0.0
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from evals.cases import in_words
from evals.comparing import common
from evals.metrics.table import METRICS
from evals.scoring import Scores, named
from evals.statistics import Estimate, difference_of_means
from rag.errors import SourceError

# What rounding can make of two equal scores.
_ROUNDING = 1e-6


class Rules(BaseModel):
    """The rules of a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    most_failed: int = Field(0, ge=0)
    never: tuple[str, ...] = ()
    least: dict[str, float] = {}
    most: dict[str, float] = {}
    may_worsen: dict[str, float] = {}

    @field_validator("may_worsen")
    @classmethod
    def _allow_no_less_than_nothing(cls, given: dict[str, float]) -> dict[str, float]:
        if below := [metric for metric, much in given.items() if much < 0]:
            raise ValueError(f"{', '.join(below)}: by how much it may be worse, 0 or more")
        return given


def own_rules() -> Path:
    """The rules that ship with the package, for the golden set."""
    return Path(str(files("evals") / "gate.toml"))


def read_rules(path: Path) -> Rules:
    """Raises SourceError: not TOML, no such rule, no such metric."""
    try:
        rules = Rules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        named([*rules.never, *rules.least, *rules.most, *rules.may_worsen])
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} is not TOML: {error}") from error
    except ValidationError as error:
        raise SourceError(f"{path}: {in_words(error)}") from error
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error
    return rules


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule, the metric it is about (none: the cases themselves), and how it is broken; None where the run keeps to it."""

    rule: str
    metric: str | None
    fault: str | None


def checked(run: Scores, baseline: Scores, rules: Rules) -> list[Checked]:
    """Every rule, in the order of the file. Raises SourceError where the two share no case."""
    return [
        *_missing(run, baseline, rules),
        *_faults(run, rules),
        *_bounds(run, rules),
        *_worse(run, baseline, rules),
    ]


def _missing(run: Scores, baseline: Scores, rules: Rules) -> Iterator[Checked]:
    lost = sorted(set(baseline.cases) - set(run.cases))
    said = f"cases: {len(lost)} of the baseline's {len(baseline.cases)} were not asked ({_few(lost)})"
    yield Checked("cases", None, said if lost else None)
    said = f"most_failed: {len(run.failed)} cases failed, {rules.most_failed} may ({_few(run.failed)})"
    yield Checked("most_failed", None, said if len(run.failed) > rules.most_failed else None)


def _faults(run: Scores, rules: Rules) -> Iterator[Checked]:
    for metric in rules.never:
        scores = run.by_metric[metric]
        bad = [case for case, score in scores.items() if score]
        total = sum(score or 0 for score in scores.values())
        said = f"never: {metric} is {total:g} over {len(bad)} cases, and must be 0 ({_few(bad)})"
        yield Checked("never", metric, said if bad else None)


def _bounds(run: Scores, rules: Rules) -> Iterator[Checked]:
    for metric, bound in rules.least.items():
        found, said = run.estimate(metric), None
        if found is None:
            said = f"least: {metric} scores no case, and must be at least {bound:g}"
        elif found.high < bound - _ROUNDING:
            said = f"least: {metric} is {shown(found)}, and must be at least {bound:g}"
        yield Checked("least", metric, said)
    for metric, bound in rules.most.items():
        found, said = run.estimate(metric), None
        if found is not None and found.low > bound + _ROUNDING:
            said = f"most: {metric} is {shown(found)}, and may be {bound:g} at most"
        yield Checked("most", metric, said)


def _worse(run: Scores, baseline: Scores, rules: Rules) -> Iterator[Checked]:
    cases = common(baseline, run)
    for metric, allowed in rules.may_worsen.items():
        was, now = baseline.on(metric, cases), run.on(metric, cases)
        difference, said = difference_of_means(now, was), None
        if difference is None:
            if before := sum(score is not None for score in was):
                said = f"may_worsen: {metric} scores no case any more; in the baseline {before}"
        else:
            worst = -difference.high if METRICS[metric].better == "higher" else difference.low
            mean = run.estimate(metric, cases)
            assert mean is not None
            if worst > allowed + _ROUNDING:
                said = (
                    f"may_worsen: {metric} is {mean.value:.3f}, {shown(difference, sign=True)} against the baseline, and may be"
                    f" worse by {allowed:g} at most ({_few(_losses(cases, was, now, metric))})"
                )
        yield Checked("may_worsen", metric, said)


def _losses(cases: list[str], was: list[float | None], now: list[float | None], metric: str) -> list[str]:
    sign = 1 if METRICS[metric].better == "higher" else -1
    pairs = zip(cases, was, now, strict=True)
    return [
        case
        for case, w, n in pairs
        if (w is None) != (n is None) or (w is not None and n is not None and sign * (n - w) < 0)
    ]


def shown(found: Estimate, *, sign: bool = False) -> str:
    form = "+.3f" if sign else ".3f"
    return f"{found.value:{form}} [{found.low:{form}}, {found.high:{form}}]"


def _few(cases: list[str] | tuple[str, ...], most: int = 5) -> str:
    return ", ".join(cases[:most]) + (f" and {len(cases) - most} more" if len(cases) > most else "")
