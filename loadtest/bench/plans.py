"""What a generator is told to do, and what it reports: the messages between the command and its load processes.

Requests travel ready to be written, byte for byte: encoding them is no part of what is measured.
"""

from typing import Any

import msgspec


class Follow(msgspec.Struct, frozen=True):
    """What to send after a success: the text between `marker` and `end` in the answer becomes part of a new body."""

    marker: bytes
    end: bytes
    before: bytes
    after: bytes


class Person(msgspec.Struct, frozen=True):
    """One keep-alive connection to 127.0.0.1:`port`, with at most one request in flight."""

    port: int
    requests: list[bytes]
    endlessly: bool = False
    """In a walk: begin again with the first request after the last."""
    follow_head: bytes = b""
    """Request line and headers of what follows a success, up to "Content-Length: "; empty: nothing follows."""


class Walk(msgspec.Struct, frozen=True, tag="walk"):
    """Each person sends their requests one after another, each when the one before is answered."""

    people: list[Person]
    seconds: float | None = None
    """No new request after this time; None: until all are sent."""
    follow: Follow | None = None
    interval_s: float = 0.0
    """Of one person, from one request to the next at the earliest; people begin spread over the first interval."""


class Burst(msgspec.Struct, frozen=True, tag="burst"):
    """Everybody sends their n-th request at the same instant; the next instant comes when all are answered."""

    people: list[Person]


class Watch(msgspec.Struct, frozen=True, tag="watch"):
    """Open sockets and count what comes, until told to stop. `sockets` are (port, path)."""

    sockets: list[tuple[int, str]]
    subprotocol: str | None = None


Plan = Walk | Burst | Watch


class Answers(msgspec.Struct):
    """One column each, in the order of arrival. Status 0: the connection was lost. Times in seconds of one clock."""

    status: list[int] = []
    sent_at: list[float] = []
    arrived_at: list[float] = []

    def took_ms(self, status: int | None = None) -> list[float]:
        """How long each answer (with this status) took."""
        return [
            (arrived - sent) * 1000
            for code, sent, arrived in zip(self.status, self.sent_at, self.arrived_at, strict=True)
            if status is None or code == status
        ]

    def count(self, status: int) -> int:
        """How many had this status."""
        return self.status.count(status)


class Load(msgspec.Struct, tag="load"):
    """What came of a walk or a burst. A walk has one group; a burst one per instant."""

    groups: list[Answers]
    followed: Answers
    began_at: float
    cpu_s: float
    """Of the generator, from the first request to the last answer."""

    @property
    def ended_at(self) -> float:
        """When the last answer arrived."""
        return max((times.arrived_at[-1] for times in (*self.groups, self.followed) if times.arrived_at), default=0.0)

    @property
    def seconds(self) -> float:
        """From the first request to the last answer."""
        return self.ended_at - self.began_at

    @property
    def requests(self) -> int:
        """Everything that was answered."""
        return sum(len(answers.status) for answers in (*self.groups, self.followed))


class Heard(msgspec.Struct, frozen=True):
    """One payload: how many sockets got it, and when the first and the last of them did (seconds since 1970)."""

    payload: bytes
    sockets: int
    first_at: float
    last_at: float


class Watched(msgspec.Struct, tag="watched"):
    """What all sockets got. `heard` has the frames that several sockets may get alike: all but the snapshots."""

    opened: int
    subprotocol: str | None
    frames: int
    bytes: int
    heard: list[Heard]
    lost: int
    """Sockets that were closed before the end."""
    cpu_s: float


Result = Load | Watched


def encode(message: Plan | Result) -> bytes:
    """For the other process: the length, then the message."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(4, "big") + body


def request(method: str, path: str, *, token: str = "", headers: str = "", body: bytes | None = None) -> bytes:
    """One request, byte for byte. `headers` are whole lines."""
    head = request_head(method, path, token=token, headers=headers)
    if body is None:
        return head + b"\r\n"
    return with_body(head, body)


def request_head(method: str, path: str, *, token: str = "", headers: str = "") -> bytes:
    """Request line and headers, without the end of the headers."""
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{authorization}{headers}".encode()


def with_body(head: bytes, body: bytes) -> bytes:
    """The request of `head` with a JSON body."""
    return b"%bContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (head, len(body), body)


def decode_plan(body: bytes) -> Any:
    """The plan in `body`."""
    return msgspec.msgpack.decode(body, type=Plan)


def decode_result(body: bytes) -> Any:
    """The result in `body`."""
    return msgspec.msgpack.decode(body, type=Result)
