"""Field types and the base model for input: strict, small, nothing extra."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

MAX_ID = 2**63 - 1
_PLAIN_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)


class Input(BaseModel):
    """A request body: exact types (`true`, `"42"` and `1.0` are not 42) and no members beyond those declared."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Output(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


def _plain_id(value: Any) -> Any:
    """Only `42`: not `+42`, `042`, `4_2`, `42.0` or other scripts' digits, all of which `int()` would take."""
    if isinstance(value, str):
        if not _PLAIN_ID.fullmatch(value):
            raise ValueError("must be a positive whole number")
        return int(value)
    return value


def _without_odd_characters(value: str) -> str:
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("contains characters that are not text")
    return value


EntityId = Annotated[int, Field(ge=1, le=MAX_ID, examples=[42])]
"""An id in a body."""

PathId = Annotated[int, BeforeValidator(_plain_id), Path(ge=1, le=MAX_ID, examples=[42])]
"""An id in a path."""

Text = Annotated[str, AfterValidator(_without_odd_characters)]
"""Text that PostgreSQL can store."""


def one_line(text: str) -> str:
    """The text without white space around it. Raises `ValueError` for a blank one, and for one of several lines."""
    text = text.strip()
    if not text:
        raise ValueError("must not be blank")
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise ValueError("must be one line of text")
    return text


def _rfc3339(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[
    AwareDatetime,
    PlainSerializer(_rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-12-01T19:30:00Z"]}),
]
"""A point in time; RFC 3339 in UTC (`2026-12-01T19:30:00Z`) on the wire."""
