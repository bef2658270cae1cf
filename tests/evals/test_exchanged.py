"""The pairs of exchanged claims, through the default support check."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from evals.exchanged import load, outcomes, report
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.adapters.weighed_support import WeighedSupport
from rag.errors import SourceError


def test_nine_in_ten_exchanged_claims_fail_and_the_right_ones_pass() -> None:
    found = asyncio.run(outcomes(load(), WeighedSupport(WordVectorCache(StaticEmbeddings()))))

    let_through = [row.pair.wrong for row in found if row.wrong]
    assert len(found) == 83
    assert sum(row.wrong_before for row in found) > 70
    assert len(let_through) <= 8, let_through
    assert [row.pair.right for row in found if not row.right] == []
    assert any(line.startswith("roles") for line in report(found))


def test_a_file_of_another_form_is_named(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text('{"kind": "roles"}\n', encoding="utf-8")

    with pytest.raises(SourceError, match=r"pairs\.jsonl: expected one object a line"):
        load(tmp_path / "pairs.jsonl")
