"""How tokens are made."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest

from auth_service.tokens import SignedIn, Tokens, fingerprint, first_refresh_token
from shared.contracts.claims import verify

SECRET = "a-secret-for-tests-only-0123456789abcdef"
NOW = datetime.now(UTC).replace(microsecond=0)
HALF_AN_HOUR = timedelta(minutes=30)


def tokens(secret: str = SECRET) -> Tokens:
    """What makes them."""
    return Tokens(secret=secret, access_token_lifetime=HALF_AN_HOUR)


def ann(*, ends_in: timedelta = timedelta(days=30)) -> SignedIn:
    """Signed in, until then."""
    return SignedIn(user_id=7, session_id=uuid4(), role="admin", token_epoch=2, expires_at=NOW + ends_in)


def test_a_grant_says_who_it_is_for() -> None:
    who = ann()

    grant = tokens().grant(who, refresh_token="r", now=NOW)

    claims = verify(grant.access_token, secret=SECRET)
    assert (claims.user_id, claims.session_id, claims.role, claims.epoch) == (7, who.session_id, "admin", 2)
    assert (grant.refresh_token, grant.expires_in) == ("r", 1800)


@pytest.mark.parametrize(("ends_in", "expires_in"), [(timedelta(days=1), 1800), (timedelta(minutes=5), 300)])
def test_an_access_token_ends_with_its_session_at_the_latest(ends_in: timedelta, expires_in: int) -> None:
    grant = tokens().grant(ann(ends_in=ends_in), refresh_token="r", now=NOW)

    assert grant.expires_in == expires_in
    exp = jwt.decode(grant.access_token, options={"verify_signature": False})["exp"]
    assert datetime.fromtimestamp(exp, UTC) == NOW + timedelta(seconds=expires_in)


def test_refresh_tokens_are_256_random_bits() -> None:
    made = {first_refresh_token() for _ in range(100)}

    assert len(made) == 100
    assert {len(token) for token in made} == {43}


def test_the_next_refresh_token_is_always_the_same_and_only_the_service_knows_it() -> None:
    first = first_refresh_token()

    following = tokens().next_refresh_token(first)

    assert following == tokens().next_refresh_token(first)
    assert len(following) == 43
    assert following != tokens("another-secret-0123456789abcdefghijk").next_refresh_token(first)


def test_a_chain_of_refresh_tokens_never_comes_back_to_where_it_was() -> None:
    chain = [first_refresh_token()]
    for _ in range(1000):
        chain.append(tokens().next_refresh_token(chain[-1]))

    assert len(set(chain)) == len(chain)


def test_what_is_stored_of_a_refresh_token_is_not_the_token() -> None:
    token = first_refresh_token()

    assert len(fingerprint(token)) == 32
    assert token.encode() not in fingerprint(token)
