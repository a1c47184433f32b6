import assert from "node:assert/strict";
import { test } from "node:test";

import { neighbour, seatAt } from "../../frontend/seat-map/cursor.js";
import { decodePlan } from "../../frontend/seat-map/plan.js";
import { smallHall } from "./fixtures.mjs";

test("arrow keys go to the nearest seat that way, over gaps and between sections", () => {
  const plan = decodePlan(smallHall());

  assert.equal(neighbour(plan, 0, "right"), 1);
  assert.equal(neighbour(plan, 5, "right"), 6);
  assert.equal(neighbour(plan, 0, "down"), 4);
  assert.equal(neighbour(plan, 4, "down"), 7);
  assert.equal(neighbour(plan, 7, "up"), 4);
  assert.equal(neighbour(plan, 0, "left"), 0);
});

test("a point finds the nearest seat within reach, or none", () => {
  const plan = decodePlan(smallHall());

  assert.equal(seatAt(plan, 2.2, 2.1, 0.6), 1);
  assert.equal(seatAt(plan, 3.5, 4.5, 0.6), -1);
});
