"""Seat plans: what every room keeps at every size."""

import hashlib
import json
import re
from collections import Counter
from itertools import product
from math import dist
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events_service.seat_plans import (
    CAPACITY_MAX,
    DEFAULT_PRICES,
    EVENT_TYPES,
    TEMPLATES,
    CapacityOutOfRange,
    Category,
    MalformedSeatPlan,
    SeatFlag,
    SeatPlan,
    UnknownTemplate,
    price_table,
    seat_plan_for,
)
from events_service.seat_plans.layout import row_letters, shares
from events_service.seat_plans.plan import Row, RowSeat, Section

NEAREST = 0.8
WALK = Path(__file__).parents[3] / "docs" / "add-an-event-type.md"

templates = st.sampled_from(sorted(TEMPLATES))
# Small rooms are where rows, sections and aisles run out, so they are drawn as often as the large ones.
capacities = st.one_of(st.integers(1, 60), st.integers(1, 1500), st.integers(1, CAPACITY_MAX))
some_plans = st.builds(lambda template, capacity: TEMPLATES[template].build(capacity=capacity), templates, capacities)
few_examples = settings(max_examples=40, deadline=None)


def nearest_pair(plan: SeatPlan) -> float:
    """The smallest distance between two seats, looked for in neighbouring cells of a grid."""
    cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
    smallest = float("inf")
    for seat in plan.seats():
        column, line = int(seat.x), int(seat.y)
        for step in product((-1, 0, 1), repeat=2):
            for other in cells.get((column + step[0], line + step[1]), ()):
                smallest = min(smallest, dist((seat.x, seat.y), other))
        cells.setdefault((column, line), []).append((seat.x, seat.y))
    return smallest


@few_examples
@given(templates, capacities)
def test_a_plan_has_exactly_the_seats_asked_for(template: str, capacity: int) -> None:
    plan = TEMPLATES[template].build(capacity=capacity)

    assert plan.seat_count == capacity
    assert [seat.index for seat in plan.seats()] == list(range(capacity))


@few_examples
@given(some_plans)
def test_no_two_seats_are_nearer_than_a_person_is_wide(plan: SeatPlan) -> None:
    assert nearest_pair(plan) >= NEAREST


@few_examples
@given(some_plans)
def test_seat_numbers_are_unique_and_short(plan: SeatPlan) -> None:
    numbers = Counter(seat.seat_number for seat in plan.seats())

    assert max(numbers.values()) == 1
    assert max(map(len, numbers)) <= 32


@few_examples
@given(some_plans)
def test_everything_drawn_lies_inside_the_plan(plan: SeatPlan) -> None:
    drawn = [(seat.x, seat.y) for seat in plan.seats()] + [p for o in plan.objects for p in o.polygon] + [plan.focal]

    assert all(0 <= x <= plan.width and 0 <= y <= plan.height for x, y in drawn)


@few_examples
@given(some_plans)
def test_every_category_named_has_seats_and_a_price(plan: SeatPlan) -> None:
    used = {seat.category for seat in plan.seats()}

    assert [category.key for category in plan.categories if category.key not in used] == []
    assert set(price_table(plan, 1000)) == used
    assert len({category.tier for category in plan.categories} - {1, 2, 3, 4, 5}) == 0


@few_examples
@given(some_plans)
def test_the_document_tells_every_seat_in_plan_order(plan: SeatPlan) -> None:
    told = json.loads(plan.document())
    seats = [
        (
            told["numbering"].format(section=section["id"], row=row["label"], number=number),
            x,
            y,
            category,
            tuple(*flags),
        )
        for section in told["sections"]
        for row in section["rows"]
        for number, x, y, category, *flags in row["seats"]
    ]

    assert told["format"] == "seatplan/1"
    assert seats == [(s.seat_number, s.x, s.y, s.category, s.flags) for s in plan.seats()]


