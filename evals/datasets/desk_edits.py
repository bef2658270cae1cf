"""What desks do to a text that they carry, and texts that only look alike. Pure; the same seed gives the same texts.

Each edit takes a body of several paragraphs and a body of another article, and gives a near-copy of the first. The other
way round: a newer story that takes over an older one's background, and items filled into one form (markets, matches,
weather, stars), are stories of their own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from types import MappingProxyType

from rag.sentences import sentence_spans

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_LIGHTLY = {
    "said": "stated", "about": "around", "also": "too", "after": "following", "before": "ahead of", "big": "large",
    "many": "a lot of", "told": "informed", "more than": "over", "because": "since", "but": "yet", "however": "still",
    "will": "is to", "people": "persons", "announced": "made known", "new": "fresh", "last": "past", "according to": "as per",
    "percent": "per cent", "officials": "authorities", "killed": "left dead", "help": "assist", "show": "demonstrate",
}  # fmt: skip
_PLAIN = re.compile(rf"\b(?:{'|'.join(_LIGHTLY)})\b")
_AGENCIES = ("Fenwick Wire", "Meridian Wire", "Northern News Agency")
_NAMES = ("Ada Thorne", "Tom Reed", "Ida Quill", "Jo Marsh", "Bo Stern", "Merle Anstey", "Karl Oduya", "Nina Falk")

Edit = Callable[[random.Random, str, str], str]


def paragraphs(body: str) -> list[str]:
    """The paragraphs; of a body that is one line, three sentences each."""
    found = [part for part in body.split("\n") if part.strip()]
    if len(found) >= 4:
        return found
    sentences = [span.of(body) for span in sentence_spans(body, "en")]
    return [" ".join(sentences[n : n + 3]) for n in range(0, len(sentences), 3)]


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts)


def _cut(chance: random.Random, body: str, other: str) -> str:
    """From the end, as a page has room: between two fifths and four fifths stay."""
    parts = paragraphs(body)
    return _joined(parts[: max(1, round(len(parts) * chance.uniform(0.4, 0.8)))])


def _reordered(chance: random.Random, body: str, other: str) -> str:
    first, *rest = paragraphs(body)
    chance.shuffle(rest)
    return _joined([first, *rest])


def _credited(chance: random.Random, body: str, other: str) -> str:
    agency, name = chance.choice(_AGENCIES), chance.choice(_NAMES)
    end = f"Reporting by {name} in Lower Fenwick; writing by {chance.choice(_NAMES)}; editing by the night desk."
    return _joined([f"By {name}", f"LOWER FENWICK ({agency}) —", *paragraphs(body), end, f"(c) {agency}"])


def _figures(chance: random.Random, body: str, other: str) -> str:
    """A later version of the text: a third of its figures are others now."""
    return _FIGURE.sub(lambda found: str(chance.randint(2, 999)) if chance.random() < 1 / 3 else found.group(), body)


def _lead(chance: random.Random, body: str, other: str) -> str:
    """The lead in other words, and shorter by its last clause."""
    first, *rest = paragraphs(body)
    return _joined([_reworded(chance, first.rpartition(", ")[0] or first, 1.0), *rest])


def _house_style(chance: random.Random, body: str, other: str) -> str:
    """A word here and there, over the whole text."""
    return _reworded(chance, body, 0.3)


def _reworded(chance: random.Random, text: str, share: float) -> str:
    return _PLAIN.sub(lambda found: _LIGHTLY[found.group()] if chance.random() < share else found.group(), text)


def _merged(chance: random.Random, body: str, other: str) -> str:
    """With a sidebar of a third of its length at the end."""
    room = len(body.split()) // 3
    return _joined([*paragraphs(body), " ".join(other.split()[:room])])


def _desk(chance: random.Random, body: str, other: str) -> str:
    """All at once, as a busy desk does: credited, cut, the lead reworded, a figure corrected."""
    return _credited(chance, _lead(chance, _cut(chance, _figures(chance, body, other), other), other), other)


EDITS: MappingProxyType[str, Edit] = MappingProxyType(
    {
        "new headline": lambda chance, body, other: body,
        "cut from the end": _cut,
        "paragraphs reordered": _reordered,
        "byline and agency lines": _credited,
        "changed figures": _figures,
        "reworded lead": _lead,
        "house style": _house_style,
        "merged with a sidebar": _merged,
        "several at once": _desk,
    }
)


def newer_story(chance: random.Random, body: str, other: str) -> str:
    """A story of its own (`other`), which ends with the last quarter of an older one as its background."""
    background = paragraphs(body)
    return _joined([*paragraphs(other), *background[-max(1, len(background) // 4) :]])


_FORMS = {
    "market report": (
        "Shares in {town} closed {way} on {day} as investors weighed {thing} against {other}. The {town} index {moved} {n}"
        " points, or {p} percent, to {m}.\n\nBanks led the {way2}, with {name} & Sons {moved} {p} percent. Volume was {m}"
        " million shares, compared with an average of {m} million over the last thirty days.\n\n“The market is looking at"
        " {thing},” said {name}, an analyst at {name2} Brokers. “Until {other} is settled, nobody will want to take risks.”"
        "\n\nThe crown traded at {p} to the dollar, {way} from {p} late on {day2}. Oil for delivery next month {moved} {n}"
        " cents to {m} dollars a barrel. Ten-year bonds yielded {p} percent."
    ),
    "match report": (
        "{town} beat {town2} {p}-{n} on {day} in front of {m} spectators. {name} opened the scoring in the {n}th minute after"
        " a pass from {name2}.\n\nThe visitors levelled through {name3} before half time, but {name} struck again from {n}"
        " metres. The referee, {name2}, showed {n} yellow cards.\n\n“We played with patience today,” said {town} coach {name3}."
        " “The boys have earned a day off.”\n\n{town} are now {n}th in the table with {m} points from {n} matches, while {town2}"
        " remain {n}th. The next match for {town} is at home to {town3} on {day2}."
    ),
    "weather": (
        "{day} will be {sky} in {town}, with highs of {n} degrees on the coast and {n} in the hills. Winds from the {side} will"
        " reach {m} kilometres an hour.\n\nThe night will be {sky2}, with lows of {n} degrees. There is a {m} percent chance"
        " of rain in {town2}, and fog may form in the valleys around {town3}.\n\nOn {day2} it will turn {sky2}, the weather"
        " service said. Highs will be {n} to {n} degrees. Sunrise is at {n}:{m} and sunset at {n}:{m}. High water in the"
        " harbour of {town} is at {n}:{m}."
    ),
    "stars": (
        "Aries: {thing} asks for your patience on {day}. Say what you want, and {name} will listen. Lucky number: {n}.\n\n"
        "Taurus: A letter about {other} brings good news from {town}. Keep your money together until {day2}. Lucky number: {n}."
        "\n\nGemini: You will meet somebody who knows about {thing}. Do not be shy. Lucky number: {n}.\n\nCancer: Home is where"
        " {other} waits for you. A quiet evening on {day} does you good. Lucky number: {n}.\n\nLeo: {thing} puts you in the first"
        " row. Share the praise with {name2}. Lucky number: {n}.\n\nVirgo: Put {other} in order before {day2}, and rest after."
        " Lucky number: {n}."
    ),
    "earnings": (
        "{name} & Sons, the {town} maker of {thing}, on {day} reported net profit of {m} million crowns for the third quarter,"
        " {way} from {m} million a year earlier.\n\nRevenue {moved} {p} percent to {m} million crowns, helped by demand for"
        " {other} in {town2}. Analysts had expected {m} million.\n\n“We are on track,” chief executive {name2} said in a"
        " statement. The company expects revenue of {m} to {m} million crowns for the year, and will open {n} shops in {town3}."
        "\n\nIts shares {moved} {p} percent to {n} crowns. The company employs {m} people."
    ),
}  # fmt: skip
_SLOTS = {
    "town": ("Fenwick", "Sarn", "Tarvia", "Orsay", "Hallin", "Marsk", "Kelso", "Varde"),
    "thing": ("the grain harvest", "interest rates", "patience", "the port strike", "glass", "old debts", "sails"),
    "other": ("the budget", "wool prices", "a long trip", "the election", "lamps", "ropes", "the new tax"),
    "name": tuple(name.split()[1] for name in _NAMES),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "way": ("higher", "lower", "mixed", "flat"),
    "moved": ("rose", "fell", "slipped", "gained", "added", "lost"),
    "sky": ("sunny", "cloudy", "windy", "rainy", "grey", "bright"),
    "side": ("north", "south-west", "east", "north-west"),
}
_SLOT = re.compile(r"\{([a-z]+)\d?\}")


def form_item(chance: random.Random, kind: str) -> str:
    """An item of a form that `FORMS` names, filled by chance: every slot anew."""

    def filled(slot: re.Match[str]) -> str:
        if slot[1] == "n":
            return str(chance.randint(2, 28))
        if slot[1] == "m":
            return str(chance.randint(30, 59))
        if slot[1] == "p":
            return f"{chance.randint(0, 9)}.{chance.randint(1, 9)}"
        return chance.choice(_SLOTS[slot[1]])

    return _SLOT.sub(filled, _FORMS[kind])


FORMS = tuple(_FORMS)
