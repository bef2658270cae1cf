"""Curves over the size of a library, both axes logarithmic, as SVG files that stand by themselves. Pure: figures -> markup."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 720, 380, 70, 40, 210, 50
_COLOURS = ("#1b6ca8", "#c2571a", "#3a7d44", "#8a3ea0", "#8a6d00", "#a8324a")
# Read on a light page and on a dark one.
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.g{stroke:#8884}.t{font-weight:600;font-size:15px}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)

Figures = Sequence[Mapping[str, Any]]
_Line = tuple[str, list[tuple[float, float]]]


def plots(named: Mapping[str, Figures]) -> dict[str, str]:
    """Each plot's name and its SVG; a line for every measure and every name of stores."""
    return {
        "scale-times": _plot("Milliseconds of a call over HTTP, 95th percentile", "ms", _lines(named, _most)),
        "scale-costs": _plot("Memory and disk, megabytes", "MB", _lines(named, _space)),
        "scale-fill": _plot("Passages a second, as the library grew", "passages/s", _lines(named, _filled)),
    }


def _most(grown: Mapping[str, Any]) -> dict[str, float]:
    return {name: p95 for name, (_, p95) in grown["times"].items()}


def _space(grown: Mapping[str, Any]) -> dict[str, float]:
    return {
        "server's memory": grown["memory_mb"],
        **{f"{name}, disk": mb for name, mb in grown["disk_mb"].items() if mb},
    }


def _filled(grown: Mapping[str, Any]) -> dict[str, float]:
    return {"filled": grown["filled_per_s"]} if grown["filled_per_s"] else {}


def _lines(named: Mapping[str, Figures], values: Callable[[Mapping[str, Any]], dict[str, float]]) -> list[_Line]:
    lines: dict[str, list[tuple[float, float]]] = {}
    for name, sizes in named.items():
        for grown in sizes:
            for what, value in values(grown).items():
                label = what if len(named) == 1 else f"{what} ({name})"
                lines.setdefault(label, []).append((grown["passages"], value))
    return list(lines.items())


def _plot(title: str, unit: str, lines: Sequence[_Line]) -> str:
    """Points with a value of 0 or less have no place on these axes, and are left out."""
    points = [point for _, line in lines for point in line if min(point) > 0]
    if not points:
        return _svg(title, [])
    xs, ys = _axis([x for x, _ in points]), _axis([y for _, y in points])
    span, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def at(x: float, y: float) -> tuple[float, float]:
        return _LEFT + span * _share(x, xs), _TOP + height * (1 - _share(y, ys))

    parts = [
        *(_tick_x(at(tick, ys[0])[0], tick) for tick in _ticks(xs)),
        *(_tick_y(at(xs[0], tick)[1], tick) for tick in _ticks(ys)),
        f'<text x="{_LEFT + span / 2}" y="{_HEIGHT - 12}" text-anchor="middle">passages</text>',
        f'<text x="16" y="{_TOP - 14}">{escape(unit)}</text>',
    ]
    for n, (name, line) in enumerate(lines):
        colour = _COLOURS[n % len(_COLOURS)]
        dash = ' stroke-dasharray="6 4"' if n >= len(_COLOURS) else ""
        places = [(*at(*point), point) for point in line if min(point) > 0]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
        dots = "".join(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}">'
            f"<title>{escape(name)}: {point[1]:,.1f} {escape(unit)} at {point[0]:,.0f}</title></circle>"
            for x, y, point in places
        )
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>{dots}')
        beside = _TOP + 8 + 20 * n
        parts.append(
            f'<line x1="{_WIDTH - _RIGHT + 16}" x2="{_WIDTH - _RIGHT + 36}" y1="{beside}" y2="{beside}" stroke="{colour}"'
            f' stroke-width="2"{dash}/><text x="{_WIDTH - _RIGHT + 42}" y="{beside + 4}">{escape(name)}</text>'
        )
    return _svg(title, parts)


def _axis(values: Sequence[float]) -> tuple[float, float]:
    return 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values) * 1.0001))


def _share(value: float, axis: tuple[float, float]) -> float:
    low, high = map(math.log10, axis)
    return (math.log10(value) - low) / (high - low)


def _ticks(axis: tuple[float, float]) -> list[float]:
    low, high = (round(math.log10(end)) for end in axis)
    every = [factor * 10.0**power for power in range(low, high) for factor in (1, 2, 5)] + [10.0**high]
    return every if len(every) <= 10 else [tick for tick in every if math.log10(tick).is_integer()]


def _tick_x(x: float, value: float) -> str:
    bottom = _HEIGHT - _BOTTOM
    return (
        f'<line class="g" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>'
        f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{_short(value)}</text>'
    )


def _tick_y(y: float, value: float) -> str:
    return (
        f'<line class="g" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>'
    )


def _short(value: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _svg(title: str, parts: Sequence[str]) -> str:
    name = escape(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{name}">'
        f"<title>{name}</title><style>{_STYLE}</style>"
        f'<text class="t" x="{_LEFT}" y="20">{name}</text>{"".join(parts)}</svg>\n'
    )
