import assert from "node:assert/strict";
import { test } from "node:test";

import { Look } from "../../frontend/seat-map/state.js";
import { Tally } from "../../frontend/seat-map/tally.js";
import { club } from "./halls.mjs";

test("what is left of a section follows every change", () => {
  const { plan } = club();
  const looks = new Uint8Array(plan.count);
  const tally = new Tally(plan);
  tally.count(looks);
  assert.deepEqual(tally.of(0, null), { free: 300, total: 300, own: 0, categories: [1] });

  for (const [index, look] of [[0, Look.BOOKED], [1, Look.CHOSEN], [2, Look.BLOCKED], [2, Look.AVAILABLE], [3, Look.BLOCKED]]) {
    tally.change(index, looks[index], look);
    looks[index] = look;
  }

  const again = new Tally(plan);
  again.count(looks);
  assert.deepEqual(tally.of(0, null), { free: 297, total: 299, own: 1, categories: [1] });
  assert.deepEqual(tally.of(0, null), again.of(0, null));
});

test("only the wanted prices count", () => {
  const { plan } = club();
  const tally = new Tally(plan);
  tally.count(new Uint8Array(plan.count));

  assert.deepEqual(tally.of(0, new Set([0])), { free: 0, total: 0, own: 0, categories: [] });
});
