import assert from "node:assert/strict";
import { test } from "node:test";

import { LOST_MS, Marks, RING_MS } from "../../frontend/seat-map/marks.js";
import { Look } from "../../frontend/seat-map/state.js";

/** @param {[number, number][]} changes from one look to another, seat by seat */
function noted(changes) {
  const marks = new Marks();
  marks.note(
    changes.map((_, index) => index),
    Uint8Array.from(changes.map(([was]) => was)),
    Uint8Array.from(changes.map(([, is]) => is)),
    1_000,
  );
  return marks;
}

test("a change by somebody else rings, my own choice does not", () => {
  const marks = noted([[Look.AVAILABLE, Look.HELD], [Look.HELD, Look.AVAILABLE], [Look.AVAILABLE, Look.CHOSEN], [Look.CHOSEN, Look.AVAILABLE]]);

  assert.deepEqual([...marks.rings.keys()], [0, 1]);
  marks.expire(1_000 + RING_MS);
  assert.equal(marks.any, false);
});

test("a thousand changes at once are news, not a thousand rings", () => {
  assert.equal(noted(Array(1_000).fill([Look.AVAILABLE, Look.HELD])).rings.size, 0);
});

test("a seat I wanted that went to somebody else is crossed out for a while", () => {
  const marks = noted([[Look.PENDING, Look.HELD], [Look.CHOSEN, Look.BOOKED], [Look.PENDING, Look.MINE], [Look.MINE, Look.BOOKED]]);

  assert.deepEqual([...marks.lost.keys()], [0, 1]);
  marks.expire(1_000 + LOST_MS);
  assert.equal(marks.lost.size, 0);
});

test("a request is waited for until its answer", () => {
  const marks = noted([[Look.CHOSEN, Look.PENDING]]);
  assert.deepEqual([...marks.pending], [[0, 1_000]]);

  marks.note([0], Uint8Array.of(Look.PENDING), Uint8Array.of(Look.MINE), 1_200);
  assert.equal(marks.any, false);
});
