"""The sample programme, before it meets a database."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from events_service.seat_plans import EVENT_TYPES
from events_service.seeding.sample_events import sample_events

TODAY = date(2030, 2, 27)  # the programme runs over the end of a month
SAMPLES = tuple(sample_events(TODAY))


def test_it_has_41_events_with_more_than_43_000_seats_and_a_stadium_of_50_000() -> None:
    sizes = sorted(sample.plan.seat_count for sample in SAMPLES)

    assert len(sizes) == 42
    assert sizes[-1] == 50_000
    assert 43_000 <= sum(sizes[:-1]) <= 46_000


def test_it_has_standing_places_tables_sold_whole_and_floors() -> None:
    places = [sample.plan.places for sample in SAMPLES]

    assert any(section.kind == "standing" for house in places for section in house.sections)
    assert any(house.persons for house in places)
    assert max(len(house.floors) for house in places) == 3


def test_its_times_are_told_where_the_venue_is() -> None:
    zones = {sample.event.city: sample.event.time_zone for sample in SAMPLES}

    assert zones["London"] == "Europe/London"
    assert set(zones.values()) == {"Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Amsterdam"}


def test_it_is_the_same_every_time() -> None:
    assert tuple(sample_events(TODAY)) == SAMPLES


def test_another_day_moves_the_dates_and_nothing_else() -> None:
    later = tuple(sample_events(TODAY + timedelta(days=10)))

    assert {b.event.start_time - a.event.start_time for a, b in zip(SAMPLES, later, strict=True)} == {
        timedelta(days=10)
    }
    assert [sample.plan.content_hash for sample in later] == [sample.plan.content_hash for sample in SAMPLES]
    assert [sample.prices for sample in later] == [sample.prices for sample in SAMPLES]


def test_the_first_showing_is_tomorrow() -> None:
    first = min(sample.event.start_time for sample in SAMPLES)

    assert first.date() == TODAY + timedelta(days=1)
    assert all(sample.event.start_time > datetime(2030, 2, 28, tzinfo=UTC) for sample in SAMPLES)


def test_every_event_type_is_shown() -> None:
    assert {sample.event.event_type for sample in SAMPLES} == set(EVENT_TYPES)


def test_films_have_several_showtimes_in_several_theaters_of_different_sizes() -> None:
    movies = [sample for sample in SAMPLES if sample.event.event_type == "movie"]
    theaters = {
        name: {m.event.venue for m in movies if m.event.name == name} for name in {m.event.name for m in movies}
    }
    most_shown = Counter(movie.event.name for movie in movies).most_common(1)[0][1]

    assert min(map(len, theaters.values())) >= 2
    assert most_shown >= 5
    assert len({movie.plan.seat_count for movie in movies}) >= 5
    assert len({movie.event.city for movie in movies}) >= 4


def test_concerts_range_from_a_club_to_an_arena_of_thousands() -> None:
    sizes = [sample.plan.seat_count for sample in SAMPLES if sample.event.event_type == "concert"]

    assert min(sizes) < 350
    assert max(sizes) > 10_000


def test_no_room_shows_two_events_at_the_same_time() -> None:
    shown = Counter((sample.event.venue, sample.event.start_time) for sample in SAMPLES)

    assert max(shown.values()) == 1


def test_a_venue_has_one_city_and_one_currency() -> None:
    facts = {(sample.event.venue, sample.event.city, sample.event.currency) for sample in SAMPLES}

    assert len(facts) == len({venue for venue, _, _ in facts})
