"""What the API's description says of keys: how one is sent, and which scope each operation needs."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from api.access.table import Table

_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key (`onrecord keys create`) or a token (POST /v1/tokens). None is needed on loopback until a key is made.",
}


def describe_access(app: FastAPI, table: Table) -> None:
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _describe(plain(), table)
        return plain()

    app.openapi = described  # type: ignore[method-assign]


def _describe(document: dict[str, Any], table: Table) -> None:
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
