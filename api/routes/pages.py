"""The page at / and its files."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

router = APIRouter()
_WEB = Path(__file__).parent.parent / "web"


@router.get("/", include_in_schema=False)
async def page() -> FileResponse:
    return FileResponse(_WEB / "index.html", headers={"cache-control": "no-cache"})


def mount_static(app: FastAPI) -> None:
    app.mount("/static", StaticFiles(directory=_WEB), name="static")
