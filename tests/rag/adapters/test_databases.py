"""What is PostgreSQL's own: who owns a database, what happens when its server goes, and what it cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rag.adapters.catalog import SqlCatalog
from rag.domain import Filters
from rag.errors import LibraryLockedError, StorageError
from tests.newsroom import BRIDGE, FERRY, document
from tests.postgres import PostgresServer


@pytest.fixture
def catalog(postgres: str) -> Iterator[SqlCatalog]:
    catalog = SqlCatalog(postgres)
    yield catalog
    catalog.close()


def test_a_database_is_one_owners_until_it_closes(catalog: SqlCatalog, postgres: str) -> None:
    other = SqlCatalog(postgres)
    catalog.hold(0)

    with pytest.raises(LibraryLockedError, match=r"is in use by `onrecord on .+, process \d+`; stop it"):
        other.hold(0)

    catalog.close()
    other.hold(0)
    other.close()


def test_a_server_that_comes_back_is_worked_with_again(catalog: SqlCatalog, postgres_server: PostgresServer) -> None:
    catalog.hold(0)
    catalog.record([document(BRIDGE)])
    postgres_server.stop()
    try:
        with pytest.raises(StorageError, match="the catalog cannot be read or written"):
            catalog.record([document(FERRY)])
    finally:
        postgres_server.start()

    catalog.record([document(FERRY)])

    assert (catalog.article("bridge"), catalog.article("ferry")) == (BRIDGE, FERRY)


def test_after_all_connections_broke_the_lock_is_taken_again_first(
    catalog: SqlCatalog, postgres: str, postgres_server: PostgresServer
) -> None:
    catalog.hold(0)
    postgres_server.stop()
    postgres_server.start()
    other = SqlCatalog(postgres)
    other.hold(0)

    with pytest.raises(LibraryLockedError):
        catalog.record([document(BRIDGE)])

    other.close()
    catalog.record([document(BRIDGE)])
    third = SqlCatalog(postgres)
    with pytest.raises(LibraryLockedError):
        third.hold(0)
    third.close()


def test_a_name_that_no_text_can_hold_is_one_that_nothing_has(catalog: SqlCatalog) -> None:
    catalog.record([document(BRIDGE)])

    page = catalog.articles(filters=Filters(outlets=("harbour\0courier",), article_ids=("bridge\0",)), limit=5)

    assert page.total == 0


def test_what_was_purged_is_gone_from_the_tables_files(catalog: SqlCatalog, postgres_server: PostgresServer) -> None:
    catalog.record([document(replace(BRIDGE, body="Quillfeather spoke. " + BRIDGE.body)), document(FERRY)])
    postgres_server.execute("CHECKPOINT")
    assert postgres_server.tables_hold("Quillfeather")

    catalog.purge("bridge")
    catalog.scrub()
    postgres_server.execute("CHECKPOINT")

    assert not postgres_server.tables_hold("Quillfeather")
    assert catalog.article("ferry") == FERRY
