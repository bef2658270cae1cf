"""The cases of a report: question, answer, citations marked in their passages, verdicts. Everything is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from evals.comparing import Changed, Comparison
from evals.metrics.table import METRICS, Verdicts
from evals.report_verdicts import Sitting, case_verdicts
from evals.results import Citation, Reply, Result, Run
from evals.scoring import Scores

_MARKER = re.compile(r"\[\d+\]")


def case_details(
    run: Run, scores: Scores, comparison: Comparison | None, heard: Sequence[Sitting] = ()
) -> Iterator[str]:
    """One folded block a case, by id; `data-marks` is what the page's filters look at."""
    changed = {each.after.case.id: each for each in comparison.changed} if comparison else {}
    for result in sorted(run.results, key=lambda each: each.case.id):
        yield _case(result, scores, changed.get(result.case.id), case_verdicts(heard, result.case.id))


def _case(result: Result, scores: Scores, changed: Changed | None, judged: str) -> str:
    case = result.case
    marks = " ".join(_marks(result, scores, changed))
    state = "".join(
        f'<span class="{"fault" if mark in ("wrong", "failed") else "soft"}"> {mark}</span>' for mark in marks.split()
    )
    tags = "".join(f'<span class="tag">{escape(tag)}</span>' for tag in case.tags)
    verdicts = scores.verdicts.get(case.id)
    parts = [f"<div>{tags}</div>", _asked(result), _gold(result)]
    if changed is not None:
        parts.append(
            f'<div class="pair"><div><h3>Before</h3>{_answer(changed.before, None)}</div>'
            f"<div><h3>Now</h3>{_answer(result, verdicts)}</div></div>{_moved(changed)}"
        )
    else:
        parts.append(f"<h3>Answer</h3>{_answer(result, verdicts)}")
    parts.append(_citations(result))
    parts.append(_scores(result, scores))
    parts.append(judged)
    return (
        f'<details data-case data-marks="{marks}"><summary><span class="state">{state}</span>'
        f'<span class="id">{escape(case.id)}</span><bdi>{escape(case.question)}</bdi></summary>'
        f'<div class="case">{"".join(parts)}</div></details>'
    )


def _marks(result: Result, scores: Scores, changed: Changed | None) -> Iterator[str]:
    if result.reply is None:
        yield "failed"
    elif not result.reply.answered:
        yield "abstained"
    if is_wrong(result, scores):
        yield "wrong"
    if changed is not None:
        yield "changed"


def is_wrong(result: Result, scores: Scores) -> bool:
    """Whether a right answer was missed, one was given where there is none, or a citation is at fault."""
    of = {metric: by_case.get(result.case.id) for metric, by_case in scores.by_metric.items()}
    bad = (
        "false_answer",
        "false_abstention",
        "stale",
        "misled",
        "invalid_spans",
        "dangling_pointers",
        "loose_quotations",
    )
    return of.get("contained") == 0 or any(of.get(metric) for metric in bad)


def _asked(result: Result) -> str:
    case = result.case
    said = "".join(
        f"<blockquote>{escape(turn.role)}: {escape(turn.content)}</blockquote>" for turn in case.conversation
    )
    limits = [f"as of {case.as_of:%-d %B %Y}"] if case.as_of else []
    limits += [f"{name}: {value}" for name, value in case.filters.items()]
    return said + (f'<p class="soft">{escape("; ".join(limits))[:600]}</p>' if limits else "")


def _gold(result: Result) -> str:
    case = result.case
    if case.answerable is False:
        return '<p class="soft">There is no answer to it in the articles.</p>'
    if not case.answers:
        return ""
    wrong = f"; not {escape(' / '.join(case.wrong))}" if case.wrong else ""
    quotes = "".join(
        f"<blockquote>{escape(fact.quote)}<br>{escape(fact.url or fact.article or '')}</blockquote>"
        for fact in case.evidence
    )
    return f'<p class="soft">Right: <bdi>{escape(" / ".join(case.answers))}</bdi>{wrong}</p>{quotes}'


def _answer(result: Result, verdicts: Verdicts) -> str:
    reply = result.reply
    if reply is None:
        return f'<p class="fault">No reply: {escape(result.failure or "")}</p>'
    if not reply.answered:
        return f'<p class="soft">No answer ({escape(reply.reason or "")}): <bdi>{escape(reply.detail or "")}</bdi></p>'
    if not reply.claims:
        return f"<p><bdi>{escape(reply.text)}</bdi></p>"
    return "".join(_claim(reply, n, verdicts) for n in range(len(reply.claims)))


def _claim(reply: Reply, n: int, verdicts: Verdicts) -> str:
    claim = reply.claims[n]
    markers = "".join(f"[{number}]" for number in claim.citations)
    verdict = ""
    if verdicts is not None and n < len(verdicts):
        found = verdicts[n]
        words = "borne out" if found.whole else "not borne out"
        spare = [number for number in found.cited if found.whole and not found.needs(number)]
        more = f"; of no use: {', '.join(map(str, spare))}" if spare else ""
        verdict = f' <span class="{"soft" if found.whole else "fault"}">{words} ({found.score:.2f}){more}</span>'
    return f"<p><bdi>{escape(_MARKER.sub('', claim.text))}</bdi> {markers}{verdict}</p>"


def _citations(result: Result) -> str:
    if result.reply is None or not result.reply.citations:
        return ""
    return "<h3>Cited</h3>" + "".join(_cited(citation, result.reply) for citation in result.reply.citations)


def _cited(citation: Citation, reply: Reply) -> str:
    day = f"{citation.published_at:%-d %B %Y}" if citation.published_at else None
    source = ", ".join(part for part in (citation.title, citation.outlet, day, citation.speaker) if part)
    fault = ""
    if citation.stands is not None and citation.stands != citation.quote:
        fault = f'<p class="fault">At its span the article has: <bdi>{escape(citation.stands)}</bdi></p>'
    span = f" [{citation.start}, {citation.end})" if citation.start is not None else ""
    return (
        f'<p>[{citation.number}] <bdi>{escape(source or citation.url or "")}</bdi><span class="soft">{span}</span></p>'
        f"<blockquote>{_in_passage(citation, reply)}</blockquote>{fault}"
    )


def _in_passage(citation: Citation, reply: Reply) -> str:
    """The quote marked in the passage that holds it, else in the words around it."""
    quote = citation.quote or ""
    for passage in reply.passages or ():
        if passage.article == citation.article and quote and (at := passage.text.find(quote)) >= 0:
            before, after = passage.text[:at], passage.text[at + len(quote) :]
            return f"{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}"
    return f"{escape(citation.before)}<mark>{escape(quote)}</mark>{escape(citation.after)}"


def _moved(changed: Changed) -> str:
    pairs = [f"{metric} {_number(was)} → {_number(now)}" for metric, (was, now) in changed.moved.items()]
    return f'<p class="scores">{escape("; ".join(pairs) or "same scores, other words")}</p>'


def _scores(result: Result, scores: Scores) -> str:
    of = {metric: scores.by_metric[metric].get(result.case.id) for metric in scores.by_metric}
    by_group: dict[str, list[str]] = {}
    for metric, score in of.items():
        if score is not None:
            by_group.setdefault(METRICS[metric].group, []).append(f"{metric} {score:.3g}")
    lines = (f'<p class="scores">{group}: {escape(", ".join(pairs))}</p>' for group, pairs in by_group.items())
    return "".join(lines)


def _number(score: float | None) -> str:
    return "unscored" if score is None else f"{score:.3g}"
