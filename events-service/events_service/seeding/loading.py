"""Loads the sample programme into an empty database, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby
from time import perf_counter

import sqlalchemy as sa

from events_service.seat_plans import copy_event
from events_service.seeding.sample_events import sample_events
from shared.engine import sqlalchemy_url

# Two loads at once take turns, and the second finds the events of the first. Any number nobody else locks will do.
SEEDING_LOCK = 0x73616D706C657321  # "samples!"

Report = Callable[[str], None]


def load_sample_events(database_url: str, *, today: date, report: Report) -> int:
    """Load the sample events in one transaction, with the first showing on the day after `today` (UTC); the number of
    events loaded, 0 when the database has events already.

    `report` gets one line per step, with counts and seconds. Raises what the database raises; then nothing is loaded.
    """
    engine = sa.create_engine(sqlalchemy_url(database_url, driver="psycopg2"), poolclass=sa.NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SEEDING_LOCK})
            already: int = connection.execute(sa.text("SELECT count(*) FROM events")).scalar_one()
            if already:
                report(f"The database has {already} events already; nothing was changed.")
                return 0
            loaded = _load(connection, today, report)
        report("Committed.")
        return loaded
    finally:
        engine.dispose()


def _load(connection: sa.Connection, today: date, report: Report) -> int:
    begun = perf_counter()
    samples = list(sample_events(today))
    plans = {sample.plan.content_hash for sample in samples}
    report(_line("Seat plans", f"{len(plans)} rooms drawn", begun))
    for event_type, group in groupby(samples, key=lambda sample: sample.event.event_type):
        begun, events, seats = perf_counter(), 0, 0
        for sample in group:
            copy_event(connection, sample.event, sample.plan, sample.prices)
            events, seats = events + 1, seats + sample.plan.seat_count
        report(
            _line(event_type.capitalize(), f"{events} {'event' if events == 1 else 'events'}, {seats:,} seats", begun)
        )
    begun = perf_counter()
    # Without statistics the first queries would be planned for empty tables.
    connection.execute(sa.text("ANALYZE seat_plans, events, seats"))
    total = sum(sample.plan.seat_count for sample in samples)
    report(_line("Total", f"{len(samples)} events, {total:,} seats, analyzed", begun))
    return len(samples)


def _line(step: str, done: str, begun: float) -> str:
    return f"{step:<11} {done:<36} {perf_counter() - begun:5.2f} s"
