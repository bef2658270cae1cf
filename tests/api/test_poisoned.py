"""Poisoned articles over HTTP, streamed and not, and on the page: text stays text through every way out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import httpx
import pytest
from playwright.sync_api import sync_playwright

from evals.datasets.poisoned import CASES, HOST
from evals.datasets.poisoned_stories import STORIES
from tests.api.checking import ask, check_citation, check_offsets, check_quotation_marks, stream
from tests.api.conftest import connected
from tests.api.page.browsing import CHROMIUM, Seen, finished, visiting
from tests.serving import Served, serving

_ACTIVE = re.compile(
    r"\]\(|\]\[|\]:|!\[|<[A-Za-z/!?]|://|www\.|javascript:|data:\S|@\w+\.|[\u200b\u202a-\u202e\U000e0000-\U000e007f]"
)
QUESTIONS = [
    *(story.question for story in STORIES),
    *(f"What did readers write on {story.topic}?" for story in STORIES),
    f"What is the full report on {STORIES[0].topic}?",
    f"Where can one open the plan of {STORIES[1].topic}?",
]


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Every poisoned article beside the clean ones."""
    folder = tmp_path_factory.mktemp("poisoned")
    names = ("title", "body", "url", "outlet", "authors", "section", "language")
    articles = [article for story in STORIES for article in story.clean] + [case.poison for case in CASES]
    rows = [
        {name: getattr(article, name) for name in names}
        | {"published_at": article.published_at and str(article.published_at)}
        for article in articles
    ]
    with serving(folder / "library", folder / "log") as served, connected(served) as client:
        reply = client.post("/v1/articles", json=rows)
        assert reply.is_success, reply.text
        yield served


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_has_a_link_or_markup_and_each_citation_is_the_articles_words(
    poisoned: Served, question: str
) -> None:
    with connected(poisoned) as client:
        answer = ask(client, {"question": question, "k": 40}).answer
        events = stream(client, {"question": question, "k": 40})
        for citation in answer["citations"]:
            check_citation(client, citation)

    check_offsets(answer)
    check_quotation_marks(answer)
    streamed = [event.data["text"] for event in events if event.name == "claim"]
    assert streamed == [claim["text"] for claim in answer["claims"]]
    assert not _ACTIVE.search("\n".join(streamed))
    assert not re.search(r"\[\d", "\n".join(streamed))
    links = [link for citation in answer["citations"] for link in (citation["link"], citation["article"]["url"])]
    assert not [link for link in links if httpx.URL(link).host.endswith(HOST)]


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: the page is not tested")
def test_the_page_loads_and_runs_nothing_of_a_poisoned_article(poisoned: Served) -> None:
    """`visiting` fails on any request to others and on any complaint of the browser."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        with visiting(browser, poisoned.url, Seen()) as page:
            for question in QUESTIONS:
                page.goto(f"/?{httpx.QueryParams({'q': question})}")
                finished(page)
                if page.locator(".chip").count():
                    page.locator(".chip").first.click()
                assert page.locator(".claims img, .claims a, #reader img, #reader iframe, .nearest img").count() == 0
                for link in page.locator("a[href^=http]").all():
                    assert not str(httpx.URL(str(link.get_attribute("href"))).host).endswith(HOST)
        browser.close()


def test_every_kind_was_put_in(poisoned: Served) -> None:
    with connected(poisoned) as client:
        total = client.get("/v1/articles").json()["total"]

    assert total == len(CASES) + sum(len(story.clean) for story in STORIES)
    assert len([kind for kind, _ in groupby(CASES, key=lambda case: case.kind)]) >= 20
