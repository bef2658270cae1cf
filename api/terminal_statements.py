"""Statements and people for a person at a terminal."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.padding import Padding
from rich.text import Text

from api.printable import printable
from api.terminal import console, imprint

_KINDS = {"direct": "", "indirect": " (reported)", "denial": " (denied, or would not say)"}


def show_statements(listed: dict[str, Any]) -> None:
    out = console()
    if listed["speakers"] == []:
        out.print("Nobody of that name or role is quoted in these articles; `onrecord people` lists who is.")
        return
    if not listed["statements"]:
        who = printable(", ".join(listed["speakers"])) if listed["speakers"] else "anybody"
        out.print(Text(f"No statement of {who} is like that."))
    for statement in listed["statements"]:
        speaker = statement["speaker"]
        who = ", ".join(part for part in (speaker["name"], speaker["role"]) if part) if speaker else "not told by whom"
        heading = Text(f"{_day(statement['said_on']) or 'no day'}  ", style="cyan")
        out.print(heading + Text(printable(who), style="bold") + Text(_KINDS[statement["kind"]], style="yellow"))
        out.print(Padding(Text(printable(statement["quote"])), (0, 0, 0, 4)))
        out.print(Padding(Text(printable(imprint(statement["article"])), style="dim"), (0, 0, 1, 4)))
    if listed["next"]:
        out.print(Text(f"the next page: --from '{listed['next']}'", style="dim"))


def show_people(found: dict[str, Any]) -> None:
    out = console()
    if not found["people"]:
        out.print("Nobody of that name or role is quoted in these articles.")
    for person in found["people"]:
        role = f", {person['roles'][0]}" if person["roles"] else ""
        out.print(Text(printable(person["name"]), style="bold") + Text(printable(role)))
        many = f"{person['statements']} statement{'' if person['statements'] == 1 else 's'}"
        days = " to ".join(dict.fromkeys(day for day in (_day(person["first"]), _day(person["last"])) if day))
        outlets = ", ".join(person["outlets"][:4]) + (" and others" if len(person["outlets"]) > 4 else "")
        told = " · ".join(part for part in (many, days, outlets) if part)
        out.print(Padding(Text(printable(told), style="dim"), (0, 0, 0, 4)))


def _day(day: str | None) -> str:
    return date.fromisoformat(day).strftime("%-d %B %Y") if day else ""
