"""All pictures, one after the other, into a folder."""

from collections.abc import Callable, Collection
from itertools import groupby
from pathlib import Path

from playwright.async_api import Browser

from devstack.stack import Stack
from pictures.camera import DESK, LOOKS, Look, chromium, take, window
from pictures.house import House
from pictures.scenes import SCENES, Scene
from pictures.story import story

SETTINGS = {"BCRYPT_COST": "4"}
STORY = "story"


async def take_all(folder: Path, *, only: Collection[str], say: Callable[[str], None]) -> None:
    """Write pictures into a folder that is there: all, or those named in `only`, as `browse` or `browse-phone`."""

    def write(name: str, picture: bytes) -> None:
        (folder / f"{name}.webp").write_bytes(picture)
        say(f"{name}.webp  {len(picture) / 1000:.0f} kB")

    wanted = [
        (look, scene) for look in LOOKS for scene in SCENES if not only or {scene.name, _name(look, scene)} & {*only}
    ]
    with Stack(instances=1, environment="test", durable=False, settings=SETTINGS, say=say) as stack:
        house = House(stack)
        say("Selling …")
        await house.open()
        try:
            for language, looks in groupby(wanted, key=lambda pair: pair[0].language):
                async with chromium(language) as browser:
                    for look, scene in looks:
                        write(_name(look, scene), await _picture(browser, house, look, scene))
            if not only or STORY in only:
                async with chromium(DESK.language) as browser, window(browser, house, DESK, house.buyer) as page:
                    write(STORY, await story(page, house))
        finally:
            await house.close()


def _name(look: Look, scene: Scene) -> str:
    return f"{scene.name}-{look.name}"


async def _picture(browser: Browser, house: House, look: Look, scene: Scene) -> bytes:
    person = {"visitor": None, "buyer": house.buyer, "organiser": house.organiser}[scene.who]
    async with window(browser, house, look, person) as page:
        await scene.show(page, house)
        return await take(page, scale=look.scale)
