"""`./frontrow reset`: delete the data of a copy."""

import sys
from argparse import Namespace

from devstack.errors import StackError
from devstack.state import DataFolder


def run(arguments: Namespace) -> int:
    """Ask, then delete. Refuses while the copy runs, and a folder that is no data folder."""
    folder = DataFolder(arguments.data)
    if not folder.path.exists():
        print(f"There is no data: {folder.path} does not exist.")
        return 0
    if not (folder.path / "lock").exists():
        raise StackError(f"{folder.path} is not a data folder of Frontrow: nothing was deleted")
    if not arguments.yes:
        if not sys.stdin.isatty():
            raise StackError(f"to delete everything in {folder.path} without being asked, add --yes")
        if input(f"Delete everything in {folder.path}? Type yes: ").strip() != "yes":
            print("Nothing was deleted.")
            return 1
    folder.delete()
    print(f"Deleted {folder.path}")
    return 0
