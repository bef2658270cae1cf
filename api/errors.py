"""Errors as RFC 9457 problem+json: what was wrong, and what would be right."""

from __future__ import annotations

import logging
import math
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.described import allowed
from api.problems import FieldProblem, Problem
from api.telemetry.logs import REQUEST_ID
from api.wire import dify
from api.wire.openai_error import error_out, speaks_openai, status_of
from rag.errors import (
    AddressRefusedError,
    FetchError,
    FetchTimeoutError,
    InputError,
    LibraryError,
    NotFoundError,
    OnRecordError,
    ProviderBusyError,
    ProviderError,
    ProviderTimeoutError,
    RobotsRefusedError,
    SettingsError,
    StorageError,
)

log = logging.getLogger(__name__)


class StoppingError(OnRecordError):
    """The server was told to stop while an answer was under way."""

    def __init__(self) -> None:
        super().__init__("the server is stopping; ask again in a moment")


# FastAPI's words for every body that it cannot read.
_UNREADABLE = "There was an error parsing the body"

# The first class that an error is an instance of decides.
_STATUS: tuple[tuple[type[OnRecordError], int], ...] = (
    (InputError, 422),
    (NotFoundError, 404),
    (SettingsError, 422),
    (LibraryError, 503),
    (StoppingError, 503),
    (AddressRefusedError, 422),
    (RobotsRefusedError, 403),
    (FetchTimeoutError, 504),
    (FetchError, 502),
    (ProviderTimeoutError, 504),
    (ProviderBusyError, 503),
    (ProviderError, 502),
)


def told(error: OnRecordError) -> str:
    """What a caller is told of it. A store's own words, which may name hosts and folders, go to the log alone."""
    if not isinstance(error, StorageError):
        return str(error)
    log.error("the library failed", extra={"error": str(error)})
    return f"{error.what}; the server's log says more"


def problem_of(error: OnRecordError, instance: str) -> Problem:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    errors = None
    if isinstance(error, InputError) and error.field:
        errors = [FieldProblem(field=error.field, problem=str(error))]
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=told(error), instance=instance, errors=errors)


def install(app: FastAPI) -> None:
    """Every error that leaves the service has the one form."""
    app.add_exception_handler(OnRecordError, _ours)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(Exception, _unexpected)


def respond(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """The problem in the form that its route's clients read."""
    if speaks_openai(problem.instance):
        return JSONResponse(error_out(problem), status_code=status_of(problem.status), headers=headers)
    if dify.speaks_dify(problem.instance):
        return JSONResponse(dify.error_out(problem), status_code=problem.status, headers=headers)
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=headers,
    )


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OnRecordError)
    problem = problem_of(error, request.url.path)
    if problem.status >= 500:
        log.error("request failed", extra={"path": request.url.path, "error": type(error).__name__})
    wait_s = error.retry_after_s if isinstance(error, ProviderBusyError) else None
    return respond(problem, None if wait_s is None else {"retry-after": str(math.ceil(wait_s))})


async def _left(request: Request, error: Exception) -> Response:
    """Nobody reads it; the log of requests shows by the status, nginx's own, that the client did not wait."""
    return Response(status_code=499)


async def _validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    path = request.url.path
    if any(fault["type"] == "json_invalid" for fault in faults):
        reason = str(faults[0].get("ctx", {}).get("error", faults[0]["msg"]))
        return respond(
            Problem(title="Bad Request", status=400, detail=f"the body is not JSON: {reason}", instance=path)
        )
    found = {FieldProblem(field=_field(fault["loc"]), problem=_reason(fault)): None for fault in faults[:20]}
    errors = list(found)
    detail = "; ".join(f"{e.field}: {e.problem}" if e.field else e.problem for e in errors)
    title = HTTPStatus.UNPROCESSABLE_ENTITY.phrase
    return respond(Problem(title=title, status=422, detail=detail, instance=path, errors=errors))


def _field(loc: tuple[int | str, ...]) -> str:
    # A part such as "dict[str,any]" names which of several types was tried, in Python's words.
    return ".".join(str(part) for part in loc if part not in ("body", "query", "path") and "[" not in str(part))


def _reason(fault: dict[str, object]) -> str:
    if fault["type"] == "extra_forbidden":
        return "no such field; /docs lists those there are"
    if fault["type"] == "missing" and fault["loc"] == ("body",):
        return "a body is required: a JSON object, sent with content-type: application/json"
    if fault["type"] in ("dict_type", "list_type", "model_attributes_type", "model_type"):
        if fault["loc"] == ("body",):
            return "the body should be a JSON object, sent with content-type: application/json"
        return "should be a JSON object or a list" if "[" in str(fault["loc"]) else str(fault["msg"])
    return str(fault["msg"]).removeprefix("Value error, ")


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    detail = str(error.detail)
    if detail == _UNREADABLE:
        detail = "the body cannot be read: it should be JSON in UTF-8, not nested deeper than JSON readers allow"
    if detail == HTTPStatus(error.status_code).phrase:
        detail = f"{request.method} {request.url.path}: {detail.lower()}; /docs lists what there is"
    title = HTTPStatus(error.status_code).phrase
    problem = Problem(title=title, status=error.status_code, detail=detail, instance=request.url.path)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (methods := allowed(request.app, request.url.path)):
        headers["allow"] = ", ".join(methods)  # the router names those of the first route at that address alone
    return respond(problem, headers or None)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.exception("unexpected error", exc_info=error, extra={"path": request.url.path})
    detail = "something failed that should not have; the server's log says what"
    problem = Problem(title="Internal Server Error", status=500, detail=detail, instance=request.url.path)
    # By its id the log's lines of this request are found; this reply is made outside of what tells it of every other.
    request_id = REQUEST_ID.get()
    return respond(problem, {"x-request-id": request_id} if request_id else None)
