"""The schedule comes from the seed alone."""

from chaos.schedule import BAG, schedule
from chaos.terms import Terms


def test_the_same_seed_has_the_same_faults() -> None:
    terms = Terms(seed=7, seconds=60)

    assert schedule(terms) == schedule(Terms(seed=7, seconds=60))
    assert schedule(terms) != schedule(Terms(seed=8, seconds=60))


def test_a_longer_run_begins_like_a_shorter_one() -> None:
    short, long = schedule(Terms(seed=7, seconds=20)), schedule(Terms(seed=7, seconds=60))

    assert long[: len(short)] == short


def test_a_minute_meets_every_kind_of_fault() -> None:
    assert {planned.kind for planned in schedule(Terms(seed=1, seconds=60))} == set(BAG)


def test_clocks_are_set_by_a_little_and_by_minutes_forward_and_back() -> None:
    skews = [planned.skew_s for planned in schedule(Terms(seed=1, seconds=3600)) if planned.kind == "set clock"]

    assert max(skews) > 200
    assert min(skews) < -200
    assert min(map(abs, skews)) < 5
    assert max(map(abs, skews)) <= 300


def test_faults_come_in_order_within_the_run() -> None:
    times = [planned.at_s for planned in schedule(Terms(seed=3, seconds=30))]

    assert times == sorted(times)
    assert times[0] > 0
    assert times[-1] < 30
