"""Any LangChain document compressor as a reranker: Cohere's, Jina's, NVIDIA's, Voyage's, FlashRank's, ..."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.documents import BaseDocumentCompressor, Document

from rag.adapters.vendor_errors import provider_error
from rag.domain import Part, Query
from rag.errors import ProviderTimeoutError, SettingsError
from rag.ranking import Candidate

_PLACE = "place"


class CompressorReranker:
    """The `Reranker` port on a compressor's own order; what it leaves out comes after all that it keeps, as it came."""

    def __init__(self, name: str, compressor: BaseDocumentCompressor, *, depth: int, deadline_s: float) -> None:
        self.name, self.depth = name, depth
        self._compressor, self._deadline_s = compressor, deadline_s

    async def scores(self, query: Query, part: Part, candidates: Sequence[Candidate]) -> list[float]:
        """Retries are the vendor's: its client knows what is safe to ask again."""
        if not candidates:
            return []
        documents = [Document(each.document, metadata={_PLACE: n}) for n, each in enumerate(candidates)]
        try:
            async with asyncio.timeout(self._deadline_s):
                kept = await self._compressor.acompress_documents(documents, part.text)
        except TimeoutError as error:
            raise ProviderTimeoutError(f"{self.name}: no order within {self._deadline_s:g} s") from error
        except Exception as error:  # every provider has its own tree; their names say enough to sort them by
            raise provider_error(self.name, error) from error
        places = [place for each in kept if isinstance(place := each.metadata.get(_PLACE), int)]
        scores = [-float(n + 1) for n in range(len(candidates))]
        for rank, place in enumerate(dict.fromkeys(places)):
            scores[place] = float(len(candidates) - rank)
        return scores


def load_compressor(path: str, options: Mapping[str, Any]) -> BaseDocumentCompressor:
    """The compressor `package.module:Class`, made with these keyword arguments. Raises SettingsError."""
    module, _, name = path.partition(":")
    try:
        made = getattr(importlib.import_module(module), name)(**options)
    except ImportError as error:
        raise SettingsError(f"ONRECORD_RERANK__BY needs a package that is not installed: {error}") from error
    except AttributeError as error:
        raise SettingsError(f"ONRECORD_RERANK__BY: {module} has no {name!r}; write package.module:Class") from error
    except Exception as error:  # each provider checks its settings in its own way
        raise SettingsError(
            f"ONRECORD_RERANK__BY: {path} cannot be set up ({type(error).__name__}); are ONRECORD_RERANK__OPTIONS and the"
            " provider's key right?"
        ) from error
    if not isinstance(made, BaseDocumentCompressor):
        raise SettingsError(f"ONRECORD_RERANK__BY: {path} is no LangChain document compressor")
    return made
