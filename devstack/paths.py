"""Where the parts of this checkout lie."""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Another copy of it, such as a bundled one (deploy/bundle.py), may be served and tested instead.
FRONTEND = Path(os.environ.get("FRONTROW_FRONTEND") or ROOT / "frontend").resolve()

# Hyphenated folders are path entries; the packages inside them have unique names.
IMPORT_FOLDERS = (ROOT, ROOT / "auth-service", ROOT / "events-service", ROOT / "booking-service")


def python_environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """`base` (default: ours) with all our packages importable in a Python child, wherever it starts."""
    environment = dict(os.environ if base is None else base)
    environment["PYTHONPATH"] = os.pathsep.join(map(str, IMPORT_FOLDERS))
    # A child writes into a file; without this its last words stay in a buffer when it is killed.
    environment["PYTHONUNBUFFERED"] = "1"
    return environment
