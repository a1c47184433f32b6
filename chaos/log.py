"""Writing and reading the log of a run."""

import gzip
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from chaos.records import End, Record, Start

Write = Callable[[Record], None]

LOG = "log.jsonl"
PACKED_LOG = "log.jsonl.gz"


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


def pack(log: Path) -> None:
    """Put the log `log.jsonl` into `log.jsonl.gz` beside it, a tenth of its size."""
    unfinished = log.with_name("log.unfinished")
    with log.open("rb") as plain, gzip.open(unfinished, "wb", compresslevel=6) as packed:
        shutil.copyfileobj(plain, packed)
    unfinished.rename(log.with_name(PACKED_LOG))
    log.unlink()


def log_in(folder: Path) -> Path | None:
    """The log of the run whose folder this is, packed or not. None: there is none."""
    return next((log for log in (folder / LOG, folder / PACKED_LOG) if log.exists()), None)


def read(path: Path) -> list[Record]:
    """Every record of the log, packed or not. Raises UnreadableLog."""
    decoder = msgspec.json.Decoder(Record)
    records: list[Record] = []
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    records.append(decoder.decode(line))
                except msgspec.DecodeError as error:
                    raise UnreadableLog(f"line {number} of {path}: {error}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableLog(f"{path}: {error}") from None
    if not records or not isinstance(records[0], Start) or not isinstance(records[-1], End):
        raise UnreadableLog(f"{path} was not recorded to its end")
    return records
