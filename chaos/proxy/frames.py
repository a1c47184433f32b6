"""Where one message ends and the next begins, in what a server sends. Nothing is decoded beyond that."""

from typing import Protocol

_CRLF = b"\r\n"


class Frames(Protocol):
    """Cuts a stream into whole messages."""

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that are complete now; the rest waits for more."""
        ...


class PostgresFrames:
    """Messages of a PostgreSQL server: a letter, then a length that counts itself (protocol version 3)."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """See `Frames`."""
        self._rest += data
        frames, start = [], 0
        while len(self._rest) - start >= 5:
            end = start + 1 + int.from_bytes(self._rest[start + 1 : start + 5])
            if end > len(self._rest):
                break
            frames.append(self._rest[start:end])
            start = end
        self._rest = self._rest[start:]
        return frames


def acknowledges_commit(frame: bytes) -> bool:
    """Is this PostgreSQL's word that a transaction is committed (CommandComplete, tag COMMIT)?"""
    return frame[:1] == b"C" and frame[5:] == b"COMMIT\0"


class RedisFrames:
    """Answers and pushed messages of a Redis server (RESP2 and RESP3)."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """See `Frames`."""
        self._rest += data
        frames, start = [], 0
        while (end := _end_of_value(self._rest, start)) is not None:
            frames.append(self._rest[start:end])
            start = end
        self._rest = self._rest[start:]
        return frames


def is_news(frame: bytes) -> bool:
    """Is this a message of a channel, or of a pattern of channels, that somebody has subscribed to?"""
    return frame[:1] in (b"*", b">") and any(name in frame[:24] for name in (b"\r\nmessage\r\n", b"\r\npmessage\r\n"))


def _end_of_value(data: bytes, start: int) -> int | None:
    """The place after the value that begins at `start`; None: it is not all here yet."""
    line_end = data.find(_CRLF, start)
    if line_end < 0:
        return None
    kind, after = data[start : start + 1], line_end + 2
    if kind in (b"$", b"=", b"!"):
        length = int(data[start + 1 : line_end])
        end = after if length < 0 else after + length + 2
        return end if end <= len(data) else None
    if kind in (b"*", b">", b"~", b"%", b"|"):
        members = int(data[start + 1 : line_end]) * (2 if kind in (b"%", b"|") else 1)
        for _ in range(members):
            end_of_member = _end_of_value(data, after)
            if end_of_member is None:
                return None
            after = end_of_member
    return after
