"""A library copied to other stores: its catalog row by row, its vectors as they are; the words are indexed anew."""

from __future__ import annotations

from collections.abc import Callable

from rag.errors import LibraryMismatchError
from rag.opening import has_indexes, open_catalog, open_vectors, place_indexes, vectors_folder
from rag.settings import Settings

_LOT = 2_000


def copy_stores(source: Settings, target: Settings, told: Callable[[str, int], None]) -> None:
    """Copy what `source` holds to where `target` says, which holds nothing yet, or what a copy that was broken off left.

    The caller owns both, and opens `target` afterwards, which indexes the words. `told` hears what is copied, and how many.

    Raises:
        InputError: `target` holds something else.
        LibraryMismatchError: the two have different embeddings.
        StorageError: a store cannot be read or written.
    """
    from rag.adapters.copying import begin, copy_tables, finish
    from rag.adapters.rights_file import read_rights
    from rag.adapters.rows import chunks
    from rag.adapters.vectors import rows_in

    reading = open_catalog(source, read_rights(source.rights), hold=False)
    try:
        made_by = reading.note("embedding")
        if made_by != target.embedding:
            raise LibraryMismatchError(
                f"the library was made with ONRECORD_EMBEDDING={made_by}, and {target.embedding} is set for the copy: set"
                " them alike, and change it afterwards with `onrecord doctor --repair`"
            )
        writing = open_catalog(target, read_rights(target.rights))
        try:
            begin(reading, writing)
            if not has_indexes(writing):
                place_indexes(target, writing)
            copy_tables(reading, writing, told)
            vectors = open_vectors(writing, target)
            try:
                rows = rows_in(vectors_folder(source))
                for keys in chunks(sorted(rows.keys() - vectors.keys()), _LOT):
                    vectors.upsert(keys, rows.at(keys))
                    told("vectors", len(keys))
            finally:
                vectors.close()
            finish(writing)
        finally:
            writing.close()
    finally:
        reading.close()
