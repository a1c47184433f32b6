"""Bars with their range, as SVG: one for each contender. No library, no script."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from loadtest.bench.results import Summary

_WIDTH, _LABEL, _VALUE, _ROW = 900, 250, 190, 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One contender. `ours` has another colour; `text` stands behind the bar."""

    label: str
    summary: Summary
    text: str
    ours: bool


def bars(title: str, rows: Sequence[Bar]) -> str:
    """A bar to the median, a line from the smallest to the largest. From a hundredfold on the scale is logarithmic."""
    values = [value for row in rows for value in (row.summary.min, row.summary.max)]
    positive = [value for value in values if value > 0]
    if not positive:
        return ""
    logarithmic = max(positive) / min(positive) >= 100
    scale = _logarithmic(positive) if logarithmic else _linear(positive)
    height = len(rows) * _ROW + 34
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">',
        f'<text class="title" x="0" y="14">{escape(title)}{" (logarithmic)" if logarithmic else ""}</text>',
    ]
    for number, row in enumerate(rows):
        parts += _row(row, 26 + number * _ROW, scale)
    return "\n".join([*parts, "</svg>"])


def _row(row: Bar, y: int, scale: "_Scale") -> list[str]:
    middle = y + _ROW / 2 - 3
    begin, median, end = (_LABEL + scale(value) for value in (row.summary.min, row.summary.median, row.summary.max))
    kind = "ours" if row.ours else "other"
    return [
        f'<text x="{_LABEL - 8}" y="{middle + 4:.0f}" text-anchor="end">{escape(row.label)}</text>',
        f'<rect class="{kind}" x="{_LABEL}" y="{y}" width="{max(median - _LABEL, 1):.1f}" height="{_ROW - 8}"/>',
        f'<line class="range" x1="{begin:.1f}" x2="{end:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>',
        f'<text x="{max(median, end) + 8:.1f}" y="{middle + 4:.0f}">{escape(row.text)}</text>',
    ]


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a value to pixels."""

    low: float
    high: float
    logarithmic: bool

    def __call__(self, value: float) -> float:
        if self.logarithmic:
            value = math.log10(max(value, 10**self.low))
        share = (value - self.low) / (self.high - self.low or 1)
        return max(0.0, min(1.0, share)) * (_WIDTH - _LABEL - _VALUE)


def _linear(values: Sequence[float]) -> _Scale:
    return _Scale(0.0, max(values), logarithmic=False)


def _logarithmic(values: Sequence[float]) -> _Scale:
    # A decade below the smallest, so that its bar can be seen.
    return _Scale(math.floor(math.log10(min(values))), math.log10(max(values)), logarithmic=True)
