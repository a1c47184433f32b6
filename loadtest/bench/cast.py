"""The contenders of one benchmark by name, each made at its first turn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from devstack.errors import StackError
from loadtest.bench.contenders.bare import Bare
from loadtest.bench.contenders.checkout import parts_of
from loadtest.bench.contenders.product import Product
from loadtest.bench.contenders.reference import Reference
from loadtest.bench.contenders.shop import OpenEvent, Shop
from loadtest.bench.stage import Stage

TITLES = {
    "product": "Frontrow",
    "other": "Frontrow, the other checkout",
    "keys": "Frontrow, with idempotency keys",
    "best": "Described design, best form",
    "literal": "Described design, literal",
    "pgbench": "pgbench, the product's tables",
    "pgbench-plain": "pgbench, plain tables",
    "compact": "Frontrow, frontrow.v1",
    "two": "Frontrow, two instances",
    "bare": "Bare ASGI endpoint, no I/O",
}


class Cast:
    """Who takes part. `stage` must be up as long as this is used; the product has `instances` of its instances.
    `other` is the folder of another checkout.
    """

    def __init__(self, stage: Stage, *, instances: int = 1, other: Path | None = None) -> None:
        self._stage = stage
        self._other = other
        self._instances = instances
        self._made: dict[str, Any] = {}

    def shop(self, name: str) -> Shop:
        """A seller of seats: product, other, keys, two, best or literal."""
        # The same shop: only its requests differ.
        if name in ("product", "keys"):
            return self.product
        made: Callable[[], Shop] = {
            "other": self._checkout,
            "two": lambda: Product(self._stage.stack, instances=2),
            "best": lambda: Reference(self._stage, name),
            "literal": lambda: Reference(self._stage, name),
        }[name]
        shop: Shop = self._once(name, made)
        return shop

    def standing_event(self, name: str, seats: int) -> OpenEvent:
        """An event of this shop that stays open, for readers."""
        event: OpenEvent = self._once(f"event of {name}", lambda: self.shop(name).open_events(1, seats=seats)[0])
        return event

    def _checkout(self) -> Product:
        if self._other is None:
            raise StackError("which other checkout? Give its folder: --against ../other-checkout")
        return Product(self._stage.another_stack(parts_of(self._other)), instances=self._instances)

    @property
    def product(self) -> Product:
        """What all this is about."""
        product: Product = self._once("product", lambda: Product(self._stage.stack, instances=self._instances))
        return product

    @property
    def bare(self) -> Bare:
        """The endpoint without anything behind it."""
        bare: Bare = self._once("bare", lambda: Bare(self._stage))
        return bare

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]
