"""`./frontrow create-admin EMAIL`."""

import getpass
import sys
from argparse import Namespace

from devstack.data_access import environment_with_data
from devstack.errors import StackError
from devstack.paths import ROOT
from devstack.stack import Parts
from devstack.supervision import Launch, run_once
from devstack.web import python_command


def run(arguments: Namespace) -> int:
    """Ask for the password where somebody can be asked, and make the account."""
    password = _ask() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise StackError("no password: type one, or give it on standard input")
    with environment_with_data(arguments.data) as environment:
        launch = Launch(
            command=python_command(*Parts().create_admin, arguments.email),
            environment=environment,
            folder=ROOT,
        )
        print(run_once(launch, what="making the admin account", text_in=password + "\n"))
    return 0


def _ask() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise StackError("the two passwords differ")
    return password
