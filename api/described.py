"""The OpenAPI document put right where FastAPI cannot know: which errors a route answers with, and in whose form.

Also how a key is sent and which scope each operation needs, and which methods an address has, for the `Allow` of a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.routing import compile_path

from api.access.table import Need, Table
from api.problems import Problem
from api.wire import dify, openai_error

Json = dict[str, Any]
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
# One server-sent event; what stands in `data` is told by the route.
_EVENT = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}
_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key (`onrecord keys create`) or a token (POST /v1/tokens). None is needed on loopback until a key is made.",
}


def install(app: FastAPI, table: Table) -> None:
    """The application's document, from now on."""
    made = app.openapi

    def openapi() -> Json:
        if app.openapi_schema is None:
            _put_right(made(), table)
        return made()

    app.openapi = openapi  # type: ignore[method-assign]


def allowed(app: FastAPI, path: str) -> list[str]:
    """The methods that the address has, in whichever route."""
    found = set()
    for template, operations in app.openapi()["paths"].items():
        if compile_path(template)[0].match(path):
            found |= {method.upper() for method in operations}
    return sorted(found)


def _put_right(document: Json, table: Table) -> None:
    document["components"]["securitySchemes"] = {"key": _SCHEME}
    schemas = document["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schemas["Problem"].pop("$defs", {})
    schemas["DifyError"] = dify.DifyError.model_json_schema()
    schemas["OpenAIError"] = openai_error.OpenAIError.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schemas["OpenAIError"].pop("$defs", {})
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["responses"] = _responses(path, operation["responses"])
            found = table.find(method.upper(), path)
            assert found is not None, f"{method} {path}"
            _say_who_may(operation, found.need)


def _say_who_may(operation: Json, need: Need) -> None:
    if need == "public":
        for status in ("401", "403", "429"):
            operation["responses"].pop(status, None)
        return
    operation["security"] = [{"key": []}]
    operation["x-scope"] = need
    operation["description"] = f"{operation.get('description', '')}\n\nNeeds the scope `{need}`.".strip()


def _responses(path: str, responses: Mapping[str, Json]) -> Json:
    put: Json = {}
    for code, response in responses.items():
        content = response.get("content", {})
        if "text/event-stream" in content:
            content["text/event-stream"]["schema"] = _EVENT
        if code < "400":
            put[code] = response
        elif openai_error.speaks_openai(path):
            put[str(openai_error.status_of(int(code)))] = _with(response, "application/json", "OpenAIError")
        elif dify.speaks_dify(path):
            put[code] = _with(response, "application/json", "DifyError")
        elif content.get("application/json", {}).get("schema") == _PROBLEM:
            put[code] = _with(response, "application/problem+json", "Problem")
        else:
            put[code] = response
    return put


def _with(response: Json, kind: str, schema: str) -> Json:
    return response | {"content": {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}
