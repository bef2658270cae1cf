"""Near-copies: articles that are one text in several outlets (wire copy).

A signature (MinHash over runs of five words) finds candidates by shared buckets; the runs themselves then decide.
A rewritten report of the same event shares too few runs and stays a story of its own.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import replace

from rensa import RMinHash

from rag.domain import Document
from rag.languages import UNSPACED
from rag.library import Library

_RUN = 5
# 40 buckets of 2 rows: texts that share a quarter of their runs meet with probability .92, a hundredth with .004.
_BANDS, _ROWS = 40, 2
# A copy cut at the end keeps all of its runs, so the share is of the shorter text's.
_SHARE_OF_SHORTER = 0.75
# Below this a shared quotation or a boilerplate line could carry the share alone.
_FEWEST_RUNS = 30
_SHARE_OF_LONGER = 0.25
_WORD = re.compile(r"\w+")
# Where words are not spaced, a clause would be one word; each letter counts as one instead.
_LETTER_OR_WORD = re.compile(rf"{UNSPACED.pattern}|(?:(?!{UNSPACED.pattern})\w)+")


def runs(text: str) -> set[str]:
    words = (_LETTER_OR_WORD if UNSPACED.search(text) else _WORD).findall(text.casefold())
    return {" ".join(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1)}


def bands(body: str) -> tuple[int, ...]:
    """The signature's buckets as signed 64-bit numbers; none for a text too short to tell."""
    shingles = runs(body)
    if len(shingles) < _FEWEST_RUNS:
        return ()
    signature = RMinHash(num_perm=_BANDS * _ROWS, seed=1)
    signature.update(sorted(shingles))
    digest = signature.digest()
    return tuple(_bucket(n, digest[n * _ROWS : (n + 1) * _ROWS]) for n in range(_BANDS))


def _bucket(number: int, rows: Sequence[int]) -> int:
    packed = struct.pack(f"<{1 + len(rows)}I", number, *rows)
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "big", signed=True)


def near_copies(one: set[str], other: set[str]) -> bool:
    """Whether two texts, as sets of runs, are copies of one."""
    if min(len(one), len(other)) < _FEWEST_RUNS:
        return False
    shared = len(one & other)
    return shared >= _SHARE_OF_SHORTER * min(len(one), len(other)) and shared >= _SHARE_OF_LONGER * max(
        len(one), len(other)
    )


async def with_stories(documents: Sequence[Document], library: Library) -> list[Document]:
    """Each document with the story that it belongs to: that of a near-copy in the library or earlier in the batch."""
    placed: list[Document] = []
    by_band: dict[int, list[int]] = {}
    for document in documents:
        story = await _story(document, library, placed, by_band)
        placed.append(replace(document, story=story))
        for band in document.bands:
            by_band.setdefault(band, []).append(len(placed) - 1)
    return placed


async def _story(
    document: Document, library: Library, placed: Sequence[Document], by_band: dict[int, list[int]]
) -> str | None:
    if not document.bands:
        return None
    body = document.article.body
    batch = {n for band in document.bands for n in by_band.get(band, ())}
    for n in sorted(batch):
        if near_copies(runs(body), runs(placed[n].article.body)):
            return placed[n].story or placed[n].article.id
    for candidate in await library.band_matches(document.bands):
        if candidate == document.article.id:
            continue
        article = await library.stored(candidate)
        if article is not None and near_copies(runs(body), runs(article.body)):
            return await library.story_of(candidate)
    return None
