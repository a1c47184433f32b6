import assert from "node:assert/strict";
import { test } from "node:test";

import { posterOf } from "../../frontend/lib/poster.js";
import { saleState } from "../../frontend/lib/sale.js";

test("the same title gives the same poster, another one another", () => {
  assert.deepEqual(posterOf("Dune", "movie"), posterOf("Dune", "movie"));
  assert.notDeepEqual(posterOf("Dune", "movie"), posterOf("Dune 2", "movie"));
});

test("every kind of event has its motif, a new kind too, and every number is one", () => {
  const seen = new Set();
  for (const kind of ["movie", "concert", "theater", "comedy", "sports", "opera"]) {
    const { stops, shapes } = posterOf("Evening", kind);
    assert.equal(stops.length, 3);
    assert.ok(shapes.length);
    for (const shape of shapes) {
      const numbers = shape.kind === "circle" ? [shape.cx, shape.cy, shape.r, shape.stroke] : shape.points.flat();
      assert.ok(numbers.every(Number.isFinite), kind);
      assert.ok(shape.opacity > 0 && shape.opacity < 0.5, kind);
    }
    seen.add(JSON.stringify(shapes));
  }
  assert.equal(seen.size, 5); // what has no motif of its own looks like a concert
});

test("seats are on sale until the event begins, unless its sale is closed", () => {
  const start_time = "2025-12-12T19:30:00Z";
  const start = Date.parse(start_time);
  assert.equal(saleState({ status: "on_sale", start_time }, start - 1), "on_sale");
  assert.equal(saleState({ status: "closed", start_time }, start - 1), "closed");
  assert.equal(saleState({ status: "on_sale", start_time }, start), "started");
});
