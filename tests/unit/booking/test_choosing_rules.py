"""What must be true of every block, whatever the house, and whoever sits there already."""

from hypothesis import given, settings

from booking_service.choosing.blocks import best_blocks, nearest_blocks
from booking_service.choosing.house import House, both, either
from booking_service.choosing.reasons import reasons
from booking_service.choosing.wishes import Block, Wish
from shared.contracts.seat_plan import decode
from tests.support.plans import plan, row, seated, standing, table, tables
from tests.unit.booking.houses import PRICES, Question, questions

whatever_it_takes = settings(deadline=None)
"""How long an example takes says something of the machine only: see `tests/support/choosing_cost.py`."""


def _best(question: Question) -> list[Block]:
    return best_blocks(question.house, question.free, question.wish, prices=PRICES, rng=question.rng)


def _seats_left_alone(house: House, free: bytes, taken: tuple[int, ...]) -> set[int]:
    """The free places beside `taken` that have no free neighbour any more."""
    left = bytearray(free)
    for place in taken:
        left[place] = 0
    beside = {neighbour for place in taken for neighbour in house.places.neighbours(place) if left[neighbour]}
    return {place for place in beside if not any(left[neighbour] for neighbour in house.places.neighbours(place))}


def _are_neighbours(house: House, places: tuple[int, ...]) -> bool:
    """Whether one can go from each of them to each other one without leaving them."""
    reached, waiting = set(), [places[0]]
    while waiting:
        place = waiting.pop()
        reached.add(place)
        waiting += [other for other in house.places.neighbours(place) if other in places and other not in reached]
    return reached == set(places)


@whatever_it_takes
@given(questions(accessible=None))
def test_a_block_has_as_many_different_free_places_as_were_asked_for(question: Question) -> None:
    for block in _best(question):
        assert len(set(block.places)) == question.wish.quantity
        assert list(block.places) == sorted(block.places)
        assert all(question.free[place] for place in block.places)


@whatever_it_takes
@given(questions(accessible=None))
def test_a_block_is_within_the_categories_and_sections_asked_for(question: Question) -> None:
    places, wish = question.house.places, question.wish

    for block in _best(question):
        for place in block.places:
            assert wish.categories is None or places.category[place] in wish.categories
            assert wish.sections is None or places.section[place] in wish.sections


@whatever_it_takes
@given(questions(accessible=None))
def test_no_two_offers_share_a_place(question: Question) -> None:
    places = [place for block in _best(question) for place in block.places]

    assert len(set(places)) == len(places)


@whatever_it_takes
@given(questions())
def test_whoever_is_told_that_they_sit_together_does(question: Question) -> None:
    house = question.house

    for block in _best(question):
        sections = {house.places.section[place] for place in block.places}
        if block.kind == "standing":
            assert len(sections) == 1
        elif block.is_together:
            assert _are_neighbours(house, block.places)


@whatever_it_takes
@given(questions())
def test_while_there_are_enough_places_there_is_an_answer(question: Question) -> None:
    house, wish = question.house, question.wish
    wanted = both(question.free, house.mask(wish))
    people_sit_or_stand = either(house.standing, either(house.seats, house.kept_back))
    places = both(wanted, people_sit_or_stand).count(1)
    whole_tables = both(wanted, house.tables).count(1) if wish.names_something else 0

    assert bool(_best(question)) == (max(places, whole_tables) >= wish.quantity)


@whatever_it_takes
@given(questions())
def test_the_places_of_people_in_wheelchairs_are_sold_to_others_last(question: Question) -> None:
    house, wish = question.house, question.wish
    wanted = both(question.free, house.mask(wish))
    others = both(wanted, either(house.standing, house.seats)).count(1)

    for block in _best(question):
        if any(house.kept_back[place] for place in block.places):
            assert others < wish.quantity
            assert block.uses_kept_back


