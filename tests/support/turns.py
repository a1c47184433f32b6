"""Time that a test moves, and callbacks that come due in it, in place of an event loop."""

from collections.abc import Callable


class Turns:
    """A clock at 0, and what was asked to happen later."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, Callable[[], None]]] = []

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self.now

    def later(self, delay_s: float, callback: Callable[[], None]) -> None:
        """As `booking_service.live.window.Later`."""
        self._due.append((self.now + delay_s, callback))

    def turn(self) -> bool:
        """Do what is due now and was asked for before; says whether there was anything."""
        due = sorted((entry for entry in self._due if entry[0] <= self.now), key=lambda entry: entry[0])
        for entry in due:
            self._due.remove(entry)
        for _, callback in due:
            callback()
        return bool(due)

    def settle(self) -> None:
        """Turn until nothing is due."""
        while self.turn():
            pass

    def wait(self, seconds: float) -> None:
        """Move the clock, then settle."""
        self.now += seconds
        self.settle()
