"""The stack with small stand-ins for the services: real servers, real processes, a start in a second.

`python -m tests.devstack.small_stack DATA` runs one until a signal, and prints its addresses as JSON when ready.
"""

import json
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from devstack.interruption import stopping_on_signals
from devstack.stack import Parts, Stack

_FAKE = ("-m", "tests.devstack.fake_service")
_STEP = ("-m", "tests.devstack.fake_step")


def small_frontend(folder: Path) -> Path:
    """A front end of two files."""
    (folder / "index.html").write_text("<!doctype html><title>Frontrow</title>")
    (folder / "headers.json").write_text('{"X-Content-Type-Options": "nosniff"}')
    return folder


def small_stack(
    data_dir: Path | None, frontend: Path, *, instances: int = 1, say: Callable[[str], None] = lambda line: None
) -> Stack:
    """A stack of stand-ins on free ports."""
    parts = Parts(
        migrate=(*_STEP, "migrate"),
        seed=(*_STEP, "seed"),
        create_admin=(*_STEP, "admin"),
        auth=(*_FAKE, "auth"),
        events=(*_FAKE, "events"),
        booking=(*_FAKE, "booking"),
        frontend=small_frontend(frontend),
    )
    return Stack(data_dir, instances=instances, durable=False, parts=parts, say=say)


def main() -> None:
    """Run until a signal."""
    with tempfile.TemporaryDirectory() as frontend:
        try:
            with (
                stopping_on_signals(lambda: None),
                small_stack(Path(sys.argv[1]), Path(frontend)) as stack,
            ):
                sys.stdout.write(json.dumps({"edge": stack.edge_url, "database": stack.database_url}) + "\n")
                sys.stdout.flush()
                threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
