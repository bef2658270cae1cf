"""A client of our own HTTP interface: of a server, or of the application in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from api.access.callers import IN_SCOPE, Caller

if TYPE_CHECKING:
    import httpx
    from starlette.types import ASGIApp, Receive, Scope, Send


class RefusedError(Exception):
    """The service answered with a problem; `wrongly` where the request itself was at fault."""

    def __init__(self, detail: str, *, wrongly: bool) -> None:
        super().__init__(detail)
        self.wrongly = wrongly


def inside(app: ASGIApp, caller: Callable[[], Caller], *, timeout_s: float) -> httpx.AsyncClient:
    """A client of the application itself, without a network, in the name of whoever `caller` says at each request."""
    import httpx

    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, IN_SCOPE: caller()}, receive, send)

    transport = httpx.ASGITransport(app=named)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=timeout_s)


async def call(client: httpx.AsyncClient, method: str, path: str, **request: Any) -> Any:
    """The JSON that comes back, None where there is none. Raises RefusedError with the problem's detail."""
    import httpx

    try:
        response = await client.request(method, path, **request)
    except httpx.HTTPError as error:
        raise RefusedError(f"the server at {client.base_url} did not answer: {error}", wrongly=False) from error
    if response.is_success:
        return response.json() if response.content else None
    try:
        detail = str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        detail = f"the server answered {response.status_code}"
    raise RefusedError(detail, wrongly=response.status_code in (400, 422))
