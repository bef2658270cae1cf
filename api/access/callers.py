"""Whoever makes a request, as the door has found out."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from rag.keys import SCOPES, Scope

# Where the caller stands in an ASGI scope: no client can write there.
IN_SCOPE = "onrecord.caller"
# The caller of the request under way, for what it asks of the application in turn (the tools for agents).
CALLER: ContextVar[Caller] = ContextVar("onrecord.caller")


@dataclass(frozen=True, slots=True)
class Caller:
    """`id` is the key's, also where a token of the key came."""

    kind: Literal["command line", "key", "token", "anyone"]
    scopes: frozenset[Scope]
    id: str = ""
    name: str = ""
    address: str = ""

    @property
    def who(self) -> str:
        return self.id or self.kind


def command_line() -> Caller:
    """Who may read the library's folder may do everything."""
    return Caller("command line", frozenset(SCOPES))


def anyone(address: str, scopes: frozenset[Scope] = frozenset(SCOPES)) -> Caller:
    return Caller("anyone", scopes, address=address)
