"""`python -m tests.compose.lab 'docker compose up -d --wait; ...'`: one command with an engine around it."""

import argparse
import subprocess

from tests.compose.lab.engine import open_engine


def main() -> int:
    """Parse the command line, run the command, give back its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.compose.lab", description=__doc__)
    parser.add_argument("command", help="what to run, for the shell")
    command = parser.parse_args().command
    with open_engine() as environment:
        # A person types this command to have it run.
        return subprocess.run(["bash", "-c", command], env=environment, check=False).returncode  # noqa: S603, S607


if __name__ == "__main__":
    raise SystemExit(main())
