"""The command line of `python -m loadtest.race`."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtest.model import Addresses

DEFAULT_ORIGIN = "http://127.0.0.1:8080"

_DESCRIPTION = """\
Signs up N people, lets all of them ask for one free seat at the same instant, over all
booking instances, and checks that exactly one got it: in the answers, in the API, and
with a database URL in the database and its ledger. Afterwards the seat is released; the
people stay in the database.
"""
_EPILOG = """\
examples:
  python -m loadtest.race --users 100 --url http://127.0.0.1:8080
  python -m loadtest.race --users 200 --auth-url http://127.0.0.1:8000 --events-url http://127.0.0.1:8001 \\
      --booking-url http://127.0.0.1:8002 --booking-url http://127.0.0.1:8012

exit code: 0 every check holds, 1 a check failed, 2 the race could not be run
"""


@dataclass(frozen=True)
class Options:
    """What to do, from the command line. `database_url` None: only the API is asked."""

    users: int
    addresses: Addresses
    event_id: int | None
    seat_id: int | None
    rounds: int
    database_url: str | None
    json_file: Path | None
    timeout_s: float

    @property
    def title(self) -> str:
        return f"Race: {self.users} people, one seat, {len(self.addresses.booking)} booking address(es)"

    @property
    def configuration(self) -> dict[str, str]:
        """For people to read: no passwords."""
        return {
            "users": str(self.users),
            "rounds": str(self.rounds),
            "auth": self.addresses.auth,
            "events": self.addresses.events,
            "booking": ", ".join(self.addresses.booking),
            "event": "any with a free seat" if self.event_id is None else str(self.event_id),
            "seat": "any free seat" if self.seat_id is None else str(self.seat_id),
            "checked": "API only" if self.database_url is None else "API, database and ledger",
            "timeout": f"{self.timeout_s:g} s",
        }


def read_options(arguments: Sequence[str] | None, environment: Mapping[str, str]) -> Options:
    """Reads the command line. Prints help or what is wrong with it, and exits, as argparse does."""
    parser = argparse.ArgumentParser(
        prog="race",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--users", type=_at_least_one, default=100, metavar="N", help="how many people (default 100)")
    add(
        "--url",
        type=_base_url,
        metavar="BASE",
        help=f"one origin whose /api/... reaches all services (default {DEFAULT_ORIGIN})",
    )
    add("--auth-url", type=_base_url, metavar="URL", help="the auth service, instead of --url")
    add("--events-url", type=_base_url, metavar="URL", help="the events service, instead of --url")
    add(
        "--booking-url",
        type=_base_url,
        action="append",
        metavar="URL",
        help="a booking instance, instead of --url; repeat it: requests are dealt round robin",
    )
    add("--event", type=_at_least_one, metavar="ID", help="the event (default: the first with a free seat)")
    add(
        "--seat",
        type=_at_least_one,
        metavar="ID",
        help="the seat (default: a free one, another in every round)",
    )
    add(
        "--rounds",
        type=_at_least_one,
        default=1,
        metavar="K",
        help="how many attacks, one after another (default 1)",
    )
    add(
        "--database-url",
        default=environment.get("DATABASE_URL"),
        metavar="URL",
        help="the services' database, to check the seat and the ledger there too; "
        "default: DATABASE_URL from the environment; '' for the API alone",
    )
    add("--json", type=Path, metavar="FILE", help="write the results there, as JSON")
    add("--timeout", type=_seconds, default=30.0, metavar="S", help="seconds for one request (default 30)")
    given = parser.parse_args(arguments)

    separate = (given.auth_url, given.events_url, given.booking_url)
    if given.url is None and any(separate) and not all(separate):
        parser.error("give --url, or all three of --auth-url, --events-url and --booking-url")
    api = f"{given.url or DEFAULT_ORIGIN}/api"
    return Options(
        users=given.users,
        addresses=Addresses(
            auth=given.auth_url or api,
            events=given.events_url or api,
            booking=tuple(given.booking_url or [api]),
        ),
        event_id=given.event,
        seat_id=given.seat,
        rounds=given.rounds,
        database_url=given.database_url or None,
        json_file=given.json,
        timeout_s=given.timeout,
    )


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError("must be more than 0")
    return seconds


def _base_url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"{text!r} does not begin with http:// or https://")
    return text.rstrip("/")
