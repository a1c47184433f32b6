"""The pictures of the papers: all shown, all renewed by one command, and not a burden for whoever clones."""

from devstack.paths import ROOT
from pictures.camera import LOOKS
from pictures.command import STORY
from pictures.scenes import SCENES
from tests.architecture.markdown import links

IMAGES = ROOT / "docs/images"
MB = 1_000_000
TAKEN = {f"{scene.name}-{look.name}.webp" for scene in SCENES for look in LOOKS} | {f"{STORY}.webp"}


def test_the_command_takes_every_picture_and_the_page_shows_it() -> None:
    shown = {target.removeprefix("images/") for target in links(ROOT / "docs/screens.md")}

    assert {file.name for file in IMAGES.iterdir()} == TAKEN
    assert shown >= TAKEN


def test_the_pictures_are_light() -> None:
    sizes = {file.name: file.stat().st_size for file in IMAGES.iterdir()}

    assert sizes[f"{STORY}.webp"] <= 1 * MB
    assert sum(sizes.values()) <= 2.5 * MB
