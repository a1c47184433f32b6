"""What others have made lies in frontend/vendor as they made it, with its licence; and the pages need no other host."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
VENDOR = FRONTEND / "vendor"
LIST = "VENDOR.toml"
LIBRARIES = tomllib.loads((VENDOR / LIST).read_text("utf-8"))["library"]
FILES = [file for library in LIBRARIES for file in library["files"]]
LICENCES = {"MIT": "Permission is hereby granted, free of charge", "OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1"}

# Where packages and fonts come from. At run time the pages come from here, and so does all they need.
HOSTS = re.compile(r"npmjs|unpkg|jsdelivr|esm\.sh|skypack|cdnjs|googleapis|gstatic|fontsource\.org", re.IGNORECASE)
TEXTS = [path for path in FRONTEND.rglob("*") if path.is_file() and path.suffix not in (".woff2", ".png")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file["file"]))
def test_a_file_is_what_the_list_says(file: dict[str, str]) -> None:
    assert hashlib.sha256((VENDOR / file["file"]).read_bytes()).hexdigest() == file["sha256"]


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: str(library["name"]))
def test_a_library_comes_with_its_licence_and_its_version(library: dict[str, str]) -> None:
    text = (VENDOR / library["licence_text"]).read_text("utf-8")

    assert LICENCES[library["licence"]] in text
    assert "Copyright" in text
    named = f"{library['name']}-{library['version']}"
    assert all(file["file"].startswith(named) for file in library["files"])  # type: ignore[index]  # from TOML
    assert library["licence_text"].startswith(named)


def test_nothing_lies_there_that_is_not_listed() -> None:
    listed = {LIST, *(file["file"] for file in FILES), *(library["licence_text"] for library in LIBRARIES)}

    assert {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} == listed


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(FRONTEND)))
def test_no_file_names_a_host_of_packages(path: Path) -> None:
    assert not HOSTS.search(path.read_text("utf-8"))


def test_a_page_preloads_the_face_that_it_reads_with_and_no_other() -> None:
    for page in FRONTEND.glob("*.html"):
        preloaded = re.findall(r'<link rel="preload" href="([^"]+)"', page.read_text("utf-8"))

        assert preloaded == ["vendor/instrument-sans-5.3.0-latin.woff2"], page.name


def test_every_face_of_the_styles_is_there_and_lets_the_text_be_read_meanwhile() -> None:
    faces = re.findall(r"@font-face \{(.*?)\}", (FRONTEND / "styles" / "tokens.css").read_text("utf-8"), re.DOTALL)

    assert len(faces) == 4
    for face in faces:
        assert "font-display: swap" in face
        source = re.search(r'url\("\.\./vendor/([^"]+)"\)', face)
        assert source
        assert (VENDOR / source[1]).is_file()
