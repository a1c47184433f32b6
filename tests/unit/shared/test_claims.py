"""Which access tokens are believed."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest

from shared.contracts.claims import Claims, InvalidToken, sign, verify

SECRET = "a-secret-for-tests-only-0123456789abcdef"
ANN = Claims(user_id=7, session_id=UUID("01234567-89ab-cdef-0123-456789abcdef"), role="user", epoch=3)
HALF_AN_HOUR = timedelta(minutes=30)
FAR_AWAY = 4_000_000_000


def payload(**changes: Any) -> dict[str, Any]:
    """A good token's payload with `changes`; `None` removes a claim."""
    good = {
        "iss": "frontrow",
        "aud": "frontrow",
        "sub": "7",
        "sid": str(ANN.session_id),
        "role": "user",
        "epoch": 3,
        "iat": 1_700_000_000,
        "exp": FAR_AWAY,
        "jti": uuid4().hex,
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def test_a_token_says_who_signed_in() -> None:
    token = sign(ANN, secret=SECRET, now=datetime.now(UTC), lifetime=HALF_AN_HOUR)

    assert verify(token, secret=SECRET) == ANN


def test_the_pattern_of_the_tests_below_is_a_good_token() -> None:
    assert verify(jwt.encode(payload(), SECRET), secret=SECRET) == ANN


def test_no_two_tokens_are_the_same() -> None:
    now = datetime.now(UTC)

    assert sign(ANN, secret=SECRET, now=now, lifetime=HALF_AN_HOUR) != sign(
        ANN, secret=SECRET, now=now, lifetime=HALF_AN_HOUR
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody-else"},
        {"iss": None},
        {"aud": "another-service"},
        {"aud": None},
        {"sub": None},
        {"sub": 7},
        {"sub": "ann"},
        {"sid": None},
        {"sid": "not-a-uuid"},
        {"sid": 7},
        {"role": None},
        {"role": ["admin"]},
        {"epoch": None},
        {"epoch": "3"},
        {"iat": None},
        {"iat": FAR_AWAY - 1},
        {"exp": None},
        {"exp": 1_700_000_001},
        {"exp": "soon"},
        {"exp": float("inf")},
        {"jti": None},
    ],
    ids=str,
)
def test_a_token_that_is_signed_but_wrong_is_refused(changes: dict[str, Any]) -> None:
    token = jwt.encode(payload(), SECRET)
    assert verify(token, secret=SECRET) == ANN  # before the change

    with pytest.raises(InvalidToken):
        verify(_signed(payload(**changes)), secret=SECRET)


def test_a_token_is_over_when_its_time_is_up() -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)

    with pytest.raises(InvalidToken):
        verify(sign(ANN, secret=SECRET, now=an_hour_ago, lifetime=HALF_AN_HOUR), secret=SECRET)


def test_a_token_of_another_secret_is_refused() -> None:
    with pytest.raises(InvalidToken):
        verify(_signed(payload(), secret="another-secret-0123456789abcdefghij"), secret=SECRET)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_only_one_algorithm_is_believed(algorithm: str) -> None:
    secret = SECRET * 2
    with pytest.raises(InvalidToken):
        verify(jwt.encode(payload(), secret, algorithm=algorithm), secret=secret)


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "RS256", "HS256 ", None, 7])
def test_an_unsigned_token_is_refused_whatever_it_calls_itself(algorithm: Any) -> None:
    with pytest.raises(InvalidToken):
        verify(_unsigned({"typ": "JWT", "alg": algorithm}, payload()), secret=SECRET)


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "../../../dev/null"},
        {"kid": "' OR 1=1 --"},
        {"jku": "http://127.0.0.1:1/keys"},
        {"x5u": "http://127.0.0.1:1/cert"},
        {"jwk": {"kty": "oct", "k": "AA"}},
        {"crit": ["exp"]},
    ],
    ids=str,
)
def test_the_header_of_a_forged_token_chooses_no_key(header: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        verify(_signed(payload(), secret="A" * 32, headers=header), secret=SECRET)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "Bearer",
        "é.é.é",
        "x" * 100_000,
        base64.urlsafe_b64encode(b"[" * 1400).decode() + ".e30.e30",
        base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"').decode() + ".e30.e30",
        base64.urlsafe_b64encode(b"\xff\xfe").decode() + ".e30.e30",
    ],
    ids=lambda token: token[:20] or "nothing",
)
def test_rubbish_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        verify(token, secret=SECRET)


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{_part(header)}.{_part(claims)}."


def _signed(claims: dict[str, Any], *, secret: str = SECRET, headers: dict[str, Any] | None = None) -> str:
    """A signature over anything, also over what `jwt.encode` would refuse to say."""
    token = jwt.api_jws.encode(json.dumps(claims).encode(), secret, algorithm="HS256", headers=headers)
    return str(token)
