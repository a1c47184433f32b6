"""Log lines: one JSON object each, to standard output; an event and its fields, never tokens or emails."""

import json
import logging
import sys
from typing import Any

import structlog

# ASCII alone: it escapes CR, LF and terminal codes as it goes. Made once, since making it takes as long as a line does.
_ENCODER = json.JSONEncoder(default=repr)


def configure_logging(level: str) -> None:
    """Set up structlog and the standard library's loggers. Safe to call again."""
    logging.basicConfig(level=level, stream=sys.stdout, format="%(message)s", force=True)
    for chatty in ("uvicorn.access", "uvicorn.error", "httpx", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=False,
    )


def _json(event: Any, **_options: Any) -> str:
    return _ENCODER.encode(event)
