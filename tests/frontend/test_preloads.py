"""Each page names the modules that it needs, all of them and no others (ADR-0037): otherwise a browser with a slow line
waits once for every step from import to import.
"""

import re
from pathlib import Path

import pytest

from deploy.preload import at_once, entry_of, later_of, modules_of, with_preloads

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
PAGES = sorted(FRONTEND.glob("*.html"))

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@every_page
def test_a_page_names_the_modules_that_it_imports(page: Path) -> None:
    assert page.read_text("utf-8") == with_preloads(page), "run: python3 deploy/preload.py"


def test_what_is_imported_in_any_way_is_found_once(tmp_path: Path) -> None:
    page = _written(
        tmp_path,
        entry='import "./lib/plain.js";\nimport {\n  a,\n} from "./lib/named.js";\nexport { c } from "./lib/plain.js";',
        named='import * as all from "./deep.js";\nexport const a = 1;\n',
        plain='import { d } from "./named.js";\n/** @type {import("./types.js").T} */\n',
        deep="",
    )

    found = [module.name for module in modules_of(entry_of(page))]

    assert found == ["entry.js", "plain.js", "named.js", "deep.js"]


def test_what_the_page_imports_later_follows_at_low_priority(tmp_path: Path) -> None:
    page = _written(
        tmp_path,
        entry='import "./lib/plain.js";\n/** @type {import("./lib/types.js").T} */\nvoid import("./lib/map.js");\n',
        plain="",
        map='import "./plain.js";\nimport "./deep.js";\nconst press = () => import("./pressed.js");\n',
        deep="",
        pressed="",
        types="",
    )

    links = re.findall(r"<link[^>]*>", with_preloads(page))

    assert [module.name for module in later_of(entry_of(page))] == ["map.js", "deep.js"]
    assert links == [
        '<link rel="modulepreload" href="lib/plain.js">',
        '<link rel="modulepreload" href="lib/map.js" fetchpriority="low">',
        '<link rel="modulepreload" href="lib/deep.js" fetchpriority="low">',
    ]


def test_in_a_bundle_what_the_page_imports_later_comes_with_it(tmp_path: Path) -> None:
    page = _written(
        tmp_path,
        entry='/** @type {import("./lib/types.js").T} */\nconst map = await import("./lib/map.js");\nmap.open();\n',
        map="",
    )

    text = at_once(entry_of(page))

    assert text == (
        'import * as later0 from "./lib/map.js";\n\nconst map = await Promise.resolve(later0);\nmap.open();\n'
    )


def test_lines_are_replaced_and_not_added_to(tmp_path: Path) -> None:
    page = _written(tmp_path, entry='import "./lib/plain.js";\n', plain="")
    page.write_text(with_preloads(page).replace("plain", "gone"), "utf-8")

    assert "gone" not in with_preloads(page)
    assert with_preloads(page).count("modulepreload") == 1


def _written(folder: Path, *, entry: str, **modules: str) -> Path:
    """A page with its modules."""
    (folder / "lib").mkdir()
    for name, text in modules.items():
        (folder / f"lib/{name}.js").write_text(text, "utf-8")
    (folder / "entry.js").write_text(entry, "utf-8")
    page = folder / "page.html"
    page.write_text('<head>\n    <script type="module" src="entry.js"></script>\n</head>\n', "utf-8")
    return page
