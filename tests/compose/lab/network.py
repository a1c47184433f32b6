"""Put the machine's network back as it was: an engine leaves firewall rules, a bridge and IP forwarding behind.

It matters beyond tidiness: its address translation stays in the way of every packet, also those from 127.0.0.1.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.compose.lab.shell import CommandFailed, run

FORWARDING = [
    Path("/proc/sys/net/ipv4/ip_forward"),
    Path("/proc/sys/net/ipv6/conf/all/forwarding"),
    Path("/proc/sys/net/ipv6/conf/default/forwarding"),
]
FAMILIES = ("iptables", "ip6tables")


@contextmanager
def kept_network() -> Iterator[None]:
    """Whatever happens inside to rules, bridges and forwarding is undone at the end."""
    rules = {family: _rules(family) for family in FAMILIES}
    forwarding = {path: path.read_text() for path in FORWARDING if path.exists()}
    bridges = _bridges()
    try:
        yield
    finally:
        for bridge in _bridges() - bridges:
            run(["ip", "link", "delete", bridge])
        for family, before in rules.items():
            _restore(family, before)
        for path, value in forwarding.items():
            path.write_text(value)


def _rules(family: str) -> str:
    try:
        return run([f"{family}-save"])
    except CommandFailed:
        return ""  # for example a kernel without IPv6


def _restore(family: str, before: str) -> None:
    for table in _tables(_rules(family)):
        for chain in ("INPUT", "FORWARD", "OUTPUT"):
            try:
                run([family, "-t", table, "-P", chain, "ACCEPT"])
            except CommandFailed:
                continue  # not every table has every chain
        run([family, "-t", table, "-F"])
        run([family, "-t", table, "-X"])
    if "-A " in before or "DROP" in before:
        run([f"{family}-restore"], given=before)


def _tables(saved: str) -> list[str]:
    return [line[1:] for line in saved.splitlines() if line.startswith("*")]


def _bridges() -> set[str]:
    return {path.parent.name for path in Path("/sys/class/net").glob("*/bridge")}
