"""A question within a conversation -> one that stands alone, written by the chat model.

What it writes is kept only where it is a question of the same conversation: a name that nobody said is the model's own,
or an article's, and the rules of `questions` then do the work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import aclosing

from rag.chatting import ChatModel, Finished
from rag.domain import Turn
from rag.errors import ProviderError
from rag.numbering import shown_line
from rag.prompting import prompt
from rag.terms import is_stopword, words

_MOST_TURNS = 6
_LONGEST_TURN = 600
_LONGEST_QUESTION = 400
_MAX_TOKENS = 80
_MARKERS = re.compile(r"\s*\[\d+(?:[.,\s\d-]*)\]")


async def standalone(question: str, conversation: Sequence[Turn], chat: ChatModel) -> str | None:
    """The question with what it refers to; None where the model fails or writes anything else."""
    said = "\n".join(f"{turn.role}: {_short(turn.content)}" for turn in conversation[-_MOST_TURNS:])
    messages = prompt("condense").messages({"conversation": said, "question": _short(question)})
    try:
        async with aclosing(chat.stream(messages, max_tokens=_MAX_TOKENS, stop=("\n",))) as stream:
            pieces = [piece async for piece in stream if not isinstance(piece, Finished)]
    except ProviderError:
        return None  # the answer's own call will say what is wrong, where it is
    written = " ".join("".join(pieces).split()).strip('"“” ')
    return written if _is_of(written, question, said) else None


def _is_of(written: str, question: str, said: str) -> bool:
    """Whether it is a question about what was said: every name and number in it was said before."""
    if not 0 < len(written) <= _LONGEST_QUESTION:
        return False
    known = {word.stem for word in words(f"{said} {question}")}
    own = [word for word in words(written) if not is_stopword(word.text)]
    named = [word for n, word in enumerate(own) if word.text[0].isdigit() or (n > 0 and word.text[0].isupper())]
    kept = {word.stem for word in words(question) if not is_stopword(word.text)}
    return all(word.stem in known for word in named) and (not kept or bool(kept & {word.stem for word in own}))


def _short(text: str) -> str:
    """One line, without the markers of citations, cut at a word."""
    plain = shown_line(_MARKERS.sub("", text))
    return plain if len(plain) <= _LONGEST_TURN else plain[:_LONGEST_TURN].rsplit(" ", 1)[0]
