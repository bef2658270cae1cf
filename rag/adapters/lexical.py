"""The lexical index on tantivy: BM25 over the header line and the passage, with exact filters inside the search.

A change is seen after `commit`, and a crash before it leaves the index as it was at the last one.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from rag.adapters import lexical_fields as fields
from rag.adapters.analysis import Analysis, languages_held
from rag.adapters.facet_keys import FacetKeys
from rag.adapters.lexical_fields import Facets
from rag.adapters.rows import microseconds
from rag.domain import Filters
from rag.errors import StorageError
from rag.languages import STEMMERS, language_code
from rag.ports import Hit, IndexEntry, Keys
from rag.terms import is_stopword, words

_EARLIEST = -(2**62)
_HEAP_BYTES = 64_000_000


class TantivyLexical:
    """The `LexicalIndex` port on a folder."""

    finding_us = 0.01

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._analysis = Analysis()
        self._lock = threading.Lock()
        self._writer: tantivy.IndexWriter | None = None
        self._open()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._schema = fields.schema()
        try:
            self._index = tantivy.Index(self._schema, path=str(self._folder))
        except ValueError as error:
            raise StorageError(
                f"the lexical index in {self._folder} cannot be opened ({error});"
                " `onrecord doctor --repair` rebuilds it"
            ) from error
        searcher = self._look()
        self._changed: dict[int, Facets | None] = {}
        self._facet_keys = FacetKeys(self._schema, searcher)

    def _look(self) -> tantivy.Searcher:
        """See what was committed; what holds of all of it is found once, not at each search."""
        searcher = self._index.searcher()
        # Whether any article's showing is limited.
        limited = [(tantivy.Occur.Should, fields.between(self._schema, name, _EARLIEST, None)) for name in fields.SHOWN]
        found: Any = searcher.search(tantivy.Query.boolean_query(limited), limit=1, count=True)
        held = [code for code in STEMMERS if searcher.doc_freq("language", code)]
        self._languages = languages_held(held)
        self._limited, self._searcher = bool(found.count), searcher
        return searcher

    def _write(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        return self._writer

    def add(self, entries: Sequence[IndexEntry]) -> None:
        with self._lock, _Translated(self):
            writer = self._write()
            for entry in entries:
                # An entry that is already there is replaced: doing it twice changes nothing.
                writer.delete_documents_by_query(self._of_key(entry.passage.key))
                said = fields.facets(entry)
                writer.add_document(self._document(entry, said))
                self._changed[entry.passage.key] = said

    def _document(self, entry: IndexEntry, said: Facets) -> tantivy.Document:
        document = tantivy.Document()
        document.add_unsigned(fields.KEY, entry.passage.key)
        language = language_code(entry.article.language)
        terms = self._analysis.terms(f"{entry.article.header}\n{entry.text}", language or "en")
        document.add_text(fields.TEXT, " ".join(terms))
        if said.published is not None:
            document.add_integer(fields.PUBLISHED, said.published)
        for name, moment in zip(fields.SHOWN, (entry.window.shown_from, entry.window.shown_until), strict=True):
            if moment is not None:
                document.add_integer(name, microseconds(moment))
        for name, value in said.values:
            document.add_text(name, value)
        return document

    def remove(self, keys: Iterable[int]) -> None:
        with self._lock, _Translated(self):
            for key in keys:
                self._write().delete_documents_by_query(self._of_key(key))
                self._changed[key] = None

    def commit(self) -> None:
        with self._lock, _Translated(self):
            if self._writer is not None:
                self._writer.commit()
            self._index.reload()
            self._facet_keys.follow(self._look(), self._changed)
            self._changed = {}

    def replace(self, entries: Iterable[IndexEntry]) -> None:
        """See the port. Deleted documents stay in their files until a merge; files without any other are dropped."""
        with self._lock, _Translated(self):
            writer = self._write()
            writer.delete_all_documents()
            for entry in entries:
                writer.add_document(self._document(entry, fields.facets(entry)))
            writer.commit()
            self._index.reload()
            self._facet_keys.start(self._look())
            self._changed = {}
            writer.garbage_collect_files()

    def search(self, text: str, *, limit: int, filters: Filters, at: datetime | None = None) -> list[Hit]:
        query = self._words_query(text)
        if query is None or limit < 1:
            return []
        if filters or self._barring(at):
            wanted = tantivy.Query.const_score_query(fields.filter_query(self._schema, filters, self._barring(at)), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, wanted)])
        searcher = self._searcher
        hits = searcher.search(query, limit=limit, count=False).hits
        keys = _keys(searcher, hits)
        return [Hit(key, float(score)) for key, (score, _) in zip(keys, hits, strict=True)]

    def matching(self, filters: Filters, *, among: Sequence[int] | None = None, at: datetime | None = None) -> Keys:
        mask = self._facet_keys.satisfying(filters, self._barring(at))
        if among is None:
            return np.flatnonzero(mask)
        keys = np.asarray(among, dtype=np.int64)
        keys = keys[(keys >= 0) & (keys < len(mask))]
        return keys[mask[keys]]

    def holding(self, text: str, *, limit: int) -> list[int] | None:
        every = []
        for word in words(text):
            if is_stopword(word.text):
                continue
            terms = {term for code in self._languages for term in self._analysis.terms(word.text, code)}
            one_of = [(tantivy.Occur.Should, fields.one(self._schema, fields.TEXT, term)) for term in terms]
            every.append((tantivy.Occur.Must, tantivy.Query.boolean_query(one_of)))
        if not every:
            return None
        searcher = self._searcher
        found: Any = searcher.search(tantivy.Query.boolean_query(every), limit=limit + 1, count=False)
        return None if len(found.hits) > limit else _keys(searcher, found.hits)

    def count(self, filters: Filters | None = None, *, at: datetime | None = None) -> int:
        if not filters and not self._barring(at):
            return int(self._searcher.num_docs)
        return int(np.count_nonzero(self._facet_keys.satisfying(filters or Filters(), self._barring(at))))

    def document_frequencies(self, words: Sequence[str]) -> list[int]:
        searcher = self._searcher
        frequencies = []
        for word in words:
            of_each = []
            for language in self._languages:
                found = [searcher.doc_freq(fields.TEXT, term) for term in self._analysis.counted(word, language)]
                of_each.append(min(found, default=0))
            frequencies.append(max(of_each))
        return frequencies

    def keys(self) -> set[int]:
        searcher = self._searcher
        total = int(searcher.num_docs)
        if total == 0:
            return set()
        hits = searcher.search(tantivy.Query.all_query(), limit=total, count=False).hits
        return set(_keys(searcher, hits))

    def clear(self) -> None:
        """Start from an empty folder, whatever was in the old one."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._open()

    def close(self) -> None:
        with self._lock:
            if self._writer is not None:
                self._writer.wait_merging_threads()
                self._writer = None

    def _words_query(self, text: str) -> tantivy.Query | None:
        tokens = self._analysis.asked(text, self._languages)
        if not tokens:
            return None
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, fields.TEXT, token, index_option="freq"))
            for token in tokens
        ]
        return tantivy.Query.boolean_query(clauses)

    def _barring(self, at: datetime | None) -> datetime | None:
        """The moment, where it may bar an article."""
        return at if self._limited else None

    def _of_key(self, key: int) -> tantivy.Query:
        return fields.one(self._schema, fields.KEY, key)


class _Translated:
    """A failed write drops the writer, so that the next one starts from the last commit."""

    def __init__(self, lexical: TantivyLexical) -> None:
        self._lexical = lexical

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError | OSError | RuntimeError):
            self._lexical._writer, self._lexical._changed = None, {}
            raise StorageError("the lexical index cannot be written", cause=error) from error


def _keys(searcher: tantivy.Searcher, hits: Sequence[Any]) -> list[int]:
    values: list[Any] = searcher.fast_field_values(fields.KEY, [address for _, address in hits])
    return [int(value) for value in values]
