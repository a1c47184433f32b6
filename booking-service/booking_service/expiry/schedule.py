"""When the next hold ends: so that its seats are free for everybody milliseconds later, not at the next full sweep."""


class ExpirySchedule:
    """The ends of the holds placed here."""

    def note(self, ends_in_s: float) -> None:
        """A hold ends in this many seconds, by the database's clock. Never raises, never waits."""
