"""Safe by default: which hosts the server answers to, how large a body is, what a page may load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import respond
from api.loopback import is_loopback
from api.problems import Problem

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Swagger's page starts itself with an inline script; all that it loads is ours.
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Guard:
    """Pure ASGI: refuses foreign hosts and oversized bodies, and sets the security headers on everything."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_body_bytes: int,
        loopback_only: Callable[[], bool],
        frame_ancestors: Sequence[str] = (),
    ) -> None:
        self._app, self._max_body, self._loopback_only = app, max_body_bytes, loopback_only
        self._policy = CONTENT_SECURITY_POLICY
        if frame_ancestors:
            self._policy = self._policy.replace(
                "frame-ancestors 'none'", f"frame-ancestors {' '.join(frame_ancestors)}"
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        counted = _CountedBody(receive, self._max_body)

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                _set_headers(MutableHeaders(scope=message), scope["path"], self._policy)
            await send(message)

        async def unless_too_large(message: Message) -> None:
            # Frameworks answer a body that fails to arrive in their own words: ours take their place.
            if not counted.exceeded:
                await secured(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await respond(refusal)(scope, receive, secured)
            return
        with suppress(_TooLargeError):
            await self._app(scope, counted, unless_too_large)
        if counted.exceeded:
            await respond(self._too_large(scope))(scope, receive, secured)

    def _refusal(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        # A name that an attacker points at 127.0.0.1 would make a visitor's browser our client (DNS rebinding).
        host = headers.get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if self._loopback_only() and not is_loopback(name):
            return Problem(
                title="Misdirected Request",
                status=421,
                detail=f"this server listens on loopback and answers to localhost and 127.0.0.1, not to {host[:100]!r}",
                instance=scope["path"],
            )
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._max_body:
            return self._too_large(scope)
        return None

    def _too_large(self, scope: Scope) -> Problem:
        return Problem(
            title="Content Too Large",
            status=413,
            detail=f"the body is larger than {self._max_body / 1e6:g} MB; send fewer articles at once",
            instance=scope["path"],
        )


class _TooLargeError(Exception):
    pass


class _CountedBody:
    """A body sent in chunks states no length: it is counted as it comes."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most, self._seen = receive, most, 0
        self.exceeded = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._most:
            self.exceeded = True
            raise _TooLargeError
        return message


def _set_headers(headers: MutableHeaders, path: str, policy: str) -> None:
    docs = path in ("/docs", "/redoc")
    headers.setdefault("content-security-policy", _DOCS_POLICY if docs else policy)
    headers.setdefault("x-content-type-options", "nosniff")
    headers.setdefault("referrer-policy", "no-referrer")
    headers.setdefault("cross-origin-opener-policy", "same-origin")
    headers.setdefault("cross-origin-resource-policy", "same-origin")
