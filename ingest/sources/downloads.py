"""Addresses as sources: fetched first, into files that the readers then read as any other.

A page in another charset is written down as UTF-8 with its mark, which every reader believes before the page's own words.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.sources.record import Skipped
from rag.errors import FetchError

if TYPE_CHECKING:
    from ingest.fetching import Fetched, Fetcher  # slow to import, and files need none of it

_AT_ONCE = 8
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Download:
    """What was fetched: the file that it stands in, and its address at the end of the redirects."""

    url: str
    path: Path


Downloads = Mapping[str, Download | Skipped]


def is_address(source: str) -> bool:
    """Whether the source is to be fetched. Anything with `://` is, so that a wrong scheme is refused by name."""
    return _ADDRESS.match(source) is not None


@asynccontextmanager
async def downloaded(sources: Sequence[str], fetcher: Fetcher) -> AsyncIterator[Downloads]:
    """Each address among the sources with its file, or with why there is none; the files are gone at the end."""
    addresses = list(dict.fromkeys(source for source in sources if is_address(source)))
    slots = asyncio.Semaphore(_AT_ONCE)
    with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:

        async def one(number: int, address: str) -> Download | Skipped:
            async with slots:
                try:
                    page = await fetcher.fetch(address)
                except FetchError as error:
                    return Skipped.because(address, error)
                path = Path(folder) / str(number)
                await asyncio.to_thread(path.write_bytes, _readable(page))
                return Download(page.final_url, path)

        found = await asyncio.gather(*(one(number, address) for number, address in enumerate(addresses)))
        yield dict(zip(addresses, found, strict=True))


def _readable(page: Fetched) -> bytes:
    if page.charset in (None, "utf-8", "utf-8-sig"):
        return page.body
    return page.text.encode("utf-8-sig")
