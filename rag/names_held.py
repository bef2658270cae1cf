"""The names that a library knows, held in memory: what changes them is learned, and what others changed is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from rag.known import KnownNames
from rag.ports import Catalog, IndexEntry
from rag.rights import ALWAYS
from rag.said import Said
from rag.sharing import Shared

# Where another process indexed more articles than this, all names are read anew: it costs no more than reading theirs.
_READ_ANEW = 500


class NamesHeld:
    """Of one catalog; `shared` where other processes change it too."""

    def __init__(self, catalog: Catalog, said: Said, shared: Shared | None) -> None:
        self._catalog, self._said, self._shared = catalog, said, shared
        # None: to be read from the catalog at the next question. The count tells a reader that they changed meanwhile.
        self._names: KnownNames | None = None
        self._changed = 0
        # Up to which change of any process they hold.
        self._seen = -1
        self._catching_up, self._reading = asyncio.Lock(), asyncio.Lock()

    async def at(self, now: datetime) -> KnownNames:
        """The outlets, sections and people of what may be shown at that moment."""
        await self.catch_up()
        if (known := self._names) is not None and known.stands(now):
            return known
        # Seconds of work in a large library: whoever asks meanwhile waits for it and does not do it, too.
        async with self._reading:
            if (known := self._names) is not None and known.stands(now):
                return known
            changed = self._changed
            known = await asyncio.to_thread(lambda: KnownNames(self._catalog.names(at=now), self._said.namings()))
            self._names = known if changed == self._changed else None
            return known

    def learn(self, stale: Sequence[int], entries: Sequence[IndexEntry]) -> None:
        """New ones are added; where something went, or is shown for a time, all are read anew."""
        self._changed += 1
        self._said.forget()
        if stale or any(entry.window != ALWAYS for entry in entries):
            self._names = None
        elif self._names is not None:
            for entry in entries:
                self._names.add(entry.article, entry.speakers)

    async def catch_up(self) -> None:
        """Learn what other processes changed."""
        if self._shared is None:
            return
        async with self._catching_up:
            if await asyncio.to_thread(self._shared.changed) == self._seen:
                return
            changed = await asyncio.to_thread(self._shared.changes_since, self._seen)
            if changed.replaced or changed.whole or len(changed.indexed) > _READ_ANEW:
                self._names, self._changed = None, self._changed + 1
            elif changed.indexed:
                self.learn([], await asyncio.to_thread(self._catalog.index_entries, changed.indexed))
            self._seen = changed.number
