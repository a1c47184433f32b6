"""The numbers of one benchmark."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How much of everything. The defaults are those of docs/measurements.md; `tiny` is for tests."""

    rounds: int = 5
    seconds: float = 3.0
    """Of each timed phase."""
    instances: int = 1
    users: int = 200
    events: int = 40
    """Of 1,000 seats each, in `spread`."""
    event_seats: int = 1000
    spread_viewers: int = 20
    crowd: int = 500
    """Who want one seat."""
    fought_seats: int = 20
    """How many seats they want, one after another."""
    tries_per_seat: int = 12
    """Of people for each seat, in `sell-out`."""
    quiet_users: int = 4
    buyers: int = 4000
    arena_seats: int = 20_000
    """In `flash-sale`."""
    readers: int = 50
    """Of the catalogue."""
    alone: int = 40
    """Requests of one reader who is alone, per page."""
    some_viewers: int = 1000
    many_viewers: int = 5000
    changes_per_s: int = 20
    """That viewers are told of."""
    sizes: tuple[int, ...] = (1_000_000, 5_000_000)
    """Seats in all, in `growth`, after what is there at the beginning."""

    @classmethod
    def tiny(cls) -> "Terms":
        """Everything once, in seconds: for the shape of it, not for its figures."""
        return cls(
            rounds=1,
            seconds=0.3,
            users=8,
            events=2,
            event_seats=40,
            spread_viewers=2,
            crowd=12,
            fought_seats=3,
            tries_per_seat=3,
            quiet_users=2,
            buyers=20,
            arena_seats=100,
            readers=3,
            alone=3,
            some_viewers=6,
            many_viewers=12,
            sizes=(45_000,),
        )
