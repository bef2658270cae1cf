"""Links made records: the pages of teasers and sitemaps are fetched a few ahead, and come back in order.

The generators here block until a page is there; see `ingest.sources.opening`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TypeVar

from ingest.sources.downloads import Door
from ingest.sources.linked import without_page
from ingest.sources.readers import read_stream
from ingest.sources.record import Elsewhere, Found, Linked, Read, Record, Skipped

T = TypeVar("T")
U = TypeVar("U")
_PAGES_AHEAD = 8
# An index names sitemaps, and by its protocol no other index; one that does is followed this far.
MAX_DEPTH = 2
MAX_SITEMAPS = 1000


def ahead(items: Iterator[T], begin: Callable[[T], U], most: int) -> Iterator[tuple[T, U]]:
    """Each item with what `begin` made of it, which is called for up to `most` items before they are reached."""
    waiting: deque[tuple[T, U]] = deque()
    for item in items:
        waiting.append((item, begin(item)))
        if len(waiting) > most:
            yield waiting.popleft()
    yield from waiting


def followed(reads: Iterator[Read], door: Door | None) -> Iterator[Record]:
    """Every read as a record: links through the door; without one, the teaser or a word that the page was not fetched."""
    if door is None:
        yield from map(_unfollowed, reads)
        return
    waiting: deque[Record | Future[Record]] = deque()
    for read in _within(door.max_pages, _flat(reads, door, 0)):
        waiting.append(door.page(read) if isinstance(read, Linked) else read)
        while waiting and (len(waiting) > _PAGES_AHEAD or not isinstance(waiting[0], Future)):
            yield _had(waiting.popleft())
    yield from map(_had, waiting)


def _had(coming: Record | Future[Record]) -> Record:
    return coming.result() if isinstance(coming, Future) else coming


def _unfollowed(read: Read) -> Record:
    if isinstance(read, Elsewhere):
        reason = "a sitemap in an index; ONRECORD_FETCH__FOLLOW_FILES=true fetches what a file links to"
        return Skipped(f"{read.where} ({read.url[:200]})", reason)
    return without_page(read) if isinstance(read, Linked) else read


def _flat(reads: Iterator[Read], door: Door, depth: int) -> Iterator[Found | Skipped | Linked]:
    """The reads, with those of each sitemap that an index names in its place."""
    sitemaps = 0
    for read in reads:
        if not isinstance(read, Elsewhere):
            yield read
            continue
        sitemaps += 1
        if depth >= MAX_DEPTH or sitemaps > MAX_SITEMAPS:
            yield Skipped(read.url, too_far(depth))
            continue
        file = door.file(read.url).result()
        if isinstance(file, Skipped):
            yield file
            continue
        with file.path.open("rb") as stream:
            yield from _flat(read_stream(stream, where=read.url), door, depth + 1)
        file.path.unlink(missing_ok=True)


def too_far(depth: int) -> str:
    """Why a sitemap of an index at this depth is not read."""
    if depth >= MAX_DEPTH:
        return f"an index within an index within an index: sitemaps are followed {MAX_DEPTH} deep"
    return f"the index names more than {MAX_SITEMAPS} sitemaps; name those that you want"


def _within(most: int, reads: Iterator[Found | Skipped | Linked]) -> Iterator[Found | Skipped | Linked]:
    links = 0
    for read in reads:
        links += isinstance(read, Linked)
        if isinstance(read, Linked) and links > most:
            continue
        yield read
    if links > most:
        yield too_many(links, most)


def too_many(links: int, most: int) -> Skipped:
    return Skipped("its links", f"{links - most} of {links} pages are left; see ONRECORD_FETCH__MAX_LINKED_PAGES")
