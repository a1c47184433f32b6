"""The invariants, read from their files."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("invariants")
_FILE_NAME = re.compile(r"(\d\d)_([a-z_]+)\.sql")
_HEADER = re.compile(r"(?P<holds>(?:-- .*\n)+?)-- Means: (?P<means>.*\n(?:-- .*\n)*?)-- Do: (?P<todo>.*\n(?:-- .*\n)*)")


@dataclass(frozen=True, slots=True)
class Invariant:
    """One query that returns no rows when all is well; each row that it does return is a finding."""

    number: int
    name: str
    holds: str
    """What must hold, as a sentence."""
    means: str
    """What a finding means."""
    todo: str
    """What an operator does about it."""
    query: str
    """The file as it is, so that it can be run in any SQL client too."""


def all_invariants() -> Sequence[Invariant]:
    """Every invariant, by number."""
    return [read(path) for path in sorted(FOLDER.glob("*.sql"))]


def read(path: Path) -> Invariant:
    """The invariant of one file. Raises ValueError when its name or its first lines are not of the form."""
    name, text = _FILE_NAME.fullmatch(path.name), path.read_text(encoding="utf-8")
    header = _HEADER.match(text)
    if name is None or header is None:
        raise ValueError(f"{path.name} is not NN_name.sql with a sentence, `Means:` and `Do:` in its first lines")
    return Invariant(
        number=int(name[1]),
        name=name[2],
        holds=_flow(header["holds"]),
        means=_flow(header["means"]),
        todo=_flow(header["todo"]),
        query=text.rstrip().removesuffix(";"),
    )


class UnknownInvariant(Exception):
    """Somebody asked for an invariant that there is not; the text names it."""


def chosen(invariants: Sequence[Invariant], *, only: Collection[str], skip: Collection[str]) -> Sequence[Invariant]:
    """Those named by `only` (empty: all) without those named by `skip`. Raises UnknownInvariant."""
    known = {invariant.name for invariant in invariants}
    for name in (*only, *skip):
        if name not in known:
            raise UnknownInvariant(f"there is no invariant {name!r}; --list shows them")
    return [one for one in invariants if (not only or one.name in only) and one.name not in skip]


def _flow(comment: str) -> str:
    return " ".join(line.removeprefix("-- ") for line in comment.splitlines())
