"""Where an event's picture is, whichever service is asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureAddresses:
    """`api_prefix`: where browsers find the services on their one origin, such as ``/api``."""

    api_prefix: str

    def of(self, event_id: int, stored: str | None) -> str:
        """The stored picture's address, else that of the generated one, which the events service draws."""
        return stored or f"{self.api_prefix}/events/{event_id}/artwork.svg"
