"""How many histories are made up, how long they are, and whether they are the same each time."""

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


@dataclass(frozen=True)
class Histories:
    """So many histories of at most so many steps."""

    count: int
    steps: int
    by_chance: bool = False
    """Others each time; without it, the same in every run, so that a run of all tests says the same twice."""
    shorten: bool = True
    """Look for the shortest history that goes wrong; without it, stop at the first."""

    def run(self, machine: type[RuleBasedStateMachine]) -> None:
        """Run them. Raises what the first one that went wrong has raised."""
        phases = [Phase.generate, Phase.shrink] if self.shorten else [Phase.generate]
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=self.count,
                stateful_step_count=self.steps,
                derandomize=not self.by_chance,
                database=None,
                deadline=None,
                phases=phases,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
                verbosity=Verbosity.normal,
            ),
        )
