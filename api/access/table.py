"""What every route needs, in one table. A route that is not in it keeps the application from starting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, compile_path

from rag.keys import Scope

# public: no key is ever needed, and nothing of the library stands there beside how many articles it has.
Need: TypeAlias = Scope | Literal["public"]

# "*" stands for every method, and a path that ends in "/*" for everything below it.
NEEDS: Mapping[str, Need] = {
    "GET /": "public",
    "GET /articles/{article_id}": "public",
    "GET /people": "public",
    "GET /people/{name:path}": "public",
    "GET /load": "public",
    "* /static/*": "public",
    "GET /docs": "public",
    "GET /docs/oauth2-redirect": "public",
    "GET /redoc": "public",
    "* /static-offline-docs/*": "public",
    "* /openapi.json": "public",
    "GET /healthz": "public",
    "GET /readyz": "public",
    "POST /v1/ask": "ask",
    "POST /v1/chat/completions": "ask",
    "POST /v1/responses": "ask",
    "POST /v1/ui/chat": "ask",
    "POST /v1/dify/retrieval": "ask",
    "GET /v1/models": "ask",
    "GET /v1/models/{name}": "ask",
    "POST /v1/search": "ask",
    "GET /v1/statements": "ask",
    "GET /v1/people": "ask",
    "POST /v1/feedback": "ask",
    "POST /v1/tokens": "ask",
    "* /mcp": "ask",
    "GET /v1/articles": "read",
    "GET /v1/articles/{article_id}": "read",
    "GET /v1/articles/{article_id}/revisions": "read",
    "GET /v1/articles/{article_id}/citation": "read",
    "POST /v1/articles": "write",
    "POST /v1/ingest": "write",
    "PUT /v1/articles/{article_id}": "write",
    "DELETE /v1/articles/{article_id}": "write",
    # Addresses of feeds may hold passwords of their own.
    "GET /v1/feeds": "write",
    "GET /v1/feeds/{feed_id}": "write",
    "POST /v1/feeds": "write",
    "DELETE /v1/feeds/{feed_id}": "write",
    # What readers asked is nobody's who asks.
    "GET /v1/feedback": "admin",
    "GET /v1/library": "admin",
    "GET /metrics": "admin",
    "GET /v1/keys": "admin",
    "POST /v1/keys": "admin",
    "DELETE /v1/keys/{key_id}": "admin",
    "GET /v1/audit": "admin",
}
# Those of which only so many may be under way.
ASKS = frozenset({"POST /v1/ask", "POST /v1/chat/completions", "POST /v1/responses", "POST /v1/ui/chat"})


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the table that a request meets; `target` is the id in its path, where there is one."""

    line: str
    need: Need
    target: str | None

    @property
    def changes(self) -> bool:
        return self.need in ("write", "admin") and not self.line.startswith(("GET", "*"))


class Table:
    """The lines, to be looked up by request."""

    def __init__(self, needs: Mapping[str, Need] = NEEDS) -> None:
        self._needs = dict(needs)
        self._lines = []
        for line in needs:
            method, _, path = line.partition(" ")
            below = path.endswith("/*")
            pattern, _, _ = compile_path(path[:-1] + "{below:path}" if below else path)
            self._lines.append((method, pattern, line))

    def find(self, method: str, path: str) -> Found | None:
        """The first line that fits; None where there is no such route, or not with this method."""
        for wanted, pattern, line in self._lines:
            if wanted in (method, "*") and (match := pattern.match(path)):
                return Found(line, self._needs[line], next(iter(match.groupdict().values()), None))
        return None

    def check(self, app: FastAPI) -> None:
        """Raises LookupError where a route of the application stands on no line."""
        if missing := [route for route in routes_of(app) if route not in self._needs]:
            raise LookupError(f"api/access/table.py does not say who may call {', '.join(missing)}")


def routes_of(app: FastAPI) -> list[str]:
    """Every route of the application, written as the table's lines are."""
    lines = []
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount):
            lines.append(f"* {route.original_route.path}/*")
        elif not route.methods or route.methods == {"GET", "HEAD"}:
            lines.append(f"* {route.path}")
        else:
            lines += [f"{method} {route.path}" for method in sorted(route.methods)]
    return lines
