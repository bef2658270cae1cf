"""A stream of text kept within bounds: whole characters, an end at the stop words, no more than so much. Pure."""

from __future__ import annotations

from collections.abc import Sequence


class Cutter:
    """Feed it pieces and release what it gives back, until `ended` says why nothing more is to come.

    Not every provider keeps to `stop` and to its limit of tokens, and some send half a surrogate pair at a time.
    """

    def __init__(self, *, stop: Sequence[str], most_chars: int) -> None:
        self.ended: str | None = None
        self._stop = tuple(word for word in stop if word)
        self._left = most_chars
        self._held = ""

    def feed(self, piece: str) -> str:
        """What may be shown now: all but an end that a stop word or a character may have begun with."""
        if self.ended:
            return ""
        text = self._held + piece
        found = [at for word in self._stop if (at := text.find(word)) >= 0]
        if found:
            self.ended = "stop"
            self._held = ""
            return self._within_limit(text[: min(found)])
        keep = len(text) - self._held_back(text)
        self._held = text[keep:]
        return self._within_limit(text[:keep])

    def rest(self) -> str:
        """What was held back, once the stream is over."""
        text, self._held = self._held, ""
        return "" if self.ended else self._within_limit(text)

    def _held_back(self, text: str) -> int:
        """How much of the end could be the beginning of a stop word, or is half a character."""
        longest = max((len(word) for word in self._stop), default=1) - 1
        for length in range(min(longest, len(text)), 0, -1):
            if any(word.startswith(text[-length:]) for word in self._stop):
                return length
        return 1 if text and "\ud800" <= text[-1] <= "\udbff" else 0

    def _within_limit(self, text: str) -> str:
        if len(text) > self._left:
            text, self.ended = text[: self._left], "length"
        self._left -= len(text)
        if any("\ud800" <= character <= "\udfff" for character in text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text
