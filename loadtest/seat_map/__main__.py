"""`python -m loadtest.seat_map`: the map's budgets, measured in the Chromium of this machine."""

import argparse
import asyncio
import os
import sys

from loadtest.seat_map.browser import chromium, find_chromium, served
from loadtest.seat_map.plans import stadium, theatre
from loadtest.seat_map.report import as_table
from loadtest.seat_map.rounds import empty_round, map_round


async def measure(rounds: int) -> None:
    """Rounds take turns, so that a busy minute of the machine hits all alike."""
    halls = {"1,000 seats": theatre(), "50,000 seats": stadium()}
    empty = []
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in halls}
    load_before = os.getloadavg()[0]
    async with served() as address, chromium() as browser:
        for nth in range(rounds):
            print(f"round {nth + 1} of {rounds}", file=sys.stderr)
            empty.append(await empty_round(browser, address))
            for name, document in halls.items():
                taken[name].append(await map_round(browser, address, document))
        version = browser.version
    print(f"Chromium {version}, 1280 x 800, no graphics card; {os.cpu_count()} cores, ", end="")
    print(f"load average {load_before:.1f} before, {os.getloadavg()[0]:.1f} after; {rounds} rounds\n")
    for name, figures in taken.items():
        print(as_table(name, figures, empty), end="\n\n")


def main() -> int:
    """0 when it was measured; 2 when there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m loadtest.seat_map", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if find_chromium() is None:
        print("Chromium is not installed: apt-get install chromium", file=sys.stderr)
        return 2
    asyncio.run(measure(arguments.rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
