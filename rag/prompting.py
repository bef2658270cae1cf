"""The texts of `rag/prompts/`: one file a call to a chat model, its two messages parted by a line `---`.

A prompt's version is a digest of its file, so that an answer can say which words it was asked with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template

from rag.chatting import Message


@dataclass(frozen=True, slots=True)
class Prompt:
    """One call: what never changes comes first, so that a provider can keep it."""

    name: str
    version: str
    system: str
    user: Template

    def messages(self, values: Mapping[str, str]) -> tuple[Message, Message]:
        """Raises KeyError where the template names what is not given: a mistake of ours."""
        return Message("system", self.system), Message("user", self.user.substitute(values))


@cache
def prompt(name: str) -> Prompt:
    """The prompt of that name."""
    text = (resources.files("rag") / "prompts" / f"{name}.md").read_text(encoding="utf-8")
    system, _, user = text.partition("\n---\n")
    version = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Prompt(name, f"{name}-{version}", system.strip(), Template(user.strip()))
