"""Seat plan documents: what they decode to, here and in the browser, and what is refused."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from math import cos, inf, nan, sin
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.seat_plan import PLACES_MAX, MalformedSeatPlan, Places, Run, decode

FIXTURES = Path(__file__).parents[2] / "fixtures" / "seat_plans"
PAPER = Path(__file__).parents[3] / "docs" / "seat-plans.md"
NAMES = ("arcs-and-points", "standing", "straight-rows", "tables")
"""One document of each kind; `tests/frontend/plan.test.mjs` decodes the same ones."""

Document = dict[str, Any]


def fixture(name: str) -> Document:
    document: Document = json.loads((FIXTURES / f"{name}.json").read_bytes())
    return document


def told(places: Places) -> Document:
    """The places in the words of the committed expectations, rounded to what both languages agree on."""
    return {
        "places": [
            [
                places.seat_number(index),
                places.number[index],
                places.sections[places.section[index]].id,
                places.rows[places.row[index]].label,
                places.categories[places.category[index]].key,
                round(places.x[index], 4),
                round(places.y[index], 4),
            ]
            for index in range(places.count)
        ],
        "sections": [list(section) for section in places.sections],
        "runs": [list(run) for run in places.runs],
        "neighbours": [list(places.neighbours(index)) for index in range(places.count)],
        "flags": [[index, sorted(flags)] for index, flags in sorted(places.flags.items())],
        "pairs": [list(pair) for pair in sorted(places.pairs.items())],
        "persons": [list(pair) for pair in sorted(places.persons.items())],
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_document_decodes_to_the_places_that_the_browser_sees(name: str) -> None:
    expected = json.loads((FIXTURES / f"{name}.places.json").read_bytes())

    assert told(decode((FIXTURES / f"{name}.json").read_bytes())) == expected


def test_a_gap_moves_the_seats_behind_it_and_parts_neighbours() -> None:
    places = decode(fixture("straight-rows"))

    assert list(places.x[:8]) == [2, 3, 5.5, 6.5, 7.5, 8.5, 11, 12]
    assert places.runs[:3] == (Run(0, 2, False), Run(2, 6, False), Run(6, 8, False))
    assert places.neighbours(1) == (0,)
    assert places.neighbours(2) == (3,)


def test_neighbours_follow_the_row_and_never_the_printed_numbers() -> None:
    places = decode(fixture("straight-rows"))

    assert list(places.number[8:14]) == ["5", "3", "1", "2", "4", "6"]
    assert places.neighbours(9) == (8, 10)
    # 1 and 2 lie on different sides of an aisle.
    assert places.neighbours(10) == (9,)


def test_an_arc_is_measured_from_straight_away_from_the_stage() -> None:
    places = decode(fixture("arcs-and-points"))

    angles = [-0.4 + step * 0.125 for step in (0, 1, 2, 3, 4.5, 5.5, 6.5)]
    assert list(places.x[:7]) == [10 + 8 * sin(angle) for angle in angles]
    assert list(places.y[:7]) == [1 + 8 * cos(angle) for angle in angles]


def test_surveyed_points_are_sums_of_tenths_or_hundredths() -> None:
    places = decode(fixture("arcs-and-points"))

    assert list(zip(places.x[7:11], places.y[7:11], strict=True)) == [
        (6.5, 12.1),
        (7.6, 12.2),
        (8.6, 12.2),
        (8.3, 13.1),
    ]
    assert list(places.x[11:]) == [8.01, 9.04, 10.02]


def test_whoever_sits_at_a_table_has_two_neighbours_and_numbers_run_clockwise_from_the_stage() -> None:
    places = decode(fixture("tables"))

    assert places.neighbours(0) == (3, 1)
    assert places.neighbours(3) == (2, 0)
    # Above right, below right, below left, above left: y grows away from the stage.
    assert [(places.x[i] > 4, places.y[i] > 5) for i in range(4)] == [
        (True, False),
        (True, True),
        (False, True),
        (False, False),
    ]
    assert [places.seat_number(i) for i in range(4)] == ["T1-1", "T1-2", "T1-3", "T1-4"]


def test_two_at_a_table_are_neighbours_once() -> None:
    places = decode(fixture("tables"))

    assert [places.neighbours(index) for index in (12, 13)] == [(13,), (12,)]


def test_a_table_sold_whole_is_one_place_for_several_persons() -> None:
    places = decode(fixture("tables"))

    assert dict(places.persons) == {14: 6, 15: 10}
    assert [places.seat_number(index) for index in (14, 15)] == ["TABLES-T4", "TABLES-T5"]
    assert (places.x[14], places.y[14], places.neighbours(14)) == (5, 12, ())


def test_a_standing_area_is_places_that_are_all_alike() -> None:
    places = decode(fixture("standing"))
    floor = places.sections[0]

    assert (floor.kind, floor.start, floor.end, floor.category) == ("standing", 0, 12, "plain")
    assert {(places.x[index], places.y[index]) for index in range(12)} == {(10, 9)}
    assert [places.seat_number(index) for index in (0, 11)] == ["FLOOR-1", "FLOOR-12"]
    assert [places.run_of(index) for index in (0, 11, 12, 15)] == [None, None, Run(12, 15, False), None]


def test_a_wheelchair_space_and_its_companion_know_each_other() -> None:
    places = decode(fixture("straight-rows"))

    assert dict(places.pairs) == {0: 1, 1: 0, 7: 6, 6: 7}
    assert places.flags[1] == {"c", "aisle"}


def test_seat_numbers_are_those_of_each_place() -> None:
    for name in NAMES:
        places = decode(fixture(name))

        assert places.seat_numbers() == [places.seat_number(index) for index in range(places.count)]


def test_the_example_of_the_papers_is_a_plan() -> None:
    example = re.search(r"```json\n(.*?)```", PAPER.read_text(), re.DOTALL)
    assert example is not None

    places = decode(example[1])

    assert places.count == 8 + 6 + 3 + 40 + 1 + 8
    assert [places.seat_number(index) for index in (0, 8, 14, 17, 57, 58)] == [
        *("ST-A-1", "ST-B-5", "ST-C-9", "FLOOR-1", "T-T1", "T-T2-1")
    ]


def row(document: Document, nth: int = 0) -> Document:
    found: Document = document["sections"][0]["rows"][nth]
    return found


Damage = Callable[[Document], Any]

DAMAGES: dict[str, tuple[str, Damage]] = {
    "format must be seatplan/1": ("straight-rows", lambda d: d.update(format="seatplan/2")),
    "does not know: colour": ("straight-rows", lambda d: d.update(colour="red")),
    "does not know: gap": ("straight-rows", lambda d: row(d).update(gap=[[1, 1]])),
    "name must be a text": ("straight-rows", lambda d: d.update(name="")),
    "cannot be printed": ("straight-rows", lambda d: d.update(name="a\0b")),
    "name has characters": ("straight-rows", lambda d: d.update(name="\ud800")),
    "focal must be an object": ("straight-rows", lambda d: d.pop("focal")),
    "floors must have at least 1": ("straight-rows", lambda d: d.update(floors=[])),
    "floors repeat 'main'": ("straight-rows", lambda d: d["floors"].append(d["floors"][0])),
    "categories repeat 'gold'": ("straight-rows", lambda d: d["categories"].append(d["categories"][0])),
    "tier must be a whole number from 1 to 5": ("straight-rows", lambda d: d["categories"][0].update(tier=6)),
    "floor must be one of main": ("straight-rows", lambda d: d["objects"][0].update(floor="cellar")),
    "polygon must have at least 3": ("straight-rows", lambda d: d["objects"][0].update(polygon=[[0, 0]])),
    "sections must have at least 1": ("straight-rows", lambda d: d.update(sections=[])),
    "section ids repeat 'FLOOR'": ("standing", lambda d: d["sections"][2].update(id="FLOOR", capacity=1)),
    "section 'MAIN': floor must be one of": ("straight-rows", lambda d: d["sections"][0].update(floor="attic")),
    "kind must be one of seated": ("straight-rows", lambda d: d["sections"][0].update(kind="flying")),
    "capacity is not for seated": ("straight-rows", lambda d: d["sections"][0].update(capacity=5)),
    "capacity is missing": ("standing", lambda d: d["sections"][0].pop("capacity")),
    "outline must have at least 3": ("straight-rows", lambda d: d["sections"][0].pop("outline")),
    "rows must have at least 1": ("straight-rows", lambda d: d["sections"][0].update(rows=[])),
    "row 'A': n must be": ("straight-rows", lambda d: row(d).update(n=0)),
    "n must be a whole number": ("straight-rows", lambda d: row(d).update(n=True)),
    "category 'silver' is not among": ("straight-rows", lambda d: row(d).update(category="silver")),
    "category ['gold'] is not among": ("straight-rows", lambda d: row(d).update(category=["gold"])),
    "geo must have line, arc or pts": ("straight-rows", lambda d: row(d).update(geo={})),
    "line must have 4 numbers": ("straight-rows", lambda d: row(d).update(geo={"line": [1, 2, 3]})),
    "line must be a number": ("straight-rows", lambda d: row(d).update(geo={"line": [1, 2, nan, 0]})),
    "must be a number from -10000": ("straight-rows", lambda d: row(d).update(geo={"line": [1, inf, 1, 0]})),
    "unit must be 0.1 or 0.01": ("arcs-and-points", lambda d: row(d, 1)["geo"]["pts"].update(unit=1)),
    "x must have 4 numbers": ("arcs-and-points", lambda d: row(d, 1)["geo"]["pts"].update(x=[1])),
    "names must be 6": ("straight-rows", lambda d: row(d, 1).update(names=["1"])),
    "no use for from": ("straight-rows", lambda d: row(d, 1).update({"from": 3})),
    "cats must be arrays of 3": ("straight-rows", lambda d: row(d, 1).update(cats=[[0, 1]])),
    "cats must be a whole number from 1 to 2": ("straight-rows", lambda d: row(d, 1).update(cats=[[4, 3, "gold"]])),
    "gaps must be a whole number from 2 to 6": ("straight-rows", lambda d: row(d).update(gaps=[[1, 1], [1, 1]])),
    "gaps must be a number from 0": ("straight-rows", lambda d: row(d).update(gaps=[[1, -1]])),
    "flags has members": ("straight-rows", lambda d: row(d).update(flags={"vip": [1]})),
    "w must be a whole number from 0 to 7": ("straight-rows", lambda d: row(d).update(flags={"w": [8]})),
    "from a seat flagged w": ("straight-rows", lambda d: row(d).update(pairs=[[1, 0]])),
    "a seat is in two pairs": ("straight-rows", lambda d: row(d).update(pairs=[[0, 1], [0, 6]])),
    "stands outside": ("straight-rows", lambda d: d.update(width=11)),
    "seat number 'A5' is there twice": ("straight-rows", lambda d: row(d, 1).update(label="A")),
    "is longer than 32": ("straight-rows", lambda d: row(d).update(label="A" * 32)),
    "numbering must have {number} once": ("straight-rows", lambda d: d.update(numbering="{row}")),
    "may have {section} and {row}": ("straight-rows", lambda d: d.update(numbering="{row.__class__}{number}")),
    "w is not for round tables": ("tables", lambda d: d["sections"][0]["tables"][0].update(w=1)),
    "book must be one of whole, seat": ("tables", lambda d: d["sections"][0]["tables"][0].update(book="half")),
    "n must be a whole number from 1 to 200": ("tables", lambda d: d["sections"][0]["tables"][0].update(n=201)),
    "at most 100000 places": ("standing", lambda d: d["sections"][0].update(capacity=PLACES_MAX)),
}  # fmt: skip


@pytest.mark.parametrize("sentence", DAMAGES)
def test_what_is_no_plan_is_refused_with_a_sentence_that_says_where(sentence: str) -> None:
    name, damage = DAMAGES[sentence]
    document = deepcopy(fixture(name))
    damage(document)

    with pytest.raises(MalformedSeatPlan) as refused:
        decode(document)

    assert sentence in str(refused.value)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b'{"format": NaN}', b"[" * 100_000, b"[]", b"null"])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedSeatPlan):
        decode(text)


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(NAMES), st.data())
def test_any_member_replaced_by_anything_is_decoded_or_refused_never_a_crash(name: str, data: st.DataObject) -> None:
    document = fixture(name)
    here: Any = document
    while True:
        key = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[key], dict | list) or not here[key] or data.draw(st.booleans()):
            break
        here = here[key]
    here[key] = data.draw(_junk)

    with suppress(MalformedSeatPlan):
        decode(document)
