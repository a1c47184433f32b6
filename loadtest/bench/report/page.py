"""The report as one HTML file: no scripts, nothing from elsewhere."""

from collections.abc import Iterator
from html import escape

from loadtest.bench.goals import outcomes
from loadtest.bench.report.plots import Bar, bars
from loadtest.bench.report.run import Run, cell, columns, titles
from loadtest.bench.report.text import check_lines, shown
from loadtest.bench.scenario import Scenario

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 1240px; color: #1a1a1a;
  background: #fff }
table { border-collapse: collapse; font-size: 13px; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums }
th, td { padding: .2rem .8rem; border-bottom: 1px solid #ddd; text-align: right } th:first-child, td:first-child
  { text-align: left }
.wide { overflow-x: auto }
svg { width: 100%; max-width: 900px; height: auto; display: block; margin: .5rem 0 } svg text { font: 13px system-ui,
  sans-serif; fill: #333 } svg .title { font-weight: 600 }
.ours { fill: #2f7d4f } .other { fill: #b9b5aa } .range { stroke: #1a1a1a; stroke-width: 2 }
.reached { color: #1d6b3e } .missed { color: #b03a10 } .note { font-size: 12px; color: #555; font-family: monospace }
"""


def as_page(run: Run) -> str:
    """The whole page."""
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width"><title>Frontrow benchmark</title>',
            f"<style>{_STYLE}</style></head><body><h1>Frontrow benchmark</h1>",
            *_configuration(run),
            *_goals(run),
            *(part for scenario in run.scenarios for part in _scenario(run, scenario)),
            "<h2>Checks</h2><ul>",
            *(f"<li>{escape(line.strip())}</li>" for line in check_lines(run.results)),
            "</ul></body></html>",
        ]
    )


def _configuration(run: Run) -> Iterator[str]:
    yield "<table>"
    for name, value in run.configuration.items():
        yield f'<tr><th scope="row">{escape(name)}</th><td style="text-align: left">{escape(value)}</td></tr>'
    yield "</table>"


def _goals(run: Run) -> Iterator[str]:
    reported = outcomes(run.results)
    if not reported:
        return
    yield "<h2>Goals</h2><p>Reported, never tested: machines differ. Ratios compare the two sides of one round.</p>"
    yield '<div class="wide"><table><tr><th>goal</th><th>wanted</th><th>measured</th><th>verdict</th></tr>'
    for outcome in reported:
        goal = outcome.goal
        kind = "reached" if outcome.verdict == "reached" else "missed"
        wanted = f"{goal.better} {goal.target:g} {goal.unit}"
        yield (
            f"<tr><td>{escape(f'{goal.scenario}: {goal.sentence}')}</td><td>{escape(wanted)}</td>"
            f"<td>{escape(shown(outcome.measured, goal.digits, goal.unit))}</td>"
            f'<td class="{kind}">{outcome.verdict}</td></tr>'
        )
    yield "</table></div>"


def _scenario(run: Run, scenario: Scenario) -> Iterator[str]:
    yield f"<h2>{escape(scenario.title)}</h2><p>{escape(scenario.about)}</p>"
    yield from _plots(run, scenario)
    heads = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles(scenario, run.results))
    yield f'<div class="wide"><table><tr><th>median (min … max)</th>{heads}</tr>'
    for label, cells in columns(scenario, run.results):
        values = "".join(f"<td>{escape(text)}</td>" for text in cells)
        yield f'<tr><th scope="row">{escape(label)}</th>{values}</tr>'
    yield "</table></div>"
    if (audited := run.results.audits.get(scenario.name)) is not None:
        yield f"<p>{'pass' if audited.passed else 'FAIL'}: {escape(audited.sentence)} {escape(audited.seen)}</p>"
    yield from _notes(run, scenario)


def _plots(run: Run, scenario: Scenario) -> Iterator[str]:
    contenders = list(zip(run.results.of(scenario.name), titles(scenario, run.results), strict=True))
    for metric in scenario.metrics:
        if metric.plotted:
            rows = [
                Bar(title, summary, cell(run.results, scenario.name, name, metric), ours=title.startswith("Frontrow"))
                for name, title in contenders
                if (summary := run.results.summary(scenario.name, name, metric.name)) is not None
            ]
            unit = " per second" if metric.unit == "/s" else f", {metric.unit}" if metric.unit else ""
            yield bars(f"{metric.label}{unit}", rows)


def _notes(run: Run, scenario: Scenario) -> Iterator[str]:
    for name, samples in run.results.of(scenario.name).items():
        for note in samples[-1].notes:
            yield f'<p class="note">{escape(name)}: {escape(note)}</p>'
