"""The figures as a table: the median of the rounds with the smallest and largest, beside those of the empty page."""

from collections.abc import Sequence
from statistics import median

from loadtest.seat_map.rounds import Figures


def as_table(name: str, rounds: Sequence[Figures], empty: Sequence[Figures]) -> str:
    """Markdown."""
    floor = {figure: median(each[figure] for each in empty) for figure in empty[0]}
    lines = [f"| {name} | median (min … max) | beside the empty page |", "|---|---:|---|"]
    for figure in rounds[0]:
        values = [each[figure] for each in rounds]
        if figure == "heap":
            over = [(value - floor["heap"]) / 2**20 for value in values]
            lines.append(
                f"| heap above the empty page | {_spread(over)} MiB | empty: {floor['heap'] / 2**20:.1f} MiB |"
            )
            continue
        compared = ""
        if figure.endswith("frames apart, p50"):
            compared = f"{median(values) / floor['frames apart, p50']:.1f} times"
        lines.append(f"| {figure} | {_spread(values)} ms | {compared} |")
    return "\n".join(lines)


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.1f} ({min(values):.1f} … {max(values):.1f})"
