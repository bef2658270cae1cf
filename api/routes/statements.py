"""GET /v1/statements and GET /v1/people: who said what in the whole of the library."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import ServiceDep
from api.statements import PeopleList, PeopleQuery, StatementList, StatementQuery
from api.wire.statements import person_out, statements_out

router = APIRouter(tags=["statements"])


@router.get("/v1/statements", summary="List statements")
async def list_statements(service: ServiceDep, wanted: Annotated[StatementQuery, Query()]) -> StatementList:
    """What somebody said, or what was said about something, in order of day.

    A name stands for everybody who bears it, by any spelling; a story that several outlets carried stands once, with
    `also_in`.
    """
    library = service.library
    page = await library.said.statements(
        wanted.wanted(), speaker=wanted.speaker, about=wanted.about, limit=wanted.limit, after=wanted.place()
    )
    people = await library.people_named(wanted.speaker) if wanted.speaker is not None else None
    outlets = await library.story_outlets(sorted({stood.story for stood in page.statements}))
    return statements_out(page, people, outlets, library.rights)


@router.get("/v1/people", summary="Find people")
async def list_people(service: ServiceDep, wanted: Annotated[PeopleQuery, Query()]) -> PeopleList:
    """Those whose words the library holds, by name or by role; without `q`, those with the most statements."""
    found = await service.library.said.people(wanted.q, limit=wanted.limit)
    return PeopleList(people=[person_out(known) for known in found])
