"""The one door: every request is let in or refused here, is timed, and is written down where it changes something."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.callers import CALLER, IN_SCOPE, Caller
from api.access.policy import Access
from api.access.refusals import RefusedHereError, too_slow
from api.access.table import ASKS, Found, Table
from api.errors import problem_of, respond
from rag.auditing import MOST_TARGETS, Change
from rag.errors import LibraryError

log = logging.getLogger(__name__)
_TOUCHED = "onrecord.touched"


@dataclass(slots=True)
class Touched:
    """What a request has changed, as its route tells it."""

    targets: list[str] = field(default_factory=list)
    detail: str = ""


def touched(request: Request, *targets: str, detail: str = "") -> None:
    """Told by a route: the ids of what it changed, beside the one in its path."""
    note: Touched = request.scope[_TOUCHED]
    note.targets += targets
    note.detail = detail


class Door:
    """Pure ASGI, around all routes."""

    def __init__(self, app: ASGIApp, *, access: Access, table: Table) -> None:
        self._app, self._access, self._table = app, access, table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._table.find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if found is None:  # no such route: nothing hands out the service without a caller
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        try:
            try:
                caller = await self._access.admit(scope, found)
            except RefusedHereError as refused:
                await self._note_refusal(refused, scope, found)
                raise
            except LibraryError as error:  # keys and limits that processes share stand in the catalog
                await respond(problem_of(error, path))(scope, receive, send)
                return
            async with AsyncExitStack() as held:
                if found.line in ASKS:
                    await held.enter_async_context(self._access.place(path))
                await self._let_in(caller, found, scope, receive, send)
        except RefusedHereError as refused:
            await respond(refused.problem, refused.headers)(scope, receive, send)

    async def _let_in(self, caller: Caller, found: Found, scope: Scope, receive: Receive, send: Send) -> None:
        note = Touched([found.target] if found.target else [])
        scope[IN_SCOPE], scope[_TOUCHED] = caller, note
        begun, status = False, 500
        due = found.changes

        async def sent(message: Message) -> None:
            nonlocal begun, status, due
            if message["type"] == "http.response.start":
                begun, status = True, message["status"]
                # A stream begins before anything is changed, and is written down when it ends.
                if due and not Headers(raw=message["headers"]).get("content-type", "").startswith("text/event-stream"):
                    due = False
                    await self._write_down(caller, found, note, status)
            await send(message)

        whoever = CALLER.set(caller)
        # What changes something has limits of its own, and is not broken off half-way.
        seconds = None if found.changes else self._access.server.timeout_s
        try:
            async with asyncio.timeout(seconds) as limit:
                await self._app(scope, receive, sent)
        except TimeoutError:
            if not limit.expired():
                raise
            log.warning("a request was given up", extra={"route": found.line, "seconds": seconds})
            if not begun:
                refused = too_slow(self._access.server.timeout_s, scope["path"])
                await respond(refused.problem)(scope, receive, sent)
        finally:
            CALLER.reset(whoever)
            if due:
                await self._write_down(caller, found, note, status)

    async def _note_refusal(self, refused: RefusedHereError, scope: Scope, found: Found) -> None:
        """A known key that tried to change what it may not. Strangers are logged: they could fill the disk."""
        if found.changes and refused.caller is not None:
            note = Touched([found.target] if found.target else [])
            await self._write_down(refused.caller, found, note, refused.problem.status)

    async def _write_down(self, caller: Caller, found: Found, note: Touched, status: int) -> None:
        """Before the answer goes out. The change stands either way, so that a full disk is no reason to deny it."""
        audit = self._access.audit
        assert audit is not None
        change = Change(
            at=self._access.clocks.now(),
            who=caller.who,
            name=caller.name,
            address=caller.address,
            action=found.line,
            targets=tuple(note.targets[:MOST_TARGETS]),
            done=status < 400,
            detail=f"{status} {note.detail}".strip(),
        )
        try:
            await asyncio.to_thread(audit.append, change)
        except LibraryError as error:
            told = {"route": found.line, "who": caller.who, "error": str(error)}
            log.error("a change could not be written down", extra=told)
