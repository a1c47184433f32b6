"""`python -m events_service.seeding`: load the sample events into an empty database; others are left alone."""

import argparse
import os
import sys

import sqlalchemy as sa

from events_service.seeding.browse_cache import forget_browse_pages
from events_service.seeding.loading import load_sample_events
from shared.clock import utc_now


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and load; 0 when the database has events afterwards, 1 when that failed."""
    parser = argparse.ArgumentParser(
        prog="python -m events_service.seeding",
        description=__doc__,
        epilog="example: python -m events_service.seeding --database-url postgresql://me:secret@localhost/frontrow",
    )
    parser.add_argument("--database-url", default=os.environ.get("DATABASE_URL"), help="default: $DATABASE_URL")
    parser.add_argument(
        "--redis-url",
        default=os.environ.get("REDIS_URL"),
        help="default: $REDIS_URL; without it, services that run show the new events up to a minute later",
    )
    chosen = parser.parse_args(arguments)
    if not chosen.database_url:
        parser.error("set DATABASE_URL or pass --database-url")
    try:
        loaded = load_sample_events(chosen.database_url, today=utc_now().date(), report=_say)
    except sa.exc.OperationalError as error:
        print(f"The database did not answer: {error.orig}", file=sys.stderr)
        return 1
    except sa.exc.ProgrammingError as error:
        print(f"The tables are not as expected, run `python -m shared.migrations` first: {error.orig}", file=sys.stderr)
        return 1
    if loaded and chosen.redis_url and not forget_browse_pages(chosen.redis_url):
        _say("Redis did not answer: services that run show the new events up to a minute later.")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
