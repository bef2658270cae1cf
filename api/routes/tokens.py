"""POST /v1/tokens: short-lived tokens for pages on other sites."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from fastapi.exceptions import HTTPException
from pydantic import BaseModel, Field

from api.access.tokens import LONGEST_S, TokenScope, mint
from api.dependencies import CallerDep, ServiceDep
from api.schemas import Strict
from rag.errors import InputError
from rag.settings import Origin

router = APIRouter(tags=["keys"])


class TokenIn(Strict):
    """A token to mint, by a key."""

    scopes: list[TokenScope] = Field(
        ["ask"], min_length=1, max_length=2, description="ask, read; the key has to have them"
    )
    origin: Origin = Field(
        max_length=300,
        description="the site whose pages may use it, one of ONRECORD_SERVER__ORIGINS",
        examples=["https://www.example.org"],
    )
    ttl_s: int = Field(600, ge=10, le=LONGEST_S, description="for so many seconds")


class TokenOut(BaseModel):
    """A token, to be sent as `Authorization: Bearer TOKEN` by pages of the site."""

    token: str
    scopes: list[TokenScope]
    origin: str
    expires_at: datetime


@router.post("/v1/tokens", status_code=201, summary="Mint a token for a page on another site")
async def post_token(body: TokenIn, service: ServiceDep, caller: CallerDep) -> TokenOut:
    """Ask for one from your own server, with its key, and hand it to the page: a key must never stand in a page.

    It ends by itself, and with the key that minted it.
    """
    keyring = service.access.keyring
    key = keyring.peek(caller.id) if caller.kind == "key" else None
    if key is None:
        raise HTTPException(403, "a token is minted by a key: send one as `Authorization: Bearer KEY`")
    if lacking := [scope for scope in body.scopes if scope not in key.scopes]:
        raise HTTPException(403, f"the key {key.id} has not the scope `{lacking[0]}`, and cannot give it to a token")
    if body.origin not in service.settings.server.origins:
        raise InputError(
            f"{body.origin} is not among the sites that may call this server: add it to ONRECORD_SERVER__ORIGINS",
            field="origin",
        )
    minted = mint(key, body.scopes, body.origin, body.ttl_s, keyring.now())
    return TokenOut(token=minted.token, scopes=body.scopes, origin=body.origin, expires_at=minted.expires_at)
