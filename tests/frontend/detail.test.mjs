import assert from "node:assert/strict";
import { test } from "node:test";

import { FULLEST_STEP, Level, levelAt, nearSize, percentLeft, stepOf } from "../../frontend/seat-map/detail.js";

test("a stadium shows sections from afar, then dots, then seats", () => {
  assert.deepEqual([1.4, 4, 6, 12, 40].map((scale) => levelAt(scale, 1, 100)), [Level.SECTIONS, Level.SECTIONS, Level.DOTS, Level.SEATS, Level.SEATS]);
});

test("a hall of few sections shows its seats at any size", () => {
  assert.equal(levelAt(3, 1, 3), Level.DOTS);
});

test("on a fine screen seats are drawn one by one sooner", () => {
  assert.equal(levelAt(6, 2, 3), Level.SEATS);
});

test("a section's shade has five steps, and the last seat does not look like none", () => {
  assert.deepEqual([0, 1, 50, 100, 299, 300, 600, 1000].map((free) => stepOf(free, 1000)), [0, 1, 1, 2, 2, 3, 4, 4]);
  assert.equal(stepOf(1000, 1000), FULLEST_STEP);
  assert.equal(stepOf(0, 0), 0);
});

test("what is left is never rounded to nothing, nor to everything", () => {
  assert.deepEqual([0, 1, 500, 999, 1000].map((free) => percentLeft(free, 1000)), [0, 1, 50, 99, 100]);
});

test("while zooming, sprites are stretched by at most a tenth", () => {
  for (let pitch = 2; pitch < 130; pitch *= 1.01) assert.ok(Math.abs(nearSize(pitch) / pitch - 1) < 0.1);
});
