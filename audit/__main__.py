"""`python -m audit`: is everything in the database as it must be? It only reads, and may run while the sale goes on.

Exit code 0: every invariant holds. 1: findings. 2: the database could not be asked.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from audit.inspection import CannotAudit, Report, Terms, inspect
from audit.invariant import UnknownInvariant, all_invariants, chosen
from audit.report import COULD_NOT_RUN, as_document, as_json, as_text, exit_code, failure_as_document, listing
from audit.watch import Watch, watch

DEFAULT_INTERVAL_S = 10.0


def main(words: Sequence[str] | None = None, *, prog: str = "python -m audit", database_url: str | None = None) -> int:
    """Parse the command line and audit; the exit code. `database_url` is the default of `--database-url`."""
    parser = _parser(prog, database_url or os.environ.get("DATABASE_URL"))
    arguments = parser.parse_args(words)
    try:
        invariants = chosen(all_invariants(), only=arguments.only, skip=arguments.skip)
    except UnknownInvariant as error:
        parser.error(str(error))
    if arguments.list:
        _say(listing(invariants))
        return 0
    if not arguments.database_url:
        parser.error("set DATABASE_URL or pass --database-url")
    terms = Terms(arguments.hold_limit, arguments.swept_after, arguments.scratch)

    def audit() -> Report:
        return inspect(arguments.database_url, invariants, terms)

    if arguments.watch is not None:
        # A supervisor's way to say Ctrl-C; and a shell that starts us in the background has Ctrl-C ignored.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        return watch(Watch(audit, json=arguments.json, say=_say), every_s=arguments.watch)
    try:
        report = audit()
    except CannotAudit as failure:
        if arguments.json:
            _say(as_json(failure_as_document(failure)))
        print(f"audit: the database could not be asked: {failure}", file=sys.stderr)
        return COULD_NOT_RUN
    _say(as_json(as_document(report)) if arguments.json else as_text(report))
    return exit_code(report)


def _parser(prog: str, database_url: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description=__doc__,
        epilog=f"example: {prog} --watch 30\n\nWhat findings mean: docs/audit.md, or --list",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--database-url",
        metavar="URL",
        default=database_url,
        help="default: $DATABASE_URL; any role that may read the tables will do (docs/audit.md)",
    )
    parser.add_argument(
        "--watch",
        nargs="?",
        type=_seconds,
        const=DEFAULT_INTERVAL_S,
        metavar="SECONDS",
        help=f"again and again until Ctrl-C, this long apart (default {DEFAULT_INTERVAL_S:.0f}); says only what "
        "changes, and once a minute that it is there",
    )
    parser.add_argument("--json", action="store_true", help="for programs; with --watch one line for each report")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this invariant; may be repeated")
    parser.add_argument("--skip", action="append", default=[], metavar="NAME", help="not this one; may be repeated")
    parser.add_argument("--list", action="store_true", help="print the invariants and what findings mean")
    parser.add_argument(
        "--hold-limit",
        type=_at_least_one,
        default=os.environ.get("MAX_HELD_SEATS_PER_USER", "10"),
        metavar="N",
        help="the highest MAX_HELD_SEATS_PER_USER that was ever in force (default: $MAX_HELD_SEATS_PER_USER, else 10)",
    )
    parser.add_argument(
        "--swept-after",
        type=_seconds,
        default=65.0,
        metavar="SECONDS",
        help="how long after its end a hold may keep its seats: SWEEP_INTERVAL_S and a little (default 65)",
    )
    parser.add_argument(
        "--scratch", action="store_true", help="this database may be lost with its machine: do not ask for fsync"
    )
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < 1e9:
        raise argparse.ArgumentTypeError("must be a number of seconds above 0")
    return seconds


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
