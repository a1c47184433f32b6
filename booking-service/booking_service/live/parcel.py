"""What is said to many viewers at once: messages that are encoded once, whoever they go to."""

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from shared.chassis.wire import frame

Mode = Literal["plain", "compact"]
"""How a viewer is spoken to: JSON for each change, or `frontrow.v1`, binary for each window of time."""

MODES: tuple[Mode, ...] = ("plain", "compact")


class Parcel:
    """Messages in order: texts, and bytes for binary ones."""

    def __init__(self, messages: Sequence[str | bytes]) -> None:
        self.messages = messages

    @cached_property
    def frames(self) -> bytes:
        """The messages as WebSocket frames, for all who are written to directly."""
        return b"".join(map(frame, self.messages))
