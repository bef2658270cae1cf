"""How often somebody may ask: token buckets by name, in memory."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable

# Names that are remembered; the one that asked longest ago is forgotten first, and its bucket is full again by then.
_MOST = 50_000


class Buckets:
    """A bucket a name: it holds `per_minute` and is filled at that rate, so that a minute's worth may come at once."""

    def __init__(self, of: str, per_minute: int, clock: Callable[[], float]) -> None:
        """`of` is what is counted."""
        self.of, self.per_minute = of, per_minute
        self._size, self._rate, self._clock = float(per_minute), per_minute / 60, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> float:
        """0 where there is one left, which is taken; else the seconds until there is."""
        now = self._clock()
        left, at = self._left.get(name, (self._size, now))
        left = min(self._size, left + (now - at) * self._rate)
        wait_s = 0.0 if left >= 1 else (1 - left) / self._rate
        self._left[name] = (left if wait_s else left - 1, now)
        self._left.move_to_end(name)
        if len(self._left) > _MOST:
            self._left.popitem(last=False)
        return wait_s


def neighbourhood(address: str) -> str:
    """What is counted as one address: of IPv6 the /64, since one machine has all of it."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
