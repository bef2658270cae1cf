"""Figures as SVG, drawn with the colours of the page that they stand in. Pure: numbers -> markup.

Every figure has a title for those who cannot see it, and values as tooltips. No text of an article comes in here unescaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from evals.statistics import Estimate

_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a name, how many cases stand behind it, its estimate, and that of the other run, where there is one."""

    name: str
    cases: int
    found: Estimate
    before: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Points `(x, y)` from left to right, each with its tooltip."""

    name: str
    points: tuple[tuple[float, float], ...]
    tips: tuple[str, ...]
    role: str = "now"


def intervals(title: str, bars: Sequence[Bar]) -> str:
    """A row a name: a dot at the mean, a line over its interval; the other run's above, in grey. From 0 to 1."""
    row, left, right = 26, 210, 50
    height = row * len(bars) + 34
    span = _WIDTH - left - right
    parts = [_grid(left, span, height - 24, (0, 0.25, 0.5, 0.75, 1))]
    for n, bar in enumerate(bars):
        middle = n * row + row / 2 + 4
        label = escape(f"{bar.name} ({bar.cases})")
        parts.append(f'<text class="name" x="{left - 10}" y="{middle + 4:g}" text-anchor="end">{label}</text>')
        for found, role, y in (
            (bar.before, "before", middle - 5),
            (bar.found, "now", middle + (5 if bar.before else 0)),
        ):
            if found is None:
                continue
            x, low, high = (left + span * min(1, max(0, v)) for v in (found.value, found.low, found.high))
            tip = escape(f"{bar.name}, {role}: {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]")
            parts.append(
                f'<g class="{role}"><title>{tip}</title><line x1="{low:.1f}" x2="{high:.1f}" y1="{y:g}" y2="{y:g}"/>'
                f'<circle cx="{x:.1f}" cy="{y:g}" r="4"/></g>'
            )
        parts.append(f'<text class="value" x="{_WIDTH - right + 12}" y="{middle + 4:g}">{bar.found.value:.2f}</text>')
    return _svg(title, height, parts)


def curve(title: str, x: str, y: str, lines: Sequence[Line], *, diagonal: bool = False) -> str:
    """Lines over the unit square, with a dot a point; `diagonal` for where the two axes agree."""
    left, top, span, height = 60, 12, 420, 300
    parts = [_grid(left, span, top + height, (0, 0.25, 0.5, 0.75, 1)), _side(left, span, top, height)]
    if diagonal:
        parts.append(f'<line class="even" x1="{left}" y1="{top + height}" x2="{left + span}" y2="{top}"/>')
    for n, line in enumerate(lines):
        at = [(left + span * px, top + height * (1 - py)) for px, py in line.points]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in at)
        dots = "".join(
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5"><title>{escape(tip)}</title></circle>'
            for (px, py), tip in zip(at, line.tips, strict=True)
        )
        parts.append(f'<g class="{line.role}"><polyline points="{path}"/>{dots}</g>')
        parts.append(
            f'<g class="{line.role}"><circle cx="{left + span + 24}" cy="{top + 14 + 22 * n}" r="4"/></g>'
            f'<text class="name" x="{left + span + 36}" y="{top + 18 + 22 * n}">{escape(line.name)}</text>'
        )
    parts.append(
        f'<text class="axis" x="{left + span / 2}" y="{top + height + 38}" text-anchor="middle">{escape(x)}</text>'
    )
    middle = top + height / 2
    parts.append(
        f'<text class="axis" x="14" y="{middle:g}" text-anchor="middle" transform="rotate(-90 14 {middle:g})">'
        f"{escape(y)}</text>"
    )
    return _svg(title, top + height + 48, parts)


def histogram(title: str, unit: str, now: Sequence[float], before: Sequence[float] = (), *, bins: int = 24) -> str:
    """How the values lie, equal bins from 0 to the largest; the other run as an outline. Marks at the median and the 95th."""
    left, top, span, height = 40, 12, 560, 170
    most = max([*now, *before]) or 1.0
    counts, others = _counts(now, most, bins), _counts(before, most, bins)
    tallest = max([*counts, *others, 1])
    wide = span / bins
    parts = []
    for n in range(bins):
        for count, role in ((counts[n], "now"), (others[n], "before")):
            if count:
                tall = height * count / tallest
                tip = escape(f"{n * most / bins:.3g} to {(n + 1) * most / bins:.3g} {unit}: {count} {role}")
                parts.append(
                    f'<rect class="{role}" x="{left + n * wide + 1:.1f}" y="{top + height - tall:.1f}"'
                    f' width="{wide - 2:.1f}" height="{tall:.1f}"><title>{tip}</title></rect>'
                )
    parts.append(f'<line class="base" x1="{left}" x2="{left + span}" y1="{top + height}" y2="{top + height}"/>')
    for share, name in ((0.5, "median"), (0.95, "95th")):
        value = _quantile(now, share)
        x = left + span * value / most
        parts.append(
            f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{top + height}"/>'
            f'<text class="axis" x="{x + 4:.1f}" y="{top + 10 + (14 if share > 0.5 else 0)}">'
            f"{name} {value:.3g} {escape(unit)}</text>"
        )
    for tick in (0, 0.5, 1):
        x = left + span * tick
        parts.append(
            f'<text class="axis" x="{x:g}" y="{top + height + 16}" text-anchor="middle">{most * tick:.3g}</text>'
        )
    return _svg(title, top + height + 24, parts)


def _counts(values: Sequence[float], most: float, bins: int) -> list[int]:
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(bins * value / most))] += 1
    return counts


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _grid(left: float, span: float, bottom: float, ticks: Sequence[float]) -> str:
    return "".join(
        f'<line class="grid" x1="{left + span * t:g}" x2="{left + span * t:g}" y1="4" y2="{bottom:g}"/>'
        f'<text class="axis" x="{left + span * t:g}" y="{bottom + 16:g}" text-anchor="middle">{t:g}</text>'
        for t in ticks
    )


def _side(left: float, span: float, top: float, height: float) -> str:
    return "".join(
        f'<line class="grid" x1="{left}" x2="{left + span}" y1="{top + height * (1 - t):g}" y2="{top + height * (1 - t):g}"/>'
        f'<text class="axis" x="{left - 8}" y="{top + height * (1 - t) + 4:g}" text-anchor="end">{t:g}</text>'
        for t in (0, 0.25, 0.5, 0.75, 1)
    )


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    name = escape(title)
    return f'<svg viewBox="0 0 {_WIDTH} {height:g}" role="img" aria-label="{name}"><title>{name}</title>{"".join(parts)}</svg>'
