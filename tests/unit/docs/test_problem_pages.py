"""docs/problems.md describes every problem that the code can raise, and none that it cannot."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from shared.chassis.problems import Problem

PACKAGES = ("shared", "auth_service", "events_service", "booking_service")
PAGE = Path(__file__).parents[3] / "docs" / "problems.md"
SECTION = re.compile(
    r"^## (?P<slug>\S+)\n\*\*(?P<status>\d+): (?P<title>[^*]+?)\.\*\* (?P<text>(?:.+\n)+)", re.MULTILINE
)


def problems() -> Iterator[type[Problem]]:
    """Every kind of problem in the product."""
    for package in map(import_module, PACKAGES):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                import_module(module.name)
    waiting: list[type[Problem]] = [Problem]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.split(".")[0] in PACKAGES:
            yield kind


KINDS = list(problems())
SECTIONS = {match["slug"]: match for match in SECTION.finditer(PAGE.read_text("utf-8"))}


def test_every_problem_has_a_section_and_every_section_a_problem() -> None:
    headings = re.findall(r"^## (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted({kind.slug for kind in KINDS})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_section_says_what_the_problem_says(kind: type[Problem]) -> None:
    section = SECTIONS[kind.slug]

    assert int(section["status"]) == kind.status
    assert section["title"] == kind.title


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_problem_keeps_its_name_to_itself(kind: type[Problem]) -> None:
    """Two kinds of one name would be told apart by nobody. A subclass may share that of the kind it refines."""
    namesakes = [other for other in KINDS if other.slug == kind.slug and not issubclass(other, kind)]

    assert not [other for other in namesakes if not issubclass(kind, other)]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug)
