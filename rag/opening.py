"""A library's stores, opened: its folder, its catalog, its indexes. Vendors are imported when needed."""

from __future__ import annotations

import errno
import logging
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from rag.errors import LibraryMismatchError, OnRecordError, SettingsError, StorageError
from rag.library import Library
from rag.ports import Embedder, LexicalIndex
from rag.rights import Rights
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.adapters.catalog import SqlCatalog
    from rag.adapters.vectors import ChromaVectors

log = logging.getLogger(__name__)

# Its indexes follow a catalog elsewhere: the name that this catalog has for the folder.
_INDEXED_FOR = "indexed-for"
# The catalog's notes of where its indexes are. Vectors: the server's address, empty for the folder; and the collection there.
_LEXICAL, _VECTORS, _COLLECTION = "lexical", "vectors", "collection"
_CATALOG_FILES = {"catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"}
_OWN_FILES = {*_CATALOG_FILES, "lexical", "vectors", "lock", "owner.json", _INDEXED_FOR, "workers"}
# There, where all stores are on servers: the folder holds copies that say themselves what they follow.
_NO_INDEX = "shared"
# Another process is opened within seconds, and copies of vectors are not waited for.
_OPENING_WAIT_S = 60.0


# What the catalog's tables hold; raised with every change that older libraries lack.
_FORM = "4"


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise StorageError(f"{folder} is a file; a library is a folder: name an empty or a new one") from error
    except OSError as error:
        raise StorageError(f"the library folder {folder} cannot be made: {error.strerror}") from error
    foreign = {entry.name for entry in folder.iterdir()} - _OWN_FILES
    if foreign and not any((folder / own).exists() for own in ("catalog.sqlite", _INDEXED_FOR)):
        raise StorageError(f"{folder} is not a library: it holds {sorted(foreign)[0]!r}; name an empty or a new folder")


def open_stores(settings: Settings, embedder: Embedder, *, rebuild: bool, alone: bool = False) -> Library:
    """The library on its stores; with `alone`, also where others could share it. To make it anew it is always alone.

    Raises LibraryLockedError, LibraryMismatchError, StorageError.
    """
    from rag.adapters.rights_file import read_rights

    folder = settings.library
    rights = read_rights(settings.rights)
    try:
        catalog = open_catalog(settings, rights, hold=False)
        try:
            with catalog.opening(settings.lock_wait_s + _OPENING_WAIT_S):
                catalog.hold(settings.lock_wait_s, shared=settings.shared and not (alone or rebuild))
                anew = _place(catalog, settings, rights, rebuild=rebuild, alone=alone or rebuild)
            return _open_on(catalog, settings, embedder, rights, anew=anew)
        except BaseException:
            catalog.close()
            raise
    except OSError as error:
        full = " (the disk is full)" if error.errno == errno.ENOSPC else ""
        raise StorageError(f"the library {folder} cannot be opened: {error.strerror}{full}") from error


def _place(catalog: SqlCatalog, settings: Settings, rights: Rights, *, rebuild: bool, alone: bool) -> bool:
    """See that both indexes are where the settings say, and that articles are shown as the policies say.

    Whether the indexes are to be made anew.
    """
    if settings.lexical == "postgres" and settings.catalog is None:
        raise SettingsError("ONRECORD_LEXICAL=postgres needs ONRECORD_CATALOG, the database that it stands in")
    _check_made(catalog, settings, rebuild=rebuild)
    if not rebuild and _has_moved(settings, catalog):
        log.info("the library's Chroma server is at %s now, with all its vectors", settings.chroma)
        catalog.note(_VECTORS, _vectors_at(settings))
    anew = rebuild or not _placed(settings, catalog) or not (settings.shared or _follows(settings, catalog))
    before = catalog.note("rights")
    changes = anew or before != rights.fingerprint
    # What changes for all who work on the library is changed while nobody else does.
    with catalog.alone(settings.lock_wait_s) if changes and settings.shared and not alone else nullcontext():
        if anew:
            place_indexes(settings, catalog)
        if before != rights.fingerprint:
            if before is not None and not rights.policies:
                log.warning("the library had a policy file and is opened without one (ONRECORD_RIGHTS): its limits end")
            catalog.apply_rights()
            catalog.note("rights", rights.fingerprint)
    if settings.shared:
        (settings.library / _INDEXED_FOR).write_text(_NO_INDEX, encoding="ascii")
    return anew


def _open_on(catalog: SqlCatalog, settings: Settings, embedder: Embedder, rights: Rights, *, anew: bool) -> Library:
    from rag.adapters.lexical import TantivyLexical

    lexical: LexicalIndex = (
        catalog.lexical() if settings.lexical == "postgres" else TantivyLexical(settings.library / "lexical")
    )
    vectors, subscriptions = open_vectors(catalog, settings), catalog.subscriptions()
    if not settings.shared:
        if anew:
            vectors.clear()
        # This process owns the library alone: whoever held a feed before it was killed.
        subscriptions.release_all()
    return Library(
        catalog,
        lexical,
        vectors,
        embedder,
        subscriptions,
        catalog.spoken(),
        catalog.feedback(),
        catalog.keys(),
        catalog.audit(),
        rights=rights,
        shared=catalog.shared() if settings.shared else None,
    )


