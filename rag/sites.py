"""Hosts of articles' addresses, as they are compared: lower case, without "www.", in IDNA. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_LONGEST = 253


def site_of(url: str | None) -> str | None:
    """The host of an address; None where it has none."""
    try:
        return _plain(urlsplit(url or "").hostname or "")
    except ValueError:
        return None


def site_named(text: str) -> str:
    """The host that somebody means by "example.com", "www.example.com", ".org" or a whole address. Raises ValueError."""
    given = text.strip()
    site = site_of(given) if "://" in given else _plain(given.rstrip("/").lstrip("."))
    if site is None:
        raise ValueError(f"{text[:60]!r} is not a domain; write one such as example.com")
    return site


def sites_above(url: str | None) -> list[str]:
    """An address's site and all that it lies under: a.example.com, example.com, com; none where it has no host."""
    labels = (site_of(url) or "").split(".")
    return [".".join(labels[n:]) for n in range(len(labels)) if labels[n:] != [""]]


def _plain(host: str) -> str | None:
    host = host.lower().removeprefix("www.").rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return None
    return host if len(host) <= _LONGEST and _HOST.fullmatch(host) else None
