"""Subscriptions on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from rag.adapters.catalog import SqlCatalog
from rag.adapters.subscriptions import feed_entries, feeds
from rag.subscribing import Subscriptions
from tests.contracts.subscriptions import NOW, URL, SubscriptionsContract


class TestSqlSubscriptions(SubscriptionsContract):
    @pytest.fixture
    def subscriptions(self, tmp_path: Path) -> Iterator[Subscriptions]:
        catalog = SqlCatalog(tmp_path / "catalog.sqlite")
        yield catalog.subscriptions()
        catalog.close()


class TestSqlSubscriptionsOnPostgres(SubscriptionsContract):
    @pytest.fixture
    def subscriptions(self, postgres: str) -> Iterator[Subscriptions]:
        catalog = SqlCatalog(postgres)
        yield catalog.subscriptions()
        catalog.close()


def test_subscriptions_outlive_the_process(tmp_path: Path) -> None:
    first = SqlCatalog(tmp_path / "catalog.sqlite")
    feed, _ = first.subscriptions().put(URL, every_s=900, now=NOW)
    first.close()

    again = SqlCatalog(tmp_path / "catalog.sqlite")

    assert again.subscriptions().all() == [feed]
    again.close()


@pytest.mark.parametrize("table", [feeds, feed_entries], ids=lambda table: table.name)
def test_the_tables_can_be_made_on_postgresql(table: object) -> None:
    ddl = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[arg-type, no-untyped-call]

    assert "CREATE TABLE" in ddl
    assert "DOUBLE PRECISION" in ddl or "FLOAT" in ddl
