"""Keys: who may do what, and the port to where they are kept.

A key is random (256 bits), so that a plain SHA-256 of it cannot be turned back: the slow hashes that passwords need would
only make every request slow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, get_args

# Each stands for itself: `write` does not read, and `admin` makes keys but reads no article.
Scope = Literal["ask", "read", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Key:
    """A key without the key itself: `digest` is its SHA-256 in hex; `token_secret` signs the tokens that it mints."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    digest: str = field(repr=False)
    token_secret: str = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def state(self, now: datetime) -> Literal["active", "expired", "revoked"]:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


class KeyStore(Protocol):
    """Keeps keys; none is ever deleted. Blocking: call on a thread. Raises StorageError."""

    def all(self) -> Sequence[Key]:
        """Also the revoked ones, the oldest first."""
        ...

    def add(self, key: Key) -> None: ...

    def revoke(self, key_id: str, at: datetime) -> bool:
        """False where there is none of that id, or it is revoked already."""
        ...

    def used(self, when: Mapping[str, datetime]) -> None:
        """Note when each was last used."""
        ...
