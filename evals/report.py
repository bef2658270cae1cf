"""A run as one HTML file that works offline: figures with intervals, plots, and every case with its citations.

Questions, answers and articles are hostile text: each is escaped, and the page's own policy lets no other script or style
run and nothing be loaded.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from evals import plots
from evals.calibration import calibration, judged, precision_by_coverage, reliability
from evals.cases import tags_of
from evals.comparing import Comparison, Row
from evals.metrics.table import METRICS
from evals.report_cases import case_details
from evals.report_tables import table
from evals.report_verdicts import judged_figures, judged_markdown, sittings
from evals.results import Run
from evals.scoring import Scores
from evals.statistics import Estimate
from evals.verdicts import Verdicts

_TAGS_SHOWN = 18
_BY_TAG = ("contained", "gold_cited", "abstention_recall", "ndcg@10")


@dataclass(frozen=True, slots=True)
class Reported:
    """A run, its scores, and what judges said of it."""

    run: Run
    scores: Scores
    judged: tuple[Verdicts, ...] = ()


@dataclass(frozen=True, slots=True)
class Against:
    """The run before, what judges said of it, and what changed since."""

    run: Run
    scores: Scores
    comparison: Comparison
    judged: tuple[Verdicts, ...] = ()


def html_report(now: Reported, against: Against | None = None) -> str:
    """The whole page. `against` adds what changed since that run."""
    style, script = (_own(name) for name in ("report.css", "report.js"))
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    header = now.run.header
    heard = sittings(now.judged, against.judged if against else ())
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(header.name)}: evaluation</title><style>{style}</style></head><body><main>",
            *_heading(now, against),
            "<h2>Figures</h2>",
            *(_figures(now) if against is None else _changes(against.comparison)),
            f'<p class="soft">Left out, {escape(now.scores.left_out)}.</p>' if now.scores.left_out else "",
            *judged_figures(heard),
            "<h2>Plots</h2>",
            f'<div class="plots">{"".join(_plots(now, against))}</div>',
            "<h2>Cases</h2>",
            *_finder(against),
            *case_details(now.run, now.scores, against.comparison if against else None, heard),
            f"</main><script>{script}</script></body></html>",
        ]
    )


def markdown_report(now: Reported, against: Against | None = None) -> str:
    """The figures, and the first cases that changed, for a pull request."""
    header, failed = now.run.header, len(now.run.failed)
    heard = judged_markdown(sittings(now.judged, against.judged if against else ()))
    lines = [f"### {_plain(header.name)}: {len(now.run.results)} of {header.count} cases, {failed} failed", ""]
    if against is None:
        lines += ["| metric | cases | mean |", "|---|---:|---:|"]
        lines += [
            f"| {name} | {len(now.scores.scored(name))} | {_shown(found)} |" for name, found in _estimates(now.scores)
        ]
        return "\n".join([*lines, *heard]) + "\n"
    comparison = against.comparison
    lines += ["| metric | before | after | difference | wins / losses | |", "|---|---:|---:|---:|---:|---|"]
    lines += [
        f"| {r.metric} | {r.before.value:.3f} | {r.after.value:.3f} | {_shown(r.difference, sign=True)} |"
        f" {r.wins} / {r.losses} | {r.verdict} |"
        for r in comparison.rows
    ]
    lines += ["", f"{len(comparison.changed)} of {comparison.cases} cases changed."]
    lines += [
        f"- `{_plain(c.after.case.id)}` {_plain(c.after.case.question)}: {_moved(c.moved)}"
        for c in comparison.changed[:20]
    ]
    return "\n".join([*lines, *heard]) + "\n"


def _moved(moved: dict[str, tuple[float | None, float | None]]) -> str:
    pairs = [f"{metric} {_number(was)} → {_number(now)}" for metric, (was, now) in moved.items()]
    return ", ".join(pairs[:6]) + (f" and {len(pairs) - 6} more" if len(pairs) > 6 else "") or "other words"


def _number(score: float | None) -> str:
    return "unscored" if score is None else f"{score:.2g}"


def _plain(text: str) -> str:
    """As words in Markdown: on one line, with nothing that makes a link, an image, a table or a tag."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#!|~@" else c for c in " ".join(text.split()))


def _heading(now: Reported, against: Against | None) -> Iterator[str]:
    header, failed = now.run.header, now.run.failed
    yield f"<h1>{escape(header.name)}</h1>"
    yield (
        f'<p class="soft">{len(now.run.results)} of {header.count} cases, {len(failed)} failed; asked of'
        f" {escape(header.target)}, begun {header.started:%-d %B %Y, %H:%M} UTC</p>"
    )
    if against is not None:
        before = against.run.header
        left_out = len(against.comparison.left_out)
        yield (
            f'<p class="soft">Against the run of {before.started:%-d %B %Y, %H:%M} UTC, asked of {escape(before.target)}:'
            f" {against.comparison.cases} cases in both, {len(against.comparison.changed)} of them changed,"
            f" {left_out} left out</p>"
        )
    models = sorted({str(r.reply.model) for r in now.run.results if r.reply and r.reply.model})
    prompts = sorted({prompt for r in now.run.results if r.reply for prompt in r.reply.prompts})
    told = {"asked": header.asked, "service": header.service, "models": models, "prompts": prompts}
    text = escape(json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False, indent=1))
    yield f'<details><summary>How it was asked</summary><div class="case"><pre>{text}</pre></div></details>'


