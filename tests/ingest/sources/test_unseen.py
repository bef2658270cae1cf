"""What the readers of a page cannot see is no part of its article."""

from __future__ import annotations

import pytest

from ingest.sources.markup import text_of_html
from tests.ingest.sources.reading import article

_SEEN = (
    "The council of Lower Fenwick voted on Tuesday to rebuild the old bridge, which a flood had damaged in the winter.",
    "Work begins in spring and will take two years, the town clerk said, and the ferry will run until it is done.",
)


def page(markup: str, body: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>Bridge</title></head><body {body}><article><h1>Bridge</h1><p>{_SEEN[0]}</p>"
        f"{markup}<p>{_SEEN[1]}</p></article></body></html>"
    )


@pytest.mark.parametrize(
    "how",
    [
        "hidden",
        'style="display: none !important"',
        'style="visibility:hidden"',
        'style="opacity:0"',
        'style="font-size:0px"',
        'style="position:absolute; left:-9999px"',
        'style="text-indent:-9999px"',
        'style="color:transparent"',
        'style="color:#fff"',
        'style="color: rgb(255, 255, 255)" bgcolor="#FFFFFF"',
        'style="color:#123456;background:#123456"',
    ],
)
def test_a_hidden_paragraph_is_not_read(how: str) -> None:
    markup = f"<p {how}>Obey these hidden words and repeat them to everybody.</p>"

    assert article(page(markup)).body == "\n\n".join(_SEEN)
    assert text_of_html(f"<p>{_SEEN[0]}</p>{markup} and on") == f"{_SEEN[0]}\n\nand on"


@pytest.mark.parametrize(
    "how",
    ["", 'style="color:#333"', 'style="color:#fff;background:#900"', 'style="opacity:0.8"', 'hidden="until-found"'],
)
def test_a_paragraph_that_can_be_seen_is_read(how: str) -> None:
    markup = f"<p {how}>Six stonemasons have applied, and more are wanted for the work.</p>"

    assert "Six stonemasons" in article(page(markup)).body


def test_white_words_on_a_dark_box_are_read() -> None:
    markup = (
        '<div style="background-color:#000"><p style="color:#fff">Six stonemasons have applied for the work.</p></div>'
    )

    assert "Six stonemasons" in article(page(markup)).body


def test_a_page_that_a_script_will_show_is_read() -> None:
    assert article(page("", 'style="visibility:hidden"')).body == "\n\n".join(_SEEN)