@whatever_it_takes
@given(questions())
def test_a_seat_is_left_alone_only_when_nothing_else_keeps_the_party_together(question: Question) -> None:
    house = question.house
    ordinary = both(question.free, house.seats)
    best = _best(question)[:1]

    for block in best:
        is_ordinary = block.kind == "seats" and block.is_together and not block.uses_kept_back
        if is_ordinary and _seats_left_alone(house, ordinary, block.places):
            assert not _has_better(question, ordinary)


def _has_better(question: Question, ordinary: bytes) -> bool:
    """Whether there is a block of neighbours that leaves nobody alone: every line, every place in it, is tried."""
    house, count = question.house, question.wish.quantity
    pool = both(ordinary, house.mask(question.wish))
    for line in house.lines:
        length = line.end - line.start
        starts = range(length) if line.is_cyclic else range(length - count + 1)
        for start in starts if length >= count else ():
            places = tuple(line.start + (start + step) % length for step in range(count))
            if all(pool[place] for place in places) and not _seats_left_alone(house, ordinary, places):
                return True
    return False


@whatever_it_takes
@given(questions(accessible=None))
def test_whoever_can_be_together_is_not_offered_to_be_split_first(question: Question) -> None:
    offers = [block.is_together for block in _best(question)]

    assert offers == sorted(offers, reverse=True)


@whatever_it_takes
@given(questions())
def test_a_party_is_split_only_when_it_cannot_sit_or_stand_together(question: Question) -> None:
    house, wish = question.house, question.wish
    best = _best(question)[:1]

    if best and best[0].kind == "seats" and not best[0].is_together and not best[0].uses_kept_back:
        pool = both(both(question.free, house.mask(wish)), house.seats)
        for line in house.lines:
            turned = pool[line.start : line.end] * (2 if line.is_cyclic else 1)
            assert b"\1" * wish.quantity not in turned or line.end - line.start < wish.quantity


@whatever_it_takes
@given(questions(accessible=True))
def test_an_accessible_block_has_a_wheelchair_space_with_its_companions_seat(question: Question) -> None:
    house = question.house

    for block in _best(question):
        spaces = [place for place in block.places if "w" in house.places.flags.get(place, frozenset())]
        assert spaces
        if question.wish.quantity > 1:
            assert any(house.places.pairs[space] in block.places for space in spaces)


@whatever_it_takes
@given(questions(accessible=None))
def test_the_alternative_is_as_large_free_and_none_of_what_was_wanted(question: Question) -> None:
    house, free = question.house, bytearray(question.free)
    wanted = [place for place in range(house.places.count) if house.seats[place]][: question.wish.quantity]
    if not wanted:
        return
    for place in wanted:
        free[place] = 0

    blocks = nearest_blocks(house, bytes(free), wanted, question.rng, most=4)

    taken = [place for block in blocks for place in block.places]
    assert len(set(taken)) == len(taken)
    assert all(len(block.places) == len(wanted) for block in blocks)
    assert all(free[place] and not house.kept_back[place] and not house.tables[place] for place in taken)


@whatever_it_takes
@given(questions(accessible=None))
def test_there_is_something_to_say_for_every_block(question: Question) -> None:
    house, free, wish = question.house, question.free, question.wish

    for block in _best(question):
        said = reasons(house, block, wish=wish, free=free, prices=PRICES)
        assert ("split" in said) == (not block.is_together)
        assert ("standing" in said) == (block.kind == "standing")


def _house(*sections: dict[str, object], **more: object) -> House:
    return House(decode(plan(*sections, **more)))  # type: ignore[arg-type]


def _first(house: House, quantity: int, *, taken: tuple[int, ...] = (), **wish: object) -> Block:
    free = bytes(int(place not in taken) for place in range(house.places.count))
    rng = Question(house, free, Wish(quantity), 0).rng
    prices = [100] * len(house.places.categories)
    return best_blocks(house, free, Wish(quantity, **wish), prices=prices, rng=rng)[0]  # type: ignore[arg-type]


def test_the_seats_around_a_table_go_on_past_the_last_one() -> None:
    house = _house(tables(table(6)))

    block = _first(house, 3, taken=(1, 2, 3))

    assert (block.places, block.is_together) == ((0, 4, 5), True)


