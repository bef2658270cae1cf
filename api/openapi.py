"""The API's description put right where FastAPI cannot know: whose form an error has, and which scope a route needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.routing import compile_path

from api.access.table import Table
from api.problems import Problem
from api.wire import dify, openai_error

Json = dict[str, Any]
_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key (`onrecord keys create`) or a token (POST /v1/tokens). None is needed on loopback until a key is made.",
}
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
# One server-sent event; what stands in `data` is told by the route.
_EVENT = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}


def describe(app: FastAPI, table: Table) -> None:
    """The application's document, from now on."""
    plain = app.openapi

    def described() -> Json:
        if app.openapi_schema is None:
            _put_errors_right(plain())
            _name_scopes(plain(), table)
        return plain()

    app.openapi = described  # type: ignore[method-assign]


def allowed(app: FastAPI, path: str) -> list[str]:
    """The methods that the address has, in whichever route."""
    found = set()
    for template, operations in app.openapi()["paths"].items():
        if compile_path(template)[0].match(path):
            found |= {method.upper() for method in operations}
    return sorted(found)


def _put_errors_right(document: Json) -> None:
    schemas = document["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schemas["Problem"].pop("$defs", {})
    schemas["DifyError"] = dify.DifyError.model_json_schema()
    schemas["OpenAIError"] = openai_error.OpenAIError.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schemas["OpenAIError"].pop("$defs", {})
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["responses"] = _responses(path, operation["responses"])


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


def _name_scopes(document: dict[str, Any], table: Table) -> None:
    document.setdefault("components", {}).setdefault("securitySchemes", {})["key"] = _SCHEME
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            found = table.find(method.upper(), path)
            assert found is not None, f"{method} {path}"
            if found.need == "public":
                for status in ("401", "403", "429"):
                    operation["responses"].pop(status, None)
            else:
                operation["security"] = [{"key": []}]
                operation["x-scope"] = found.need
                operation["description"] = (
                    f"{operation.get('description', '')}\n\nNeeds the scope `{found.need}`.".strip()
                )
