"""Seating plans of pretix: what survives the way there and back, and what is told to be left behind."""

import json
from math import dist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_service.seat_plans import TEMPLATES, MalformedSeatPlan, seat_plan_for
from events_service.seat_plans.pretix import plan_from_pretix, pretix_from_plan
from events_service.seat_plans.pretix.__main__ import main
from events_service.seat_plans.pretix.writing import PIXELS_PER_SEAT
from shared.contracts.seat_plan import Places

Told = list[tuple[str, str, str, str]]


def numbered(places: Places) -> list[int]:
    """The places that pretix has a seat for: not those to stand, and no tables sold whole."""
    return [
        index
        for index in range(places.count)
        if index not in places.persons and places.sections[places.section[index]].kind != "standing"
    ]


def told(places: Places, indices: list[int]) -> Told:
    """Section, row, number and category by their names."""
    return [
        (
            places.sections[places.section[index]].name,
            places.rows[places.row[index]].label,
            places.number[index],
            places.categories[places.category[index]].name,
        )
        for index in indices
    ]


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_seats_labels_categories_and_positions_survive_the_way_to_pretix_and_back(template: str) -> None:
    plan = TEMPLATES[template].build()
    before, kept = plan.places, numbered(plan.places)

    after = plan_from_pretix(json.loads(json.dumps(pretix_from_plan(plan).seating_plan))).plan.places

    assert told(after, list(range(after.count))) == told(before, kept)
    # Both drawings have margins of their own: ways between seats are compared. Ours have another unit at tables.
    first = kept[0]
    scale = (after.x[-1] - after.x[0] or after.y[-1] - after.y[0]) / (
        before.x[kept[-1]] - before.x[first] or before.y[kept[-1]] - before.y[first]
    )
    away = [
        dist(
            (after.x[nth] - after.x[0], after.y[nth] - after.y[0]),
            ((before.x[index] - before.x[first]) * scale, (before.y[index] - before.y[first]) * scale),
        )
        for nth, index in enumerate(kept)
    ]
    assert 0.9 < scale < 1.1 or template == "cabaret"
    assert max(away) < 0.15


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_neighbours_in_rows_survive_as_well(template: str) -> None:
    plan = TEMPLATES[template].build()
    before, kept = plan.places, numbered(plan.places)
    ours = {index: nth for nth, index in enumerate(kept)}

    after = plan_from_pretix(pretix_from_plan(plan).seating_plan).plan.places

    for index, nth in ours.items():
        if before.sections[before.section[index]].kind == "seated":
            assert after.neighbours(nth) == tuple(ours[place] for place in before.neighbours(index))


def test_what_pretix_cannot_hold_is_said() -> None:
    theater = " ".join(pretix_from_plan(seat_plan_for("theater")).left_behind)
    club = " ".join(pretix_from_plan(seat_plan_for("concert", template="club")).left_behind)

    assert "8 tables that are sold whole" in theater
    assert "Floors (Stalls, Circle, Balcony)" in theater
    assert "rv 44" in theater
    assert "192 places to stand" in club


def test_an_exported_plan_has_the_members_of_pretix_schema_and_whole_pixels() -> None:
    exported = pretix_from_plan(seat_plan_for("theater")).seating_plan
    zone = exported["zones"][1]
    seat = zone["rows"][0]["seats"][0]

    assert set(exported) == {"name", "size", "categories", "zones"}
    assert set(zone) == {"name", "position", "rows", "areas"}
    assert set(zone["rows"][0]) == {"row_number", "position", "seats"}
    assert set(seat) == {"seat_guid", "seat_number", "position", "category"}
    assert all(isinstance(value, int) for value in (*seat["position"].values(), *exported["size"].values()))
    assert seat["category"] in {category["name"] for category in exported["categories"]}


