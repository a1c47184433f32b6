"""Instants in requests: RFC 3339 with an offset, and nothing else that a date parser would take."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
# Far from where dates, with an offset added, leave what Python and PostgreSQL can say.
FIRST_YEAR, LAST_YEAR = 1970, 2199


def parse_instant(text: Any) -> datetime:
    """The instant in UTC. Raises ValueError, with a message that does not repeat `text`."""
    if not isinstance(text, str) or not _RFC3339.fullmatch(text):
        raise ValueError("must be an RFC 3339 date and time with an offset, such as 2030-05-17T19:30:00Z")
    if not FIRST_YEAR < int(text[:4]) < LAST_YEAR:
        raise ValueError(f"must be between {FIRST_YEAR + 1} and {LAST_YEAR - 1}")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except ValueError:
        raise ValueError("is not a date and time that exists") from None


GivenInstant = Annotated[
    datetime,
    BeforeValidator(parse_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2030-05-17T19:30:00Z"]}),
]
"""An instant in a body or a query."""
