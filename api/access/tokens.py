"""Short-lived tokens for pages on other sites: what a page holds can be read by anybody, so it gets no key.

A token is a JWT signed by a secret of its key's (HS256), bound to a site and to scopes that change nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from api.access.callers import Caller
from api.access.keyring import Keyring, WrongKeyError
from rag.keys import Key, Scope

PREFIX = "onrt_"
LONGEST_S = 3600
TokenScope = Literal["ask", "read"]
_ALLOWED: frozenset[Scope] = frozenset({"ask", "read"})


@dataclass(frozen=True, slots=True)
class MintedToken:
    """A token, and when it ends."""

    token: str = field(repr=False)
    expires_at: datetime


def mint(key: Key, scopes: Sequence[TokenScope], origin: str, ttl_s: int, now: datetime) -> MintedToken:
    """A token of the key for pages at `origin`, for at most an hour and never longer than the key."""
    import jwt

    ends = now + timedelta(seconds=min(ttl_s, LONGEST_S))
    ends = min(ends, key.expires_at) if key.expires_at else ends
    claims = {
        "scope": " ".join(dict.fromkeys(scopes)),
        "origin": origin,
        "exp": int(ends.timestamp()),
        "jti": secrets.token_hex(8),
    }
    signed = jwt.encode(claims, key.token_secret, algorithm="HS256", headers={"kid": key.id})
    return MintedToken(PREFIX + signed, datetime.fromtimestamp(claims_end(claims), UTC))


def claims_end(claims: dict[str, object]) -> int:
    ends = claims.get("exp")
    return ends if isinstance(ends, int) else 0


def read(token: str, keyring: Keyring, *, origin: str | None, origins: Collection[str], address: str) -> Caller:
    """Whoever holds it, with its scopes as far as its key still has them. Raises WrongKeyError."""
    import jwt

    signed = token.removeprefix(PREFIX)
    try:
        key = keyring.peek(str(jwt.get_unverified_header(signed).get("kid")))
        if key is None:
            raise WrongKeyError("the token is of no key here")
        # When it ends is checked below, by the clock that everything else here goes by.
        claims = jwt.decode(signed, key.token_secret, algorithms=["HS256"], options={"verify_exp": False})
    except jwt.InvalidTokenError:
        raise WrongKeyError("the token is not one of ours") from None
    if claims_end(claims) <= keyring.now().timestamp():
        raise WrongKeyError("the token has expired: have a new one minted at /v1/tokens")
    if origin is None or claims.get("origin") != origin:
        raise WrongKeyError("the token is for pages of another site")
    if origin not in origins:
        raise WrongKeyError("the token's site is not among ONRECORD_SERVER__ORIGINS any more")
    key = keyring.use(key.id)
    scopes = _ALLOWED & frozenset(key.scopes) & frozenset(str(claims.get("scope")).split())
    return Caller("token", scopes, key.id, key.name, address)
