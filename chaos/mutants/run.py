"""`python -m chaos.mutants.run NAME --port N`: the booking service with one planted bug."""

import runpy
import sys

from chaos.mutants.surgery import OPERATIONS


def main() -> None:
    """Plant, then become the service."""
    name = sys.argv.pop(1)
    if name in OPERATIONS:
        OPERATIONS[name]()
    runpy.run_module("booking_service", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
