"""Where an article says who somebody is: "Agnes Torvald, the governor of ...", "the hospital's director, Samuel Okoro". Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from rag import wording
from rag.candidates import text_of
from rag.citations import Draft
from rag.domain import Reading
from rag.speech.vocabulary import ROLE_NOUNS, TITLES

# After the name: "is a judge", ", the governor", ", 19, who", ", Tarvia's minister", ", chief economist at".
_IS_AFTER = re.compile(
    r"^\s+(?:is|was|became|has been|had been)\s+(?:an?|the|his|her|its|their|[\w’'-]+['’]s)\s", re.IGNORECASE
)
_BESIDE_AFTER = re.compile(
    r"^,\s+(?:\d+,\s+)?(?:(?:an?|the|his|her|its|their|who|whose|one of)\s|[A-Z][\w’'-]*['’]s\s"
    r"|(?:[a-z-]+\s+){1,4}(?:of|at|for|with)\s)"
)
# Before it, "Governor " and "the hospital's director, ": so many words may stand between, as a first name does.
_MOST_BETWEEN = 3
_IS, _BESIDE, _BEFORE = 3, 2, 1


def find_introduction(
    names: Sequence[str], readings: Iterable[Reading], may_answer: Callable[[Reading, int], bool]
) -> Draft | None:
    """The first sentence of those that say most plainly who bears one of the names; None where none does.

    `readings` come best first; `may_answer` tells which of their sentences may be shown.
    """
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    best: tuple[int, Reading, int] | None = None
    for reading in readings:
        for n in range(len(reading.sentences)):
            found = _introduces(named, text_of(reading, n, n))
            if found > (best[0] if best else 0) and may_answer(reading, n):
                best = (found, reading, n)
    return wording.reported(best[1], best[2], best[2]) if best else None


def _introduces(named: re.Pattern[str], sentence: str) -> int:
    """How plainly a sentence says who the one named is; 0 where it does not."""
    return max((_worth(sentence[: m.start()], sentence[m.end() :]) for m in named.finditer(sentence)), default=0)


def _worth(before: str, after: str) -> int:
    if _IS_AFTER.match(after):
        return _IS
    if _BESIDE_AFTER.match(after):
        return _BESIDE
    for word in reversed(before.split()[-_MOST_BETWEEN - 1 :]):
        if word.strip(",").lower() in ROLE_NOUNS | TITLES:
            return _BESIDE if word.endswith(",") else _BEFORE
        if not word[:1].isupper():
            break
    return 0
