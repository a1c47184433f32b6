"""The figures as a table: the median of the rounds with the smallest and largest, beside those of an empty page."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from loadtest.pages.visit import Visit

ROWS: tuple[tuple[str, Callable[[Visit], float], str], ...] = (
    ("largest paint (LCP), ms", lambda seen: seen.largest_paint, "1,800"),
    ("shifts (CLS)", lambda seen: seen.shift, "0.05"),
    ("blocked for (TBT), ms", lambda seen: seen.blocked, "150"),
    ("shows what it is for after, ms", lambda seen: seen.useful, ""),
    ("requests", lambda seen: seen.requests, ""),
    ("kB over the line", lambda seen: seen.kilobytes, ""),
)


def as_table(visits: Mapping[str, Sequence[Visit]]) -> str:
    """Markdown: a column for each page, the empty one first."""
    lines = [f"| | {' | '.join(visits)} | wanted |", f"|---|{'---:|' * len(visits)}---|"]
    for name, read, wanted in ROWS:
        cells = [_spread([read(seen) for seen in rounds]) for rounds in visits.values()]
        lines.append(f"| {name} | {' | '.join(cells)} | {wanted} |")
    for name, rounds in visits.items():
        if taps := sorted(tap for seen in rounds for tap in seen.taps):
            lines.append("")
            lines.append(
                f"A tap on a seat to the next frame ({name}, {len(taps)} taps): p50 {_rank(taps, 50):.0f}, "
                f"p75 {_rank(taps, 75):.0f}, most {taps[-1]:.0f} ms; wanted: p75 150, most 200."
            )
    return "\n".join(lines)


def _spread(values: Sequence[float]) -> str:
    digits = 3 if max(values) < 1 else 0
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f} … {max(values):,.{digits}f})"


def _rank(times: Sequence[float], percent: int) -> float:
    """Nearest-rank: always a time that was measured. `times` in order."""
    return times[max(0, -(-len(times) * percent // 100) - 1)]
