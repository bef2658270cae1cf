"""A chat message's marks and links: at the right place, and of stored articles alone, whatever the articles say."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from api.wire.chat_message import ChatMessage, Style, written
from rag.domain import Abstention, AbstentionReason, Answer, Article, Citation, Claim, Evidence, Query, Span

BASE = "http://localhost:8000/"
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=30)


def citation(
    number: int, title: str = "Kelp", url: str | None = "https://a.example/kelp", body: str = "Kelp grows."
) -> Citation:
    article = Article(id=f"a{number}", title=title, body=body, url=url, outlet="The Sarn Ledger")
    return Citation(number=number, article=article, passage_id="p", span=Span(0, len(body)), quote=body)


def answer(claims: list[Claim], citations: list[Citation], abstention: Abstention | None = None) -> Answer:
    query = Query(question="q", text="q")
    return Answer(
        id="1", query=query, mode="extractive", text="", claims=tuple(claims), citations=tuple(citations),
        abstention=abstention, evidence=Evidence((), {}),
    )  # fmt: skip


@given(st.lists(st.tuples(WORDS, st.integers(1, 3)), min_size=1, max_size=5), st.sampled_from(["markers", "links"]))
def test_every_mark_stands_where_it_is_said_to_stand(said: list[tuple[str, int]], style: Style) -> None:
    claims, count = [], 0
    for text, new in said:
        claims.append(Claim(text, 0, len(text), tuple(range(count + 1, count + new + 1))))
        count += new
    citations = [citation(n + 1) for n in range(count)]

    message = written(answer(claims, citations), style, BASE)

    shown = [message.text[mark.start : mark.end] for mark in message.marks]
    expected = [
        f"[{n}]" if style == "markers" else f"[[{n}]]({message.address(citations[n - 1])})" for n in range(1, count + 1)
    ]
    assert shown == expected
    assert all(claim.text in message.text for claim in claims)


@given(WORDS, WORDS)
def test_a_title_or_an_address_ends_no_link_and_begins_none(title: str, path: str) -> None:
    source = citation(
        1, title=f"{title}](https://evil.example) ![x](https://evil.example/p)", url=f"https://a.example/{path}"
    )

    message = written(answer([Claim("Kelp grows.", 0, 11, (1,))], [source]), "links", BASE)

    links = re.findall(r"(?<!\\)\]\(([^()\s]*)\)", message.text)
    assert links == [message.address(source)] * 2
    assert all(link.startswith("https://a.example/") for link in links)


def test_an_article_without_an_address_opens_in_our_own_reader() -> None:
    source = citation(1, url=None)

    address = ChatMessage("links", BASE).address(source)

    assert address == "http://localhost:8000/articles/a1?revision=1&start=0&end=11"


def test_an_abstention_is_said_in_words_and_has_no_sources() -> None:
    nothing = answer([], [], Abstention(AbstentionReason.NO_EVIDENCE, "No passage matches."))

    assert written(nothing, "links", BASE).text == "Not in these articles. No passage matches."
