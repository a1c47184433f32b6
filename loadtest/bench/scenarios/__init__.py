"""The scenarios, in the order in which they run. To add one: a file beside these, and its class in the list."""

from collections.abc import Mapping, Sequence

from loadtest.bench.scenario import Scenario
from loadtest.bench.scenarios.browse import Browse
from loadtest.bench.scenarios.flash_sale import FlashSale
from loadtest.bench.scenarios.growth import Growth
from loadtest.bench.scenarios.instances import Instances
from loadtest.bench.scenarios.quiet import Quiet
from loadtest.bench.scenarios.seats import Seats
from loadtest.bench.scenarios.sell_out import SellOut
from loadtest.bench.scenarios.spread import Spread
from loadtest.bench.scenarios.stampede import Stampede
from loadtest.bench.scenarios.steady_losing import SteadyLosing
from loadtest.bench.scenarios.viewers import Viewers

_ALL: Sequence[Scenario] = (
    Spread(),
    Stampede(),
    SteadyLosing(),
    SellOut(),
    FlashSale(),
    Quiet(),
    Browse(),
    Seats(),
    Viewers("viewers", "some_viewers", "Viewers: a sale that 1,000 people watch"),
    Viewers("viewers-5000", "many_viewers", "Viewers: a sale that 5,000 people watch"),
    Instances(),
    # Last: it leaves a large database behind.
    Growth(),
)
SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
