"""What every script here starts from: where the service is, what is asked, and checks that are printed and counted.

Each script runs in an environment of its own, with its client installed and nothing of ours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

URL = os.environ["ONRECORD_URL"]
KEY = os.environ.get("ONRECORD_KEY", "none is needed")
QUESTION = "what did Peskov say about a summit?"
WORDS = "A summit can and must be the full stop at the end of the settlement"
# Its answer stands behind characters that UTF-16 counts twice.
ASTRAL = "When does the lighthouse café open?"
SEVERAL = "What did ministers say?"
UNANSWERABLE = "Who won the chess match on the moon?"
IMAGE = [
    {"type": "text", "text": "What is this?"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
]

_failed: list[str] = []


def check(what: str, held: object, detail: object = "") -> None:
    print(f"  {'ok  ' if held else 'FAIL'} {what}" + (f": {detail}" if detail != "" else ""))
    if not held:
        _failed.append(what)


def raises(what: str, kind: type[BaseException] | tuple[type[BaseException], ...], call: Callable[[], object]) -> None:
    """The client's own exception of that kind, with our words in it."""
    try:
        call()
    except kind as error:
        check(what, True, f"{type(error).__name__}: {' '.join(str(error).split())[:110]}")
    except Exception as error:
        check(what, False, f"{type(error).__name__}: {error}")
    else:
        check(what, False, "nothing was raised")


def marks(text: str, places: Iterable[tuple[int, int]]) -> list[str]:
    """What stands at the annotations' offsets; Python counts code points, as OpenAI and we do."""
    return [text[start:end] for start, end in places]


def numbered(found: list[str]) -> bool:
    """Whether all are citation markers, at least one."""
    return bool(found) and all(mark.startswith("[") and mark.endswith("]") and mark[1:-1].isdigit() for mark in found)


def finish() -> None:
    sys.exit(1 if _failed else 0)
