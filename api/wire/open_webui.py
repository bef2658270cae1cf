"""Citations -> Open WebUI's `sources`, one for each. Pure.

Open WebUI numbers sources by their `metadata.source`, in order, and makes a button of `[1]`. So each citation has one of its
own, also where two are of one article; and there are no annotations beside them, which it would show once more.
"""

from __future__ import annotations

from urllib.parse import urljoin

from api.links import reader_link
from api.wire.chat_message import ChatMessage
from rag.domain import Citation

Json = dict[str, object]


def sources(message: ChatMessage, *, framed: bool) -> list[Json]:
    """With `framed`, our own reader opens beside the chat; else the quoted words do, which need no page of ours."""
    return [_source(citation, message, framed=framed) for citation in message.citations]


def _source(citation: Citation, message: ChatMessage, *, framed: bool) -> Json:
    article, span = citation.article, citation.span
    key = f"{article.id}:{article.revision}:{span.start}-{span.end}"
    source: Json = {"id": key, "name": article.title, "url": message.address(citation)}
    if framed:
        source["embed_url"] = urljoin(message.base, reader_link(article, span))
    metadata: Json = {
        "source": key,
        "name": article.title,
        "source_url": message.address(citation),
        "article": article.id,
        "revision": article.revision,
        "start": span.start,
        "end": span.end,
    }
    published = article.published_at.date().isoformat() if article.published_at else None
    more = {"outlet": article.outlet, "published_at": published}
    metadata |= {name: value for name, value in more.items() if value}
    return {"source": source, "document": [citation.quote], "metadata": [metadata]}
