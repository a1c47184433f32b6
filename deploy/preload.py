#!/usr/bin/env python3
"""Write into each page of frontend/ which modules it needs, so that a browser asks for all of them at once (ADR-0037).

    python3 deploy/preload.py

Without that it learns of a module only from the one that imports it, and on a slow line each step costs a round trip.
To be run when a page imports more or less than before; tests/frontend/test_preloads.py says so. Standard library only.
"""

import re
import sys
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"

LINK = re.compile(r'    <link rel="modulepreload" href="([^"]+)"( fetchpriority="low")?>\n')
_ENTRY = re.compile(r'    <script type="module" src="([^"]+)"></script>\n')
_IMPORT = re.compile(r'^\s*(?:import|export)\b[^;"]*?"(\.{1,2}/[^"]+)";', re.MULTILINE)
_LATER = re.compile(r'\bimport\("(\.{1,2}/[^"]+)"\)')
# Types in JSDoc are written like imports, too.
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def entry_of(page: Path) -> Path:
    """The module that a page begins with."""
    [entry] = _ENTRY.findall(page.read_text("utf-8"))
    return (page.parent / entry).resolve()


def modules_of(*entries: Path) -> list[Path]:
    """The modules and everything that they import at once, in the order in which a browser would find them."""
    found: dict[Path, None] = {}
    waiting = [entry.resolve() for entry in entries]
    while waiting:
        module = waiting.pop(0)
        if module not in found:
            found[module] = None
            waiting += [(module.parent / name).resolve() for name in _IMPORT.findall(module.read_text("utf-8"))]
    return list(found)


def at_once(entry: Path) -> str:
    """The page's own module with what it imports later imported with it: for a bundle, where it is one file."""
    code = _COMMENT.sub("", entry.read_text("utf-8"))
    names = list(dict.fromkeys(_LATER.findall(code)))
    imports = "".join(f'import * as later{nth} from "{name}";\n' for nth, name in enumerate(names))
    return imports + _LATER.sub(lambda call: f"Promise.resolve(later{names.index(call[1])})", code)


def later_of(entry: Path) -> list[Path]:
    """What the page's own module imports with `import()` because its first sight does without; nothing of `modules_of`.

    What other modules import in that way is wanted by a press, perhaps, and is nobody's business before.
    """
    names = _LATER.findall(_COMMENT.sub("", entry.read_text("utf-8")))
    first = set(modules_of(entry))
    return [module for module in modules_of(*(entry.parent / name for name in names)) if module not in first]


def with_preloads(page: Path) -> str:
    """The page's text with a line for each of its modules, and no other."""
    text = LINK.sub("", page.read_text("utf-8"))
    entry = entry_of(page)
    now = [_link(page, module) for module in modules_of(entry)[1:]]
    later = [_link(page, module, ' fetchpriority="low"') for module in later_of(entry)]
    # After the page's own module: the lines above it come first on the line as well.
    return _ENTRY.sub(lambda script: script[0] + "".join([*now, *later]), text)


def _link(page: Path, module: Path, more: str = "") -> str:
    return f'    <link rel="modulepreload" href="{module.relative_to(page.parent)}"{more}>\n'


def main() -> int:
    """Always 0; the pages that have changed are named."""
    for page in sorted(FRONTEND.glob("*.html")):
        text = with_preloads(page)
        if text != page.read_text("utf-8"):
            page.write_text(text, "utf-8")
            print(page.name)  # noqa: T201 - a command speaks to a person
    return 0


if __name__ == "__main__":
    sys.exit(main())
