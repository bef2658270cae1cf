"""Several ranked lists made one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.fusion import Fused, fuse, interleaved, joined, raised
from rag.ports import Hit

WEIGHTS = {"lexical": 0.9, "dense": 0.1}
HITS = st.lists(
    st.builds(Hit, st.integers(1, 30), st.floats(-5, 50, allow_nan=False)), max_size=20, unique_by=lambda hit: hit.key
).map(lambda hits: sorted(hits, key=lambda hit: -hit.score))


def test_each_list_counts_by_its_weight_scaled_to_its_best() -> None:
    fused = fuse({"lexical": [Hit(1, 20), Hit(2, 10)], "dense": [Hit(2, 0.8), Hit(3, 0.4)]}, WEIGHTS)

    assert [item.key for item in fused] == [1, 2, 3]
    assert [item.score for item in fused] == pytest.approx([0.9, 0.55, 0.05])


def test_what_each_channel_gave_is_kept_as_it_was() -> None:
    fused = fuse({"lexical": [Hit(1, 20), Hit(2, 10)], "dense": [Hit(2, 0.8)]}, WEIGHTS)

    assert {item.key: item.channels for item in fused} == {1: {"lexical": 20}, 2: {"lexical": 10, "dense": 0.8}}


def test_ties_keep_the_order_of_the_first_list() -> None:
    fused = fuse({"lexical": [Hit(n, 5) for n in (4, 2, 9)], "dense": []}, WEIGHTS)

    assert [item.key for item in fused] == [4, 2, 9]


def test_a_list_of_no_or_worthless_hits_changes_nothing() -> None:
    alone = fuse({"lexical": [Hit(1, 20), Hit(2, 10)]}, WEIGHTS)

    assert fuse({"lexical": [Hit(1, 20), Hit(2, 10)], "dense": []}, WEIGHTS) == alone
    assert fuse({"lexical": [Hit(1, 20), Hit(2, 10)], "dense": [Hit(3, 0), Hit(4, -1)]}, WEIGHTS) == alone


def test_nothing_fused_is_nothing() -> None:
    assert fuse({"lexical": [], "dense": []}, WEIGHTS) == []


@given(HITS, HITS)
def test_every_passage_of_a_list_that_counts_stands_once_and_best_first(lexical: list[Hit], dense: list[Hit]) -> None:
    fused = fuse({"lexical": lexical, "dense": dense}, WEIGHTS)

    counting = [hits for hits in (lexical, dense) if hits and hits[0].score > 0]
    assert sorted(item.key for item in fused) == sorted({hit.key for hits in counting for hit in hits})
    assert [item.score for item in fused] == sorted((item.score for item in fused), reverse=True)
    assert all(0 <= item.score <= 1 + 1e-9 for item in fused)


@given(HITS, st.floats(1, 100))  # not below: half of the least number that there is, is none
def test_the_unit_of_a_channels_scores_does_not_count(hits: list[Hit], unit: float) -> None:
    scaled = [Hit(hit.key, hit.score * unit) for hit in hits]

    one, other = fuse({"lexical": hits}, WEIGHTS), fuse({"lexical": scaled}, WEIGHTS)

    assert {item.key: item.score for item in other} == pytest.approx({item.key: item.score for item in one})


def scored(**scores: float) -> list[Fused]:
    """A ranking: `_1=0.5` is the passage 1 with a score of 0.5."""
    return [Fused(int(name[1:]), score, {}) for name, score in scores.items()]


def test_a_part_counts_with_a_share_of_the_whole_question() -> None:
    found = joined(scored(_1=1.0, _2=0.4), scored(_3=1.0, _2=0.9), 0.5)

    assert {each.key: each.score for each in found} == pytest.approx({1: 1.0, 2: 0.85, 3: 0.5})
    assert [each.key for each in found] == [1, 2, 3]


def test_what_is_raised_may_overtake() -> None:
    assert [each.key for each in raised(scored(_1=1.0, _2=0.8, _3=0.1), {2: 1.5})] == [2, 1, 3]


def test_parts_take_turns_the_surest_first_and_no_passage_stands_twice() -> None:
    found = interleaved([scored(_1=1.0, _2=0.9, _3=0.5), scored(_4=2.0, _1=0.5, _5=0.4), []])

    assert [each.key for each in found] == [4, 1, 2, 5, 3]
    assert found[0].score == found[1].score == 1.0


def test_no_rankings_make_none() -> None:
    assert interleaved([]) == interleaved([[], []]) == []
