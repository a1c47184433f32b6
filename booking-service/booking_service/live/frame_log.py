"""The last frames of an event, kept once for all its viewers, each of whom only remembers how far it has read.

So one more viewer costs no queue, and one slow viewer costs nobody anything: it falls out of the log and starts over.
"""


class FrameLog:
    """A ring of the newest `kept` frames. Positions count all frames ever written."""

    def __init__(self, kept: int) -> None:
        self._ring = [""] * kept
        self._start = 0
        self.end = 0

    def append(self, frame: str) -> None:
        """Write a frame; the oldest is forgotten when the ring is full."""
        self._ring[self.end % len(self._ring)] = frame
        self.end += 1
        self._start = max(self._start, self.end - len(self._ring))

    def forget(self) -> None:
        """Leave every reader behind, also those that have read everything."""
        self.end += 1
        self._start = self.end

    def after(self, position: int) -> list[str] | None:
        """The frames from `position` on; `None` when some of them are forgotten."""
        if position < self._start:
            return None
        return [self._ring[place % len(self._ring)] for place in range(position, self.end)]
