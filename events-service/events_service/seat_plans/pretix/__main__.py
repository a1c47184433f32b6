"""`python -m events_service.seat_plans.pretix`: read a seating plan of pretix, or write one.

`read` keeps the plan in the database, where `POST /events` finds it by its hash (`seat_plan`), or writes its document.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from events_service.seat_plans.plan import MalformedSeatPlan, SeatPlan
from events_service.seat_plans.pretix import plan_from_pretix, pretix_from_plan
from events_service.seat_plans.registry import TEMPLATES
from events_service.seat_plans.store import keep_plan
from shared.engine import sqlalchemy_url


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and do it; 1 when the file is no plan or the database refuses."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.do(chosen))
    except (MalformedSeatPlan, json.JSONDecodeError, UnicodeDecodeError) as error:
        print(f"This is no plan: {error}", file=sys.stderr)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
    except sa.exc.DBAPIError as error:
        print(f"The database did not take it: {error.orig}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m events_service.seat_plans.pretix", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    read = commands.add_parser("read", help="from pretix: keep the plan, and say its hash and its categories")
    read.add_argument("file", metavar="FILE", help="a seating plan of pretix, or - for standard input")
    read.add_argument("--database-url", default=os.environ.get("DATABASE_URL"), help="default: $DATABASE_URL")
    read.add_argument("--document", action="store_true", help="write our document to standard output, and keep nothing")
    read.set_defaults(do=_read)
    write = commands.add_parser("write", help="for pretix: write a seating plan to standard output")
    write.add_argument(
        "plan", metavar="PLAN", help=f"a document of ours, - for standard input, or {', '.join(TEMPLATES)}"
    )
    write.set_defaults(do=_write)
    return parser


def _read(chosen: argparse.Namespace) -> int:
    imported = plan_from_pretix(json.loads(_content(chosen.file)))
    _tell(imported.left_behind)
    if chosen.document:
        sys.stdout.write(imported.plan.document().decode())
        return 0
    if not chosen.database_url:
        print("set DATABASE_URL or pass --database-url, or ask for the --document", file=sys.stderr)
        return 2
    engine = sa.create_engine(sqlalchemy_url(chosen.database_url, driver="psycopg2"), poolclass=sa.NullPool)
    try:
        with engine.begin() as connection:
            keep_plan(connection, imported.plan)
    finally:
        engine.dispose()
    plan = imported.plan
    print(f"{plan.name}: {plan.seat_count} seats; categories {', '.join(c.key for c in plan.categories)}")
    print(f"seat_plan {plan.content_hash}")
    return 0


def _write(chosen: argparse.Namespace) -> int:
    template = TEMPLATES.get(chosen.plan)
    plan = template.build() if template else SeatPlan.of(json.loads(_content(chosen.plan)))
    exported = pretix_from_plan(plan)
    _tell(exported.left_behind)
    json.dump(exported.seating_plan, sys.stdout, ensure_ascii=False)
    return 0


def _content(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _tell(left_behind: Sequence[str]) -> None:
    for sentence in left_behind:
        print(f"- {sentence}", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
