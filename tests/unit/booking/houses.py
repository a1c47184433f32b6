"""Houses and what is free in them, made up by Hypothesis."""

from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st

from booking_service.choosing.house import House
from booking_service.choosing.wishes import Wish
from shared.contracts.seat_plan import decode
from tests.support.plans import Members, plan, row, seated, standing, table, tables

CATEGORIES = ("dear", "cheap")
PRICES = (900, 500)


@dataclass(frozen=True)
class Question:
    """What is asked, of which house, and what is free there."""

    house: House
    free: bytes
    wish: Wish
    seed: int

    @property
    def rng(self) -> Random:
        """The same chance each time."""
        return Random(self.seed)  # noqa: S311 - no secret depends on it


@st.composite
def rows(draw: st.DrawFn, nth: int) -> Members:
    """A row, perhaps with an aisle, wheelchair spaces beside their companions' seats, and two categories."""
    n = draw(st.integers(1, 9))
    members: dict[str, Any] = {}
    if n > 2 and draw(st.booleans()):
        members["gaps"] = [[draw(st.integers(0, n - 2)), 1.5]]
    if n > 3 and draw(st.booleans()):
        members |= {"flags": {"w": [0], "c": [1]}, "pairs": [[0, 1]]}
    if n > 1 and draw(st.booleans()):
        members["cats"] = [[n // 2, n - n // 2, "cheap"]]
    return row(n, label=f"R{nth}", x=draw(st.integers(0, 5)), y=1 + nth, category=draw(_category), **members)


_category = st.sampled_from(CATEGORIES)


@st.composite
def houses(draw: st.DrawFn) -> House:
    """A few rows; sometimes tables, sold whole or by the seat, and an area to stand in."""
    sections = [seated(*(draw(rows(nth)) for nth in range(draw(st.integers(1, 5)))))]
    if draw(st.booleans()):
        some = [
            table(draw(st.integers(1, 6)), label=f"T{nth}", book=book, x=20 + 8 * nth, y=20, category=draw(_category))
            for nth, book in enumerate(draw(st.lists(st.sampled_from(["seat", "whole"]), min_size=1, max_size=3)))
        ]
        sections.append(tables(*some))
    if draw(st.booleans()):
        sections.append(standing(draw(st.integers(1, 12)), category=draw(_category)))
    return House(decode(plan(*sections, categories=CATEGORIES, focal=(5, 0))))


@st.composite
def questions(draw: st.DrawFn, *, accessible: bool | None = False) -> Question:
    """`accessible`: what the wish says; `None`: either."""
    house = draw(houses())
    share = draw(st.sampled_from([1.0, 0.9, 0.7, 0.4]))
    chance = draw(st.randoms(use_true_random=False))
    free = bytes(int(chance.random() < share) for _ in range(house.places.count))
    sections = st.frozensets(st.integers(0, len(house.places.sections) - 1), min_size=1)
    wish = Wish(
        draw(st.integers(1, 8)),
        draw(st.none() | st.frozensets(st.integers(0, len(CATEGORIES) - 1), min_size=1)),
        draw(st.none() | sections),
        draw(st.booleans()) if accessible is None else accessible,
    )
    return Question(house, free, wish, draw(st.integers(0, 2**16)))
