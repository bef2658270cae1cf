"""/v1/keys: who may do what."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, BeforeValidator, Field

from api.access.door import touched
from api.dependencies import ServiceDep
from api.intervals import read_interval
from api.problems import Problem
from api.schemas import Strict, Text
from rag.keys import Key, Scope

router = APIRouter(prefix="/v1/keys", tags=["keys"])

KeyId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._~-]+$")]
_LONGEST_S = 3650 * 86_400
_NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "No such key, or it is revoked"}}
_read = partial(read_interval, such_as="90d", longest_s=_LONGEST_S)
_Expires = Annotated[int, BeforeValidator(_read, json_schema_input_type=str | int)]


class KeyIn(Strict):
    """A key to make."""

    name: Text = Field(
        min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$", description="whose it is", examples=["page"]
    )
    scopes: list[Scope] = Field(
        min_length=1, max_length=4, description="each stands for itself", examples=[["ask", "read"]]
    )
    expires: _Expires | None = Field(
        None, description="how long it lets anybody in: 90d, 12h, or seconds; for ever, where it is not given"
    )


class KeyOut(BaseModel):
    """A key, without the key itself. `last_used_at` is right to the minute."""

    id: str
    name: str
    scopes: list[Scope]
    state: str = Field(description="active, expired or revoked")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class KeyMade(KeyOut):
    """A new key. `key` is shown here and never again."""

    key: str


class KeyList(BaseModel):
    """All keys, the oldest first."""

    keys: list[KeyOut]


@router.get("", summary="List keys")
async def list_keys(service: ServiceDep) -> KeyList:
    """Also those that let nobody in any more."""
    keyring = service.access.keyring
    return KeyList(keys=[KeyOut.model_validate(_fields(key, keyring.now())) for key in keyring.all()])


@router.post("", status_code=201, summary="Make a key")
async def post_key(body: KeyIn, service: ServiceDep, request: Request) -> KeyMade:
    """The reply holds the key; only its digest is kept. From the first key on, keys are needed on loopback too."""
    keyring = service.access.keyring
    now = keyring.now()
    made = await keyring.create(body.name, body.scopes, now + timedelta(seconds=body.expires) if body.expires else None)
    touched(request, made.key.id, detail=f"scopes {', '.join(made.key.scopes)}")
    return KeyMade.model_validate(_fields(made.key, now) | {"key": made.secret})


@router.delete("/{key_id}", status_code=204, responses=_NOT_FOUND, summary="Revoke a key")
async def delete_key(key_id: KeyId, service: ServiceDep) -> None:
    """It and its tokens let nobody in as soon as this returns."""
    await service.access.keyring.revoke(key_id)


def _fields(key: Key, now: datetime) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "state": key.state(now),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }
