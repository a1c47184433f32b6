"""The limits of the live map, each with what happens at it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLimits:
    """Durations in seconds. The defaults are the product's."""

    heal_interval_s: float = 1.0
    """How often the ledger is read for changes that no message told of: the longest that a viewer can be wrong."""
    recheck_interval_s: float = 60.0
    """How often every watched event is compared with the database as a whole, whatever the ledger said."""
    heartbeat_interval_s: float = 10.0
    """How often a viewer hears from us when nothing happens."""
    allowed_origins: tuple[str, ...] = ()
    """Browser origins, besides the service's own, whose pages may watch. Others are refused with 403."""
    sockets_per_event: int = 20_000
    """Viewers of one event on one instance; the next one is told 503 and may ask another instance."""
    window_s: float = 0.02
    """In a rush a viewer gets one frame per this time, with all that has changed; a lone change is sent at once."""
    updates_per_window: int = 1024
    """More changes within one window than this are told as a fresh snapshot."""
    waiting_bytes: int = 65_536
    """A viewer for whom more than this waits here (besides what the system keeps for it) is skipped, and gets a fresh
    snapshot when it has taken most of that."""
    linger_s: float = 5.0
    """How long an event is still followed after its last viewer left, so that a page reload costs no snapshot query."""
    look_linger_s: float = 60.0
    """How long an event is followed after somebody last asked for good seats in it, so that the next costs no query."""
    events_looked_at: int = 200
    """Events followed though nobody watches them; for one more, the one that nobody asked for longest is dropped."""
    send_timeout_s: float = 20.0
    """A viewer that is skipped for this long, because it takes nothing, is closed with 4008."""
    open_timeout_s: float = 5.0
    """An event whose first snapshot takes longer is refused with 503."""
    outbox_messages: int = 10_000
    """Announcements that wait for Redis; beyond it the oldest are dropped: the ledger heals what they told."""
    messages_per_second: int = 10
    """A viewer has nothing to say; one that says more than this is closed with 1008."""
