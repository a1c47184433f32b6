"""The command `python -m loadtest.race`: N people ask for one seat at the same instant, and one gets it.

Exit code: 0 every check holds, 1 a check failed, 2 the race could not be run, 130 interrupted.
"""

import asyncio
import io
import json
import os
import secrets
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

import aiohttp

from loadtest import report
from loadtest.aftermath import collect, tidy_up
from loadtest.attack import attack
from loadtest.checks import verdict
from loadtest.client import call, each
from loadtest.database import Database
from loadtest.model import CannotRun, Check, Person, Target
from loadtest.options import Options, read_options
from loadtest.people import sign_up
from loadtest.seats import find_free_seat

PASSED, FAILED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130

# A seat whose hold has ended is free to the API, but the database still has the old hold until the next
# sweep. Its next change would not be "available to held", so another seat is chosen, at most this often.
SEATS_TRIED = 20
# One connection per person, and a few files besides.
FILES_BESIDE_CONNECTIONS = 64

_OTHER_DATABASE = (
    "--database-url or DATABASE_URL names another database than the one the services use; "
    "--database-url '' checks over the API alone"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code; argparse itself exits with 2 on bad options."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # An event's name may have letters that this terminal has not; that is no reason to stop. Lines
        # appear when they are printed, also in a log file.
        sys.stdout.reconfigure(errors="replace", line_buffering=True)
    options = read_options(arguments, os.environ)
    try:
        return asyncio.run(run(options))
    except KeyboardInterrupt:
        print("\nInterrupted. A hold that was made ends by itself within minutes.", file=sys.stderr)
        return INTERRUPTED


async def run(options: Options) -> int:
    """The whole command after its options: races, prints, and returns the exit code."""
    print(report.heading(options.title, options.configuration))
    rounds: list[report.Round] = []
    try:
        await _race(options, rounds)
        print("\n" + report.conclusion(rounds))
        if options.json_file is not None:
            document = report.as_document(options.title, options.configuration, rounds)
            options.json_file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    except (CannotRun, OSError) as error:
        print(f"\nThe race could not be run: {error}", file=sys.stderr)
        # A round that failed before the trouble is still the more important news.
        return COULD_NOT_RUN if all(result.passed for result in rounds) else FAILED
    return PASSED if all(result.passed for result in rounds) else FAILED


async def _race(options: Options, rounds: list[report.Round]) -> None:
    """Appends each round to `rounds` when it is over, so that trouble in a later one hides none."""
    _allow_connections(options.users)
    timeout = aiohttp.ClientTimeout(total=options.timeout_s)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        database = None
        if options.database_url is not None:
            database = await stack.enter_async_context(Database(options.database_url, timeout_s=options.timeout_s))
        # Everything that can be missing is asked for before the long part, the sign-up.
        await _choose_seat(session, options, database)
        await each(lambda instance: _reach(session, instance), options.addresses.booking)
        people = await _gather_people(session, options)
        if database is not None and not await database.knows(people[0]):
            raise CannotRun(_OTHER_DATABASE)
        for number in range(1, options.rounds + 1):
            target = await _choose_seat(session, options, database)
            result = await _one_round(session, options, database, people, target, number)
            print("\n" + report.round_text(result, of=options.rounds))
            rounds.append(result)


async def _one_round(
    session: aiohttp.ClientSession,
    options: Options,
    database: Database | None,
    people: Sequence[Person],
    target: Target,
    number: int,
) -> report.Round:
    answers = await attack(people, target.seat_id, options.addresses.booking, timeout_s=options.timeout_s)
    checks: list[Check] = []
    try:
        checks += verdict(await collect(session, options.addresses, target, answers, database))
    except CannotRun as error:
        # The services answered before the attack. Not being able to answer after it is a result.
        checks.append(Check("the state after the attack can be read", False, str(error)))
    try:
        checks.append(await tidy_up(session, options.addresses, target, answers, database))
    except CannotRun as error:
        checks.append(Check("the seat can be released after the attack", False, str(error)))
    return report.Round(number, target, tuple(answers), tuple(checks))


async def _choose_seat(session: aiohttp.ClientSession, options: Options, database: Database | None) -> Target:
    for _ in range(SEATS_TRIED):
        target = await find_free_seat(
            session, options.addresses.events, event_id=options.event_id, seat_id=options.seat_id
        )
        if database is None:
            return target
        row = await database.seat(target.seat_id)
        if row is None:
            raise CannotRun(_OTHER_DATABASE)
        if row.status == "available":
            # The database knows the version best: the API may have answered a moment before a change.
            return replace(target, version=row.version)
    raise CannotRun("no seat is free in the database: the holds on them have ended and wait for the sweep; try again")


async def _reach(session: aiohttp.ClientSession, instance: str) -> None:
    # Without a token, because nobody is signed up yet: 401 comes from the service itself, not from a
    # proxy before a service that is down.
    await call(session, "GET", f"{instance}/my-holds", expected=401)


async def _gather_people(session: aiohttp.ClientSession, options: Options) -> list[Person]:
    on_a_terminal = sys.stdout.isatty()

    def progress(done: int) -> None:
        if on_a_terminal:
            print(f"\rSigning up: {done} of {options.users}", end="", flush=True)
        elif done == options.users or done % 50 == 0:
            print(f"Signing up: {done} of {options.users}")

    print()
    try:
        return await sign_up(
            session, options.addresses.auth, options.users, run=secrets.token_hex(4), progress=progress
        )
    finally:
        if on_a_terminal:
            print()


def _allow_connections(users: int) -> None:
    """Raises the soft limit of open files as far as needed; CannotRun when the hard limit is too low."""
    if sys.platform == "win32":
        return
    import resource

    needed = users + FILES_BESIDE_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        if hard != resource.RLIM_INFINITY and hard < needed:
            raise CannotRun(f"{users} users need {needed} open files, and this system allows {hard} (ulimit -Hn)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


if __name__ == "__main__":
    sys.exit(main())
