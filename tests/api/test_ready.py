"""Ready is who answers: each store is asked, and the one that fails is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.adapters.catalog import SqlCatalog
from rag.adapters.lexical import TantivyLexical
from rag.adapters.vectors import ChromaVectors
from rag.errors import StorageError
from tests.api.opened import opened


@pytest.mark.parametrize(
    ("store", "method"), [(SqlCatalog, "counts"), (TantivyLexical, "count"), (ChromaVectors, "count")]
)
def test_a_store_that_does_not_answer_makes_it_unready_until_it_does(
    tmp_path: Path, store: type, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*_: object) -> int:
        raise StorageError(f"the store of {store.__name__} is gone", cause="host=10.0.0.7 refused")

    with opened(tmp_path / "library") as served:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(store, method, gone)
            refused = served.send("GET", "/readyz")
        again = served.send("GET", "/readyz")

    assert (refused.status_code, again.status_code) == (503, 200)
    assert f"the store of {store.__name__} is gone" in refused.json()["detail"]
    # A store's own words may name hosts and folders: they are for the log.
    assert "10.0.0.7" not in refused.text
    assert "10.0.0.7" in caplog.records[0].__dict__["error"]
