"""What readers need of the network: files for addresses, and pages for links, fetched by the one fetcher.

Readers run on a thread, the fetcher in the event loop; a `Door` stands between them. A page in another charset is written
down as UTF-8 with its mark, which every reader believes before the page's own words.
"""

from __future__ import annotations

import asyncio
import codecs
import tempfile
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ingest.sources.compressed import looks_compressed
from ingest.sources.linked import MAX_PAGE_BYTES, page_record
from ingest.sources.record import Linked, Record, Skipped
from ingest.sources.warc import looks_like_warc
from rag.errors import FetchError
from rag.settings import FetchSettings

if TYPE_CHECKING:
    from ingest.fetching import Fetched, Fetcher  # slow to import, and files need none of it

T = TypeVar("T")
_HEAD_BYTES = 1024
_PIECE = 1_000_000


@dataclass(frozen=True, slots=True)
class Download:
    """What was fetched: the file that it stands in, and its address at the end of the redirects."""

    url: str
    path: Path


class Door:
    """Fetches for readers on other threads; each call returns at once, and its future is waited for there.

    `follows_files` says whether a feed or a sitemap that is a file of ours may have its links fetched; `max_pages` how
    many links of one source are.
    """

    def __init__(self, fetcher: Fetcher, folder: Path, settings: FetchSettings) -> None:
        self.follows_files, self.max_pages = settings.follow_files, settings.max_linked_pages
        self._fetcher = fetcher
        self._folder = folder
        self._numbers = count()
        self._loop = asyncio.get_running_loop()

    def file(self, url: str) -> Future[Download | Skipped]:
        return self._begin(download(url, self._fetcher, self._folder / str(next(self._numbers))))

    def page(self, linked: Linked) -> Future[Record]:
        return self._begin(self._page(linked))

    async def _page(self, linked: Linked) -> Record:
        try:
            page = await self._fetcher.fetch(linked.url, most_bytes=MAX_PAGE_BYTES)
        except FetchError as error:
            return not_fetched(linked.url, error)
        return await read_page(linked, page)

    def _begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)


@asynccontextmanager
async def door(fetcher: Fetcher, settings: FetchSettings) -> AsyncIterator[Door]:
    """A door for as long as the context lasts; what it fetched is gone from the disk at the end."""
    with tempfile.TemporaryDirectory(prefix="onrecord-", ignore_cleanup_errors=True) as folder:
        yield Door(fetcher, Path(folder), settings)


async def read_page(linked: Linked, page: Fetched) -> Record:
    """The page of a link, read as an article."""
    return await asyncio.to_thread(
        page_record, linked, page.body, url=page.final_url, content_type=page.content_type, charset=page.charset
    )


def not_fetched(url: str, error: FetchError) -> Skipped:
    """The record of an address that could not be had; its reason does not say the address once more."""
    return Skipped(url, str(error).removeprefix(f"{url}: "), "fetch")


def readable(page: Fetched) -> bytes:
    """The body as the readers want it: in UTF-8, where it is a text in another charset."""
    return page.body if _keeps(page.charset, page.body[:_HEAD_BYTES]) else page.text.encode("utf-8-sig")


def _keeps(charset: str | None, head: bytes) -> bool:
    return charset in (None, "utf-8", "utf-8-sig") or looks_compressed(head) or looks_like_warc(head)


async def download(url: str, fetcher: Fetcher, path: Path) -> Download | Skipped:
    """What stands at the address, in the file `path`, as the readers want it; or why not."""
    try:
        page = await fetcher.download(url, path)
        await asyncio.to_thread(make_readable, path, page.charset)
    except FetchError as error:
        return not_fetched(url, error)
    except OSError as error:
        return Skipped(url, f"its download cannot be written: {error.strerror or error}", "unreadable")
    return Download(page.final_url, path)


def make_readable(path: Path, charset: str | None) -> None:
    """The file in UTF-8, where it is a text in another charset."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if charset is None or _keeps(charset, head):
        return
    copy = path.with_name(f"{path.name}.utf8")
    decoder = codecs.getincrementaldecoder(charset)(errors="replace")
    with path.open("rb") as file, copy.open("wb") as out:
        out.write(codecs.BOM_UTF8)
        while piece := file.read(_PIECE):
            out.write(decoder.decode(piece).encode())
        out.write(decoder.decode(b"", final=True).encode())
    copy.replace(path)
