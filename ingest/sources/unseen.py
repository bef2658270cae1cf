"""Markup that a page's readers never see, taken out before its text is read: `hidden`, and what inline styles hide.

Style sheets are not read. An element that holds most of the page's text stays: a script will show it.
"""

from __future__ import annotations

import re
from typing import Any

_SIGNS = re.compile(r"\bhidden\b|\bstyle\s*=|\bbgcolor\s*=", re.IGNORECASE)
_ZERO = re.compile(r"0*\.?0*(?:px|pt|em|rem|%)?")
_FAR_OFF = re.compile(r"-\d{4,}(?:\.\d+)?(?:px|pt|em|rem)?")
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"})
_MOST_SHARE = 0.5


def may_hide(html: str) -> bool:
    """Whether the markup has anything that can hide text; most has not."""
    return _SIGNS.search(html) is not None


def drop_unseen(root: Any) -> bool:
    """Take what is hidden out of an lxml tree, in place; whether anything was."""
    most = _MOST_SHARE * len(" ".join(root.itertext()))
    unseen = [
        element
        for element in root.iter()
        if isinstance(element.tag, str) and _is_hidden(element) and len(" ".join(element.itertext())) < most
    ]
    for element in unseen:
        if element.getparent() is not None:
            element.drop_tree()
    return bool(unseen)


def _is_hidden(element: Any) -> bool:
    if "hidden" in element.attrib and element.get("hidden").lower() != "until-found":
        return True
    style = _style(element)
    return bool(style) and (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or any(_ZERO.fullmatch(style.get(name, "1")) for name in ("opacity", "font-size"))
        or any(_FAR_OFF.fullmatch(style.get(name, "")) for name in ("left", "top", "right", "text-indent"))
        or _has_no_colour(element, style)
    )


def _has_no_colour(element: Any, style: dict[str, str]) -> bool:
    """Whether its text has the colour of what is behind it; where nothing is stated, that is white."""
    colour = _colour(style.get("color", ""))
    if not colour or colour == "transparent":
        return colour == "transparent"
    behind = element
    while behind is not None:
        stated = _style(behind)
        background = stated.get("background-color") or stated.get("background") or behind.get("bgcolor") or ""
        if background:
            return _colour(background.lower()) == colour
        behind = behind.getparent()
    return colour == "white"


def _colour(value: str) -> str:
    return "white" if value in _WHITE else value


def _style(element: Any) -> dict[str, str]:
    """The inline style: names and values in small letters, without blanks and `!important`."""
    pairs = (each.partition(":") for each in (element.get("style") or "").lower().split(";"))
    return {name.strip(): re.sub(r"\s|!important", "", value) for name, _, value in pairs if value.strip()}
