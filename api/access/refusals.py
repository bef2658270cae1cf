"""How somebody is refused: a problem with the headers that go with it."""

from __future__ import annotations

import math
from http import HTTPStatus

from api.access.callers import Caller
from api.problems import Problem
from rag.keys import Scope

_REALM = 'Bearer realm="onrecord"'


class RefusedHereError(Exception):
    """The request goes no further."""

    def __init__(
        self, status: int, detail: str, path: str, headers: dict[str, str], caller: Caller | None = None
    ) -> None:
        """`caller` is given where it is known who asked, and that it was not theirs to ask."""
        super().__init__(detail)
        self.caller = caller
        self.problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, instance=path)
        self.headers = headers


def no_key(path: str) -> RefusedHereError:
    detail = "a key is needed, sent as `Authorization: Bearer KEY`; whoever runs this server makes one by `onrecord keys create`"
    return RefusedHereError(401, detail, path, {"www-authenticate": _REALM})


def wrong_key(reason: str, path: str) -> RefusedHereError:
    detail = f"{reason}: send a valid one as `Authorization: Bearer KEY`"
    return RefusedHereError(401, detail, path, {"www-authenticate": f'{_REALM}, error="invalid_token"'})


def lacks_scope(caller: Caller, needed: Scope, path: str) -> RefusedHereError:
    whose = f"the {caller.kind} {caller.id}" if caller.kind == "key" else f"this {caller.kind}"
    has = ", ".join(sorted(caller.scopes)) or "none"
    challenge = f'{_REALM}, error="insufficient_scope", scope="{needed}"'
    detail = f"this needs the scope `{needed}`, and {whose} has: {has}"
    return RefusedHereError(403, detail, path, {"www-authenticate": challenge}, caller)


def another_site(path: str) -> RefusedHereError:
    detail = "a page of another site may change nothing here without a key; list the site in ONRECORD_SERVER__ORIGINS if it may"
    return RefusedHereError(403, detail, path, {})


def too_many(wait_s: float, of: str, path: str) -> RefusedHereError:
    seconds = max(1, math.ceil(wait_s))
    detail = f"too many {of}; the next may come in {seconds} s"
    return RefusedHereError(429, detail, path, {"retry-after": str(seconds)})


def busy(under_way: int, path: str) -> RefusedHereError:
    detail = f"{under_way} questions are being answered, and no more are taken at once; try again in a second"
    return RefusedHereError(503, detail, path, {"retry-after": "1"})


def too_slow(seconds: float, path: str) -> RefusedHereError:
    return RefusedHereError(504, f"the request took longer than {seconds:g} s and was given up", path, {})
