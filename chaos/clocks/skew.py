"""By how much a process's wall clock is wrong: eight bytes of a file, written by the nemesis, read at each look."""

import mmap
from pathlib import Path
from struct import Struct

_SECONDS = Struct("=d")


class Skew:
    """The number in `path`, made as 0.0 when there is none. Both sides see a change at once; reading is no system call.

    Eight aligned bytes of shared memory: a look finds the old number or the new one.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if path.stat().st_size < _SECONDS.size:
                file.truncate(_SECONDS.size)
            self._shared = mmap.mmap(file.fileno(), _SECONDS.size)

    def seconds(self) -> float:
        """How far the clock is ahead; negative: behind."""
        number: float = _SECONDS.unpack_from(self._shared)[0]
        return number

    def add(self, seconds: float) -> None:
        """Let the clock jump. Jumps add up, so that overlapping ones can be taken back in any order."""
        _SECONDS.pack_into(self._shared, 0, self.seconds() + seconds)
