"""Seat plans: what every room keeps at every size."""

import gzip
import hashlib
import json
import re
from collections import Counter
from itertools import pairwise, product
from math import atan2, degrees, dist
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
from events_service.seat_plans.geometry import Points, RowShape
from events_service.seat_plans.layout import MAIN_FLOOR, row_letters, shares
from events_service.seat_plans.outlines import around_rows
from events_service.seat_plans.parts import Drawing, PlannedRow, PlannedSection, Seat

NEAREST = 0.8
WALK = Path(__file__).parents[3] / "docs" / "add-an-event-type.md"

templates = st.sampled_from(sorted(TEMPLATES))
# Small rooms are where rows, sections and aisles run out, so they are drawn as often as the large ones.
capacities = st.one_of(st.integers(1, 60), st.integers(1, 1500), st.integers(1, 20_000))
some_plans = st.builds(lambda template, capacity: TEMPLATES[template].build(capacity=capacity), templates, capacities)
few_examples = settings(max_examples=40, deadline=None)


def nearest_pair(plan: SeatPlan) -> float:
    """The smallest distance between two places of one floor that are not for standing, looked for in neighbouring cells
    of a grid. A table that is sold whole counts as one seat.
    """
    places = plan.places
    cells: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    smallest = float("inf")
    for x, y, section in zip(places.x, places.y, places.section, strict=True):
        if places.sections[section].kind == "standing":
            continue
        floor, column, line = places.sections[section].floor, int(x), int(y)
        for step in product((-1, 0, 1), repeat=2):
            for other in cells.get((floor, column + step[0], line + step[1]), ()):
                smallest = min(smallest, dist((x, y), other))
        cells.setdefault((floor, column, line), []).append((x, y))
    return smallest


def categories_used(plan: SeatPlan) -> set[str]:
    return {plan.categories[category].key for category in plan.places.category}


@few_examples
@given(templates, capacities)
def test_a_plan_has_exactly_the_seats_asked_for(template: str, capacity: int) -> None:
    plan = TEMPLATES[template].build(capacity=capacity)

    assert plan.seat_count == len(plan.places.seat_numbers()) == capacity


@pytest.mark.parametrize("template", ["stadium", "cinema-small", "cabaret"])
def test_a_room_can_have_the_largest_capacity(template: str) -> None:
    assert TEMPLATES[template].build(capacity=CAPACITY_MAX).seat_count == CAPACITY_MAX


@few_examples
@given(some_plans)
def test_no_two_seats_are_nearer_than_a_person_is_wide(plan: SeatPlan) -> None:
    assert nearest_pair(plan) >= NEAREST


@few_examples
@given(some_plans)
def test_seat_numbers_are_unique_and_short(plan: SeatPlan) -> None:
    numbers = plan.places.seat_numbers()

    assert len(set(numbers)) == len(numbers)
    assert max(map(len, numbers)) <= 32


@few_examples
@given(some_plans)
def test_everything_drawn_lies_inside_the_plan(plan: SeatPlan) -> None:
    document = json.loads(plan.document())
    shapes = [o["polygon"] for o in document["objects"]] + [s["outline"] for s in document["sections"]]
    drawn = [*zip(plan.places.x, plan.places.y, strict=True), *(point for shape in shapes for point in shape)]

    assert all(0 <= x <= document["width"] and 0 <= y <= document["height"] for x, y in drawn)


@few_examples
@given(some_plans)
def test_every_place_lies_within_the_outline_of_its_section(plan: SeatPlan) -> None:
    places = plan.places
    for section, told in zip(places.sections, json.loads(plan.document())["sections"], strict=True):
        ends = [place for row in places.rows if places.sections[row.section] is section
                for place in (row.start, row.end - 1)]  # fmt: skip
        left, top = min(x for x, _ in told["outline"]), min(y for _, y in told["outline"])
        right, bottom = max(x for x, _ in told["outline"]), max(y for _, y in told["outline"])
        assert all(left <= places.x[i] <= right and top <= places.y[i] <= bottom for i in ends)


