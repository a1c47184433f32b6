"""The interface of everything that sells seats over HTTP: the product, and the reference designs."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtest.bench.database import Database
from loadtest.bench.plans import Follow


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who is signed in."""

    user_id: int
    token: str


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """An event of which every seat is free. Its seats have consecutive ids."""

    event_id: int
    first_seat_id: int
    seat_count: int

    @property
    def seat_ids(self) -> range:
        """All of them."""
        return range(self.first_seat_id, self.first_seat_id + self.seat_count)


@dataclass(frozen=True, slots=True)
class Sales:
    """What the database says of some events."""

    held: int
    booked: int
    live_bookings: int
    distinct_seats: int
    """Seats that have a live booking."""


class Shop(ABC):
    """One contender. Everything but the requests themselves goes round the services, and is never measured."""

    name: str
    title: str
    confirm: Follow
    """What confirms a hold, from its answer."""

    @property
    @abstractmethod
    def booking_ports(self) -> Sequence[int]:
        """Where holds go; buyers are dealt out over them."""

    @property
    @abstractmethod
    def catalogue_port(self) -> int:
        """Where the catalogue is read."""

    @abstractmethod
    def processes(self) -> Mapping[str, Sequence[int]]:
        """The processes by part: service, postgres, redis."""

    @abstractmethod
    def buyers(self, count: int) -> Sequence[Buyer]:
        """`count` people with sessions; the same ones each time."""

    @abstractmethod
    def open_events(self, count: int, *, seats: int) -> Sequence[OpenEvent]:
        """New events, so that no cache and no earlier round knows them."""

    @abstractmethod
    def close_events(self, events: Sequence[OpenEvent]) -> None:
        """Free what is held, so that no sweep works in a later round; bring the tables into the same order."""

    @abstractmethod
    def hold_request(self, buyer: Buyer, seat_ids: Sequence[int], *, key: str = "") -> bytes:
        """The request that holds `seat_ids`, with an idempotency key or without."""

    @abstractmethod
    def confirm_head(self, buyer: Buyer) -> bytes:
        """What comes before the length of the body that `confirm` makes."""

    @abstractmethod
    def viewer_path(self, event_id: int) -> str:
        """The address of the event's live map."""

    @abstractmethod
    def sales(self, events: Sequence[OpenEvent]) -> Sales:
        """What became of the seats of `events`."""

    @abstractmethod
    def held_at(self, event: OpenEvent) -> Mapping[int, float]:
        """When each held seat of the event was held, by the database: seconds since 1970 by seat id."""

    @abstractmethod
    def pages(self, event: OpenEvent) -> Mapping[str, bytes]:
        """Requests to the catalogue by name (browse, showtimes, seats, plan, plan_again), as far as it has them."""

    @abstractmethod
    def forget_pages(self) -> None:
        """Empty the catalogue's cache."""

    @property
    @abstractmethod
    def database(self) -> Database:
        """Where its tables are."""

    @property
    @abstractmethod
    def server_log(self) -> Path:
        """What its PostgreSQL writes."""

    @abstractmethod
    def write_transactions(self) -> int:
        """Transactions that wrote something, since ever; the difference of two is what was in between."""
