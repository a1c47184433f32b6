"""Reading live frames as a stranger would: which seats does this one speak of? (docs/live-protocol.md)"""

import json
import struct

COMPACT = "frontrow.v1"

_UPDATES = 2
_HEADER = struct.Struct("<BB2xI")
"""Kind of message, bytes per word, how many seats; then as many places of four bytes, then the words."""


def seats_told(payload: bytes, subprotocol: str | None, *, first_seat_id: int) -> list[int]:
    """The seats that an update names; none for any other message. In compact mode an event's seats go by place."""
    if subprotocol == COMPACT:
        if len(payload) < _HEADER.size or payload[0] != _UPDATES:
            return []
        _kind, _width, count = _HEADER.unpack_from(payload)
        places: tuple[int, ...] = struct.unpack_from(f"<{count}I", payload, _HEADER.size)
        return [first_seat_id + place for place in places]
    message = json.loads(payload)
    return [message["seat_id"]] if message["type"] == "seat_update" else []
