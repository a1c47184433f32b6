"""The commands of `./frontrow` and their help.

Imports nothing but the standard library until a command runs, so that the help needs no installation.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from devstack.errors import StackError


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. `passes_on`: arguments that it does not know go to the program behind it."""

    name: str
    summary: str
    details: str = ""
    examples: Sequence[str]
    add_arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    passes_on: bool = False

    @property
    def module(self) -> str:
        """Where its `run(arguments)` lives."""
        return f"devstack.commands.{self.name.replace('-', '_')}"


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="the data folder of the copy (default: .state in the checkout; as root in /var/lib/frontrow)",
    )


def _up(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    _instances(parser, "instances of the booking service (default 1)")
    parser.add_argument(
        "--port-base",
        type=int,
        default=8000,
        metavar="P",
        help="auth at P, events at P+1, booking at P+2 (instances 2, 3 … at P+12, P+22 …), front end at P+80 "
        "(default 8000)",
    )


def _status(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.add_argument("--json", action="store_true", help="for programs; it holds passwords")


def _create_admin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL")
    _data(parser)


def _race(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    _instances(parser, "race over this many instances of the booking service")


def _chaos(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="what decides the faults (default 1)")
    parser.add_argument(
        "--seeds", metavar="N-M", help="one run for each of these, such as 101-120 or 3,7,101-120, and their sum"
    )
    parser.add_argument("--seconds", type=float, default=60.0, metavar="S", help="of work and faults (default 60)")
    _instances(parser, "instances of the booking service (default 3)")
    parser.add_argument(
        "--report", type=Path, metavar="DIR", help="where the report and the log go (default: a temporary folder)"
    )
    parser.add_argument(
        "--mutant",
        action="append",
        default=[],
        metavar="NAME",
        help="plant this bug (or `all`, one after the other) and see whether the checker finds it in at most three "
        "runs; may be repeated",
    )
    parser.add_argument(
        "--replay",
        type=Path,
        metavar="LOG",
        help="run nothing: check and report an earlier log, or all those of an earlier --seeds (its folder)",
    )


def _bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", nargs="*", metavar="SCENARIO", help="which ones (default: all)")
    parser.add_argument("--rounds", type=_at_least_one, metavar="N", help="of every contender in turn (default 5)")
    parser.add_argument("--seconds", type=float, metavar="S", help="of each timed phase (default 3)")
    _instances(parser, "instances of the booking service (default 1)")
    parser.add_argument(
        "--against",
        nargs="*",
        metavar="BASELINE",
        help="which baselines take part besides the product: best, literal, keys, pgbench, pgbench-plain, bare "
        "(default: best pgbench pgbench-plain bare); the folder of another checkout, with a / in it, also does",
    )
    parser.add_argument(
        "--report", type=Path, metavar="DIR", help="where the report goes (default: a temporary folder)"
    )
    parser.add_argument("--tiny", action="store_true", help="a few people for a moment: to see that it works")


def _pictures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scene", nargs="*", metavar="PICTURE", help="such as seats or seats-phone (default: all)")
    parser.add_argument("--to", type=Path, metavar="DIR", help="where they go (default: docs/images)")


def _instances(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--instances", type=_at_least_one, metavar="N", help=text)


def _test(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-check", action="store_true", help="leave out what ./frontrow check does")
    parser.add_argument("--no-skips", action="store_true", help="a skipped test is a failed one (as in CI)")


def _reset(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


COMMANDS = (
    Command(
        name="up",
        summary="start the whole system, with sample data, until Ctrl-C",
        details="""Starts PostgreSQL and Redis (real servers from packages), brings the database up to date, loads the
sample data at the first start, and serves the three services and the front end on 127.0.0.1.
Whatever dies is started again. Ctrl-C stops everything; the data stays.

DATABASE_URL and REDIS_URL, when set, are used instead of starting servers; FRONTROW_PG_BIN and
FRONTROW_REDIS_BIN name other server programs, FRONTROW_FRONTEND another copy of the pages. Settings of the services
are read from the environment.""",
        examples=(
            "./frontrow up",
            "./frontrow up --instances 3",
            "./frontrow up --data ../second-copy --port-base 9000",
        ),
        add_arguments=_up,
    ),
    Command(
        name="status",
        summary="say what runs, and where",
        details="Exit code 0 when a copy runs on the data folder, 1 when none does.",
        examples=("./frontrow status", "./frontrow status --json"),
        add_arguments=_status,
    ),
    Command(
        name="create-admin",
        summary="make an account that may manage events",
        details="""Asks for the password, or reads it from standard input. An existing user becomes an admin too.
Works while the system runs, and while it does not.""",
        examples=(
            "./frontrow create-admin ann@example.com",
            "./frontrow create-admin ann@example.com < password-file",
        ),
        add_arguments=_create_admin,
    ),
    Command(
        name="seed",
        summary="load the sample data (does nothing when there are events)",
        examples=("./frontrow seed",),
        add_arguments=_data,
    ),
    Command(
        name="race",
        summary="let many people want one seat at the same instant, and check that one gets it",
        details="""Uses the copy that runs; when none runs, or one with too few instances, starts a short-lived one.
All other arguments go to the race itself (--users, --rounds, --event, --seat, --url, --json …;
see loadtest/README.md). The exit code is the verdict.""",
        examples=(
            "./frontrow race --users 100",
            "./frontrow race --users 200 --instances 3",
            "./frontrow race --users 50 --url http://localhost",
        ),
        add_arguments=_race,
        passes_on=True,
    ),
    Command(
        name="audit",
        summary="check that everything in the database is as it must be",
        details="""Asks in one snapshot, while the sale may go on, and only reads. The database is that of DATABASE_URL
when set, else that of the copy; when the copy is stopped, its PostgreSQL is started for the audit.
All other arguments go to the auditor (--database-url, --watch, --json, --only, --skip, --list …;
see docs/audit.md). Exit code 0: healthy, 1: findings, 2: it could not be asked.""",
        examples=(
            "./frontrow audit",
            "./frontrow audit --watch 30",
            "./frontrow audit --list",
        ),
        add_arguments=_data,
        passes_on=True,
    ),
    Command(
        name="chaos",
        summary="break the system while people use it, and check that nobody's seat was lost or sold twice",
        details="""Starts a short-lived system with short holds. Seeded customers hold, confirm, extend, release and
cancel; a seeded nemesis kills, stops and disconnects its parts. The same seed has the same faults at the same
times. Afterwards everything that anybody was told is compared with the database (docs/reliability.md).
With --seeds, one run after the other, each with a fresh system; one that fails does not stop the others.
Exit code 0: no violation, 1: violations, 2: it could not be run; with --mutant 0: found, 1: not found.""",
        examples=(
            "./frontrow chaos --seed 7 --seconds 60",
            "./frontrow chaos --seed 7 --seconds 300 --report chaos-7",
            "./frontrow chaos --seeds 101-120 --seconds 180 --report chaos-today",
            "./frontrow chaos --mutant all --seconds 25",
            "./frontrow chaos --replay chaos-7/log.jsonl",
            "./frontrow chaos --replay chaos-today",
        ),
        add_arguments=_chaos,
    ),
    Command(
        name="bench",
        summary="measure what holds, sales and reads cost, beside their baselines",
        details="""Starts a short-lived system as in production, and the baselines on the same servers. All contenders
take their turns in each round; medians with the smallest and largest, CPU time by service, PostgreSQL and Redis
(docs/benchmarks.md). Scenarios: spread, stampede, steady-losing, sell-out, flash-sale, quiet, browse, seats,
viewers, viewers-5000, instances; growth only when named, since it fills the database with millions of seats.
Exit code 0: every check of the product holds, 1: one does not. Speed has no exit code.""",
        examples=(
            "./frontrow bench",
            "./frontrow bench spread quiet --rounds 3 --seconds 2",
            "./frontrow bench spread --against best literal bare --report bench-report",
            "./frontrow bench spread stampede --against ../version-before",
        ),
        add_arguments=_bench,
    ),
    Command(
        name="pictures",
        summary="take the pictures of docs/images anew",
        details="""Starts a short-lived system, sells and holds seats in it, and has Chromium look at every page: on a
desk, on a phone in the dark, and from right to left. Look at each of them before you commit it
(docs/screens.md shows all).""",
        examples=(
            "./frontrow pictures",
            "./frontrow pictures seats sales-phone --to ../drafts",
        ),
        add_arguments=_pictures,
    ),
    Command(
        name="check",
        summary="format, lint, types and import contracts",
        examples=("./frontrow check",),
    ),
    Command(
        name="test",
        summary="the checks above, the front end's tests and all tests of tests/",
        details="""All other arguments go to pytest. Real servers are started for the tests and stopped after them;
FRONTROW_PG_BIN and FRONTROW_REDIS_BIN choose other ones.""",
        examples=(
            "./frontrow test",
            "./frontrow test --no-check tests/unit -k seat_plan",
            "FRONTROW_PG_BIN=/usr/lib/postgresql/15/bin ./frontrow test --no-skips",
        ),
        add_arguments=_test,
        passes_on=True,
    ),
    Command(
        name="reset",
        summary="delete the data of this copy",
        examples=("./frontrow reset", "./frontrow reset --data ../second-copy --yes"),
        add_arguments=_reset,
    ),
)


def build_parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser, and those of the commands by name."""
    width = max(len(command.name) for command in COMMANDS)
    listing = "\n".join(f"  {command.name:{width}}  {command.summary}" for command in COMMANDS)
    parser = argparse.ArgumentParser(
        prog="./frontrow",
        usage="./frontrow COMMAND [arguments]",
        description=f"Frontrow on this machine.\n\ncommands:\n{listing}",
        epilog="example:\n  ./frontrow up\n\nHelp for one command: ./frontrow COMMAND --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="./frontrow", help=argparse.SUPPRESS)
    parsers = {}
    for command in COMMANDS:
        title = "example" if len(command.examples) == 1 else "examples"
        parsers[command.name] = commands.add_parser(
            command.name,
            description="\n\n".join(filter(None, (_sentence(command.summary), command.details))),
            epilog=f"{title}:\n" + "\n".join(f"  {example}" for example in command.examples),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            # An abbreviation here might be a full name of the program behind.
            allow_abbrev=False,
        )
        command.add_arguments(parsers[command.name])
    return parser, parsers


def parse(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of a command, with `others` for the program behind it.

    Prints help or what is wrong, and exits, as argparse does; without a command, prints the list of commands.
    """
    parser, parsers = build_parser()
    arguments, others = parser.parse_known_args(words)
    if arguments.command is None:
        if others:
            parser.error(f"unknown argument {others[0]}")
        parser.print_help()
        parser.exit()
    if others and not _find(arguments.command).passes_on:
        parsers[arguments.command].error(f"unknown argument {others[0]}")
    arguments.others = others
    return arguments


def main(words: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code."""
    arguments = parse(words)
    try:
        code: int = import_module(_find(arguments.command).module).run(arguments)
    except StackError as error:
        sys.stdout.flush()
        print(f"frontrow: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _find(name: str) -> Command:
    return next(command for command in COMMANDS if command.name == name)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
