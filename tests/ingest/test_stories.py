"""Near-copies are one story; a rewritten report of the same event is not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from ingest.stories import bands, near_copies, runs, with_stories
from rag.domain import Article
from rag.library import Library
from rag.settings import Settings
from tests.newsroom import document, generated, sentence
from tests.running import on_library
from tests.world import CHINESE, JAPANESE

WIRE = replace(
    generated(1)[0],
    id="wire",
    title="Storm closes the harbour",
    outlet="Fenwick Wire",
    url=None,
    body=(
        "A storm closed the harbour of Lower Fenwick on Monday and kept four ferries in port until the evening, the"
        " coastguard said. Nobody was hurt.\n\n"
        "Waves of up to six metres broke over the southern mole, which lost two of its lamps and a stretch of railing."
        " Fishermen moved their boats to the inner basin during the night, and the market on the quay was called off.\n\n"
        "“We have seen worse, but not in May,” said the harbour master, Ida Quill. She expected the first ferry to leave"
        " at seven on Tuesday morning, if the wind drops as forecast.\n\n"
        "The town has asked the county for money to raise the mole by a metre. The county has yet to answer."
    ),
)
REPORT = replace(
    WIRE,
    id="report",
    outlet="Island Gazette",
    body=(
        "Four ferries did not sail from Lower Fenwick on Monday after gales made the harbour mouth too dangerous,"
        " leaving about three hundred islanders to look for a bed in town.\n\n"
        "The southern mole was damaged again. According to the coastguard, waves reached six metres; lamps and railings"
        " went into the sea.\n\n"
        "“We have seen worse, but not in May,” harbour master Ida Quill told this newspaper, adding that boats should"
        " run on Tuesday. Residents say that the mole has been too low for years, and that the county keeps silent."
    ),
)


async def put(library: Library, articles: Sequence[Article]) -> None:
    await library.put(await with_stories([document(article) for article in articles], library))


def stories_of(settings: Settings, batches: Sequence[Sequence[Article]]) -> list[str | None]:
    """The story of each article, in order, after the batches were put one after the other."""

    async def act(library: Library) -> list[str | None]:
        for batch in batches:
            await put(library, batch)
        return [await library.story_of(article.id) for batch in batches for article in batch]

    return on_library(settings, act)


COPY = replace(WIRE, id="copy", title="Ferries stay in port", outlet="Harbour Courier")
CUT = replace(WIRE, id="cut", title="Storm!", outlet="Evening Star", body=WIRE.body.rpartition("\n\n")[0])


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "in two batches"])
@pytest.mark.parametrize("copy", [COPY, CUT], ids=["new headline", "end cut off"])
def test_a_copy_tells_the_story_of_the_first(settings: Settings, copy: Article, together: bool) -> None:
    batches = [[WIRE, copy]] if together else [[WIRE], [copy]]

    assert stories_of(settings, batches) == ["wire", "wire"]


def test_a_rewritten_report_of_the_same_event_is_a_story_of_its_own(settings: Settings) -> None:
    assert stories_of(settings, [[WIRE, REPORT]]) == ["wire", "report"]


def test_a_copy_of_a_copy_tells_the_story_of_the_first(settings: Settings) -> None:
    assert stories_of(settings, [[WIRE], [COPY], [CUT]]) == ["wire", "wire", "wire"]


def test_short_texts_are_never_copies(settings: Settings) -> None:
    short = replace(WIRE, body=WIRE.body.partition("\n\n")[0])

    assert bands(short.body) == ()
    assert stories_of(settings, [[short, replace(short, id="same")]]) == ["wire", "same"]


def test_a_copy_of_a_withdrawn_article_is_a_story_of_its_own(settings: Settings) -> None:
    async def act(library: Library) -> str | None:
        await put(library, [WIRE])
        await library.withdraw("wire")
        await put(library, [COPY])
        return await library.story_of("copy")

    assert on_library(settings, act) == "copy"


def test_an_article_that_is_corrected_keeps_its_story(settings: Settings) -> None:
    corrected = replace(COPY, body=COPY.body.replace("Monday", "Sunday"))

    assert stories_of(settings, [[WIRE, COPY], [corrected]]) == ["wire", "wire", "wire"]


def test_a_signature_depends_on_the_words_alone() -> None:
    assert bands(WIRE.body) == bands(WIRE.body.upper().replace("\n\n", "\n"))
    assert len(bands(WIRE.body)) == len(set(bands(WIRE.body)))
    assert all(-(2**63) <= band < 2**63 for band in bands(WIRE.body))


def test_copies_with_one_word_in_thirty_changed_nearly_always_share_a_bucket() -> None:
    chance = random.Random(5)
    missed = 0
    for _ in range(200):
        words = " ".join(sentence(chance, 15) for _ in range(20)).split()
        changed = [("other" if n % 30 == 7 else word) for n, word in enumerate(words)]
        missed += not set(bands(" ".join(words))) & set(bands(" ".join(changed)))

    assert missed <= 2


def test_a_long_text_that_holds_a_short_one_is_no_copy_of_it() -> None:
    chance = random.Random(6)
    short = " ".join(sentence(chance) for _ in range(6))
    long = short + " " + " ".join(sentence(chance) for _ in range(60))

    assert not near_copies(runs(short), runs(long))


def test_copies_are_told_where_words_are_not_spaced() -> None:
    body = CHINESE.body
    cut_at_the_end = body[: body.rindex("\n\n")]

    assert near_copies(runs(body), runs(cut_at_the_end))
    assert set(bands(body)) & set(bands(cut_at_the_end))
    assert not near_copies(runs(body), runs(JAPANESE.body))
