"""The bundler is opened only when it is the one of our list."""

import os
import subprocess
import sys
from pathlib import Path

from devstack.paths import ROOT


def bundle(target: Path, path: str) -> "subprocess.CompletedProcess[str]":
    """Run the script where PATH is `path`."""
    # S603: our own script.
    return subprocess.run(  # noqa: S603
        [sys.executable, ROOT / "deploy/bundle.py", target],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
    )


def test_a_bundler_with_another_hash_is_refused(tmp_path: Path) -> None:
    npm = tmp_path / "bin/npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\necho something else > esbuild.tgz\necho esbuild.tgz\n")
    npm.chmod(0o755)

    done = bundle(tmp_path / "bundled", f"{npm.parent}:{os.environ['PATH']}")

    assert done.returncode == 1
    assert "is not what esbuild.toml says" in done.stderr
    assert not (tmp_path / "bundled").exists()


def test_without_npm_the_pages_as_they_are_are_recommended(tmp_path: Path) -> None:
    done = bundle(tmp_path / "bundled", str(tmp_path))

    assert done.returncode == 1
    assert "npm is not here" in done.stderr
    assert "Traceback" not in done.stderr