@few_examples
@given(some_plans)
def test_every_category_named_has_seats_and_a_price(plan: SeatPlan) -> None:
    used = categories_used(plan)

    assert [category.key for category in plan.categories if category.key not in used] == []
    assert set(price_table(plan, 1000)) == used
    assert len({category.tier for category in plan.categories} - {1, 2, 3, 4, 5}) == 0


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
def test_a_companion_sits_beside_its_wheelchair_place(plan: SeatPlan) -> None:
    places = plan.places
    companions = [place for place, flags in places.flags.items() if SeatFlag.COMPANION in flags]

    assert all(SeatFlag.WHEELCHAIR in places.flags[places.pairs[place]] for place in companions)
    assert all(places.pairs[place] in (place - 1, place + 1) for place in companions)


@few_examples
@given(some_plans)
def test_whoever_sits_beside_somebody_is_not_across_an_aisle(plan: SeatPlan) -> None:
    places = plan.places

    for run in places.runs:
        points = [(places.x[place], places.y[place]) for place in range(run.start, run.end)]
        ways = [dist(*pair) for pair in pairwise(points)]
        # At a table one sits wider than in a row: two of them opposite each other.
        widest = 2.5 if places.sections[places.section[run.start]].kind == "tables" else 1.05
        assert all(way < widest for way in ways)


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_section_has_its_shape_and_every_floor_its_sections(template: str) -> None:
    document = json.loads(TEMPLATES[template].build().document())

    assert all(3 <= len(section["outline"]) <= 80 for section in document["sections"])
    assert {section["floor"] for section in document["sections"]} == {floor["id"] for floor in document["floors"]}


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

    assert min(prices.values()) == base_price
    assert prices.pop("box") == 4 * prices["premium"]  # four people
    by_tier = sorted((category.tier, prices[category.key]) for category in plan.categories if category.key in prices)
    assert [price for _, price in by_tier] == sorted((price for _, price in by_tier), reverse=True)
    assert by_tier[0][1] > base_price


def test_a_negative_base_price_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        price_table(seat_plan_for("movie"), -1)


