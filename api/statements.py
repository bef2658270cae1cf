"""Statements and people over HTTP: what is asked for, and what comes back."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from api.schemas import ArticleRef, Names, SpeakerOut, Strict, Text
from rag.errors import InputError
from rag.spoken import Place, StatementKind, Wanted

_Words = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


def _written(day: object) -> object:
    # A bare number would be read as seconds since 1970.
    if isinstance(day, str) and day.strip().isdecimal():
        raise ValueError(f"{day[:40]!r} is not a day; write 2025-07-25")
    return day


Day = Annotated[date, BeforeValidator(_written)]


class StatementQuery(Strict):
    """Whose statements, on what, and from where on. Days are those on which it was said, as far as the article tells."""

    speaker: _Words | None = Field(None, description="a name or a role", examples=["Peskov"])
    about: _Words | None = Field(
        None, description="words that must all stand in or right beside it", examples=["summit"]
    )
    after: Day | None = Field(None, description="said on this day or later", examples=["2025-07-01"])
    before: Day | None = Field(None, description="said before this day")
    outlet: Names = []
    kind: list[StatementKind] = Field([], max_length=3)
    order: Literal["newest", "oldest"] = Field("newest", description="which day comes first")
    limit: int = Field(50, ge=1, le=200)
    cursor: Text | None = Field(None, max_length=100, description="`next` of the page before")

    def wanted(self) -> Wanted:
        """Raises InputError: the range ends before it starts."""
        if self.after and self.before and self.after >= self.before:
            raise InputError(
                f"the range ends before it starts: after={self.after}, before={self.before}; `before` is exclusive"
            )
        return Wanted(
            after=self.after,
            before=self.before,
            outlets=tuple(self.outlet),
            kinds=tuple(self.kind),
            oldest_first=self.order == "oldest",
        )

    def place(self) -> Place | None:
        """Raises InputError where the cursor is none of ours."""
        if self.cursor is None:
            return None
        day, _, key = self.cursor.partition("~")
        if not (day.isascii() and day.isdecimal() and key.isascii() and key.isdecimal()):
            raise InputError(f"cursor={self.cursor!r} is none; take it from `next` of the page before")
        return Place(int(day), int(key))


class QuoteOut(BaseModel):
    """The speaker's own words, quotation marks excluded: `text` is `body[start:end]`."""

    start: int
    end: int
    text: str


class StatementOut(BaseModel):
    """Words that somebody said: `quote` is `body[start:end]` of the article's revision, always."""

    id: str
    speaker: SpeakerOut | None = Field(description="None where the article does not tell who")
    kind: StatementKind = Field(description="their own words, a report of them, or what they denied or would not say")
    said_on: date | None = Field(description="None where the article names another time than a day")
    start: int
    end: int
    quote: str
    quotes: list[QuoteOut]
    cue: str | None = Field(description="the words that attribute it: said, according to, denied")
    before: str
    after: str
    passage_id: str
    article: ArticleRef
    link: str
    reader: str


class StatementList(BaseModel):
    """A page of statements in order of day; hand `next` back as `cursor` for the following page."""

    speakers: list[str] | None = Field(description="whom `speaker` was taken to mean; None where it was not given")
    statements: list[StatementOut]
    next: str | None


class PeopleQuery(Strict):
    """Whom to look for."""

    q: _Words | None = Field(None, description="a name or a role; everybody with a name where it is not given")
    limit: int = Field(20, ge=1, le=200)


class PersonOut(BaseModel):
    """Somebody whose words the articles hold; the same words in several articles count once."""

    name: str
    names: list[str] = Field(description="as articles write it")
    roles: list[str] = Field(description="as articles word them, the most frequent first")
    statements: int
    outlets: list[str]
    first: date | None
    last: date | None


class PeopleList(BaseModel):
    """Those that the words fit best first, else those with the most statements."""

    people: list[PersonOut]
