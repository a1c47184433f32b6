"""Writing and reading the log of a run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from chaos.records import End, Record, Start

Write = Callable[[Record], None]


class UnreadableLog(Exception):
    """The file is no log of a run that was recorded to its end; the text says why."""


@contextmanager
def writing(path: Path) -> Iterator[Write]:
    """Inside, the function takes records, one line each."""
    encoder = msgspec.json.Encoder()
    with path.open("wb", buffering=1 << 16) as file:

        def write(record: Record) -> None:
            file.write(encoder.encode(record) + b"\n")

        yield write


def read(path: Path) -> list[Record]:
    """Every record of the log. Raises UnreadableLog."""
    decoder = msgspec.json.Decoder(Record)
    records: list[Record] = []
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    records.append(decoder.decode(line))
                except msgspec.DecodeError as error:
                    raise UnreadableLog(f"line {number} of {path}: {error}") from None
    except OSError as error:
        raise UnreadableLog(f"{path}: {error.strerror}") from None
    if not records or not isinstance(records[0], Start) or not isinstance(records[-1], End):
        raise UnreadableLog(f"{path} was not recorded to its end")
    return records
