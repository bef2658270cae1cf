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

import tantivy

from rag.adapters.analysis import Analysis, languages_held
from rag.adapters.rows import folded, microseconds
from rag.domain import Filters
from rag.errors import StorageError
from rag.languages import STEMMERS, language_code
from rag.ports import Hit, IndexEntry
from rag.sites import sites_above
from rag.terms import is_stopword, words

_TEXT = "text"
# Set only where an article's rights limit when it may be shown.
_SHOWN = _SHOWN_FROM, _SHOWN_UNTIL = "shown_from", "shown_until"
_EARLIEST = -(2**62)
_HEAP_BYTES = 64_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True, stored=False)
    builder.add_text_field(_TEXT, stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("published", indexed=True, fast=True, stored=False)
    for name in _SHOWN:
        builder.add_integer_field(name, indexed=True, fast=True, stored=False)
    for name in ("outlet", "author", "section", "language", "article", "speaker", "site"):
        builder.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    return builder.build()


class TantivyLexical:
    """The `LexicalIndex` port on a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._analysis = Analysis()
        self._lock = threading.Lock()
        self._writer: tantivy.IndexWriter | None = None
        self._open()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        try:
            self._index = tantivy.Index(self._schema, path=str(self._folder))
        except ValueError as error:
            raise StorageError(
                f"the lexical index in {self._folder} cannot be opened ({error});"
                " `onrecord doctor --repair` rebuilds it"
            ) from error
        self._look()

    def _look(self) -> None:
        """See what was committed; what holds of all of it is found once, not at each search."""
        searcher = self._index.searcher()
        # Whether any article's showing is limited.
        limited = [(tantivy.Occur.Should, self._range(name, _EARLIEST, None)) for name in _SHOWN]
        found: Any = searcher.search(tantivy.Query.boolean_query(limited), limit=1, count=True)
        held = [code for code in STEMMERS if searcher.doc_freq("language", code)]
        self._languages = languages_held(held)
        self._limited, self._searcher = bool(found.count), searcher

    def _write(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        return self._writer

    def add(self, entries: Sequence[IndexEntry]) -> None:
        with self._lock, _Translated(self):
            writer = self._write()
            for entry in entries:
                # An entry that is already there is replaced: doing it twice changes nothing.
                writer.delete_documents_by_query(self._one("key", entry.passage.key))
                writer.add_document(self._document(entry))

    def _document(self, entry: IndexEntry) -> tantivy.Document:
        article = entry.article
        document = tantivy.Document()
        document.add_unsigned("key", entry.passage.key)
        language = language_code(article.language)
        terms = self._analysis.terms(f"{article.header}\n{entry.text}", language or "en")
        document.add_text(_TEXT, " ".join(terms))
        document.add_text("article", article.id)
        if article.published_at is not None:
            document.add_integer("published", microseconds(article.published_at.timestamp()))
        for name, moment in zip(_SHOWN, (entry.window.shown_from, entry.window.shown_until), strict=True):
            if moment is not None:
                document.add_integer(name, microseconds(moment))
        for name, value in (("outlet", article.outlet), ("section", article.section), ("language", language)):
            if (plain := folded(value)) is not None:
                document.add_text(name, plain)
        for author in article.authors:
            if (plain := folded(author)) is not None:
                document.add_text("author", plain)
        for plain in {folded(speaker) for speaker in entry.speakers}:
            document.add_text("speaker", plain or "")
        for site in sites_above(article.url):
            document.add_text("site", site)
        return document

    def remove(self, keys: Iterable[int]) -> None:
        with self._lock, _Translated(self):
            for key in keys:
                self._write().delete_documents_by_query(self._one("key", key))

    def commit(self) -> None:
        with self._lock, _Translated(self):
            if self._writer is not None:
                self._writer.commit()
            self._index.reload()
            self._look()

    def replace(self, entries: Iterable[IndexEntry]) -> None:
        """See the port. Deleted documents stay in their files until a merge; files without any other are dropped."""
        with self._lock, _Translated(self):
            writer = self._write()
            writer.delete_all_documents()
            for entry in entries:
                writer.add_document(self._document(entry))
            writer.commit()
            self._index.reload()
            self._look()
            writer.garbage_collect_files()

    def search(self, text: str, *, limit: int, filters: Filters, at: datetime | None = None) -> list[Hit]:
        query = self._words_query(text)
        if query is None or limit < 1:
            return []
        if filters or self._may_bar(at):
            wanted = tantivy.Query.const_score_query(self._filter_query(filters, at), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, wanted)])
        searcher = self._searcher
        hits = searcher.search(query, limit=limit, count=False).hits
        keys = _keys(searcher, hits)
        return [Hit(key, float(score)) for key, (score, _) in zip(keys, hits, strict=True)]

    def matching(
        self, filters: Filters, *, limit: int, among: Sequence[int] | None = None, at: datetime | None = None
    ) -> list[int]:
        clauses = [(tantivy.Occur.Must, self._filter_query(filters, at))]
        if among is not None:
            if not among:
                return []
            clauses.append((tantivy.Occur.Must, tantivy.Query.term_set_query(self._schema, "key", list(among))))
        searcher = self._searcher
        query = tantivy.Query.boolean_query(clauses)
        hits = searcher.search(query, limit=max(limit, 1), count=False).hits
        return _keys(searcher, hits)

    def holding(self, text: str, *, limit: int) -> list[int] | None:
        every = []
        for word in words(text):
            if is_stopword(word.text):
                continue
            terms = {term for code in self._languages for term in self._analysis.terms(word.text, code)}
            one_of = [(tantivy.Occur.Should, self._one(_TEXT, term)) for term in terms]
            every.append((tantivy.Occur.Must, tantivy.Query.boolean_query(one_of)))
        if not every:
            return None
        searcher = self._searcher
        found: Any = searcher.search(tantivy.Query.boolean_query(every), limit=limit + 1, count=False)
        return None if len(found.hits) > limit else _keys(searcher, found.hits)

    def count(self, filters: Filters | None = None, *, at: datetime | None = None) -> int:
        if not filters and not self._may_bar(at):
            return int(self._searcher.num_docs)
        found: Any = self._searcher.search(self._filter_query(filters or Filters(), at), limit=1, count=True)
        return int(found.count)

    def document_frequencies(self, words: Sequence[str]) -> list[int]:
        searcher = self._searcher
        frequencies = []
        for word in words:
            of_each = []
            for language in self._languages:
                found = [searcher.doc_freq(_TEXT, term) for term in self._analysis.counted(word, language)]
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
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, _TEXT, token, index_option="freq"))
            for token in tokens
        ]
        return tantivy.Query.boolean_query(clauses)

    def _may_bar(self, at: datetime | None) -> bool:
        return at is not None and self._limited

    def _filter_query(self, filters: Filters, at: datetime | None) -> tantivy.Query:
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        if at is not None and self._limited:
            now = microseconds(at.timestamp())
            # An embargo ends at its moment, and an article expires at its own.
            clauses = [
                (tantivy.Occur.MustNot, self._range(_SHOWN_FROM, now + 1, None)),
                (tantivy.Occur.MustNot, self._range(_SHOWN_UNTIL, None, now + 1)),
            ]
        after, before = filters.published_after, filters.published_before
        if after is not None or before is not None:
            lower, upper = (None if each is None else microseconds(each.timestamp()) for each in (after, before))
            clauses.append((tantivy.Occur.Must, self._range("published", lower, upper)))
        named = (
            ("outlet", filters.outlets),
            ("author", filters.authors),
            ("section", filters.sections),
            ("language", tuple(language_code(tag) or tag for tag in filters.languages)),
            ("speaker", filters.speakers),
        )
        for name, wanted in named:
            if wanted:
                clauses.append((tantivy.Occur.Must, self._any(name, [folded(value) or "" for value in wanted])))
        if filters.article_ids:
            clauses.append((tantivy.Occur.Must, self._any("article", list(filters.article_ids))))
        if filters.sites:
            clauses.append((tantivy.Occur.Must, self._any("site", list(filters.sites))))
        if filters.without_sites:
            clauses.append((tantivy.Occur.MustNot, self._any("site", list(filters.without_sites))))
        if not any(occur is tantivy.Occur.Must for occur, _ in clauses):
            clauses.append((tantivy.Occur.Must, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(clauses)

    def _range(self, name: str, lower: int | None, upper: int | None) -> tantivy.Query:
        """`lower <= value < upper`; None is open."""
        return tantivy.Query.range_query(
            self._schema,
            name,
            tantivy.FieldType.Integer,
            lower,
            upper,
            include_lower=True,
            include_upper=upper is None,
        )

    def _any(self, name: str, values: list[str]) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, self._one(name, value)) for value in values])

    def _one(self, name: str, value: str | int) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, name, value, index_option="basic")


class _Translated:
    """A failed write drops the writer, so that the next one starts from the last commit."""

    def __init__(self, lexical: TantivyLexical) -> None:
        self._lexical = lexical

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError | OSError | RuntimeError):
            self._lexical._writer = None
            raise StorageError("the lexical index cannot be written", cause=error) from error


def _keys(searcher: tantivy.Searcher, hits: Sequence[Any]) -> list[int]:
    values: list[Any] = searcher.fast_field_values("key", [address for _, address in hits])
    return [int(value) for value in values]
