"""The command line: defaults, the two ways to give addresses, and what is refused."""

import pytest

from loadtest.model import Addresses
from tests.unit.loadtest.make import options


def test_one_origin_reaches_everything_under_api() -> None:
    api = "https://tickets.example/api"

    assert options("--url", "https://tickets.example/").addresses == Addresses(api, api, (api,))


def test_by_default_it_is_the_local_front_end_and_a_hundred_people() -> None:
    defaults = options()

    assert defaults.addresses.auth == "http://127.0.0.1:8080/api"
    assert (defaults.users, defaults.rounds, defaults.database_url) == (100, 1, None)


def test_separate_addresses_stand_for_themselves() -> None:
    given = options(
        *("--auth-url", "http://a", "--events-url", "http://e"),
        *("--booking-url", "http://b1", "--booking-url", "http://b2"),
    )

    assert given.addresses == Addresses("http://a", "http://e", ("http://b1", "http://b2"))


def test_instances_may_stand_beside_one_origin() -> None:
    given = options("--url", "http://x", "--booking-url", "http://b1", "--booking-url", "http://b2")

    assert given.addresses == Addresses("http://x/api", "http://x/api", ("http://b1", "http://b2"))


def test_the_database_comes_from_the_environment_unless_it_is_given() -> None:
    environment = {"DATABASE_URL": "postgresql://environment/db"}

    assert options(environment=environment).database_url == "postgresql://environment/db"
    assert options("--database-url", "postgresql://x/db", environment=environment).database_url == "postgresql://x/db"
    assert options("--database-url", "", environment=environment).database_url is None


def test_the_printed_configuration_has_no_password() -> None:
    given = options("--database-url", "postgresql://user:hunter2@localhost/db")

    assert "hunter2" not in str(given.configuration)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--users", "0"],
        ["--users", "many"],
        ["--rounds", "-1"],
        ["--timeout", "0"],
        ["--timeout", "nan"],
        ["--url", "127.0.0.1:8080"],
        ["--auth-url", "http://only-one-of-three"],
    ],
)
def test_options_that_make_no_sense_are_refused_with_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        options(*arguments)

    assert exit.value.code == 2


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        options("--help")

    assert exit.value.code == 0
    assert "python -m loadtest.race --users 100 --url http://127.0.0.1:8080" in capsys.readouterr().out
