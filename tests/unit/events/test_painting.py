"""Painting a room: other categories for its sections and rows, in a plan of its own."""

import json

import pytest

from events_service.seat_plans import (
    TEMPLATES,
    Category,
    LeftUnpainted,
    MalformedSeatPlan,
    NotToBePainted,
    SeatPlan,
    Stroke,
    painted,
)

VIP, PLAIN = Category("vip", "VIP", 1), Category("plain", "Plain", 4)


def categories_of(plan: SeatPlan) -> dict[str, set[str]]:
    """By section, the keys of the categories that it has places in."""
    found: dict[str, set[str]] = {section.id: set() for section in plan.places.sections}
    for section, category in zip(plan.places.section, plan.places.category, strict=True):
        found[plan.places.sections[section].id].add(plan.categories[category].key)
    return found


def test_a_painted_section_is_in_one_category_and_the_others_keep_theirs() -> None:
    hall = TEMPLATES["concert-hall"].build()
    before = categories_of(hall)

    plan = painted(hall, [Stroke("bronze", ["STALLS", "CHOIR"])])

    assert categories_of(plan) == before | {"STALLS": {"bronze"}, "CHOIR": {"bronze"}}
    assert [category.key for category in plan.categories] == ["silver", "bronze"]
    assert plan.places.seat_numbers() == hall.places.seat_numbers()
    assert list(plan.places.x) == list(hall.places.x)
    assert plan.content_hash != hall.content_hash


def test_rows_are_painted_one_by_one_and_later_strokes_win() -> None:
    cinema = TEMPLATES["cinema-small"].build()

    plan = painted(
        cinema,
        [Stroke("plain", ["MAIN"]), Stroke("vip", ["MAIN"], ["A", "B"]), Stroke("plain", ["MAIN"], ["B"])],
        [VIP, PLAIN],
    )

    keys = [category.key for category in plan.categories]
    by_row: dict[str, set[str]] = {}
    for row, category in zip(plan.places.row, plan.places.category, strict=True):
        by_row.setdefault(plan.places.rows[row].label, set()).add(keys[category])
    assert by_row["A"] == {"vip"}
    assert all(found == {"plain"} for label, found in by_row.items() if label != "A")


def test_one_category_may_take_the_place_of_another_and_the_rest_of_its_rows_stays() -> None:
    hall = TEMPLATES["concert-hall"].build()
    of_places = [hall.categories[category].key for category in hall.places.category]

    plan = painted(hall, [Stroke("vip", instead_of=["gold"])], [VIP, *hall.categories[1:]])

    now = [plan.categories[category].key for category in plan.places.category]
    assert now == ["vip" if key == "gold" else key for key in of_places]


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_room_can_be_painted_in_one_category(template: str) -> None:
    room = TEMPLATES[template].build(capacity=300)
    sections = [section.id for section in room.places.sections]

    plan = painted(room, [Stroke("vip", sections)], [VIP, PLAIN])

    assert plan.categories == (VIP,)
    assert plan.seat_count == 300
    assert painted(room, [Stroke("vip", sections)], [VIP, PLAIN]) == plan


def test_tables_and_standing_areas_are_painted_too() -> None:
    cabaret = TEMPLATES["cabaret"].build()
    section = json.loads(cabaret.document())["sections"][0]
    table = section["tables"][0]["label"]

    assert (
        "vip"
        in categories_of(painted(cabaret, [Stroke("vip", [section["id"]], [table])], [*cabaret.categories, VIP]))[
            section["id"]
        ]
    )
    with pytest.raises(NotToBePainted, match="no rows"):
        painted(TEMPLATES["club"].build(), [Stroke("floor", ["FLOOR"], ["A"])])


@pytest.mark.parametrize(
    ("stroke", "why"),
    [
        (Stroke("throne", ["STALLS"]), "must be one of bronze, choir, gold, silver"),
        (Stroke("gold", ["STALLS", "ROOF"]), "no section ROOF"),
        (Stroke("gold", ["STALLS"], ["A", "ZZ"]), "no row or table ZZ"),
    ],
)
def test_what_is_not_there_cannot_be_painted(stroke: Stroke, why: str) -> None:
    with pytest.raises(NotToBePainted, match=why) as refused:
        painted(TEMPLATES["concert-hall"].build(), [Stroke("gold", ["STALLS"]), stroke])

    assert refused.value.stroke == 1


def test_other_categories_leave_no_place_without_one() -> None:
    hall = TEMPLATES["concert-hall"].build()

    with pytest.raises(LeftUnpainted) as refused:
        painted(hall, [Stroke("vip", ["STALLS"])], [VIP])

    assert refused.value.sections == [section.id for section in hall.places.sections if section.id != "STALLS"]
    with pytest.raises(MalformedSeatPlan):
        painted(hall, [Stroke("vip", [section.id for section in hall.places.sections])], [VIP, VIP])
