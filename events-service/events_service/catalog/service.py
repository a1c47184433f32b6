"""Answers about what is on. Those that everybody asks for are bytes, made once and kept in the cache."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from events_service.catalog.cache import CatalogCache
from events_service.catalog.cursors import Cursors, Position
from events_service.catalog.repository import AnyRow, CatalogRepository
from events_service.catalog.schemas import (
    BrowseItem,
    BrowsePage,
    EventFilter,
    MovieShowtimes,
    SeatRows,
    Showtime,
    TheaterShowtimes,
    event_details,
)
from shared.chassis.problems import NotFound
from shared.contracts.pictures import PictureAddresses
from shared.models import Event

PosterPainter = Callable[[int, str, str], bytes]
"""From an event's id, name and type to its generated picture."""


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A stored plan; no document when the caller knows it already."""

    hash: str
    document: str | None


class Catalog:
    """Reads the catalogue. Every method that takes an event's id raises `NotFound` when there is no such event.

    It opens short sessions of its own instead of using a request's: a query may serve many requests.
    """

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        cache: CatalogCache,
        cursors: Cursors,
        pictures: PictureAddresses,
    ) -> None:
        self._sessions = sessions
        self._cache = cache
        self._cursors = cursors
        self._pictures = pictures

    async def browse(self, wanted: EventFilter) -> bytes:
        """A `BrowsePage` in JSON."""

        async def load() -> bytes:
            async with self._reading() as repository:
                rows = await repository.page(wanted)
            return self._page(rows, wanted.limit).model_dump_json().encode()

        return await self._cache.fetch(_browse_question(wanted), load)

    async def showtimes(self, movie: str) -> bytes:
        """A `MovieShowtimes` in JSON. Raises `NotFound` when no performance of that name is to come."""

        async def load() -> bytes:
            async with self._reading() as repository:
                rows = await repository.showtimes(movie)
            if not rows:
                raise NotFound("No showtimes of this movie are to come.")
            return _by_theater(rows).model_dump_json().encode()

        return await self._cache.fetch(("showtimes", movie), load)

    async def details(self, event_id: int) -> bytes:
        """An `EventDetails` in JSON."""

        async def load() -> bytes:
            event = await self._event(event_id)
            return event_details(event, self._pictures).model_dump_json().encode()

        return await self._cache.fetch(("details", event_id), load)

    async def seats(self, event_id: int, *, status: str | None, section: str | None) -> bytes:
        """An `EventSeats` in JSON: always what the database says now."""
        async with self._reading() as repository:
            seats = await repository.seats(event_id, status=status, section=section)
        if seats is None:
            raise NotFound
        return msgspec.json.encode(SeatRows(event_id, seats))

    async def seat_plan(self, event_id: int, *, known: Collection[str]) -> PlanDocument:
        """The event's seat plan; without its document when its hash is among `known`."""
        async with self._reading() as repository:
            plan = await repository.plan(event_id, known=known)
        if plan is None:
            raise NotFound
        return PlanDocument(*plan)

    async def poster(self, event_id: int, draw: PosterPainter) -> bytes:
        """The event's generated picture, drawn by `draw`."""

        async def load() -> bytes:
            event = await self._event(event_id)
            return draw(event.id, event.name, event.event_type)

        return await self._cache.fetch(("poster", event_id), load)

    async def _event(self, event_id: int) -> Event:
        async with self._reading() as repository:
            event = await repository.event(event_id)
        if event is None:
            raise NotFound
        return event

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[CatalogRepository]:
        async with self._sessions() as session:
            yield CatalogRepository(session)

    def _page(self, rows: Sequence[AnyRow], limit: int) -> BrowsePage:
        shown = rows[:limit]
        last = shown[-1] if len(rows) > limit else None
        return BrowsePage(
            items=[
                BrowseItem.model_validate({**row._mapping, "image_url": self._pictures.of(row.id, row.image_url)})
                for row in shown
            ],
            next_cursor=None if last is None else self._cursors.write(Position(last.start_time, last.id)),
        )


def _browse_question(wanted: EventFilter) -> tuple[Any, ...]:
    return (
        "browse",
        wanted.limit,
        None if wanted.after is None else (wanted.after.start_time.isoformat(), wanted.after.event_id),
        wanted.event_type,
        wanted.city,
        wanted.text,
        None if wanted.starts_from is None else wanted.starts_from.isoformat(),
        None if wanted.starts_before is None else wanted.starts_before.isoformat(),
    )


def _by_theater(rows: Sequence[AnyRow]) -> MovieShowtimes:
    return MovieShowtimes(
        movie=rows[0].name,
        theaters=[
            TheaterShowtimes(
                venue=venue,
                city=city,
                showtimes=[
                    Showtime(event_id=row.id, start_time=row.start_time, price_from=row.price_from) for row in showtimes
                ],
            )
            for (venue, city), showtimes in groupby(rows, key=lambda row: (row.venue, row.city))
        ],
    )
