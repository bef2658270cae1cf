"""How the words of a claim stand in what it cites."""

from __future__ import annotations

import numpy as np
import pytest

from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.overlap import FEATURES, features, nearest
from rag.support import Claimed

CITED = "The council put off its vote on the new bridge on Monday, Mayor Ines Brandt said."


@pytest.fixture(scope="module")
def vectors() -> WordVectorCache:
    return WordVectorCache(StaticEmbeddings())


def read(claim: str, *cited: str, vectors: WordVectorCache) -> dict[str, float]:
    return dict(zip(FEATURES, features(Claimed(claim, cited), vectors), strict=True))


def test_a_copy_is_covered_whole(vectors: WordVectorCache) -> None:
    found = read(CITED, CITED, vectors=vectors)

    whole = {name: found[name] for name in ("covered", "end_covered", "pairs", "longest_common", "order")}
    assert whole == dict.fromkeys(whole, pytest.approx(1.0))
    assert found["longest_uncovered"] == found["missing_names"] == found["negated_anew"] == found["opposite"] == 0


def test_words_that_the_source_lacks_lower_what_is_covered(vectors: WordVectorCache) -> None:
    invented = read("The council sold the bridge to a foreign investor.", CITED, vectors=vectors)
    faithful = read("The council delayed its vote on the bridge.", CITED, vectors=vectors)

    assert invented["covered"] < faithful["covered"]
    assert invented["longest_uncovered"] > faithful["longest_uncovered"]


def test_a_denial_and_an_opposite_are_seen(vectors: WordVectorCache) -> None:
    assert read("The council did not put off its vote.", CITED, vectors=vectors)["negated_anew"] == 1
    assert read("Prices rose in May.", "Prices fell in May.", vectors=vectors)["opposite"] == 1


def test_shared_names_in_other_company_agree_less(vectors: WordVectorCache) -> None:
    cited = (
        "Ada Okafor won the race in Port Ness. The weather was fine, and hundreds of visitors watched from the old harbour"
        " wall. A new footbridge was opened afterwards by Ines Brandt."
    )

    same = read("Ada Okafor won the race in Port Ness.", cited, vectors=vectors)["least_anchor"]
    swapped = read("Ines Brandt won the race in Port Ness.", cited, vectors=vectors)["least_anchor"]

    assert swapped < same


def test_texts_without_words_have_finite_features(vectors: WordVectorCache) -> None:
    for claim, cited in (("", ()), ("...", ("!",)), ("Yes.", ("",))):
        assert np.isfinite(features(Claimed(claim, tuple(cited)), vectors)).all()


def test_the_sentences_that_bear_a_claim_out_are_found_together(vectors: WordVectorCache) -> None:
    sentences = [
        "It rained in the hills.",
        "Harbour Lines cancelled nine ferries.",
        "Tickets stay valid, the union said.",
        "A strike over pay began on Tuesday.",
    ]

    assert nearest("Harbour Lines cancelled nine ferries as a strike over pay began.", sentences, vectors) == (1, 3)
    assert nearest("Harbour Lines cancelled nine ferries as a strike over pay began.", sentences, vectors, most=1) == (
        1,
    )
    assert nearest("...", sentences, vectors) == ()
    assert nearest("Nine ferries.", [], vectors) == ()
