"""Another checkout of Frontrow, such as the version before a change: its services on servers of their own."""

from collections.abc import Sequence
from pathlib import Path

from devstack.paths import IMPORT_FOLDERS, ROOT
from devstack.stack import Parts


def parts_of(checkout: Path) -> Parts:
    """The commands that run the code of `checkout`, with the interpreter and the packages of this one.

    Its database has its own migrations; its requests and tokens are made as this checkout's are.
    """
    folders = [str(checkout.resolve() / folder.relative_to(ROOT)) for folder in IMPORT_FOLDERS]

    def module(name: str) -> Sequence[str]:
        # In front of PYTHONPATH, which leads here.
        program = f"import runpy, sys; sys.path[:0] = {folders!r}; runpy.run_module({name!r}, run_name='__main__')"
        return ("-c", program)

    return Parts(
        migrate=module("shared.migrations"),
        seed=module("events_service.seeding"),
        auth=module("auth_service"),
        events=module("events_service"),
        booking=module("booking_service"),
    )
