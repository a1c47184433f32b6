import assert from "node:assert/strict";
import { test } from "node:test";

import { commandOf } from "../../frontend/seat-map/keys.js";
import { rowsAround } from "../../frontend/seat-map/mirror.js";
import { placeAfter, sectionAfter } from "../../frontend/seat-map/walk.js";
import { club, largeBlock, ring } from "./halls.mjs";

const press = (key, held = {}) => commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });
const anything = () => true;

test("keys with Ctrl, Alt or the command key stay the browser's, as does Tab", () => {
  assert.deepEqual(press("+"), { do: "zoom", factor: 1.6 });
  assert.equal(press("+", { ctrlKey: true }), null);
  assert.equal(press("ArrowLeft", { altKey: true }), null);
  assert.equal(press("Tab"), null);
});

test("Page Down goes through all sections of all floors, and around", () => {
  const { plan, floors } = club();
  const [area, back, upstairs] = plan.sections.map(({ start }) => start);
  const floorOf = (index) => floors[index < upstairs ? 0 : 1];
  const after = (key, from) => placeAfter(press(key), { plan, floor: floorOf(from), from, isFree: anything });

  assert.equal(plan.row[after("PageDown", area)], plan.row[back]);
  assert.equal(plan.row[after("PageDown", back)], plan.row[upstairs]);
  assert.equal(after("PageDown", upstairs), area);
  assert.equal(plan.row[after("PageUp", area)], plan.row[upstairs]);
});

test("Page Down goes to a free seat rather than to the nearest", () => {
  const { plan, floor } = club();
  const free = plan.sections[1].end - 1;

  assert.equal(placeAfter(press("PageDown"), { plan, floor, from: 0, isFree: (index) => index === free }), free);
});

test("N goes to the next available place, and stays when there is none", () => {
  const { plan, floor } = club();

  assert.equal(placeAfter(press("n"), { plan, floor, from: 0, isFree: (index) => index === 302 }), 302);
  assert.equal(placeAfter(press("N"), { plan, floor, from: 5, isFree: () => false }), 5);
});

test("from afar the same keys go through sections", () => {
  const { plan, floor } = ring();
  const after = (key, from, hasFree = anything) => sectionAfter(press(key), { plan, floor, from, hasFree });

  assert.equal(after("ArrowRight", 0), 1);
  assert.deepEqual([after("Home", 5), after("End", 5)], [0, 7]);
  assert.deepEqual([after("PageDown", 7), after("PageUp", 0)], [0, 7]);
  assert.equal(after("n", 2, (section) => section === 1), 1);
});

test("a section too large to mirror shows the rows around the current one", () => {
  const { plan } = largeBlock(100, 50);

  assert.deepEqual(rowsAround(plan.rows, 50, 600), [45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56].map((nth) => nth));
  assert.deepEqual(rowsAround(plan.rows, 0, 600), [...Array(12).keys()]);
  assert.deepEqual(rowsAround(plan.rows, 99, 120), [98, 99]);
  assert.deepEqual(rowsAround(plan.rows, 7, 10), [7]);
});
