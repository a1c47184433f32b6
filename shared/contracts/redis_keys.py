"""Every Redis key and channel, by name. Redis speeds up and carries news; nothing in it is the last word."""

SEAT_LOCK_PREFIX = "seat_lock:"


def seat_lock(event_id: int, seat_id: int) -> str:
    """The gate of one seat; its value is the `hold_id` that owns it.

    The braces are a cluster hash tag: the keys of one event share a slot, so a script over several seats of it runs on
    Redis Cluster unchanged.
    """
    return f"{SEAT_LOCK_PREFIX}{{{event_id}}}:{seat_id}"


def live_channel(event_id: int) -> str:
    """Where the changes of one event's seats are announced (`shared.contracts.live_messages`)."""
    return f"live:{event_id}"


LIVE_CHANNEL_OF_SEVERAL = "live:several"
"""Where changes of several events are announced together."""


def refused_holds(event_id: int) -> str:
    """How many came too late for a seat of this event, for organisers to look at."""
    return f"refused_holds:{event_id}"


BROWSE_GENERATION = "browse:generation"
"""Counts the writes to the catalogue. Cached answers carry it in their key, so raising it forgets them all."""


def browse_page(generation: int, fingerprint: str) -> str:
    """One cached answer of the catalogue."""
    return f"browse:{generation}:{fingerprint}"
