import assert from "node:assert/strict";
import { test } from "node:test";

import { contains, middleOf, roomAt } from "../../frontend/seat-map/outline.js";

const SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4]];
/** Open to the right. */
const C_SHAPE = [[0, 0], [6, 0], [6, 1], [1, 1], [1, 5], [6, 5], [6, 6], [0, 6]];

test("a point lies inside an outline or not, also of a bent one", () => {
  assert.ok(contains(SQUARE, 2, 2));
  assert.ok(!contains(SQUARE, 5, 2));
  assert.ok(contains(C_SHAPE, 0.5, 3));
  assert.ok(!contains(C_SHAPE, 3, 3));
});

test("a name stands in the middle of the area, and inside even of a bent outline", () => {
  assert.deepEqual(middleOf(SQUARE), { x: 2, y: 2 });
  const middle = middleOf(C_SHAPE);
  assert.ok(contains(C_SHAPE, middle.x, middle.y));
});

test("a line of text has as much room as all of its height has", () => {
  const triangle = [[0, 0], [8, 0], [4, 8]];

  assert.equal(roomAt(SQUARE, { x: 2, y: 2 }, 1), 4);
  assert.equal(roomAt(SQUARE, { x: 1, y: 2 }, 1), 2);
  assert.equal(roomAt(triangle, { x: 4, y: 4 }, 2), 3);
  assert.equal(roomAt(SQUARE, { x: 2, y: 2 }, 5), 0);
});
