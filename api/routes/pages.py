"""The page, at each of its addresses, and its files."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

router = APIRouter()
_WEB = Path(__file__).parent.parent / "web"


@router.get("/", include_in_schema=False)
@router.get("/people", include_in_schema=False)
@router.get("/people/{name:path}", include_in_schema=False)
@router.get("/load", include_in_schema=False)
@router.get("/articles/{article_id}", include_in_schema=False)
async def page() -> FileResponse:
    return FileResponse(_WEB / "index.html", headers={"cache-control": "no-cache"})


def mount_static(app: FastAPI) -> None:
    app.mount("/static", _Revalidated(directory=_WEB), name="static")


# The widget, and all that it loads: pages of other sites do too.
EMBEDDED = frozenset(
    f"{name}.js"
    for name in (
        *("widget", "tokens", "answer", "ask", "citations", "claims", "copying", "elements", "notices", "preview"),
        *("key", "problem", "publication", "sse", "tools", "understood", "words"),
    )
) | {"widget.css", "answer.css"}


class _Revalidated(StaticFiles):
    """Files that a browser asks for anew each time (one 304 where nothing changed), so that no two versions mix."""

    def file_response(self, full_path: str | PathLike[str], *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(full_path, *args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        if Path(full_path).name in EMBEDDED:
            response.headers["cross-origin-resource-policy"] = "cross-origin"
        return response