def _figures(now: Reported) -> Iterator[str]:
    yield table("Figures", ("metric", "cases", "mean", "95 % interval"), _figure_rows(now))
    yield '<p class="soft">Means over the cases that a metric scores; intervals of a proportion, else bootstrap.</p>'


def _figure_rows(now: Reported) -> Iterator[str]:
    group = ""
    for name, found in _estimates(now.scores):
        if METRICS[name].group != group:
            group = METRICS[name].group
            yield f'<tr><th colspan="4">{group}</th></tr>'
        yield (
            f"<tr><td>{escape(name)}</td><td>{len(now.scores.scored(name))}</td><td>{found.value:.3f}</td>"
            f"<td>{found.low:.3f} to {found.high:.3f}</td></tr>"
        )


def _changes(comparison: Comparison) -> Iterator[str]:
    heads = ("metric", "before", "after", "after − before", "95 % interval", "wins / losses", "verdict")
    yield table("Changes", heads, _change_rows(comparison))
    yield '<p class="soft">Paired bootstrap intervals over cases; better and worse: the interval leaves 0 out.</p>'


def _change_rows(comparison: Comparison) -> Iterator[str]:
    group = ""
    for row in comparison.rows:
        if METRICS[row.metric].group != group:
            group = METRICS[row.metric].group
            yield f'<tr><th colspan="7">{group}</th></tr>'
        yield _change(row)


def _change(row: Row) -> str:
    cells = (
        f"{row.before.value:.3f}",
        f"{row.after.value:.3f}",
        f"{row.difference.value:+.3f}",
        f"{row.difference.low:+.3f} to {row.difference.high:+.3f}",
        f"{row.wins} / {row.losses}",
        f'<span class="{row.verdict}">{row.verdict}</span>',
    )
    return f"<tr><td>{escape(row.metric)}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _plots(now: Reported, against: Against | None) -> Iterator[str]:
    shown = [metric for metric in _BY_TAG if now.scores.scored(metric)]
    for metric in shown:
        yield from _by_tag(metric, now, against)
    yield from _confidence(now, against)
    times = now.scores.scored("seconds")
    if times:
        before = against.scores.scored("seconds") if against else []
        yield _figure(
            plots.histogram("Seconds to the whole answer", "s", times, before),
            "Seconds from asking to the whole answer. Times of a busy machine say little.",
        )


def _by_tag(metric: str, now: Reported, against: Against | None) -> Iterator[str]:
    cases = [result.case for result in now.run.results]
    bars = []
    for tag in tags_of(cases):
        ids = [case.id for case in cases if tag in case.tags]
        found = now.scores.estimate(metric, ids)
        if found is not None:
            before = against.scores.estimate(metric, ids) if against else None
            bars.append(plots.Bar(tag, len(now.scores.scored(metric, ids)), found, before))
    if bars:
        left = len(bars) - _TAGS_SHOWN
        note = f"; the {left} rarest tags left out" if left > 0 else ""
        yield _figure(
            plots.intervals(f"{metric} by tag", bars[:_TAGS_SHOWN]),
            f"{metric} by tag, with 95 % intervals; in brackets the cases that it scores{note}.",
        )


def _confidence(now: Reported, against: Against | None) -> Iterator[str]:
    lines = []
    for each, name in ((now, "now"), (against, "before")):
        if each is None:
            continue
        answers, stated = judged(each.run.results)
        kept = precision_by_coverage(answers, len(each.run.results))
        tips = tuple(
            f"{k.coverage:.2f} answered, {k.precision:.2f} of them right, from {k.confidence:.3g} on" for k in kept
        )
        lines.append(plots.Line(name, tuple((k.coverage, k.precision) for k in kept), tips, name))
        if stated and name == "now":
            found, error = reliability(answers), calibration(answers)
            points = tuple((b.confidence, b.right) for b in found)
            notes = tuple(f"{b.cases} answers of confidence {b.confidence:.2f}: {b.right:.2f} right" for b in found)
            yield _figure(
                plots.curve(
                    "Reliability", "confidence", "share right", [plots.Line("now", points, notes)], diagonal=True
                ),
                "How often answers of a confidence are right; on the dashed line it means what it says"
                + (f": {error.in_words}." if error else "."),
            )
    if any(line.points for line in lines):
        by = "stated confidence" if judged(now.run.results)[1] else "the margin of the best passage over the next"
        yield _figure(
            plots.curve("Precision against coverage", "share of questions answered", "of these, right", lines),
            f"Were only the surest answers given, by {by}: how many questions would be answered, and how many of these"
            " rightly. An answer to a question without one is wrong.",
        )


def _finder(against: Against | None) -> Iterator[str]:
    marks = {"wrong": "wrong", "abstained": "abstained", "failed": "failed"} | (
        {"changed": "changed"} if against else {}
    )
    boxes = "".join(f'<label><input type="checkbox" value="{mark}"> {name}</label>' for mark, name in marks.items())
    yield (
        '<div class="find"><label for="find">Find</label><input id="find" type="search"'
        f' placeholder="words of question, answer, article, tag, id">{boxes}'
        '<span id="count" class="soft" role="status"></span></div>'
    )


def _estimates(scores: Scores) -> Iterator[tuple[str, Estimate]]:
    for name in scores.by_metric:
        found = scores.estimate(name)
        if found is not None:
            yield name, found


def _shown(found: Estimate, *, sign: bool = False) -> str:
    form = "+.3f" if sign else ".3f"
    return f"{found.value:{form}} [{found.low:{form}}, {found.high:{form}}]"


def _figure(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def _own(name: str) -> str:
    return (files("evals") / "page" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
