"""Which service answers a path, and which of its instances comes next."""

from collections.abc import Iterator, Sequence

_AUTH = frozenset({"register", "login", "token", "refresh", "logout", "me"})
_EVENTS = frozenset({"events", "seat-plan-templates"})
_BOOKING = frozenset(
    {
        "best-available",
        "hold-seat",
        "my-holds",
        "release-hold",
        "extend-hold",
        "confirm-booking",
        "my-bookings",
        "cancel-booking",
        "tickets",
        "sales",
        "check-in",
    }
)


class Upstreams:
    """The addresses of the services, without a trailing slash; several of one service take turns."""

    def __init__(self, *, auth: Sequence[str], events: Sequence[str], booking: Sequence[str]) -> None:
        self._auth = _Turns(auth)
        self._events = _Turns(events)
        self._booking = _Turns(booking)

    def find(self, path: str) -> tuple[Iterator[str], str] | None:
        """Where to try `path`, best first, and the path to ask for there; None when nobody serves it.

        /api/... loses its prefix on the way, /ws/... does not.
        """
        if path.startswith("/ws/events/"):
            return self._booking.next_order(), path
        prefix, _, rest = path.removeprefix("/").partition("/")
        if prefix != "api":
            return None
        first = rest.partition("/")[0]
        for names, turns in ((_AUTH, self._auth), (_EVENTS, self._events), (_BOOKING, self._booking)):
            if first in names:
                return turns.next_order(), f"/{rest}"
        return None


class _Turns:
    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = list(addresses)
        self._next = 0

    def next_order(self) -> Iterator[str]:
        """Every address once, each time beginning with another one."""
        first = self._next
        self._next = (first + 1) % len(self._addresses)
        return iter(self._addresses[first:] + self._addresses[:first])
