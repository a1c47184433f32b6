"""The contenders of one benchmark by name, each made at its first turn."""

from collections.abc import Callable
from typing import Any

from loadtest.bench.contenders.bare import Bare
from loadtest.bench.contenders.product import Product
from loadtest.bench.contenders.reference import Reference
from loadtest.bench.contenders.shop import Shop
from loadtest.bench.stage import Stage

TITLES = {
    "product": "Frontrow",
    "keys": "Frontrow, with idempotency keys",
    "best": "Described design, best form",
    "literal": "Described design, literal",
    "bare": "Bare ASGI endpoint, no I/O",
}


class Cast:
    """Who takes part. `stage` must be up as long as this is used."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._made: dict[str, Any] = {}

    def shop(self, name: str) -> Shop:
        """A seller of seats: product, keys, best or literal."""
        # The same shop: only its requests differ.
        if name in ("product", "keys"):
            return self.product
        shop: Shop = self._once(name, lambda: Reference(self._stage, name))
        return shop

    @property
    def product(self) -> Product:
        """What all this is about."""
        product: Product = self._once("product", lambda: Product(self._stage.stack))
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
