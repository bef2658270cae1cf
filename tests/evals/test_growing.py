"""Libraries of several sizes, and the curves over them."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.benchmarks.growing import write_lots
from evals.benchmarks.growth_plots import plots
from rag.errors import SourceError

LINES = [
    f"Line {n} of the ferry's log tells that the crossing took a little longer than it did before." for n in range(9)
]


def _data(folder: Path, asked: int, others: int) -> Path:
    """Data sets of the form that the real ones have, each article 9 lines of 17 words."""
    (folder / "multihop_rag").mkdir()
    records = [
        {"title": f"Asked {n}", "body": "\n".join(LINES), "url": f"https://harbour.example/{n}", "source": "The Harbour",
         "category": "news", "published_at": "2023-11-02T08:00:00+00:00"}
        for n in range(asked)
    ]  # fmt: skip
    _write(folder / "multihop_rag" / "corpus.jsonl", records)
    year = folder / "realtimeqa"
    year.mkdir()
    others_read = [
        {"article_id": f"a{n}", "title": f"Other {n}", "text": "\n".join(f"{n} {line}" for line in LINES),
         "url": f"https://islands.example/{n}", "publish_date": "2023-12-01"}
        for n in range(others)
    ]  # fmt: skip
    with lzma.open(year / "articles_2023.jsonl.xz", "wt") as file:
        file.writelines(json.dumps(record) + "\n" for record in others_read)
    (year / "derived_2023.jsonl").touch()
    return folder


def _write(path: Path, records: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def _read(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_size_adds_to_the_one_before_and_begins_with_what_is_asked_about(tmp_path: Path) -> None:
    lots = write_lots(_data(tmp_path, asked=4, others=4), (3, 8), tmp_path)

    first, second = map(_read, lots)
    assert [article["title"] for article in first] == ["Asked 0", "Asked 1", "Asked 2"]
    assert [article["title"] for article in second] == ["Asked 3", *(f"Other {n}" for n in range(3))]


def test_beyond_what_there_is_articles_are_made_of_thirds_of_three(tmp_path: Path) -> None:
    [lot] = write_lots(_data(tmp_path, asked=1, others=5), (10,), tmp_path)

    made = [article for article in _read(lot) if "recombined" in article["url"]]
    assert len(made) == 2
    for article in made:
        origins = [line.split()[0] for line in article["body"].split("\n")]
        assert [len(set(origins[n : n + 3])) for n in (0, 3, 6)] == [1, 1, 1]
        assert len(set(origins)) == 3
    assert len({article["url"] for article in made}) == 2


def test_too_few_articles_to_recombine_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="too few articles"):
        write_lots(_data(tmp_path, asked=1, others=2), (10,), tmp_path)


def test_a_library_without_the_articles_that_are_asked_about_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="multihop_rag"):
        write_lots(tmp_path, (10,), tmp_path)


def _grown(passages: int, ms: float) -> dict[str, object]:
    return {
        "passages": passages,
        "filled_per_s": None,
        "memory_mb": 300.0,
        "disk_mb": {"catalog": 2.0, "vectors": 0.0},
        "times": {"ask <b>": (ms / 2, ms)},
    }


def test_the_curves_are_pictures_that_stand_by_themselves() -> None:
    drawn = plots({"folder": [_grown(9_000, 20.0), _grown(90_000, 40.0)], "shared": [_grown(9_000, 30.0)]})

    times = ElementTree.fromstring(drawn["scale-times"])
    [folder, shared] = times.iter("{http://www.w3.org/2000/svg}polyline")
    (x1, y1), (x2, y2) = (map(float, point.split(",")) for point in folder.attrib["points"].split())
    assert x2 > x1
    assert y2 < y1  # more milliseconds are higher up
    assert len(shared.attrib["points"].split()) == 1
    assert "ask <b> (shared)" in [text.text for text in times.iter("{http://www.w3.org/2000/svg}text")]
    # What takes no room, or was not measured, has no place on a logarithmic axis.
    assert "vectors" not in drawn["scale-costs"]
    assert "polyline" not in drawn["scale-fill"]
