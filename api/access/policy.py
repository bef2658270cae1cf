"""Who a request comes from, and whether it may go on: keys, tokens, scopes and limits, decided in one place."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from starlette.datastructures import Headers
from starlette.types import Scope as AsgiScope

from api.access import keyring as keys
from api.access import refusals, tokens
from api.access.callers import IN_SCOPE, Caller, anyone, command_line
from api.access.limits import Buckets, neighbourhood
from api.access.table import Found
from api.loopback import is_loopback
from rag.auditing import AuditLog
from rag.errors import LibraryError, SettingsError
from rag.keys import KeyStore
from rag.settings import LimitSettings, ServerSettings
from rag.sharing import Shared

log = logging.getLogger(__name__)
_WRITE_USES_EVERY_S = 60.0
# What lets this machine's own commands in stands in the library's folder, and is forgotten with the server.
LOCAL_PREFIX = "onrl_"


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the time is, for days and for waiting."""

    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    monotonic: Callable[[], float] = field(default=time.monotonic)


class Access:
    """The rules of one server, and what it remembers of those who ask."""

    def __init__(
        self, server: ServerSettings, limits: LimitSettings, secret: str | None, clocks: Clocks | None = None
    ) -> None:
        """`secret` lets in whoever may read the library's folder; None where nothing is served."""
        self.clocks = clocks or Clocks()
        self.server, self.limits = server, limits
        self._secret = secret
        self._keyring: keys.Keyring | None = None
        self.audit: AuditLog | None = None
        clock = self.clocks.monotonic
        self._shared: Shared | None = None
        self._of_keys = Buckets("key", limits.key_per_minute, clock)
        self._of_addresses = Buckets("address", limits.address_per_minute, clock)
        self._of_failures = Buckets("failures", limits.failures_per_minute, clock)
        self.asks = 0

    @asynccontextmanager
    async def running(self, store: KeyStore, audit: AuditLog, shared: Shared | None = None) -> AsyncIterator[None]:
        """With the keys of a library, for as long as it is open; limits hold over all processes that share it.

        Raises SettingsError where a server that needs keys has none that lets anybody in.
        """
        self._keyring = keys.Keyring(store, self.clocks.now, changed=shared.keys_changed if shared else None)
        self.audit, self._shared = audit, shared
        await self._keyring.load()
        if self._secret is not None and not self.keyring.any_active:
            check_binding(self.server)
        writing = asyncio.create_task(self._write_uses())
        try:
            yield
        finally:
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            await self.keyring.write_uses()

    @property
    def keyring(self) -> keys.Keyring:
        assert self._keyring is not None, "no library is open"
        return self._keyring

    @property
    def keys_needed(self) -> bool:
        """On loopback from the first key on, also where it is revoked again."""
        if self.server.require_keys == "auto":
            return not is_loopback(self.server.host) or self.keyring.any_made
        return self.server.require_keys == "always"

    @property
    def loopback_alone_guards(self) -> bool:
        """Nothing else keeps strangers out, so that names which only point at loopback are refused."""
        return self.server.require_keys == "auto" and not self.keys_needed

    async def admit(self, scope: AsgiScope, found: Found) -> Caller:
        """Whoever makes the request. Raises RefusedHereError, and StorageError where keys and limits stand in a database."""
        path = scope["path"]
        if found.need == "public":
            return anyone(_address(scope), frozenset())
        inside: Caller | None = scope.get(IN_SCOPE)  # asked from within this process, and counted there
        if inside is not None:
            caller = inside
        else:
            await self.keyring.keep_up()
            caller = await self._identified(scope, found)
            await self._count(caller, path)
        if found.need not in caller.scopes:
            raise refusals.lacks_scope(caller, found.need, path)
        return caller

    async def _identified(self, scope: AsgiScope, found: Found) -> Caller:
        headers, address, path = Headers(scope=scope), _address(scope), scope["path"]
        kind, _, secret = headers.get("authorization", "").partition(" ")
        secret = secret.strip() if kind.lower() == "bearer" else ""
        ours = secret.startswith((keys.PREFIX, tokens.PREFIX, LOCAL_PREFIX))
        if not self.keys_needed and not ours:
            # Whatever page its user visits could otherwise have the browser change the library, by a form.
            if found.changes and _of_another_site(headers, self.server.origins):
                raise refusals.another_site(path)
            return anyone(address)  # with whatever a client had to send as a key
        if not secret:
            raise refusals.no_key(path)
        try:
            return self._known(secret, headers.get("origin"), address)
        except keys.WrongKeyError as error:
            name = neighbourhood(address)
            if wait_s := await self._taken(self._of_failures, name):
                raise refusals.too_many(wait_s, f"wrong keys from {name}", path) from None
            log.warning("a key was refused", extra={"address": address, "reason": str(error)})
            raise refusals.wrong_key(str(error), path) from None

    def _known(self, secret: str, origin: str | None, address: str) -> Caller:
        """Raises WrongKeyError."""
        if self._secret is not None and secret.startswith(LOCAL_PREFIX):
            if not hmac.compare_digest(secret.encode(), self._secret.encode()):
                raise keys.WrongKeyError("no such key")
            return replace(command_line(), address=address)
        if secret.startswith(tokens.PREFIX):
            return tokens.read(
                secret, self.keyring, origin=origin, origins=self.server.origins, address=neighbourhood(address)
            )
        key = self.keyring.find(secret)
        return Caller("key", frozenset(key.scopes), key.id, key.name, address)

    async def _count(self, caller: Caller, path: str) -> None:
        """A key is counted wherever it is used; tokens, which are everybody's, and those without, by address."""
        if caller.kind == "command line" or (caller.kind == "anyone" and self.loopback_alone_guards):
            return
        if caller.kind == "key":
            wait_s, of = await self._taken(self._of_keys, caller.id), f"requests with the key {caller.id}"
        else:
            name = neighbourhood(caller.address)
            wait_s, of = await self._taken(self._of_addresses, name), f"requests from {name}"
        if wait_s:
            raise refusals.too_many(wait_s, of, path)

    async def _taken(self, buckets: Buckets, name: str) -> float:
        """As `Buckets.take`: of this process's, or of those that all processes share. Raises StorageError."""
        if self._shared is None:
            return buckets.take(name)
        return await asyncio.to_thread(self._shared.take, f"{buckets.of} {name}", per_minute=buckets.per_minute)

    @asynccontextmanager
    async def place(self, path: str) -> AsyncIterator[None]:
        """A place among the questions under way. Raises RefusedHereError where there is none."""
        if self.asks >= self.limits.asks_at_once:
            raise refusals.busy(self.asks, path)
        self.asks += 1
        try:
            yield
        finally:
            self.asks -= 1

    async def _write_uses(self) -> None:
        while True:
            await asyncio.sleep(_WRITE_USES_EVERY_S)
            try:
                await self.keyring.write_uses()
            except LibraryError as error:
                log.error("when keys were used could not be written down", extra={"error": str(error)})


def check_binding(settings: ServerSettings) -> None:
    """Raises SettingsError where keys are needed to begin with; for a library that has none."""
    if settings.require_keys == "never" or (settings.require_keys == "auto" and is_loopback(settings.host)):
        return
    why = (
        f"host={settings.host} is reachable from other machines"
        if settings.require_keys == "auto"
        else ("ONRECORD_SERVER__REQUIRE_KEYS=always")
    )
    raise SettingsError(
        f"{why}, and the library has no key that lets anybody in. Make one first: `onrecord keys create --name NAME --scope"
        " ask,read`. Or bind to 127.0.0.1, or set ONRECORD_SERVER__REQUIRE_KEYS=never behind a proxy that checks who asks"
    )


def _address(scope: AsgiScope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _of_another_site(headers: Headers, allowed: Collection[str]) -> bool:
    """Whether a browser says that a page of another site makes the request. Other clients say nothing of the kind."""
    origin = headers.get("origin")
    if origin in allowed:
        return False
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    return origin is not None and origin.partition("://")[2] != headers.get("host")
