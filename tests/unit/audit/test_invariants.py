"""The files of the invariants, and what docs/audit.md says about them."""

import re
from pathlib import Path

import pytest

from audit.invariant import UnknownInvariant, all_invariants, chosen, read
from devstack.paths import ROOT

INVARIANTS = all_invariants()
PAGE = (ROOT / "docs/audit.md").read_text(encoding="utf-8")
_SECTION = re.compile(r"^### (?P<number>\d\d) (?P<name>\w+)\n(?P<text>(?:.*\n)*?)(?=#|\Z)", re.MULTILINE)


def test_they_are_numbered_without_gaps_and_named_once() -> None:
    assert [invariant.number for invariant in INVARIANTS] == list(range(1, len(INVARIANTS) + 1))
    assert len({invariant.name for invariant in INVARIANTS}) == len(INVARIANTS)


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda invariant: invariant.name)
def test_each_says_what_holds_what_a_finding_means_and_what_to_do(invariant: object) -> None:
    for text in (invariant.holds, invariant.means, invariant.todo):  # type: ignore[attr-defined]  # parametrize forgets types
        assert len(text) > 40
        assert text.endswith((".", ")"))


def test_a_file_without_its_sentences_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "01_hasty.sql"
    file.write_text("SELECT 1 WHERE false;\n")

    with pytest.raises(ValueError, match="Means"):
        read(file)


def test_the_page_for_operators_has_a_section_for_each_in_the_words_of_the_file() -> None:
    sections = {(match["number"], match["name"]): _flow(match["text"]) for match in _SECTION.finditer(PAGE)}

    assert sections == {
        (f"{one.number:02}", one.name): f"{one.holds} **Means:** {one.means} **Do:** {one.todo}" for one in INVARIANTS
    }


def test_invariants_are_chosen_by_name() -> None:
    names = [invariant.name for invariant in INVARIANTS]

    assert chosen(INVARIANTS, only=(), skip=()) == INVARIANTS
    assert [one.name for one in chosen(INVARIANTS, only=names[3:5], skip=names[4:6])] == names[3:4]


def test_a_name_that_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownInvariant, match="'all_is_well'"):
        chosen(INVARIANTS, only=(), skip=["all_is_well"])


def _flow(text: str) -> str:
    return " ".join(text.split())
