"""What one run is made of. Short holds, so that a minute sees thousands of them end."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The numbers of a run; durations in seconds."""

    seed: int
    seconds: float
    instances: int = 3
    customers: int = 30
    seats: int = 60
    hold_s: float = 2.0
    hold_max_s: float = 6.0
    sweep_s: float = 0.5
    heal_s: float = 0.5
    hold_limit: int = 4
    """Seats at once in one event: low enough to be met."""
    heartbeat_s: float = 0.5
    answer_patience_s: float = 2.5
    """A client that waits longer for an answer gives up, and then does not know."""
    token_spare_s: float = 150.0
    """How long the access tokens, which are made before the run, live beyond its end. A clock that is wrong by more
    makes them old, one that is late makes them too young."""
    quiet_s: float = 15.0
    """How long after the last fault everything may take to agree again."""

    end_patience_s: float = 300.0
    """How much longer than its seconds a run may take, starting and settling included, before it is given up."""

    def service_settings(self) -> dict[str, str]:
        """As environment variables of the services."""
        return {
            "HOLD_DURATION_S": str(self.hold_s),
            "HOLD_MAX_S": str(self.hold_max_s),
            "SWEEP_INTERVAL_S": str(self.sweep_s),
            "HEAL_INTERVAL_S": str(self.heal_s),
            "HEARTBEAT_INTERVAL_S": str(self.heartbeat_s),
            "MAX_HELD_SEATS_PER_USER": str(self.hold_limit),
            "ACCESS_TOKEN_LIFETIME_S": str(int(self.seconds + self.token_spare_s)),
            # Hashing passwords is not what is tested here.
            "BCRYPT_COST": "4",
        }

    def booking_parts(self) -> list[str]:
        """The names of the instances, as the stack calls them."""
        return ["booking", *(f"booking-{number}" for number in range(2, self.instances + 1))]
