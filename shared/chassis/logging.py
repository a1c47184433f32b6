"""Log lines: one JSON object each, to standard output; an event and its fields, never tokens or emails."""

import asyncio
import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog

request_id: ContextVar[str] = ContextVar("request_id")
"""Of the request that is served in this context; every line within it has it."""

# ASCII alone: it escapes CR, LF and terminal codes as it goes. Made once, since making it takes as long as a line does.
_ENCODER = json.JSONEncoder(default=repr)


def configure_logging(level: str) -> None:
    """Set up structlog, the lines of requests and the standard library's loggers. Safe to call again."""
    threshold = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=level, stream=sys.stdout, format="%(message)s", force=True)
    for chatty in ("uvicorn.access", "uvicorn.error", "httpx", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            _add_request_id,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        cache_logger_on_first_use=False,
    )
    request_lines.are_wanted = threshold <= logging.INFO


class RequestLine(msgspec.Struct):
    """What is said of every request, once: its outcome."""

    method: str
    path: str
    status: int
    duration_ms: float
    user_id: int | None
    request_id: str
    event: str = "request"
    level: str = "info"
    timestamp: str = ""


class RequestLines:
    """Writes the lines of requests, which are nearly all lines: a tenth of the price of any other.

    Those of one turn of the event loop are written at once, in order.
    """

    def __init__(self) -> None:
        self.are_wanted = True
        self._waiting: list[str] = []

    def write(self, line: RequestLine) -> None:
        """Write `line` before this turn of the event loop is over. Needs a running loop."""
        if not self.are_wanted:
            return
        line.timestamp = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        is_plain = line.path.isascii() and line.path.isprintable()  # otherwise as careful as any other line
        self._waiting.append(
            msgspec.json.encode(line).decode() if is_plain else _ENCODER.encode(msgspec.structs.asdict(line))
        )
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        lines, self._waiting = self._waiting, []
        sys.stdout.write("\n".join([*lines, ""]))
        sys.stdout.flush()


request_lines = RequestLines()


def _add_request_id(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    known = request_id.get(None)
    if known is not None:
        event["request_id"] = known
    return event


def _json(event: Any, **_options: Any) -> str:
    return _ENCODER.encode(event)
