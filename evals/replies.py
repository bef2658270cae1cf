"""What services send back -> replies. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from evals.results import Citation, Claim, Passage, Reply
from rag.sentences import sentence_spans

Json = dict[str, Any]

# One number or several in brackets, single or double, also where they are the text of a link.
_MARKERS = re.compile(r"\s*\[{1,2}(\d{1,3}(?:\s*,\s*\d{1,3})*)\]{1,2}(?:\([^)\s]*\))?")
# A chat service has no field that says "no answer": these words open or make up nearly all such replies.
_DECLINED = re.compile(
    r"\b(?:not in (?:the|these) articles|(?:could|can|do|did)(?: not|n[’']t) (?:find|answer|know|have)|no (?:relevant )?"
    r"(?:information|answer|articles?|mention)|not (?:mentioned|stated|specified|provided|found)|insufficient information"
    r"|unable to (?:find|answer))\b",
    re.IGNORECASE,
)
_SHORT_CHARS = 400


def reply_of_ask(answer: Json) -> Reply:
    """From the JSON of /v1/ask. Raises KeyError or TypeError where it has another form."""
    abstention = answer["abstention"] or {}
    passages = answer.get("evidence")
    degraded = answer.get("degraded") or {}
    return Reply(
        answered=answer["answered"],
        reason=abstention.get("reason"),
        detail=abstention.get("detail") or abstention.get("message"),
        text=answer["text"],
        claims=tuple(Claim(text=each["text"], citations=tuple(each["citations"])) for each in answer["claims"]),
        citations=tuple(map(_citation, answer["citations"])),
        passages=tuple(map(_passage, passages)) if passages is not None else None,
        mode=answer.get("mode"),
        model=answer.get("model"),
        prompts=tuple(answer.get("prompts", ())),
        degraded=degraded.get("reason"),
        confidence=answer.get("confidence"),
        usage=answer.get("usage") or {},
        timings_ms=answer.get("timings_ms") or {},
    )


def reply_of_chat(completion: Json) -> Reply:
    """From a chat completion: sentences are claims, `[1]` in them points at the first annotation or source, and so on."""
    message = completion["choices"][0]["message"]
    text = str(message.get("content") or "")
    citations = tuple(_annotated(message.get("annotations") or completion.get("citations") or (), text))
    declined = not text.strip() or (len(text) < _SHORT_CHARS and not citations and bool(_DECLINED.search(text)))
    return Reply(
        answered=not declined,
        reason="model_declined" if declined else None,
        detail=text if declined else None,
        text="" if declined else text,
        claims=() if declined else tuple(claims_in(text)),
        citations=() if declined else citations,
        mode="model",
        model=completion.get("model"),
        usage={name: value for name, value in (completion.get("usage") or {}).items() if isinstance(value, int)},
    )


def claims_in(text: str) -> list[Claim]:
    """The sentences of a text with the numbers in their markers; a marker after a full stop is of the sentence before it."""
    plain: list[str] = []
    at: list[tuple[int, tuple[int, ...]]] = []
    end = 0
    for match in _MARKERS.finditer(text):
        plain.append(text[end : match.start()])
        at.append((sum(map(len, plain)), tuple(int(number) for number in match.group(1).split(","))))
        end = match.end()
    whole = "".join([*plain, text[end:]])
    spans = sentence_spans(whole)
    return [
        Claim(
            text=span.of(whole).strip(),
            citations=tuple(
                dict.fromkeys(
                    number
                    for place, numbers in at
                    if span.start < place and (n + 1 == len(spans) or place <= spans[n + 1].start)
                    for number in numbers
                )
            ),
        )
        for n, span in enumerate(spans)
    ]


def _citation(cited: Json) -> Citation:
    article, speaker = cited["article"], cited.get("speaker") or {}
    return Citation(
        number=cited["number"],
        article=article["id"],
        url=article.get("url"),
        title=article.get("title"),
        outlet=article.get("outlet"),
        published_at=article.get("published_at"),
        revision=article.get("revision"),
        start=cited["start"],
        end=cited["end"],
        quote=cited["quote"],
        before=cited.get("before", ""),
        after=cited.get("after", ""),
        speaker=speaker.get("name"),
    )


def _passage(found: Json) -> Passage:
    article = found["article"]
    return Passage(
        id=found["passage_id"],
        article=article["id"],
        url=article.get("url"),
        title=article.get("title"),
        outlet=article.get("outlet"),
        published_at=article.get("published_at"),
        text=found["text"],
        score=found.get("score"),
    )


def _annotated(annotations: Sequence[Any], text: str) -> list[Citation]:
    """Url citations in their order, or bare addresses; the same address is one source."""
    found: dict[str, Citation] = {}
    for each in annotations:
        if isinstance(each, dict):
            each = each.get("url_citation", each)  # noqa: PLW2901
            url, title = str(each.get("url", "")), each.get("title")
        else:
            url, title = str(each), None
        found.setdefault(url, Citation(number=len(found) + 1, url=url, title=title))
    return list(found.values())
