"""The rooms that the admin page offers are the rooms that the events service can build."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from events_service.seat_plans import TEMPLATES, price_table
from events_service.seat_plans.registry import EVENT_TYPES

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "frontend" / "lib" / "event-types.js"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="no node: apt-get install nodejs")


@needs_node
@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_the_page_suggests_the_prices_that_the_service_would_reckon(template: str) -> None:
    room = TEMPLATES[template].build(capacity=400)
    plan, painting = (ROOT / "frontend" / name for name in ("seat-map/plan.js", "pages/organiser/painting.js"))
    script = f"""
        import {{ decodePlan }} from {json.dumps(plan.as_uri())};
        import {{ suggestedPrices }} from {json.dumps(painting.as_uri())};
        const plan = decodePlan({room.document().decode()});
        console.log(JSON.stringify([990, 2400].map((base) => suggestedPrices(plan, base))));
    """
    command = [shutil.which("node") or "node", "--input-type=module", "--eval", script]
    # Our own script, run by the node on PATH.
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout  # noqa: S603

    assert json.loads(printed) == [list(price_table(room, base).values()) for base in (990, 2400)]


@needs_node
def test_the_admin_page_offers_the_rooms_of_the_registry() -> None:
    script = f"import {{ EVENT_TYPES }} from {json.dumps(MODULE.as_uri())}; console.log(JSON.stringify(EVENT_TYPES));"
    command = [shutil.which("node") or "node", "--input-type=module", "--eval", script]
    # Our own script, run by the node on PATH.
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout  # noqa: S603

    offered = {
        kind["value"]: [(room["value"], room["seats"]) for room in kind["rooms"]] for kind in json.loads(printed)
    }

    assert offered == {
        kind: [(factory.name, factory.build().seat_count) for factory in factories]
        for kind, factories in EVENT_TYPES.items()
    }
