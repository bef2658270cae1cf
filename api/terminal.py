"""Answers, passages and articles for a person at a terminal; plain text where stdout is none."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.printable import printable

_CONTEXT_CHARS = 80
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|„[^„“”]*[“”]|»[^«»]*«|「[^「」]*」|『[^『』]*』")


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Rich would end the program with exit code 1; a reader that has gone (`| head`) is no failure."""
        raise BrokenPipeError


def console() -> Console:
    return _Console(highlight=False, soft_wrap=False)


def show_understood(query: dict[str, Any]) -> None:
    """What was read out of the question, in a line for a person to see; nothing where that is nothing special."""
    out = console()
    said = [*query["outlets"], *(f"section {name}" for name in query["sections"]), *query["people"]]
    said += [_period(period) for period in _periods(query)]
    said += [f"{name}, as the library spells it" for name in query["spelling"]]
    said += ["the latest"] if query["latest"] else []
    said += [f"{len(query['parts'])} parts"] if len(query["parts"]) > 1 else []
    if said and out.is_terminal:
        out.print(_plain(f"Understood: {' · '.join(said)}\n", "dim"))


def _periods(query: dict[str, Any]) -> list[dict[str, Any]]:
    found = [query["period"], *(part["period"] for part in query["parts"])]
    return [period for n, period in enumerate(found) if period and period not in found[:n]]


def _period(period: dict[str, Any]) -> str:
    after, before = _day(period["after"]), _last_day(period["before"])
    days = after if after == before else " to ".join(day for day in (after, before) if day)
    return f"{period['words']} ({'' if after else 'until '}{days}{'' if before else ' on'})"


def _last_day(before: str | None) -> str | None:
    moment = datetime.fromisoformat(before) - timedelta(microseconds=1) if before else None
    return _day(moment.isoformat()) if moment else None


def show_answer(answer: dict[str, Any]) -> None:
    out = console()
    if answer["degraded"]:
        instead = (
            " In the articles’ own words instead." if answer["answered"] and answer["mode"] == "extractive" else ""
        )
        out.print(_plain(f"Reduced service: {answer['degraded']['reason']}{instead}\n", "yellow"))
    if not answer["answered"]:
        out.print(Text("Not in these articles. ", style="bold yellow") + _plain(answer["abstention"]["detail"]))
        nearest = answer.get("evidence") or []
        if nearest:
            out.print(Text("\nNearest, not an answer:", style="dim"))
            for passage in nearest[:3]:
                out.print(Padding(Text(f"· {imprint(passage['article'])}", style="dim"), (0, 0, 0, 2)))
        return
    for claim in answer["claims"]:
        text = _plain(claim["text"])
        text.highlight_regex(_QUOTED, style="bold")
        text.append(" " + "".join(f"[{number}]" for number in claim["citations"]), style="cyan")
        out.print(text)
    out.print()
    for citation in answer["citations"]:
        out.print(Text(f"[{citation['number']}] ", style="cyan") + _plain(imprint(citation["article"])))
        quote = Text(printable(_ending(citation["before"])), style="dim")
        quote.append(printable(citation["quote"]), style="reverse" if out.is_terminal else "")
        quote.append(printable(_beginning(citation["after"])), style="dim")
        out.print(Padding(quote, (0, 0, 0, 4)))
        if citation["article"]["url"]:
            out.print(Padding(Text(printable(citation["article"]["url"]), style="dim underline"), (0, 0, 0, 4)))


def show_passages(results: list[dict[str, Any]]) -> None:
    out = console()
    if not results:
        out.print("No passage matches.")
    for passage in results:
        out.print(Text(f"{passage['rank']}. ", style="cyan") + _plain(imprint(passage["article"]), "bold"))
        out.print(Padding(_plain(passage["text"]), (0, 0, 1, 3)))


def show_articles(page: dict[str, Any]) -> None:
    out = console()
    for article in page["articles"]:
        out.print(Text(f"{article['id']}  ", style="cyan") + _plain(imprint(article)))
    shown = len(page["articles"])
    more = f"; the next page: --from '{page['next']}'" if page["next"] else ""
    out.print(Text(f"{shown} of {page['total']} articles{more}", style="dim"))


def show_article(article: dict[str, Any]) -> None:
    out = console()
    out.print(_plain(article["title"], "bold"))
    details = [
        article["outlet"],
        _day(article["published_at"]),
        ", ".join(article["authors"]),
        f"revision {article['revision']}",
    ]
    out.print(Text(printable(" · ".join(part for part in details if part)), style="dim"))
    if article["url"]:
        out.print(Text(printable(article["url"]), style="dim underline"))
    out.print()
    if article["body"] is None:
        out.print(Text("The outlet's policy does not let the whole text be shown.", style="dim"))
    else:
        out.print(_plain(article["body"]))


def show_revisions(listed: dict[str, Any]) -> None:
    out = console()
    for revision in listed["revisions"]:
        current = ", current" if revision["current"] else ""
        heading = Text(f"revision {revision['revision']}{current}  ", style="cyan")
        out.print(heading + _plain(f"{_day(revision['recorded_at'])} — {revision['title']}"))
        for change in revision["changes"]:
            old, new = change["old"], change["new"]
            place = f"[{old['start']}, {old['end']}) → [{new['start']}, {new['end']})"
            out.print(Padding(Text(place, style="dim"), (0, 0, 0, 4)))
            for sign, words, style in (("− ", change["removed"], "red"), ("+ ", change["added"], "green")):
                if words and words.strip():
                    out.print(Padding(_plain(sign + words.strip(), style), (0, 0, 0, 6)))


def _ending(text: str) -> str:
    """The last words of the context, whole ones."""
    if len(text) <= _CONTEXT_CHARS:
        return text
    cut = text[-_CONTEXT_CHARS:]
    return "… " + (cut.partition(" ")[2] or cut)


def _beginning(text: str) -> str:
    if len(text) <= _CONTEXT_CHARS:
        return text
    cut = text[:_CONTEXT_CHARS]
    return (cut.rpartition(" ")[0] or cut) + " …"


def imprint(article: dict[str, Any]) -> str:
    """ "Title — Outlet, 25 July 2025 (also in ...)"."""
    parts = [article["outlet"], _day(article["published_at"])]
    told = ", ".join(part for part in parts if part)
    also = article.get("also_in") or []
    copies = f" (also in {', '.join(also)})" if also else ""
    return f"{article['title']}{' — ' if told else ''}{told}{copies}"


def _day(moment: str | None) -> str | None:
    return datetime.fromisoformat(moment).strftime("%-d %B %Y") if moment else None


def _plain(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style)
