"""Which fault when: from the seed alone, before anything runs. Same seed and terms, same schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from chaos.terms import Terms


@dataclass(frozen=True, slots=True)
class Planned:
    """One fault. `at_s` counts from the beginning of the workload; `lasts_s` is 0 for what happens in an instant.
    `skew_s`: by how much a clock is put forward, or back.
    """

    number: int
    at_s: float
    kind: str
    target: str
    lasts_s: float = 0.0
    count: int = 0
    skew_s: float = 0.0

    def __str__(self) -> str:
        lasts = f" for {self.lasts_s:.2f} s" if self.lasts_s else ""
        times = f" x {self.count}" if self.count else ""
        skew = f" by {self.skew_s:+.1f} s" if self.skew_s else ""
        return f"{self.at_s:7.2f} s  {self.kind} {self.target}{skew}{lasts}{times}"


# How many of each kind there are in one bag; it is emptied before the next is begun, so that even a short run meets
# most kinds, and a long one meets them in these proportions.
BAG = {
    "kill": ("booking", "booking", "booking", "auth", "events", "redis", "postgres"),
    "pause": ("booking", "booking", "booking", "auth", "events", "redis"),
    "stop immediately": ("postgres",),
    "flush": ("redis",),
    "hold commands": ("redis",),
    "end backend": ("postgres", "postgres"),
    "pause backend": ("postgres",),
    "cut at commit": ("link", "link", "link"),
    "cut": ("link",),
    "delay": ("link",),
    "swallow": ("link",),
    "lose news": ("news",),
    "delay news": ("news",),
    "set clock": ("booking", "booking", "booking", "auth", "events"),
}
GAP_S = (0.8, 2.6)
SKEWS_S = ((0.5, 4.5), (6.0, 60.0), (60.0, 300.0))
"""What nobody may notice, since access tokens are given five seconds; and what may be."""


def schedule(terms: Terms) -> Sequence[Planned]:
    """The faults of a run, in order of time. The first comes when there is something to break, the last ends in time to
    see the recovery within the run.
    """
    # S311 here and below: chance that can be repeated is the point.
    chance = Random(f"faults of {terms.seed}")  # noqa: S311
    planned: list[Planned] = []
    bag: list[tuple[str, str]] = []
    at_s = chance.uniform(0.5, 1.5)
    while at_s < terms.seconds - 1.0:
        if not bag:
            bag = [(kind, target) for kind, targets in BAG.items() for target in targets]
            chance.shuffle(bag)
        kind, target = bag.pop()
        planned.append(_planned(len(planned) + 1, at_s, kind, target, terms, chance))
        at_s += chance.uniform(*GAP_S)
    return planned


def _planned(number: int, at_s: float, kind: str, target: str, terms: Terms, chance: Random) -> Planned:
    if target in ("booking", "link", "news"):
        part = chance.choice(terms.booking_parts())
        target = part if target == "booking" else f"{target} of {part}"
    lasts_s, count, skew_s = 0.0, 0, 0.0
    if kind == "pause":
        lasts_s = chance.uniform(0.3, 3.0) * terms.hold_s
    elif kind in ("hold commands", "pause backend", "delay", "swallow", "lose news", "delay news"):
        lasts_s = chance.uniform(0.3, 1.5) * terms.hold_s
    elif kind == "cut at commit":
        count = chance.randint(1, 6)
    elif kind == "set clock":
        lasts_s = chance.uniform(0.5, 2.5) * terms.hold_s
        skew_s = chance.choice((1, -1)) * chance.uniform(*chance.choice(SKEWS_S))
    return Planned(number, round(at_s, 3), kind, target, round(lasts_s, 3), count, round(skew_s, 1))
