import assert from "node:assert/strict";
import { test } from "node:test";

import { centreOn, fit, pan, zoom } from "../../frontend/seat-map/camera.js";

const BOUNDS = { left: 0, top: 0, right: 100, bottom: 50 };
const SIZE = { width: 1000, height: 800 };
const NO_INSETS = { top: 0, right: 0, bottom: 0, left: 0 };

test("fit shows everything, in the middle", () => {
  assert.deepEqual(fit(BOUNDS, SIZE, NO_INSETS), { scale: 10, x: 0, y: 150 });
});

test("fit leaves room for controls", () => {
  const camera = fit(BOUNDS, SIZE, { top: 0, right: 200, bottom: 0, left: 0 });

  assert.equal(camera.scale, 8);
  assert.equal(camera.x + BOUNDS.right * camera.scale, 800);
});

test("zoom keeps the point under the pointer where it is", () => {
  const before = fit(BOUNDS, SIZE, NO_INSETS);
  const after = zoom(before, 2, { x: 300, y: 400 }, before.scale);

  assert.equal(after.scale, 20);
  assert.equal((300 - after.x) / after.scale, (300 - before.x) / before.scale);
});

test("zoom stops at a comfortable seat and a little beyond everything", () => {
  const fitted = fit(BOUNDS, SIZE, NO_INSETS);

  assert.equal(zoom(fitted, 1000, { x: 0, y: 0 }, fitted.scale).scale, 64);
  assert.equal(zoom(fitted, 0.001, { x: 0, y: 0 }, fitted.scale).scale, 8);
});

test("the map cannot be dragged out of sight", () => {
  const fitted = fit(BOUNDS, SIZE, NO_INSETS);

  const camera = pan(fitted, 99_999, -99_999, BOUNDS, SIZE);

  assert.equal(camera.x, SIZE.width - 80);
  assert.equal(camera.y + BOUNDS.bottom * camera.scale, 80);
});

test("a seat can be put in the middle", () => {
  assert.deepEqual(centreOn({ x: 10, y: 10 }, 30, SIZE), { scale: 30, x: 200, y: 100 });
});
