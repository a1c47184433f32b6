"""The names of time zones that an event may have."""

import re
from zoneinfo import available_timezones

_KNOWN = frozenset(available_timezones())
_SHAPE = re.compile(r"[A-Za-z]{1,20}(?:[/_+-][A-Za-z0-9]{1,20}){0,5}", re.ASCII)


def is_time_zone(name: str) -> bool:
    """Is it one of the IANA database? On a machine without the database (Windows), whatever looks like one is."""
    return name in _KNOWN if _KNOWN else _SHAPE.fullmatch(name) is not None
