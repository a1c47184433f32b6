#!/usr/bin/env python3
"""Write a copy of the front end in which each page is one minified module and one style sheet (ADR-0034).

The page of seats is a few: what only a press needs stays apart (ADR-0038).

    python3 deploy/bundle.py ../bundled

Optional: the pages run as they lie in frontend/, and nothing else needs this. It needs npm, to get the bundler; the
packed bundler is compared with deploy/esbuild.toml before it is opened. Standard library only.
"""

import argparse
import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from deploy.preload import at_once  # noqa: E402 - this is started as a script, too

FRONTEND = ROOT / "frontend"
BUNDLER = ROOT / "deploy/esbuild.toml"
# Browsers in which `light-dark()` works know all of this.
TARGET = "es2022"
MINIFY = ("--minify", f"--target={TARGET}", "--log-level=warning", "--charset=utf8")
# One language is loaded at run time, by its name, and so is what reads codes; faces and posters' grounds stay files.
MODULES = ("--bundle", "--format=esm", "--external:../languages/*", "--external:../vendor/qr-*")
# Whose parts for a press weigh more than one more request: the list, the keyboard's map, what writes codes.
SPLIT = "seats"
STYLES = ("--bundle", "--external:*.woff2")

_STYLE_LINK = re.compile(r'    <link rel="stylesheet" href="(styles/[\w-]+\.css)">\n')
# What modules import is in them now (deploy/preload.py).
_MODULE_LINK = re.compile(r'    <link rel="modulepreload"[^\n]*\n')


class CannotBundle(Exception):
    """There is no bundler, or it is not the one that the list names; the text says what to do."""


def bundle(target: Path, esbuild: Path) -> None:
    """Write the copy to `target`, which must be a new or empty folder. Raises CannotBundle."""
    if target.exists() and any(target.iterdir()):
        raise CannotBundle(f"{target} is not empty")
    shutil.copytree(
        FRONTEND,
        target,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("pages", "lib", "seat-map", "styles", "*.mjs"),
    )
    pages = sorted((FRONTEND / "pages").glob("*.js"))
    _run(esbuild, *(page for page in pages if page.stem != SPLIT), f"--outdir={target / 'pages'}", *MODULES)
    chunks = _split(target, esbuild, SPLIT)
    _run(esbuild, FRONTEND / "early.js", f"--outdir={target}", "--allow-overwrite")
    catalogues = sorted((FRONTEND / "languages").rglob("*.js"))
    _run(esbuild, *catalogues, f"--outdir={target / 'languages'}", f"--outbase={FRONTEND / 'languages'}")
    sheets_of = {page: tuple(_STYLE_LINK.findall(page.read_text("utf-8"))) for page in sorted(target.glob("*.html"))}
    # Pages with the same sheets share one, named after the first of them.
    named = {sheets: f"styles/{page.stem}.css" for page, sheets in reversed(sheets_of.items())}
    for sheets, name in named.items():
        imports = "".join(f'@import "./{sheet}";\n' for sheet in sheets)
        _run(esbuild, "--loader=css", f"--outfile={target / name}", *STYLES, text_in=imports)
    for page, sheets in sheets_of.items():
        _, *others = sheets
        text = _MODULE_LINK.sub("", page.read_text("utf-8"))
        for sheet in others:
            text = text.replace(_link(sheet), "")
        if page.stem == SPLIT:
            script = f'    <script type="module" src="pages/{SPLIT}.js"></script>\n'
            text = text.replace(script, script + "".join(map(_module_link, chunks)))
        page.write_text(text.replace(_link(sheets[0]), _link(named[sheets])), "utf-8")


def _split(target: Path, esbuild: Path, page: str) -> list[str]:
    """Bundle a page without what its modules import for a press; the other files that it begins with."""
    entry = FRONTEND / f"pages/{page}.js"
    record = target / "pages/record.json"
    names = (f"--outdir={record.parent}", f"--entry-names={page}", f"--chunk-names={page}-[name]-[hash]")
    _run(esbuild, "--splitting", f"--metafile={record}", *names, *MODULES, text_in=at_once(entry), folder=entry.parent)
    outputs = {Path(name).name: output for name, output in json.loads(record.read_text("utf-8"))["outputs"].items()}
    record.unlink()
    found = [f"{page}.js"]
    for name in found:
        imports = (Path(part["path"]).name for part in outputs[name]["imports"] if part["kind"] == "import-statement")
        found += [part for part in imports if part not in found]
    return found[1:]


def get_esbuild(folder: Path) -> Path:
    """The bundler for this machine, fetched by npm into `folder`. Raises CannotBundle."""
    wanted = tomllib.loads(BUNDLER.read_text("utf-8"))
    machine = f"{platform.system()} {platform.machine()}"
    package = wanted["packages"].get(machine)
    npm = shutil.which("npm")
    if package is None or npm is None:
        what = "npm is not here" if npm is None else f"{BUNDLER.name} has no bundler for {machine}"
        raise CannotBundle(f"{what}: give one with --esbuild, or use {FRONTEND} as it is")
    # S603: npm from PATH, and names from our own list.
    done = subprocess.run(  # noqa: S603
        [npm, "pack", "--silent", f"{package['package']}@{wanted['version']}"],
        cwd=folder,
        text=True,
        capture_output=True,
    )
    packed = folder / done.stdout.strip()
    if done.returncode != 0 or not packed.is_file():
        raise CannotBundle(f"npm pack failed:\n{done.stderr}")
    found = hashlib.sha256(packed.read_bytes()).hexdigest()
    if found != package["sha256"]:
        raise CannotBundle(f"{package['package']} is not what {BUNDLER.name} says: its sha256 is {found}")
    with tarfile.open(packed) as archive:
        program = archive.extractfile("package/bin/esbuild")
        if program is None:
            raise CannotBundle(f"{package['package']} has no bin/esbuild")
        esbuild = folder / "esbuild"
        esbuild.write_bytes(program.read())
    esbuild.chmod(0o755)
    return esbuild


def _link(sheet: str) -> str:
    return f'    <link rel="stylesheet" href="{sheet}">\n'


def _module_link(name: str) -> str:
    return f'    <link rel="modulepreload" href="pages/{name}">\n'


def _run(esbuild: Path, *words: Path | str, text_in: str = "", folder: Path = FRONTEND) -> None:
    # S603: the bundler whose hash was compared, or the one that the person named.
    done = subprocess.run(  # noqa: S603
        [esbuild, *words, *MINIFY], cwd=folder, input=text_in, text=True, capture_output=True
    )
    if done.returncode != 0:
        raise CannotBundle(f"esbuild failed:\n{done.stderr}")


def main() -> int:
    """0: the copy is written; 1: it is not, and why stands on standard error."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", type=Path, metavar="FOLDER", help="new or empty")
    parser.add_argument("--esbuild", type=Path, metavar="PROGRAM", help="a bundler that is here already")
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder:
            bundle(arguments.target.resolve(), arguments.esbuild or get_esbuild(Path(folder)))
    except CannotBundle as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command speaks to a person
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
