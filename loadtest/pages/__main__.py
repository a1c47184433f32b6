"""`python -m loadtest.pages`: what the pages of a running copy cost a slow phone on a slow line."""

import argparse
import asyncio
import os
import sys

from loadtest.pages.report import as_table
from loadtest.pages.visit import CPU_SLOWDOWN, SLOW_4G, Subject, Visit, visit
from loadtest.seat_map.browser import chromium, find_chromium


def subjects(event: int) -> tuple[Subject, ...]:
    """What is loaded, the page with nothing on it first."""
    return (
        Subject("a text of 2 kB", "/languages/choose.js", "pre"),
        Subject("what is on", "/", "#events li.card"),
        Subject("an event", f"/event.html?event={event}", ".prices li"),
        Subject("its seats", f"/seats.html?event={event}", "button.offer", taps=True),
        Subject("sign in", "/sign-in.html", "#field-email"),
    )


async def measure(url: str, event: int, rounds: int) -> None:
    """Rounds take turns, so that a busy minute of the machine hits all alike."""
    pages = subjects(event)
    taken: dict[str, list[Visit]] = {subject.name: [] for subject in pages}
    load_before = os.getloadavg()[0]
    async with chromium() as browser:
        for nth in range(rounds):
            print(f"round {nth + 1} of {rounds}", file=sys.stderr)
            for subject in pages:
                taken[subject.name].append(await visit(browser, url, subject))
        version = browser.version
    print(
        f"Chromium {version}, 390 x 844, processor slowed down {CPU_SLOWDOWN} times, {SLOW_4G['latency']} ms and "
        f"1.6 Mbit/s; {os.cpu_count()} cores, load average {load_before:.1f} before, {os.getloadavg()[0]:.1f} after; "
        f"{rounds} rounds\n"
    )
    print(as_table(taken))


def main() -> int:
    """0 when it was measured; 2 when there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m loadtest.pages", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="a running copy")
    parser.add_argument("--event", type=int, default=1, help="whose pages are loaded")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if find_chromium() is None:
        print("Chromium is not installed: apt-get install chromium", file=sys.stderr)
        return 2
    asyncio.run(measure(arguments.url, arguments.event, arguments.rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
