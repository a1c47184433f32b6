"""`./frontrow seed`."""

from argparse import Namespace

from devstack.data_access import environment_with_data
from devstack.paths import ROOT
from devstack.stack import Parts
from devstack.supervision import Launch, run_once
from devstack.web import python_command


def run(arguments: Namespace) -> int:
    """Load the sample data and print what that says."""
    with environment_with_data(arguments.data) as environment:
        launch = Launch(command=python_command(*Parts().seed), environment=environment, folder=ROOT)
        print(run_once(launch, what="loading the sample data"))
    return 0
