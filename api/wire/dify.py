"""Dify's external knowledge: its request -> our search, passages -> its records, our problems -> its errors. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from api.links import link_to
from api.problems import Problem
from api.schemas import FiltersIn, Text
from rag.answering import Request
from rag.domain import ScoredPassage, Span
from rag.errors import FilterError
from rag.rights import within_limit

# Dify's own numbers for what it names in its documentation; for all else, the status.
_CODES = {401: 1002, 403: 1002, 404: 2001}
_LISTED = {
    "outlet": "outlets", "author": "authors", "section": "sections", "language": "languages", "speaker": "speakers",
    "site": "sites", "article_id": "article_ids",
}  # fmt: skip
_TIMES = {("published_at", "after"): "published_after", ("published_at", "before"): "published_before"}
_NOT = {"site": "without_sites"}


class RetrievalSetting(BaseModel):
    """How much is wanted."""

    top_k: int = Field(ge=1, le=100, examples=[4])
    score_threshold: float = Field(0, strict=True, ge=0, le=1, description="records below this score are left out")


class Condition(BaseModel):
    """One condition on what a record's metadata say."""

    name: str | list[str] = Field(examples=["outlet"])
    comparison_operator: str = Field(examples=["is"])
    value: str | float | list[str] | None = Field(None, examples=["Meridian Wire (sample)"])


class MetadataCondition(BaseModel):
    """All of these hold; what our filters cannot tell is refused."""

    logical_operator: Literal["and", "or"] = "and"
    conditions: list[Condition] = Field([], max_length=50)


class RetrievalRequest(BaseModel):
    """What Dify asks an external knowledge base."""

    knowledge_id: Text = Field("onrecord", description="any: there is one library", examples=["onrecord"])
    query: Text = Field(examples=["what did Peskov say about a summit?"])
    retrieval_setting: RetrievalSetting
    metadata_condition: MetadataCondition | None = None

    def request(self) -> Request:
        """Raises FilterError where a condition is none that our filters can tell."""
        wanted = self.metadata_condition or MetadataCondition()
        return Request(self.query, filters=_filters(wanted).filters(), k=self.retrieval_setting.top_k)


class RecordOut(BaseModel):
    """A passage. `metadata` has its place, in code points of the article's body, and no empty values: Dify refuses null."""

    content: str
    score: float = Field(description="of the best record's; 1 is the best")
    title: str
    metadata: dict[str, Any]


class RetrievalResponse(BaseModel):
    """Records, best first."""

    records: list[RecordOut]


class DifyError(BaseModel):
    """An error as Dify's documentation has it."""

    error_code: int
    error_msg: str


def speaks_dify(path: str) -> bool:
    return path.startswith("/v1/dify/")


def error_out(problem: Problem) -> dict[str, object]:
    return DifyError(error_code=_CODES.get(problem.status, problem.status), error_msg=problem.detail).model_dump()


def records(passages: Sequence[ScoredPassage], wanted: RetrievalSetting, base: str) -> RetrievalResponse:
    """Scores are shares of the best one's, since a fused score has no scale of its own. `base` is where our pages are."""
    best = max((passage.score for passage in passages), default=0)
    made = (_record(passage, passage.score / best if best > 0 else 1.0, base) for passage in passages)
    return RetrievalResponse(records=[record for record in made if record.score >= wanted.score_threshold])


def _record(scored: ScoredPassage, score: float, base: str) -> RecordOut:
    article = scored.article
    span: Span = within_limit(article.body, scored.passage.span, scored.quote_words)
    link = link_to(article, span)
    metadata = {
        "source": base.rstrip("/") + link if link.startswith("/") else link,
        "outlet": article.outlet,
        "author": ", ".join(article.authors),
        "section": article.section,
        "language": article.language,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "article_id": article.id,
        "revision": article.revision,
        "start": span.start,
        "end": span.end,
    }
    return RecordOut(
        content=span.of(article.body),
        score=round(score, 6),
        title=article.title,
        metadata={name: value for name, value in metadata.items() if value not in (None, "")},
    )


def _filters(wanted: MetadataCondition) -> FiltersIn:
    if wanted.logical_operator == "or" and len(wanted.conditions) > 1:
        raise FilterError("conditions can be joined by “and” alone", field="metadata_condition.logical_operator")
    fields: dict[str, Any] = {}
    for condition in wanted.conditions:
        name, value = _field(condition)
        if name in fields:
            raise FilterError(
                f"two conditions on {condition.name!r}: name all values in one, with “in”", field="metadata_condition"
            )
        fields[name] = value
    try:
        return FiltersIn.model_validate(fields)
    except ValidationError as error:
        reason = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise FilterError(f"a condition's value cannot be read: {reason}", field="metadata_condition") from None


def _field(condition: Condition) -> tuple[str, Any]:
    names = [condition.name] if isinstance(condition.name, str) else condition.name
    operator, value = condition.comparison_operator.strip().lower(), condition.value
    name = names[0] if len(names) == 1 else ""
    if (name, operator) in _TIMES:
        return _TIMES[name, operator], value
    listed: Mapping[str, str] = _NOT if operator in ("is not", "not in", "≠") else _LISTED
    if name in listed and operator in ("is", "in", "=", "is not", "not in", "≠"):
        return listed[name], value if isinstance(value, list) else [value]
    raise FilterError(
        f"no condition {condition.name!r} {operator!r} here: {', '.join(_LISTED)} with “is” or “in”, site also with “is not”"
        " or “not in”, published_at with “after” or “before”",
        field="metadata_condition",
    )
