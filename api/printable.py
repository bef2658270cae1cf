"""Text that a terminal may be shown. Pure."""

from __future__ import annotations

import re

# What a terminal would obey (escape sequences, cursor control) never reaches it: article text and file names are not ours.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with a replacement character for each control character but newline and tab."""
    return _CONTROL.sub("\ufffd", text)
