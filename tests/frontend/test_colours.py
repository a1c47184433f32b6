"""The colours of styles/tokens.css, and those of the door, can be read and told apart, in light and in dark, also by
the colour-blind.
"""

import re
from pathlib import Path

import pytest

from tests.support.colour import VISIONS, ciede2000, closest, contrast

STYLES = Path(__file__).resolve().parents[2] / "frontend" / "styles"
WITH_COLOURS = ("tokens.css", "door.css")
SCHEMES = ("light", "dark")

READABLE = 4.5
"""WCAG 2.2, 1.4.3, for text of any size."""
VISIBLE = 3.0
"""WCAG 2.2, 1.4.11, for what has to be seen but not read."""
APART = 19.0
"""ΔE2000 by which the two seats that look most alike must differ. 2 can be seen side by side; in Okabe and Ito's
palette the two most alike differ by 12."""

GROUNDS = ("bg", "surface", "raised")
DARK_VERDICTS = tuple(f"verdict-{kind}" for kind in ("admitted", "used", "other", "forged"))
LIGHT_VERDICTS = tuple(f"verdict-{kind}" for kind in ("cancelled", "unknown"))
TEXT = (
    *((ink, ground) for ink in ("ink", "muted", "brand", "bad") for ground in GROUNDS),
    *((ink, "brand-soft") for ink in ("ink", "muted", "brand")),
    ("on-brand", "brand"),
    ("on-bad", "bad"),
    *((kind, f"{kind}-soft") for kind in ("warn", "bad", "good")),
    ("good", "surface"),
    ("muted", "stage"),
    ("bg", "ink"),
    ("code-ink", "code-ground"),
    ("on-poster", "poster-ground"),
    *(("on-verdict", ground) for ground in DARK_VERDICTS),
    *(("on-light-verdict", ground) for ground in LIGHT_VERDICTS),
)
TIERS = tuple(f"tier-{n}" for n in range(1, 6))
MARKS = (
    *((mark, ground) for mark in ("field", "seat-held", "brand") for ground in GROUNDS),
    *((tier, ground) for tier in TIERS for ground in ("bg", "surface")),
)


def _colours() -> dict[str, dict[str, str]]:
    """By scheme and name."""
    colour = r"(#[0-9a-f]{6})"
    text = "".join((STYLES / name).read_text("utf-8") for name in WITH_COLOURS)
    pairs = re.findall(rf"--([a-z0-9-]+): light-dark\({colour}, {colour}\);", text)
    single = re.findall(rf"--([a-z0-9-]+): {colour};", text)
    return {
        "light": dict(single) | {name: light for name, light, _ in pairs},
        "dark": dict(single) | {name: dark for name, _, dark in pairs},
    }


COLOURS = _colours()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(scheme: str, ink: str, ground: str) -> None:
    assert contrast(COLOURS[scheme][ink], COLOURS[scheme][ground]) >= READABLE


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_tiers_borders_and_rings_can_be_seen(scheme: str, mark: str, ground: str) -> None:
    assert contrast(COLOURS[scheme][mark], COLOURS[scheme][ground]) >= VISIBLE


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_seats_can_be_told_apart(scheme: str, vision: str) -> None:
    seats = {name: COLOURS[scheme][name] for name in (*TIERS, "seat-booked", "ink")}  # ink: the seats of one's own

    difference, one, other = closest(seats, vision)

    assert difference >= APART, f"{one} and {other}"


@pytest.mark.parametrize("vision", VISIONS)
def test_verdicts_at_the_door_can_be_told_apart(vision: str) -> None:
    verdicts = {name: COLOURS["light"][name] for name in (*DARK_VERDICTS, *LIGHT_VERDICTS)}

    difference, one, other = closest(verdicts, vision)

    assert difference >= APART, f"{one} and {other}"


def test_every_colour_is_known_to_these_tests() -> None:
    named = {name for pair in (*TEXT, *MARKS) for name in pair} | {
        "line",
        "seat-booked",
    }  # lines and sold seats may be faint

    assert set(COLOURS["light"]) == set(COLOURS["dark"]) == named


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_formula_gives_what_its_authors_publish(
    one: tuple[float, float, float], other: tuple[float, float, float], difference: float
) -> None:
    """Pairs 1, 4, 13, 17, 33 and 34 of their table 1."""
    assert ciede2000(one, other) == pytest.approx(difference, abs=1e-4)
    assert ciede2000(other, one) == pytest.approx(difference, abs=1e-4)


def test_black_on_white_is_the_highest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
