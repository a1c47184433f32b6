"""Auditing again and again: says what has changed, and now and then that it is still there."""

import time
from collections.abc import Callable, Mapping

from audit.inspection import CannotAudit, Report, Verdict
from audit.report import (
    COULD_NOT_RUN,
    FINDINGS,
    HEALTHY,
    as_document,
    as_json,
    explanation,
    failure_as_document,
    summary,
)

HEARTBEAT_S = 60.0
"""A line at least this often, also when nothing changes."""

Audit = Callable[[], Report]
"""One audit. Raises CannotAudit."""


class Watch:
    """The state between two audits, and what is said about it with `say` (one call, one piece of text)."""

    def __init__(
        self, audit: Audit, *, json: bool, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._audit = audit
        self._json = json
        self._say = say
        self._clock = clock
        self._seen: Mapping[str, int] | None = None
        self._silent_since = clock()
        self._has_found = False
        self._could_run = False

    @property
    def exit_code(self) -> int:
        """FINDINGS when there were any at any time; else whether the last audit could run."""
        if self._has_found:
            return FINDINGS
        return HEALTHY if self._could_run else COULD_NOT_RUN

    def look(self) -> None:
        """Audit once. A database that cannot be asked is news as well, and no reason to stop."""
        try:
            report = self._audit()
        except CannotAudit as failure:
            self._could_run = False
            self._tell(
                {"database": -1}, f"COULD NOT RUN: {failure}", as_json(failure_as_document(failure), indent=None)
            )
            return
        self._could_run = not report.errors
        self._has_found = self._has_found or bool(report.findings)
        odd = {one.invariant.name: one for one in (*report.findings, *report.errors)}
        state = {name: -1 if one.error is not None else one.found for name, one in odd.items()}
        self._tell(state, self._news(odd, state, report), as_json(as_document(report), indent=None))

    def _news(self, odd: Mapping[str, Verdict], state: Mapping[str, int], report: Report) -> str:
        seen = self._seen or {}
        changed = [line for name, one in odd.items() if seen.get(name) != state[name] for line in explanation(one)]
        over = [f"HOLDS AGAIN  {name}" for name in seen if name not in state and name != "database"]
        return "\n".join([*changed, *over, summary(report)])

    def _tell(self, state: Mapping[str, int], text: str, json: str) -> None:
        now = self._clock()
        if state == self._seen and now - self._silent_since < HEARTBEAT_S:
            return
        self._seen, self._silent_since = state, now
        self._say(json if self._json else text)


def watch(watch: Watch, *, every_s: float) -> int:
    """Look every `every_s` seconds, from the end of one audit to the beginning of the next, until Ctrl-C.

    Returns the exit code.
    """
    try:
        while True:
            watch.look()
            time.sleep(every_s)
    except KeyboardInterrupt:
        return watch.exit_code
