"""A judge's verdicts in a report: a table of each judge, and a line a metric with each case. Everything is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from evals.judging import Worth, scores_of, worth
from evals.report_tables import table
from evals.statistics import Estimate, difference_of_means
from evals.verdicts import Judgement, Judging, Verdicts

_HEADS = ("metric", "mean", "95 % interval", "cases", "unscored", "failed", "apart", "moved")


@dataclass(frozen=True, slots=True)
class Sitting:
    """A judge's verdicts on a run, and on the run before where the same judge judged both by the same prompts."""

    now: Verdicts
    before: Verdicts | None = None

    def moved_since(self, metric: str) -> Estimate | None:
        """After less before over the cases of both; None where there is no before, or it shares no scored case."""
        if self.before is None:
            return None
        was, now = (
            {case: sum(scores) / len(scores) for case, scores in scores_of(each.judgements, metric).items()}
            for each in (self.before, self.now)
        )
        both = sorted(was.keys() & now.keys())
        return difference_of_means([now[case] for case in both], [was[case] for case in both]) if both else None


def sittings(now: Sequence[Verdicts], before: Sequence[Verdicts] = ()) -> tuple[Sitting, ...]:
    """Each judge of the run with what it said of the run before."""
    earlier = {(each.by.judge, each.by.prompts): each for each in before}
    return tuple(Sitting(each, earlier.get((each.by.judge, each.by.prompts))) for each in now)


def judged_figures(found: Sequence[Sitting]) -> Iterator[str]:
    """A table a judge; nothing where nobody judged."""
    if not found:
        return
    yield "<h2>What a judge says</h2>"
    for sitting in found:
        heads = _HEADS + (("after − before", "95 % interval") if sitting.before else ())
        yield f"<h3>{_named(sitting.now.by)}</h3>"
        yield table(f"Judged by {sitting.now.by.judge}", heads, _figure_rows(sitting))
    yield (
        '<p class="soft">A model’s opinion, on the cases that it was asked about; no rule of the gate rests on it. Unscored: the'
        " case lacks what the metric needs. Failed: the judge gave no usable reply. Neither counts as 0. Apart: the mean"
        " difference between its verdicts on the same case; moved: the cases where it is more than a tenth.</p>"
    )


def _figure_rows(sitting: Sitting) -> Iterator[str]:
    for metric in sitting.now.metrics:
        cells = [*_cells(worth(sitting.now.judgements, metric))]
        if sitting.before:
            cells += _interval(sitting.moved_since(metric), sign=True)
        yield f"<tr><td>{escape(metric)}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def judged_markdown(found: Sequence[Sitting]) -> list[str]:
    """The same as lines of Markdown; names are the judge's own and are shown as code."""
    lines: list[str] = []
    for sitting in found:
        by, since = sitting.now.by, sitting.before is not None
        names = f"{_code(by.judge)}, prompts of {_code(by.prompts)}"
        lines += ["", f"Judged by {names} (a model's opinion; no gate rests on it):", ""]
        lines.append(f"| metric | mean | cases | unscored | failed | apart | moved |{' difference |' if since else ''}")
        lines.append(f"|---|---:|---:|---:|---:|---:|---:|{'---:|' if since else ''}")
        for metric in sitting.now.metrics:
            each = worth(sitting.now.judgements, metric)
            cells = [_code(metric), _bracketed(each.mean), *map(str, (each.cases, each.unscored, each.failed))]
            cells += _repeated(each)
            cells += [_bracketed(sitting.moved_since(metric), sign=True)] if since else []
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def case_verdicts(found: Sequence[Sitting], case: str) -> str:
    """What each judge said of a case; empty where none was asked about it."""
    return "".join(_of_case(sitting.now, case) for sitting in found)


def _of_case(verdicts: Verdicts, case: str) -> str:
    by_metric: dict[str, list[Judgement]] = {}
    for each in sorted((each for each in verdicts.judgements if each.case == case), key=lambda each: each.time):
        by_metric.setdefault(each.metric, []).append(each)
    if not by_metric:
        return ""
    rows = "".join(
        f"<li>{escape(metric)} {escape(_together([_said(each) for each in made]))}{_apart(made)}</li>"
        for metric, made in by_metric.items()
    )
    return f'<h3>Judged by {_named(verdicts.by)}</h3><ul class="scores">{rows}</ul>'


def _together(said: Sequence[str]) -> str:
    """The verdicts in turn, or once where they are all the same."""
    if len(said) > 1 and len(set(said)) == 1:
        return f"{said[0]}, {len(said)} times"
    return ", then ".join(said)


def _said(made: Judgement) -> str:
    if made.failure is not None:
        return f"failed ({made.failure})"
    return f"{made.score:.3g}" if made.score is not None else "unscored"


def _apart(made: Sequence[Judgement]) -> str:
    scores = [each.score for each in made if each.score is not None]
    between = max(scores) - min(scores) if scores else 0.0
    return f' <span class="fault">{between:.3g} apart</span>' if between else ""


def _cells(found: Worth) -> Iterator[str]:
    yield from _interval(found.mean)
    yield from (str(found.cases), str(found.unscored), str(found.failed))
    yield from _repeated(found)


def _repeated(found: Worth) -> tuple[str, str]:
    return ("–" if found.apart is None else f"{found.apart:.3f}", "–" if found.moved is None else str(found.moved))


def _interval(found: Estimate | None, *, sign: bool = False) -> tuple[str, str]:
    form = "+.3f" if sign else ".3f"
    return (f"{found.value:{form}}", f"{found.low:{form}} to {found.high:{form}}") if found else ("unscored", "")


def _bracketed(found: Estimate | None, *, sign: bool = False) -> str:
    value, between = _interval(found, sign=sign)
    return f"{value} [{between.replace(' to ', ', ')}]" if found else value


def _named(by: Judging) -> str:
    return f"<bdi>{escape(by.judge)}</bdi>, prompts of <bdi>{escape(by.prompts)}</bdi>"


def _code(text: str) -> str:
    return f"`{' '.join(text.split()).replace('`', '').replace('|', '')}`"
