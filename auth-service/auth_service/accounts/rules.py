"""What an email and a password may be, and what becomes of a refresh token. Pure: no clock, no database."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

import email_validator
from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]  # ships no types

from auth_service.passwords import MAX_PASSWORD_BYTES
from auth_service.tokens import REPEAT_WINDOW

MIN_PASSWORD_CHARACTERS = 8
COMMON_PASSWORDS = frozenset(password.lower() for password in FREQUENCY_LISTS["passwords"][:3000])
"""The most used ones first; what everybody tries first (ASVS 5.0, 6.2.4)."""

# A self-hosted copy may live on a network of its own, where admin@box.local is an address like any other.
for _name in ("local", "localhost", "test"):
    with suppress(ValueError):
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_name)


def normalised_email(text: str) -> str | None:
    """`text` as accounts are stored under: trimmed, in lower case, the domain in its ASCII form; `None` if it is none.

    Only ASCII before the @: two addresses that look alike are then the same, in Python as in PostgreSQL.
    """
    try:
        email = email_validator.validate_email(
            text.strip(), check_deliverability=False, globally_deliverable=False, allow_smtputf8=False
        )
    except email_validator.EmailNotValidError:
        return None
    return (email.ascii_email or "").lower() or None


def password_fault(password: str) -> str | None:
    """Why `password` may not be chosen, as a sentence for its owner; `None` when it may."""
    if len(password) < MIN_PASSWORD_CHARACTERS:
        return f"must have at least {MIN_PASSWORD_CHARACTERS} characters"
    if is_too_long(password):
        return f"must have at most {MAX_PASSWORD_BYTES} bytes in UTF-8"
    if "\0" in password:
        return "must not have a NUL character"
    if password.lower() in COMMON_PASSWORDS:
        return "is one of the most used passwords; choose another"
    return None


def is_too_long(password: str) -> bool:
    """Whether bcrypt could see only a part of `password`."""
    return len(password.encode()) > MAX_PASSWORD_BYTES


@dataclass(frozen=True, slots=True)
class RefreshTokenState:
    """What is known of a refresh token and its session."""

    used_at: datetime | None
    expires_at: datetime
    next_is_used: bool
    """Whether the token that followed it has been used in turn."""
    session_revoked_at: datetime | None


class Verdict(Enum):
    """What becomes of a refresh."""

    ROTATE = auto()
    """First use: use it up and give the next one."""
    REPEAT = auto()
    """The answer to the first use may have been lost: give the same next one again."""
    REUSED = auto()
    """Two parties have it: end the session."""
    REFUSE = auto()
    """It has ended already."""


def judge_refresh(token: RefreshTokenState, now: datetime) -> Verdict:
    """See `Verdict`, and `auth_service.tokens` for why."""
    if token.session_revoked_at is not None or token.expires_at <= now:
        return Verdict.REFUSE
    if token.used_at is None:
        return Verdict.ROTATE
    # Whoever has used the next token has seen it, so this is no lost answer, however soon it comes.
    if token.next_is_used or now - token.used_at > REPEAT_WINDOW:
        return Verdict.REUSED
    return Verdict.REPEAT
