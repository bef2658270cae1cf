"""The policy file: a TOML table for each outlet, and one named `*` for those without.

    ["*"]
    quote_words = 60

    ["The Harbour Post"]
    quote_words = 25          # most words of one citation
    full_text = false         # whether the reader and GET /v1/articles/{id} show the whole text
    expires_after_days = 30   # from publication
    embargo_hours = 6         # from publication
    show = true               # false: never found, never cited

An outlet's table starts from what `*` says, key by key.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from rag.errors import SettingsError
from rag.rights import ANY_OUTLET, Policy, Rights, outlet_key

_RIGHT = {
    "show": "true or false",
    "full_text": "true or false",
    "quote_words": "a whole number of words, 1 or more",
    "expires_after_days": "a number of days above 0",
    "embargo_hours": "a number of hours above 0",
}


def read_rights(path: Path | None) -> Rights:
    """The policies in the file; none where no file is named.

    Raises:
        SettingsError: the file, an outlet or a key is wrong; the text names it and says what would be right.
    """
    if path is None:
        return Rights()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"ONRECORD_RIGHTS={path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}") from error
    for outlet, table in tables.items():
        if not isinstance(table, dict):
            raise SettingsError(f'{path}: {outlet} stands outside a table; write it under ["OUTLET"] or ["*"]')
    general = _checked(tables.get(ANY_OUTLET, {}), f'{path}: ["{ANY_OUTLET}"]')
    policies = {ANY_OUTLET: Policy(**general)} if general else {}
    named: dict[str, str] = {}
    for outlet, table in tables.items():
        if outlet == ANY_OUTLET:
            continue
        key = outlet_key(outlet)
        if key in named:
            raise SettingsError(f"{path}: {outlet!r} and {named[key]!r} are one outlet; keep one table")
        named[key] = outlet
        policies[key] = Policy(**general | _checked(table, f'{path}: ["{outlet}"]'))
    return Rights(policies)


def _checked(table: dict[str, Any], where: str) -> dict[str, Any]:
    known = [each.name for each in fields(Policy)]
    for name, value in table.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(known)}"
            raise SettingsError(f"{where} has an unknown key {name}; {meant}")
        if not _is_right(name, value):
            raise SettingsError(f"{where} {name} = {value!r} should be {_RIGHT[name]}")
    return table


def _is_right(name: str, value: object) -> bool:
    if name in ("show", "full_text"):
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if name == "quote_words":
        return isinstance(value, int) and value >= 1
    return isinstance(value, int | float) and math.isfinite(value) and 0 < value <= 100_000