def open_vectors(catalog: SqlCatalog, settings: Settings) -> ChromaVectors:
    from rag.adapters.chroma_server import place_of
    from rag.adapters.vectors import ChromaVectors

    collection = catalog.note(_COLLECTION) or "passages"
    news = catalog.vectors_since if settings.shared else None
    return ChromaVectors(vectors_folder(settings), server=place_of(settings), collection=collection, news=news)


def _vectors_at(settings: Settings) -> str:
    """The note of where the vectors are."""
    from rag.adapters.chroma_server import place_of

    place = place_of(settings)
    return place.name if place else ""


def vectors_folder(settings: Settings) -> Path:
    return settings.library / "vectors"


def _check_made(catalog: SqlCatalog, settings: Settings, *, rebuild: bool) -> None:
    """That this version and this embedding made it; a new one is marked as made by them."""
    from rag.adapters.copying import COPYING

    if catalog.note(COPYING) is not None:
        raise LibraryMismatchError(
            f"a copy into the library {settings.library} was begun and not finished: run `onrecord library copy` again"
        )
    made_by = catalog.note("embedding")
    form = catalog.note("form") if made_by else catalog.note("form", _FORM)
    if form != _FORM:
        raise LibraryMismatchError(
            f"the library {settings.library} is of form {form}, and this version reads form {_FORM}: ingest its sources"
            " into a new one"
        )
    if made_by is None or rebuild:
        made_by = catalog.note("embedding", settings.embedding)
    if made_by != settings.embedding:
        raise LibraryMismatchError(
            f"the library {settings.library} was made with ONRECORD_EMBEDDING={made_by}, not {settings.embedding}: two"
            " cannot be mixed. Set it back, or run `onrecord doctor --repair` with the new one to embed every passage anew"
        )


def open_catalog(settings: Settings, rights: Rights, *, hold: bool = True) -> SqlCatalog:
    """On a server it is owned by this process until it is closed, where `hold`; who owns a folder owns the file in it."""
    from rag.adapters.catalog import SqlCatalog

    folder = settings.library
    if settings.catalog is None:
        if (folder / _INDEXED_FOR).exists():
            raise LibraryMismatchError(
                f"the library {folder} has its catalog on a PostgreSQL server: set ONRECORD_CATALOG to its address"
            )
        return SqlCatalog(folder / "catalog.sqlite", rights)
    if (folder / "catalog.sqlite").exists():
        raise LibraryMismatchError(
            f"the library {folder} has a catalog of its own: unset ONRECORD_CATALOG, or name a new folder"
        )
    catalog = SqlCatalog(settings.catalog.get_secret_value(), rights)
    if not hold:
        return catalog
    try:
        catalog.hold(settings.lock_wait_s)
    except OnRecordError:
        catalog.close()
        raise
    return catalog


def has_indexes(catalog: SqlCatalog) -> bool:
    """Whether it is noted in the catalog itself where its indexes are: not yet in a new one, nor in a library's of old."""
    return catalog.note(_COLLECTION) is not None


def _placed(settings: Settings, catalog: SqlCatalog) -> bool:
    """Whether the indexes are where the settings say."""
    vectors, lexical = catalog.note(_VECTORS) or "", catalog.note(_LEXICAL) or "tantivy"
    return (vectors, lexical) == (_vectors_at(settings), settings.lexical)


def _has_moved(settings: Settings, catalog: SqlCatalog) -> bool:
    """Whether the Chroma server has another address than before and still holds the library's collection, with all of it."""
    from rag.adapters.chroma_server import count_in, place_of

    before, collection, place = catalog.note(_VECTORS) or "", catalog.note(_COLLECTION), place_of(settings)
    if not (place and before.startswith("http") and before != place.name and collection):
        return False
    counts = catalog.counts()
    return counts["unindexed"] == 0 and 0 < counts["passages"] == count_in(place, collection)


def _follows(settings: Settings, catalog: SqlCatalog) -> bool:
    """Whether what stands in the folder is of the catalog as it is now: another folder may have been used since."""
    if settings.catalog is None:
        return True
    try:
        return (settings.library / _INDEXED_FOR).read_text(encoding="ascii") == (catalog.note(_INDEXED_FOR) or "")
    except FileNotFoundError:
        return False


def _take_over(settings: Settings, catalog: SqlCatalog) -> None:
    """From now on what stands in this folder is the catalog's, and in no other."""
    if settings.catalog is not None:
        (settings.library / _INDEXED_FOR).write_text(str(catalog.note(_INDEXED_FOR, uuid4().hex)), encoding="ascii")


def place_indexes(settings: Settings, catalog: SqlCatalog) -> None:
    """Both indexes are to be made anew from the catalog, on a server in a collection that no other library has."""
    from rag.adapters.chroma_server import look_at, place_of

    if place := place_of(settings):
        look_at(place)  # before what there is is dropped
    folder = settings.library
    for name in ("lexical", "vectors"):
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)
    catalog.mark_all_unindexed()
    if (server := catalog.note(_VECTORS)) and server.startswith("http"):
        log.warning("the collection %s at %s is this library's no longer", catalog.note(_COLLECTION), server)
    if catalog.note(_LEXICAL) == "postgres":
        catalog.lexical().clear()  # also where it is used no longer: it holds the articles' words
    catalog.note(_COLLECTION, f"onrecord-{uuid4().hex}" if place else "passages")
    catalog.note(_VECTORS, _vectors_at(settings))
    catalog.note(_LEXICAL, settings.lexical)
    _take_over(settings, catalog)
