"""Answers about what is on. Those that everybody asks for are bytes, made once and kept in the cache."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import groupby
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from events_service.catalog.cache import CatalogCache
from events_service.catalog.cursors import Cursors, Position
from events_service.catalog.repository import AnyRow, CatalogRepository
from events_service.catalog.schemas import (
    BrowseItem,
    BrowsePage,
    EventFilter,
    MovieShowtimes,
    Showtime,
    TheaterShowtimes,
    event_details,
)
from events_service.catalog.seats import SeatReader
from events_service.documents import Document
from events_service.recent import Recent
from shared.chassis.problems import NotFound
from shared.contracts.pictures import PictureAddresses
from shared.models import Event

PosterPainter = Callable[[int, str, str], bytes]
"""From an event's id, name and type to its generated picture."""


PLANS_BYTES = 32 * 2**20
"""How much of seat plans an instance keeps in memory, compressed forms not counted."""


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
        seats: SeatReader,
    ) -> None:
        self._sessions = sessions
        self._cache = cache
        self._cursors = cursors
        self._pictures = pictures
        self._seats = seats
        self._plans: Recent[str, Document] = Recent(room=PLANS_BYTES, size_of=lambda plan: len(plan.content))

    async def browse(self, wanted: EventFilter) -> Document:
        """A `BrowsePage` in JSON."""

        async def load() -> bytes:
            async with self._reading() as repository:
                rows = await repository.page(wanted)
            return self._page(rows, wanted.limit).model_dump_json().encode()

        return await self._cache.fetch(_browse_question(wanted), load)

    async def showtimes(self, movie: str) -> Document:
        """A `MovieShowtimes` in JSON. Raises `NotFound` when no performance of that name is to come."""

        async def load() -> bytes:
            async with self._reading() as repository:
                rows = await repository.showtimes(movie)
            if not rows:
                raise NotFound("No showtimes of this movie are to come.")
            return _by_theater(rows).model_dump_json().encode()

        return await self._cache.fetch(("showtimes", movie), load)

    async def details(self, event_id: int) -> Document:
        """An `EventDetails` in JSON."""

        async def load() -> bytes:
            event = await self._event(event_id)
            return event_details(event, self._pictures).model_dump_json().encode()

        return await self._cache.fetch(("details", event_id), load)

    async def seats(self, event_id: int, *, status: str | None, section: str | None) -> Document:
        """An `EventSeats` in JSON: always what the database says now."""
        return Document(await self._seats.read(event_id, status=status, section=section))

    async def seat_plan(self, event_id: int) -> Document:
        """The event's seat plan, tagged with its hash. What is cached is which plan the event has, for it may go; the
        plan itself never changes.
        """

        async def load() -> bytes:
            async with self._reading() as repository:
                found = await repository.plan_of(event_id)
            if found is None:
                raise NotFound
            plan_hash, content = found
            if self._plans.get(plan_hash) is None:
                self._plans.put(plan_hash, Document(content.encode(), tag=plan_hash))
            return plan_hash.encode()

        plan_hash = (await self._cache.fetch(("seat-plan", event_id), load)).content.decode()
        return await self.plan(plan_hash)

    async def plan(self, plan_hash: str) -> Document:
        """The plan of that hash, also one that no event has yet. Raises `NotFound`."""
        kept = self._plans.get(plan_hash)
        if kept is not None:
            return kept
        async with self._reading() as repository:
            content = await repository.plan(plan_hash)
        if content is None:
            raise NotFound
        plan = Document(content.encode(), tag=plan_hash)
        self._plans.put(plan_hash, plan)
        return plan

    async def poster(self, event_id: int, draw: PosterPainter) -> Document:
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
                    Showtime(
                        event_id=row.id,
                        start_time=row.start_time,
                        time_zone=row.time_zone,
                        price_from=row.price_from,
                        currency=row.currency,
                    )
                    for row in showtimes
                ],
            )
            for (venue, city), showtimes in groupby(rows, key=lambda row: (row.venue, row.city))
        ],
    )