def small(**members: Any) -> dict[str, Any]:
    """A seating plan as an editor writes it: positions add up, the row bends, an aisle after the second seat."""
    seats = [
        {"seat_guid": f"g{nth}", "seat_number": number, "position": {"x": x, "y": y}, "category": "Front"}
        for nth, (number, x, y) in enumerate([("1", 0, 0), ("2", 40, 4), ("3", 160, 10), ("4", 200, 0)])
    ]
    return {
        "name": "Little hall",
        "categories": [{"name": "Front", "color": "red"}, {"name": "Unused"}],
        "zones": [
            {
                "name": "Main area",
                "position": {"x": 100, "y": 200},
                "rows": [{"row_number": "A", "position": {"x": 10, "y": 0}, "seats": seats}],
                "areas": [
                    {"position": {"x": 0, "y": -150}, "width": 240, "height": 80, "text": "Stage", "rotation": 0}
                ],
            }
        ],
        **members,
    }


def test_a_plan_of_an_editor_is_read() -> None:
    imported = plan_from_pretix(small())
    places, document = imported.plan.places, json.loads(imported.plan.document())

    assert [section.name for section in places.sections] == ["Main area"]
    assert places.seat_numbers() == ["A-1", "A-2", "A-3", "A-4"]
    assert [places.neighbours(index) for index in range(4)] == [(1,), (0,), (3,), (2,)]
    assert [category.name for category in places.categories] == ["Front"]
    assert [(thing["kind"], thing["label"]) for thing in document["objects"]] == [("stage", "Stage")]
    assert places.focal[1] < min(places.y)
    assert "Categories without seats: Unused." in imported.left_behind


def test_rows_of_one_name_that_repeat_a_number_are_told_apart() -> None:
    plan = small()
    row = plan["zones"][0]["rows"][0]
    again = [seat | {"seat_guid": seat["seat_guid"] + "b", "position": {"x": 0, "y": 80}} for seat in row["seats"][:1]]
    plan["zones"][0]["rows"].append(row | {"seats": again})

    places = plan_from_pretix(plan).plan.places

    assert places.seat_numbers()[-1] == "A (2)-1"


@pytest.mark.parametrize(
    ("member", "value", "sentence"),
    [
        ("zones", [], "no seats"),
        ("zones", "none", "zones must be an array"),
        ("name", None, "name must be a text"),
        ("categories", [{"name": "Other"}], "category 'Front' is not among the categories"),
        ("categories", [{"name": "Front"}, {"name": "Front"}], "the same name"),
    ],
)
def test_what_is_no_seating_plan_is_refused(member: str, value: Any, sentence: str) -> None:
    with pytest.raises(MalformedSeatPlan, match=sentence):
        plan_from_pretix(small(**{member: value}))


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_any_member_replaced_by_anything_is_read_or_refused_never_a_crash(data: st.DataObject) -> None:
    plan = small()
    here: Any = plan
    while True:
        key = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[key], dict | list) or not here[key] or data.draw(st.booleans()):
            break
        here = here[key]
    here[key] = data.draw(_junk)

    try:
        read = plan_from_pretix(plan).plan
    except MalformedSeatPlan:
        return
    assert read.seat_count >= 1


def test_the_command_writes_a_template_and_reads_it_again(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["write", "cinema-small"]) == 0
    written = capsys.readouterr()
    (tmp_path / "pretix.json").write_text(written.out)

    assert main(["read", str(tmp_path / "pretix.json"), "--document"]) == 0
    read = capsys.readouterr()

    assert json.loads(written.out)["name"] == json.loads(read.out)["name"] == "Cinema, small room"
    assert "Lines and arcs" in written.err
    assert "Tiers are guessed" in read.err


@pytest.mark.parametrize("content", ["{", "[]", '{"zones": 1}'])
def test_the_command_says_what_is_wrong_with_a_file(
    tmp_path: Any, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (tmp_path / "plan.json").write_text(content)

    assert main(["read", str(tmp_path / "plan.json"), "--document"]) == 1
    assert "This is no plan" in capsys.readouterr().err
    assert main(["read", str(tmp_path / "missing.json")]) == 1


def test_a_pixel_is_a_thirtieth_of_a_seat() -> None:
    places = seat_plan_for("movie", template="cinema-small").places
    first = pretix_from_plan(seat_plan_for("movie", template="cinema-small")).seating_plan["zones"][1]["rows"][0][
        "seats"
    ][0]

    assert first["position"] == {"x": round(places.x[0] * PIXELS_PER_SEAT), "y": round(places.y[0] * PIXELS_PER_SEAT)}
