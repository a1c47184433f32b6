"""pgbench: what PostgreSQL alone makes of the same statements, one hold in each transaction.

Guarded, on the product's own tables: its conditional UPDATE, with the guard's trigger, which writes the ledger. Plain,
on the reference's tables, which have neither. Both with prepared statements over sixteen connections.
"""

import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from devstack.errors import StackError
from devstack.postgres import find_programs
from loadtest.bench.accounting import Cost, metered
from loadtest.bench.contenders.shop import Buyer, OpenEvent, Shop

CLIENTS = 16

# Each client walks through seats of its own; `n` lives as long as the client. Neighbouring seats are different
# people's, so that nobody holds more of an event than is allowed: the auditor looks at these holds, too.
_NEXT_SEAT = """
\\set seat :first + :client_id + :n * :clients
\\set n :n + 1
\\set user_id :first_user_id + :seat % :users
"""
GUARDED_HOLD = f"""{_NEXT_SEAT}
WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS now)
UPDATE seats SET status = 'held', hold_id = gen_random_uuid(), held_by = :user_id, held_since = moment.now,
    hold_expiry = moment.now + interval '5 minutes', version = version + 1
FROM moment
WHERE id = :seat AND (status = 'available' OR (status = 'held' AND hold_expiry <= moment.now))
RETURNING id, event_id, version, price;
"""  # noqa: S608 - pgbench's own variables
PLAIN_HOLD = f"""{_NEXT_SEAT}
UPDATE seats SET status = 'held', held_by = :user_id, held_at = clock_timestamp(),
    hold_expiry = clock_timestamp() + interval '5 minutes'
WHERE id = :seat AND status = 'available'
RETURNING event_id, seat_number;
"""  # noqa: S608 - pgbench's own variables


SCRIPTS: Mapping[str, str] = {"pgbench": GUARDED_HOLD, "pgbench-plain": PLAIN_HOLD}

PILOT_TURNS = 10
"""Of each connection, before the measured ones: they tell how many seats pgbench will need."""


@dataclass(frozen=True, slots=True)
class Driven:
    """One run of pgbench."""

    transactions: int
    """Measured ones."""
    tps: float
    latency_ms: float
    cost: Cost
    pilots: int = 0
    """Transactions before the measured ones."""


def drive(shop: Shop, script: str, events: Sequence[OpenEvent], buyers: Sequence[Buyer], *, seconds: float) -> Driven:
    """Let CLIENTS connections hold the seats of `events`, which have consecutive ids, for about `seconds`, or until all
    are held. The cost includes that of opening the connections.

    Raises StackError when pgbench is not there or fails.
    """
    variables = {
        "first": min(event.first_seat_id for event in events),
        "clients": CLIENTS,
        "first_user_id": buyers[0].user_id,
        "users": len(buyers),
    }
    if not program().exists():
        raise StackError(f"{program()} is not there; leave the pgbench baselines out (--against)")
    turns = sum(event.seat_count for event in events) // CLIENTS
    pilot_turns = min(PILOT_TURNS, turns // 2)
    pilot = _run(shop, script, {**variables, "n": 0}, turns=pilot_turns)
    # Counted in turns, not in seconds: without a free seat the statement is another one, and cheap.
    wanted = min(turns - pilot_turns, max(1, round(pilot.tps * seconds / CLIENTS)))
    driven = _run(shop, script, {**variables, "n": pilot_turns}, turns=wanted)
    return replace(driven, pilots=pilot.transactions)


def _run(shop: Shop, script: str, variables: Mapping[str, int], *, turns: int) -> Driven:
    parts = {part: pids for part, pids in shop.processes().items() if part == "postgres"}
    options = [word for name, value in variables.items() for word in ("-D", f"{name}={value}")]
    command = [str(program()), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-t", str(turns), *options]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        with metered(parts) as cost:
            # S603: a program of PostgreSQL's, with words of ours.
            done = subprocess.run([*command, "-f", file.name, shop.database.url], capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise StackError(f"pgbench failed:\n{done.stderr[-2000:]}")
    return Driven(
        transactions=int(_number(done.stdout, r"transactions actually processed: (\d+)")),
        tps=_number(done.stdout, r"tps = ([\d.]+)"),
        latency_ms=_number(done.stdout, r"latency average = ([\d.]+)"),
        cost=cost,
    )


def program() -> Path:
    """Where pgbench is, if it is there: beside the server's programs."""
    return find_programs() / "pgbench"


def _number(output: str, pattern: str) -> float:
    match = re.search(pattern, output)
    if match is None:
        raise StackError(f"pgbench does not say {pattern}:\n{output}")
    return float(match[1])
