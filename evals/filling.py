"""A library of its own for a set of cases."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.pipeline import IngestReport, ingest
from ingest.sources.opening import Progress, read_sources
from ingest.splitting import SplittingBeside
from rag.composition import open_library
from rag.settings import Settings


async def fill(sources: Sequence[str], settings: Settings) -> IngestReport:
    """What `onrecord ingest SOURCE...` does, into `settings.library`. Raises SourceError where a source cannot be read."""
    async with open_library(settings) as library, SplittingBeside(settings.ingest.processes) as splitter:
        return await ingest(read_sources(sources, Progress()), library, settings.ingest, splitter=splitter)