def test_around_a_table_nobody_is_left_alone_either() -> None:
    """The two nearest to the focal point would leave the place between them and the taken one."""
    house = _house(tables(table(6)), focal=(50, 90))

    assert _first(house, 2, taken=(0,)).places in {(1, 2), (4, 5)}


def test_an_aisle_lies_between_two_parties() -> None:
    house = _house(seated(row(6, gaps=[[2, 1.5]])))

    assert _first(house, 3).places in {(0, 1, 2), (3, 4, 5)}
    assert not _first(house, 4).is_together


def test_of_a_row_of_seven_three_do_not_leave_one_at_the_end() -> None:
    house = _house(seated(row(7)), focal=(3, 0))

    assert _first(house, 3).places in {(0, 1, 2), (2, 3, 4), (4, 5, 6)}


def test_where_one_seat_must_be_left_alone_the_party_is_seated_all_the_same() -> None:
    house = _house(seated(row(4)), focal=(1.5, 0))

    assert _first(house, 3).is_together


def test_a_party_that_is_split_is_split_evenly_and_nearby() -> None:
    house = _house(seated(*(row(5, label=label, y=y) for label, y in (("A", 1), ("B", 2), ("Z", 30)))), focal=(2, 0))

    block = _first(house, 8)

    assert not block.is_together
    assert [len([place for place in block.places if place // 5 == nth]) for nth in range(3)] == [4, 4, 0]


def test_nobody_who_asks_for_two_is_given_two_tables_unless_they_name_them() -> None:
    house = _house(tables(table(4, label="1", book="whole"), table(4, label="2", book="whole", x=60)))
    free = b"\1\1"
    rng = Question(house, free, Wish(1), 0).rng

    assert best_blocks(house, free, Wish(1), prices=[100], rng=rng) == []
    assert _first(house, 1, sections=frozenset({0})).kind == "tables"


def test_the_alternative_to_a_table_is_one_for_as_many() -> None:
    some = [table(n, label=str(nth), book="whole", x=50 + 8 * nth) for nth, n in enumerate((4, 2, 6))]
    house = _house(tables(*some))

    [block] = nearest_blocks(house, b"\0\1\1", [0], Question(house, b"", Wish(1), 0).rng)

    assert (block.places, block.kind) == ((2,), "tables")


def test_the_alternative_to_places_in_a_standing_area_is_in_the_same_area() -> None:
    house = _house(standing(5, id="FRONT"), standing(5, id="BACK"))

    [block] = nearest_blocks(house, b"\0\0\1\1\1" + b"\1" * 5, [0, 1], Question(house, b"", Wish(1), 0).rng)

    assert set(block.places) <= {2, 3, 4}


def test_a_companions_seat_across_the_aisle_is_the_companions_seat_all_the_same() -> None:
    house = _house(seated(row(4, gaps=[[0, 1.5]], flags={"w": [0], "c": [1]}, pairs=[[0, 1]])))

    block = _first(house, 2, is_accessible=True)

    assert (block.places, block.is_together) == ((0, 1), False)


def test_the_front_row_of_a_cinema_is_not_its_best_one() -> None:
    rows = [row(9, label=f"R{nth}", y=2 + nth, category="front" if nth < 6 else "best") for nth in range(9)]
    house = _house(seated(*rows), categories=("best", "front"), focal=(4, 0))

    assert {house.places.category[place] for place in _first(house, 2).places} == {0}


def test_people_who_ask_at_the_same_time_are_sent_to_different_places() -> None:
    house = _house(seated(*(row(20, label=f"R{nth}", y=1 + nth / 4) for nth in range(10))), focal=(10, 0))
    free = b"\1" * house.places.count
    rng = Question(house, free, Wish(2), 7).rng
    lately: set[int] = set()

    for _ in range(10):
        block = best_blocks(house, free, Wish(2), prices=[100], rng=rng, most=1, avoided=frozenset(lately))[0]
        assert lately.isdisjoint(block.places)
        lately.update(block.places)
