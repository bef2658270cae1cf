"""A table of the report: wider than a phone, it scrolls by itself, also from the keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def table(name: str, heads: Sequence[str], rows: Iterable[str]) -> str:
    """`rows` are whole `<tr>` elements, escaped where they were made; `name` is what a screen reader calls the table."""
    columns = "".join(f"<th>{escape(head)}</th>" for head in heads)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(name)}"><table><thead><tr>{columns}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
