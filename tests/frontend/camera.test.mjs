import assert from "node:assert/strict";
import { test } from "node:test";

import { between, bringIntoSight, centreOn, fit, pan, zoom } from "../../frontend/seat-map/camera.js";

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

test("a point out of sight is brought in by the least move, clear of what lies over the map", () => {
  const insets = { top: 100, right: 0, bottom: 0, left: 0 };
  const camera = { scale: 10, x: 0, y: 0 };

  assert.deepEqual(bringIntoSight(camera, { x: 50, y: 5 }, SIZE, insets, 40), { scale: 10, x: 0, y: 90 });
  assert.deepEqual(bringIntoSight(camera, { x: 200, y: 50 }, SIZE, insets, 40), { scale: 10, x: -1040, y: 0 });
  assert.deepEqual(bringIntoSight(camera, { x: 50, y: 50 }, SIZE, insets, 40), camera);
});

test("a flight zooms evenly, about the point that both ends show in the same spot", () => {
  const from = { scale: 2, x: 0, y: 0 };
  const to = zoom(from, 16, { x: 300, y: 200 }, 2);

  const half = between(from, to, 0.5);

  assert.equal(half.scale, 8);
  assert.deepEqual(half, zoom(from, 4, { x: 300, y: 200 }, 2));
  assert.deepEqual(between(from, to, 0), from);
  assert.deepEqual(between(from, to, 1), to);
});

test("a flight at one scale goes straight", () => {
  assert.deepEqual(between({ scale: 5, x: 0, y: 10 }, { scale: 5, x: 100, y: 30 }, 0.5), { scale: 5, x: 50, y: 20 });
});
