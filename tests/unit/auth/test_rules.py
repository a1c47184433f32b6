"""What an email and a password may be, and what becomes of a refresh token."""

from datetime import UTC, datetime, timedelta

import pytest

from auth_service.accounts.rules import (
    COMMON_PASSWORDS,
    RefreshTokenState,
    Verdict,
    judge_refresh,
    normalised_email,
    password_fault,
)
from auth_service.tokens import REPEAT_WINDOW

NOW = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("ann@example.com", "ann@example.com"),
        ("  Ann.Lee+Tickets@EXAMPLE.com\n", "ann.lee+tickets@example.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ANN@BÜCHER.example", "ann@xn--bcher-kva.example"),
        ("admin@box.local", "admin@box.local"),
        ("admin@localhost", "admin@localhost"),
        ("ann@frontrow.test", "ann@frontrow.test"),
    ],
)
def test_an_email_is_stored_in_one_way_only(given: str, stored: str) -> None:
    assert normalised_email(given) == stored
    assert normalised_email(stored) == stored


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        "ann",
        "ann@",
        "@example.com",
        "a b@example.com",
        "ann@exa mple.com",
        "ann@@example.com",
        "ann@example..com",
        "ann@[127.0.0.1]",
        "Ann <ann@example.com>",
        '"a b"@example.com',
        "änn@example.com",
        "ann@example.com\r\nBcc: x@y",
        "ann@" + "x." * 130 + "com",
        "ann@\u2024com",
        "\u202eann@example.com",
    ],
    ids=ascii,
)
def test_what_is_no_email_is_none(given: str) -> None:
    assert normalised_email(given) is None


@pytest.mark.parametrize(
    "password", ["seven green kettles", "p4ssw0rd-p4ssw0rd", "пароль-семь", "🎭🎭🎭🎭🎭🎭🎭🎭", "x" * 71 + "y"]
)
def test_a_password_may_be_anything_long_enough(password: str) -> None:
    assert password_fault(password) is None


@pytest.mark.parametrize("password", ["", "short", "1234567", "日本日本日本日"])
def test_a_password_has_eight_characters(password: str) -> None:
    assert password_fault(password) == "must have at least 8 characters"


@pytest.mark.parametrize("password", ["x" * 73, "é" * 37, "🎭" * 19])
def test_a_password_that_bcrypt_would_cut_is_refused(password: str) -> None:
    assert password_fault(password) == "must have at most 72 bytes in UTF-8"


@pytest.mark.parametrize("password", ["password", "PassWord", "12345678", "qwertyuiop", "Trustno1", "ILOVEYOU"])
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert password_fault(password) == "is one of the most used passwords; choose another"


def test_the_list_of_common_passwords_is_the_first_three_thousand() -> None:
    assert 2900 < len(COMMON_PASSWORDS) <= 3000
    assert all(password == password.lower() for password in COMMON_PASSWORDS)


def token(
    *,
    used_ago: timedelta | None = None,
    ends_in: timedelta = timedelta(days=1),
    next_is_used: bool = False,
    revoked: bool = False,
) -> RefreshTokenState:
    """A refresh token, as of `NOW`."""
    return RefreshTokenState(
        used_at=None if used_ago is None else NOW - used_ago,
        expires_at=NOW + ends_in,
        next_is_used=next_is_used,
        session_revoked_at=NOW if revoked else None,
    )


A_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (token(), Verdict.ROTATE),
        (token(used_ago=timedelta(0)), Verdict.REPEAT),
        (token(used_ago=REPEAT_WINDOW), Verdict.REPEAT),
        (token(used_ago=-A_SECOND), Verdict.REPEAT),  # another instance's clock is ahead
        (token(used_ago=REPEAT_WINDOW + A_SECOND), Verdict.REUSED),
        (token(used_ago=A_SECOND, next_is_used=True), Verdict.REUSED),
        (token(ends_in=timedelta(0)), Verdict.REFUSE),
        (token(ends_in=-A_SECOND, used_ago=A_SECOND), Verdict.REFUSE),
        (token(revoked=True), Verdict.REFUSE),
        (token(revoked=True, used_ago=A_SECOND), Verdict.REFUSE),
        (token(revoked=True, used_ago=timedelta(hours=1)), Verdict.REFUSE),
    ],
)
def test_what_becomes_of_a_refresh_token(state: RefreshTokenState, verdict: Verdict) -> None:
    assert judge_refresh(state, NOW) is verdict
