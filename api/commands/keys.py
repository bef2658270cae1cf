"""`onrecord keys create | list | revoke`."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Any
from urllib.parse import quote

from api.client import call
from api.commands.running import print_json, run_async, service, settings_of
from api.printable import printable
from rag.settings import Settings


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    if arguments.action == "create":
        scopes = [scope.strip() for scope in arguments.scope.split(",") if scope.strip()]
        wanted = {"name": arguments.name, "scopes": scopes, "expires": arguments.expires}
        made = run_async(_asked(settings, "POST", "/v1/keys", json=wanted))
        if arguments.json:
            print_json(made)
        else:
            print(made["key"])
            print(printable(f"{told(made)}\nThe key is shown this once: keep it now."), file=sys.stderr)
        return 0
    if arguments.action == "revoke":
        run_async(_asked(settings, "DELETE", f"/v1/keys/{quote(arguments.id, safe='')}"))
        if arguments.json:
            print_json({"id": arguments.id, "revoked": True})
        else:
            print(printable(f"{arguments.id} is revoked, with its tokens"))
        return 0
    listed = run_async(_asked(settings, "GET", "/v1/keys"))
    if arguments.json:
        print_json(listed)
        return 0
    for key in listed["keys"]:
        print(printable(told(key)))
    if not listed["keys"]:
        print("no keys; `onrecord keys create --name NAME --scope ask,read` makes one")
    return 0


async def _asked(settings: Settings, method: str, path: str, **request: Any) -> Any:
    async with service(settings) as client:
        return await call(client, method, path, **request)


def told(key: dict[str, Any]) -> str:
    """A key, as HTTP gives it, in a line."""
    ends = f"expires {_day(key['expires_at'])}" if key["expires_at"] else "does not expire"
    state = {"active": ends, "expired": f"expired {_day(key['expires_at'])}"}.get(key["state"])
    used = f"last used {_day(key['last_used_at'])}" if key["last_used_at"] else "never used"
    return (
        f"{key['id']}  {key['name']}  {','.join(key['scopes'])}  made {_day(key['created_at'])},"
        f" {state or 'revoked ' + _day(key['revoked_at'])}, {used}"
    )


def _day(written: str | None) -> str:
    return datetime.fromisoformat(written).astimezone().strftime("%Y-%m-%d %H:%M") if written else "never"
