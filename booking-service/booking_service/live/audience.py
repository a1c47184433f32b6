"""The viewers of one event: says each thing to all of them, and starts over with those who could not take it.

Nobody here waits for a viewer, and nobody has a task. Writing to thousands takes a while, so it is done in turns,
between which the event loop does other people's work.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from booking_service.live.parcel import MODES, Mode, Parcel
from booking_service.live.window import Later, loop_later

LINES_PER_TURN = 200
"""Viewers written to in one turn of the event loop: about 2 ms."""


class Line(Protocol):
    """The way to one viewer."""

    @property
    def mode(self) -> Mode:
        """How the viewer is spoken to."""
        ...

    @property
    def is_full(self) -> bool:
        """So much waits for the viewer that it gets no more until it has taken that. Then, `Audience.drained`."""
        ...

    def write(self, parcel: Parcel) -> None:
        """Send, or keep until the viewer takes it. Never raises, never waits."""
        ...

    def end(self, code: int) -> None:
        """After what was written, close with this code. Ending twice is ending once."""
        ...


class Audience:
    """What a viewer has been told is always a snapshot and everything that was said after it, in order."""

    def __init__(self, snapshot: Callable[[Mode, bool], Parcel], *, later: Later = loop_later) -> None:
        """`snapshot(mode, again)`: the state of now; `again` for a viewer that has missed something."""
        self._snapshot = snapshot
        self._later = later
        # Each line with the number of what was said last when it got its snapshot: that is in it.
        self._lines: dict[Mode, dict[Line, int]] = {mode: {} for mode in MODES}
        self._behind: set[Line] = set()
        self._newcomers: dict[Line, bool] = {}
        self._said = 0
        self._speeches: deque[Iterator[None]] = deque()

    def modes(self) -> list[Mode]:
        """Those that somebody is spoken to in."""
        return [mode for mode, lines in self._lines.items() if lines]

    def join(self, line: Line, *, on_admission: bool = False) -> None:
        """A new viewer: gets a snapshot now, and everything from now on.

        `on_admission`: there is something about to be said that a snapshot of now would have already, so the viewer
        waits until it has been said (`admit`). Otherwise it would be shown a seat going back in time.
        """
        if on_admission:
            self._newcomers[line] = False
        else:
            self._start(line, again=False)

    def leave(self, line: Line) -> None:
        """A viewer is gone."""
        self._lines[line.mode].pop(line, None)
        self._behind.discard(line)
        self._newcomers.pop(line, None)

    def drained(self, line: Line, *, on_admission: bool = False) -> None:
        """The line is not full any more. If something was said meanwhile, it gets a snapshot instead, as in `join`."""
        if line not in self._behind and line not in self._newcomers:
            return
        if on_admission:
            self._newcomers.setdefault(line, True)
        else:
            self._start(line, again=self._newcomers.get(line, True))

    def admit(self) -> None:
        """What was about to be said has been said: those who waited for it get their snapshots."""
        for line, again in tuple(self._newcomers.items()):
            if not line.is_full:  # it will drain
                self._start(line, again=again)

    def _start(self, line: Line, *, again: bool) -> None:
        self._newcomers.pop(line, None)
        self._behind.discard(line)
        line.write(self._snapshot(line.mode, again))
        self._lines[line.mode][line] = self._said

    def say(
        self,
        parcels: Mapping[Mode, Parcel],
        *,
        then_end: int | None = None,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        """Say this to all viewers, after what was said before; then close with the code `then_end`.

        The first are written to at once. `done` is called after the last.
        """
        self._said += 1
        self._speeches.append(self._speech(self._said, parcels, then_end, done))
        if len(self._speeches) == 1:
            self._speak()

    def end(self, code: int) -> None:
        """Let everybody go now, whatever they have not been told."""
        self._speeches.clear()
        for line in [*(line for lines in self._lines.values() for line in lines), *self._newcomers]:
            line.end(code)

    def _speak(self) -> None:
        for _ in range(LINES_PER_TURN):
            if not self._speeches:
                return
            if next(self._speeches[0], self) is self:
                self._speeches.popleft()
        if self._speeches:
            self._later(0, self._speak)

    def _speech(
        self, number: int, parcels: Mapping[Mode, Parcel], then_end: int | None, done: Callable[[], None]
    ) -> Iterator[None]:
        for mode, parcel in parcels.items():
            lines = self._lines[mode]
            for line in tuple(lines):
                if lines.get(line, number) >= number:  # it has left, or has a snapshot of later
                    continue
                if line.is_full or line in self._behind:
                    self._behind.add(line)
                else:
                    line.write(parcel)
                if then_end is not None:
                    line.end(then_end)
                yield
        done()
