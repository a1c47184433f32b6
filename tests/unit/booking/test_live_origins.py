"""Whose pages may open a socket."""

import fnmatch

import pytest

from booking_service.live.news_channel import ALL_CHANNELS
from booking_service.live.origins import may_watch
from shared.contracts.redis_keys import live_channel


def ask(origin: str, host: str, *, is_secure: bool = False, allowed: tuple[str, ...] = ()) -> bool:
    return may_watch(origins=[origin], hosts=[host], is_secure=is_secure, allowed=allowed)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://tickets.example", "tickets.example"),
        ("https://tickets.example", "tickets.example"),  # TLS ends at a proxy that does not tell
        ("http://localhost:8080", "localhost:8080"),
        ("http://localhost", "localhost:80"),
        ("http://localhost:80", "localhost"),
        ("https://tickets.example", "tickets.example:443"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("http://TICKETS.example", "tickets.EXAMPLE"),
    ],
)
def test_a_page_of_the_same_host_and_port_may_watch(origin: str, host: str) -> None:
    assert ask(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("null", "tickets.example"),
        ("", "tickets.example"),
        ("http://evil.example", "tickets.example"),
        ("http://tickets.example.evil.example", "tickets.example"),
        ("http://eviltickets.example", "tickets.example"),
        ("http://tickets.example@evil.example", "tickets.example"),
        ("http://evil.example/tickets.example", "tickets.example"),
        ("http://tickets.example:8080", "tickets.example"),
        ("http://tickets.example", "tickets.example:8080"),
        ("http://tickets.example", "tickets.example:443"),
        ("https://tickets.example", "tickets.example:80"),
        ("http://tickets.example:", "tickets.example:8080"),
        ("file://tickets.example", "tickets.example"),
        ("chrome-extension://tickets.example", "tickets.example"),
        ("tickets.example", "tickets.example"),
        ("//tickets.example", "tickets.example"),
        ("http://tickets.example/", "tickets.example"),
        ("http://tickets.example?", "tickets.example:8080"),
        (" http://tickets.example", "tickets.example"),
        ("http://tickets.example:99999", "tickets.example:99999"),
        ("http://[::1", "[::1"),
        ("http://", ""),
        ("http://tickets.example", ""),
        ("http://tickets.example", "evil.example@tickets.example"),
    ],
)
def test_any_other_page_may_not(origin: str, host: str) -> None:
    assert not ask(origin, host)


def test_a_program_without_an_origin_may_watch() -> None:
    assert may_watch(origins=[], hosts=["tickets.example"], is_secure=True, allowed=())


def test_two_origins_are_one_too_many() -> None:
    assert not may_watch(
        origins=["http://tickets.example", "http://tickets.example"],
        hosts=["tickets.example"],
        is_secure=False,
        allowed=(),
    )


def test_an_allowed_origin_may_watch_and_its_neighbours_may_not() -> None:
    allowed = ("https://partner.example",)

    assert ask("https://partner.example", "tickets.example", allowed=allowed)
    assert ask("https://partner.example:443", "tickets.example", allowed=allowed)
    assert not ask("http://partner.example", "tickets.example", allowed=allowed)
    assert not ask("https://partner.example:8443", "tickets.example", allowed=allowed)
    assert not ask("null", "tickets.example", allowed=("null", *allowed))


def test_on_an_encrypted_connection_a_plain_page_of_the_same_host_is_foreign() -> None:
    assert ask("https://tickets.example", "tickets.example", is_secure=True)
    assert not ask("http://tickets.example", "tickets.example", is_secure=True)


def test_one_pattern_means_the_channels_of_all_events() -> None:
    assert fnmatch.fnmatchcase(live_channel(42), ALL_CHANNELS)
