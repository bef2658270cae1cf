"""Cases and results by hand, for tests of what is made of them."""

from __future__ import annotations

from typing import Any

from evals.cases import Case, GoldEvidence, id_of
from evals.results import Citation, Claim, Passage, Reply, Result

URL = "https://quay.example/{}"


def gold(quote: str, article: str = "ferry") -> GoldEvidence:
    return GoldEvidence(url=URL.format(article), quote=quote)


def case(**fields: Any) -> Case:
    return Case(**{"id": "c1", "question": "When does the ferry stop?"} | fields)


def cited(number: int, quote: str, article: str = "ferry", **fields: Any) -> Citation:
    return Citation(
        **{"number": number, "article": id_of(URL.format(article)), "quote": quote, "stands": quote, "start": 0}
        | fields
    )


def passage(text: str, article: str = "ferry") -> Passage:
    return Passage(id=f"{article}:1:0", article=id_of(URL.format(article)), url=URL.format(article), text=text)


def answered(*claims: tuple[str, tuple[int, ...]], citations: tuple[Citation, ...] = (), **fields: Any) -> Reply:
    """An answer whose text is its claims, each with its markers."""
    text = "\n".join(f"{words} {''.join(f'[{n}]' for n in numbers)}".strip() for words, numbers in claims)
    made = tuple(Claim(text=words, citations=numbers) for words, numbers in claims)
    return Reply(**{"answered": True, "text": text, "claims": made, "citations": citations} | fields)


def said(text: str) -> Reply:
    return answered((text, ()))


ABSTAINED = Reply(answered=False, reason="weak_evidence")


def result(of: Case, reply: Reply | None, **fields: Any) -> Result:
    return Result(case=of, reply=reply, failure=None if reply else "no reply", **fields)
