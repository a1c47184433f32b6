"""The scenarios, in the order in which they run. To add one: a file beside these, and its class in the list."""

from collections.abc import Mapping

from loadtest.bench.scenario import Scenario
from loadtest.bench.scenarios.quiet import Quiet
from loadtest.bench.scenarios.sell_out import SellOut
from loadtest.bench.scenarios.spread import Spread
from loadtest.bench.scenarios.stampede import Stampede

SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in (Spread(), Stampede(), SellOut(), Quiet())}