@few_examples
@given(some_plans)
def test_the_document_is_canonical_and_its_hash_is_the_address(plan: SeatPlan) -> None:
    document = plan.document()

    again = json.dumps(json.loads(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert again == document
    assert plan.content_hash == hashlib.sha256(document).hexdigest()
    assert b".0," not in document
    assert b".0]" not in document


@few_examples
@given(some_plans)
def test_companions_sit_beside_a_wheelchair_place(plan: SeatPlan) -> None:
    for section in plan.sections:
        for row in section.rows:
            flags = [set(seat.flags) for seat in row.seats]
            for nth, here in enumerate(flags):
                if SeatFlag.COMPANION in here:
                    beside = flags[max(0, nth - 1) : nth] + flags[nth + 1 : nth + 2]
                    assert any(SeatFlag.WHEELCHAIR in other for other in beside)


@given(templates, st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_a_larger_size_of_a_room_never_has_fewer_places(template: str, size: int) -> None:
    room = TEMPLATES[template]

    assert room.layout(size).capacity < room.layout(size + 1).capacity  # type: ignore[attr-defined] # rooms draw sizes


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=40).flatmap(
        lambda w: st.tuples(st.just(w), st.integers(0, sum(w)))
    )
)
def test_shares_add_up_and_never_exceed_their_weight(case: tuple[list[int], int]) -> None:
    weights, total = case

    parts = shares(total, weights)

    assert sum(parts) == total
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@given(st.integers(1, 99_999))
def test_only_the_cheapest_category_costs_the_base_price(base_price: int) -> None:
    plan = seat_plan_for("theater")

    prices = price_table(plan, base_price)

    by_tier = sorted((category.tier, prices[category.key]) for category in plan.categories)
    assert min(prices.values()) == base_price
    assert [price for _, price in by_tier] == sorted((price for _, price in by_tier), reverse=True)
    assert by_tier[0][1] > base_price


def test_a_negative_base_price_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        price_table(seat_plan_for("movie"), -1)


def test_the_same_room_has_the_same_hash_in_every_release() -> None:
    """A changed hash is a changed plan for every event that uses it: change this list only on purpose."""
    hashes = {name: room.build().content_hash[:12] for name, room in sorted(TEMPLATES.items())}

    assert hashes == {
        "arena": "495c5df2c1e8",
        "cabaret": "a88bc032cba7",
        "cinema-large": "814288838643",
        "cinema-odd": "d0e22ac7d487",
        "cinema-small": "4b63fa1dd3bc",
        "club": "7dfa06a8e220",
        "concert-hall": "1909ceedeca5",
        "sports-hall": "86e6f0108967",
        "theater": "9c006919d7f8",
    }


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_event_type_has_a_room_of_its_usual_size(event_type: str) -> None:
    plan = seat_plan_for(event_type)

    assert plan.seat_count == EVENT_TYPES[event_type][0].capacity


def test_every_event_type_has_a_default_price() -> None:
    assert set(DEFAULT_PRICES) == set(EVENT_TYPES)


def test_the_room_of_the_walk_through_can_be_built() -> None:
    example = re.search(r"```python\n(\"\"\"A lecture hall.*?)```", WALK.read_text(), re.DOTALL)
    assert example is not None
    names: dict[str, Any] = {}

    exec(example[1], names)  # noqa: S102 - the example in our own paper

    plan = names["LectureHall"]().build()
    assert plan.seat_count == 240
    assert nearest_pair(plan) >= NEAREST


@pytest.mark.parametrize(
    ("capacity", "room"), [(20, "Cinema, small room"), (150, "Cinema, old picture house"), (5000, "Cinema, large room")]
)
def test_a_capacity_without_a_template_picks_the_smallest_room_that_usually_holds_as_many(
    capacity: int, room: str
) -> None:
    assert seat_plan_for("movie", capacity=capacity).name == room


def test_a_template_may_be_chosen_from_another_event_type() -> None:
    assert seat_plan_for("comedy", template="theater").name == "Theater"


@pytest.mark.parametrize("capacity", [0, -1, CAPACITY_MAX + 1])
def test_a_capacity_out_of_range_is_refused(capacity: int) -> None:
    with pytest.raises(CapacityOutOfRange):
        seat_plan_for("movie", capacity=capacity)


@pytest.mark.parametrize(("event_type", "template"), [("circus", None), ("circus", "arena"), ("movie", "attic")])
def test_an_unknown_event_type_or_template_is_refused_with_the_names_there_are(
    event_type: str, template: str | None
) -> None:
    with pytest.raises(UnknownTemplate, match="must be one of"):
        seat_plan_for(event_type, template=template)


def test_the_old_picture_house_has_odd_numbers_on_the_left_and_even_on_the_right_of_its_middle_aisle() -> None:
    plan = seat_plan_for("movie", template="cinema-odd")

    for row in plan.sections[0].rows:
        left = [seat for seat in row.seats if seat.x < plan.focal[0]]
        right = [seat for seat in row.seats if seat.x > plan.focal[0]]
        assert [seat.number for seat in left] == list(range(2 * len(left) - 1, 0, -2))
        assert [seat.number for seat in right] == list(range(2, 2 * len(right) + 1, 2))
        assert right[0].x - left[-1].x > 2  # the aisle: seats 1 and 2 are no neighbours


@pytest.mark.parametrize("template", [name for name in TEMPLATES if name != "cabaret"])
def test_rooms_with_rows_have_wheelchair_places_and_companions(template: str) -> None:
    flags = Counter(flag for seat in TEMPLATES[template].build().seats() for flag in seat.flags)

    assert flags[SeatFlag.WHEELCHAIR] == flags[SeatFlag.COMPANION] >= 2


def test_row_letters_leave_out_those_that_read_as_digits() -> None:
    labels = [row_letters(index) for index in range(600)]

    assert labels[:9] == ["A", "B", "C", "D", "E", "F", "G", "H", "J"]
    assert labels[23:26] == ["Z", "AA", "AB"]
    assert len(set(labels)) == 600
    assert not {"I", "O"} & set("".join(labels))


def plan_of(*seats: RowSeat, numbering: str = "") -> SeatPlan:
    section = Section("MAIN", "Main", (Row("A", seats),))
    return SeatPlan("Room", 10, 10, (5, 0), (Category("plain", "Plain", 3),), (), (section,), numbering)


@pytest.mark.parametrize(
    ("seats", "numbering"),
    [
        ((), ""),
        ((RowSeat(1, 1, 1, "gold"),), ""),
        ((RowSeat(1, 1, 1, "plain"), RowSeat(1, 2, 1, "plain")), ""),
        ((RowSeat(1, 1, 1, "plain"),), "a very long word before the number {number}"),
    ],
    ids=["no seats", "unknown category", "repeated number", "long number"],
)
def test_parts_that_make_no_plan_are_refused(seats: tuple[RowSeat, ...], numbering: str) -> None:
    with pytest.raises(MalformedSeatPlan):
        plan_of(*seats, numbering=numbering)
