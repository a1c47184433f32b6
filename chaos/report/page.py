"""Pages for a browser. A run: the text, and a timeline of answers, unknown outcomes and faults. A series: its runs,
each with a link to its own page. No scripts.
"""

from collections import Counter
from collections.abc import Iterator
from html import escape

from chaos.checker.history import History
from chaos.records import Fault, Try
from chaos.report.series import COLUMNS, Series, cells

_WIDTH, _HEIGHT, _LANE = 1000, 160, 15
_LEFT, _TOP = 170, 20

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1240px; color: #1a1a1a; background: #fff }
pre { font-size: 13px; line-height: 1.4; overflow-x: auto; background: #f6f6f4; padding: 1rem }
svg { width: 100%; height: auto } svg text { font: 11px system-ui, sans-serif; fill: #444 }
.done { fill: #2f7d4f } .refused { fill: #c9c6bd } .unknown { fill: #c2410c }
table { border-collapse: collapse } th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #ddd }
.fault { fill: #7a4fbf } .missed { fill: #bbb } .grid { stroke: #ddd }
"""


def as_page(title: str, text: str, history: History) -> str:
    """The whole page, in one file."""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style></head>
<body><h1>{escape(title)}</h1>
<p>Answers per second: green were done, grey were refused, orange have an unknown outcome (no answer, or 503). Below,
what was broken, and for how long; point at a mark for more.</p>
{_timeline(history)}
<pre>{escape(text)}</pre></body></html>
"""


def series_page(series: Series, text: str) -> str:
    """The page of several runs, beside the folders of the runs."""
    title = f"Chaos, {len(series.runs)} runs"
    head = "".join(f"<th>{escape(column)}</th>" for column in COLUMNS)
    rows = "\n".join(
        f'<tr><td><a href="seed-{run.seed}/report.html">{escape(seed)}</a></td>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for run, (seed, *rest) in ((run, cells(run)) for run in series.runs)
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style></head>
<body><h1>{escape(title)}</h1>
<table><thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody></table>
<pre>{escape(text)}</pre></body></html>
"""


def _timeline(history: History) -> str:
    start = history.start.at
    end = max([one.returned for one in history.tries] + [fault.end for fault in history.faults] + [start + 1])
    seconds = int(end - start) + 1
    lanes = sorted({fault.target for fault in history.faults})
    height = _TOP + _HEIGHT + 25 + _LANE * len(lanes)
    parts = [
        f'<svg viewBox="0 0 {_LEFT + _WIDTH + 10} {height}" role="img" aria-label="Answers per second and faults">',
        *_bars(history, seconds),
        *_axis(seconds),
        *(_mark(fault, start, seconds, lanes.index(fault.target)) for fault in history.faults),
        *(
            f'<text x="{_LEFT - 8}" y="{_lane_y(lane) + 9}" text-anchor="end">{escape(target)}</text>'
            for lane, target in enumerate(lanes)
        ),
        "</svg>",
    ]
    return "\n".join(parts)


def _bars(history: History, seconds: int) -> Iterator[str]:
    counts = {kind: Counter[int]() for kind in ("done", "refused", "unknown")}
    for one in history.tries:
        counts[_came_to(one)][int(one.returned - history.start.at)] += 1
    highest = max((sum(counts[kind][n] for kind in counts) for n in range(seconds)), default=0) or 1
    width = _WIDTH / seconds
    for second in range(seconds):
        y = float(_TOP + _HEIGHT)
        for kind, count in counts.items():
            height = _HEIGHT * count[second] / highest
            y -= height
            if height:
                yield (
                    f'<rect class="{kind}" x="{_LEFT + second * width:.1f}" y="{y:.1f}" width="{width * 0.9:.1f}" '
                    f'height="{height:.1f}"><title>second {second}: {count[second]} {kind}</title></rect>'
                )
    yield f'<text x="{_LEFT - 8}" y="{_TOP + 8}" text-anchor="end">{highest} a second</text>'


def _came_to(one: Try) -> str:
    if one.status is None or one.status >= 500:
        return "unknown"
    return "done" if one.status < 300 else "refused"


def _axis(seconds: int) -> Iterator[str]:
    step = next(step for step in (5, 10, 30, 60, 300, 3600) if seconds / step <= 15 or step == 3600)
    for second in range(0, seconds, step):
        x = _LEFT + second * _WIDTH / seconds
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_TOP + _HEIGHT + 5}"/>'
        yield f'<text x="{x:.1f}" y="{_TOP + _HEIGHT + 17}" text-anchor="middle">{second} s</text>'


def _mark(fault: Fault, start: float, seconds: int, lane: int) -> str:
    scale = _WIDTH / seconds
    x, width = _LEFT + (fault.begin - start) * scale, max((fault.end - fault.begin) * scale, 3.0)
    told = f"{fault.begin - start:.2f} s: {fault.kind} {fault.target} {fault.missed or fault.facts}"
    return (
        f'<rect class="{"missed" if fault.missed else "fault"}" x="{x:.1f}" y="{_lane_y(lane)}" width="{width:.1f}" '
        f'height="{_LANE - 4}"><title>{escape(told)}</title></rect>'
    )


def _lane_y(lane: int) -> int:
    return _TOP + _HEIGHT + 25 + lane * _LANE
