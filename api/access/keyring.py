"""The keys, in memory: read once and written through; where other processes make and revoke keys too, read anew after each."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from rag.errors import NotFoundError
from rag.keys import Key, KeyStore, Scope

PREFIX = "onr_"
_WRITTEN = re.compile(r"onr_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")
# What an unknown key is compared with, so that it takes as long as a wrong one.
_NO_DIGEST = "0" * 64


class WrongKeyError(Exception):
    """The key or token lets nobody in; the text says why, and never repeats it."""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key, and the one moment at which its secret is known."""

    key: Key
    secret: str = field(repr=False)


class Keyring:
    """All keys of the library, also those that let nobody in any more."""

    def __init__(
        self, store: KeyStore, now: Callable[[], datetime], *, changed: Callable[[], int] | None = None
    ) -> None:
        """`changed`, where other processes have these keys too: a number that grows when one is made or revoked. It blocks."""
        self._store, self.now = store, now
        self._changed, self._seen = changed, -1
        self._keys: dict[str, Key] = {}
        self._unwritten: dict[str, datetime] = {}

    async def load(self) -> None:
        found = await asyncio.to_thread(self._store.all)
        self._keys = {key.id: replace(key, last_used_at=self._unwritten.get(key.id, key.last_used_at)) for key in found}

    async def keep_up(self) -> None:
        """Know what other processes did to the keys until now. Raises StorageError."""
        if self._changed is not None and (number := await asyncio.to_thread(self._changed)) != self._seen:
            await self.load()
            self._seen = number

    @property
    def any_made(self) -> bool:
        """Also where all of them are revoked: nobody may open the service by revoking the last key."""
        return bool(self._keys)

    @property
    def any_active(self) -> bool:
        return any(key.state(self.now()) == "active" for key in self._keys.values())

    def all(self) -> Sequence[Key]:
        return tuple(self._keys.values())

    def find(self, secret: str) -> Key:
        """The key that `secret` is, noted as used. Raises WrongKeyError."""
        match = _WRITTEN.fullmatch(secret)
        key = self._keys.get(match[1]) if match else None
        digest = _digest(secret)
        if not hmac.compare_digest(digest, key.digest if key else _NO_DIGEST) or key is None:
            raise WrongKeyError("no such key")
        return self.use(key.id)

    def use(self, key_id: str) -> Key:
        """The key of that id, noted as used. Raises WrongKeyError where it is unknown, expired or revoked."""
        key = self._keys.get(key_id)
        if key is None:
            raise WrongKeyError("no such key")
        now = self.now()
        if (state := key.state(now)) != "active":
            raise WrongKeyError(f"the key {key.id} is {state}")
        self._keys[key.id] = key = replace(key, last_used_at=now)
        self._unwritten[key.id] = now
        return key

    def peek(self, key_id: str) -> Key | None:
        return self._keys.get(key_id)

    async def create(self, name: str, scopes: Sequence[Scope], expires_at: datetime | None) -> MadeKey:
        key_id = secrets.token_hex(4)
        while key_id in self._keys:
            key_id = secrets.token_hex(4)
        secret = f"{PREFIX}{key_id}_{secrets.token_urlsafe(32)}"
        key = Key(
            id=key_id,
            name=name,
            scopes=tuple(dict.fromkeys(scopes)),
            digest=_digest(secret),
            token_secret=secrets.token_urlsafe(32),
            created_at=self.now(),
            expires_at=expires_at,
        )
        await asyncio.to_thread(self._store.add, key)
        self._keys[key.id] = key
        return MadeKey(key, secret)

    async def revoke(self, key_id: str) -> None:
        """It lets nobody in from now on, nor do its tokens. Raises NotFoundError."""
        at = self.now()
        if not await asyncio.to_thread(self._store.revoke, key_id, at):
            raise NotFoundError(f"no key {key_id!r}, or it is revoked already; `onrecord keys list` shows them")
        if key_id not in self._keys:
            await self.load()
        self._keys[key_id] = replace(self._keys[key_id], revoked_at=at)

    async def write_uses(self) -> None:
        """When keys were used is on the disk; not at every request, which would write more than it reads."""
        unwritten, self._unwritten = self._unwritten, {}
        if unwritten:
            await asyncio.to_thread(self._store.used, unwritten)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