def test_the_same_room_has_the_same_hash_in_every_release() -> None:
    """A changed hash is a changed plan for every event that uses it: change this list only on purpose."""
    hashes = {name: room.build().content_hash[:12] for name, room in sorted(TEMPLATES.items())}

    assert hashes == {
        "arena": "913a97c2e388",
        "cabaret": "8836b9d31b80",
        "cinema-large": "8ba84db5b4e4",
        "cinema-odd": "c046c67bc096",
        "cinema-small": "ad32e80702b7",
        "club": "e6ebd54eb31a",
        "concert-hall": "b903bff1442a",
        "sports-hall": "010316b198fd",
        "stadium": "c93d033c2824",
        "theater": "04531e171fff",
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

    places = plan.places
    for row in places.rows:
        seats = range(row.start, row.end)
        left = [seat for seat in seats if places.x[seat] < places.focal[0]]
        right = [seat for seat in seats if places.x[seat] > places.focal[0]]
        assert [places.number[seat] for seat in left] == [str(n) for n in range(2 * len(left) - 1, 0, -2)]
        assert [places.number[seat] for seat in right] == [str(n) for n in range(2, 2 * len(right) + 1, 2)]
        assert right[0] not in places.neighbours(left[-1])  # the aisle: seats 1 and 2 are no neighbours


@pytest.mark.parametrize("template", [name for name in TEMPLATES if name != "cabaret"])
def test_rooms_with_rows_have_wheelchair_places_and_companions(template: str) -> None:
    flags = Counter(flag for flags in TEMPLATES[template].build().places.flags.values() for flag in flags)

    assert flags[SeatFlag.WHEELCHAIR] == flags[SeatFlag.COMPANION] >= 2


def test_row_letters_leave_out_those_that_read_as_digits() -> None:
    labels = [row_letters(index) for index in range(600)]

    assert labels[:9] == ["A", "B", "C", "D", "E", "F", "G", "H", "J"]
    assert labels[23:26] == ["Z", "AA", "AB"]
    assert len(set(labels)) == 600
    assert not {"I", "O"} & set("".join(labels))


def test_a_club_sells_its_floor_by_capacity_and_its_mezzanine_by_number() -> None:
    places = seat_plan_for("concert", template="club").places
    floor = places.sections[0]

    assert (floor.kind, floor.category, floor.end - floor.start) == ("standing", "floor", 192)
    assert {section.floor for section in places.sections} == {"floor", "mezzanine"}


def test_a_cabaret_sells_the_tables_before_the_stage_whole_and_the_others_by_seat() -> None:
    plan = seat_plan_for("comedy")
    prices = price_table(plan, 1000)

    assert set(plan.places.persons.values()) == {4}
    assert [plan.places.seat_number(place) for place in (0, 8, 9)] == ["STAGE-T1", "T9-1", "T9-2"]
    assert prices["stage-table"] > 4 * prices["table"]


def test_a_theater_has_its_circle_and_balcony_on_floors_of_their_own_around_one_focal_point() -> None:
    document = json.loads(seat_plan_for("theater").document())
    arcs = [row["geo"]["arc"] for section in document["sections"] for row in section.get("rows", ())]

    assert [floor["id"] for floor in document["floors"]] == ["stalls", "circle", "balcony"]
    assert {(cx, cy) for cx, cy, *_ in arcs} == {(document["focal"]["x"], document["focal"]["y"])}
    assert [thing["floor"] for thing in document["objects"]] == ["stalls", "circle", "balcony"]


def test_a_concert_hall_goes_all_the_way_round() -> None:
    places = seat_plan_for("concert").places
    directions = {int(degrees(atan2(x - places.focal[0], y - places.focal[1])) // 30)
                  for x, y in zip(places.x, places.y, strict=True)}  # fmt: skip

    assert len(directions) == 12


def test_a_stadium_of_50_000_is_114_sections_and_a_document_of_few_bytes() -> None:
    plan = seat_plan_for("sports", template="stadium")

    assert plan.seat_count == 50_000
    assert len(plan.places.sections) == 114
    assert len(gzip.compress(plan.document(), mtime=0)) < 34_000


def test_a_thousand_seats_travel_in_four_kilobytes() -> None:
    plan = seat_plan_for("concert", capacity=1000)

    assert len(gzip.compress(plan.document(), mtime=0)) < 4_000


def test_surveyed_rows_are_written_point_by_point() -> None:
    points = ((0.0, 0.0), (1.25, 0.5), (2.0, 1.5), (5.0, 1.5))
    row = PlannedRow("A", RowShape(Points(points, (0, 1, 2, 5)), (0, 1, 2, 5)), [Seat(n, "plain") for n in "1357"])
    drawing = Drawing(
        "Cave", [PlannedSection("C", "Cave", "seated", "main", around_rows([row.shape]), rows=[row])],
        [Category("plain", "Plain", 3)], [MAIN_FLOOR], [], (2.0, -3.0), "{row}{number}",
    )  # fmt: skip

    places = drawing.plan().places

    ways = [(round(x - places.x[0], 2), round(y - places.y[0], 2)) for x, y in zip(places.x, places.y, strict=True)]
    assert ways == list(points)
    assert places.seat_numbers() == ["A1", "A3", "A5", "A7"]
    assert places.neighbours(2) == (1,)


def test_what_is_no_plan_is_refused() -> None:
    with pytest.raises(MalformedSeatPlan):
        SeatPlan.of({"format": "seatplan/1"})
    with pytest.raises(MalformedSeatPlan):
        SeatPlan.of({"format": float("nan")})
