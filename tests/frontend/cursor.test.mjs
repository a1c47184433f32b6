import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestIn, neighbour, neighbourSection, next, rowEnd } from "../../frontend/seat-map/cursor.js";
import { seatAt, sectionAt } from "../../frontend/seat-map/hit.js";
import { floorsOf } from "../../frontend/seat-map/floors.js";
import { decodePlan } from "../../frontend/seat-map/plan.js";
import { smallHall } from "./fixtures.mjs";
import { cabaret, club, ring, turnedBlock } from "./halls.mjs";

const DIRECTIONS = ["left", "right", "up", "down"];

/** Every place that arrow keys reach from one. */
function reached({ plan, floor }, from) {
  const seen = new Set([from]);
  for (const index of seen) for (const direction of DIRECTIONS) seen.add(neighbour(plan, floor, index, direction));
  return seen;
}

test("arrow keys go to the nearest seat that way, also over an aisle", () => {
  const plan = decodePlan(smallHall());
  const [ground] = floorsOf(plan);

  assert.equal(neighbour(plan, ground, 0, "right"), 1);
  assert.equal(neighbour(plan, ground, 5, "right"), 6);
  assert.equal(neighbour(plan, ground, 0, "down"), 4);
  assert.equal(neighbour(plan, ground, 4, "up"), 0);
  assert.equal(neighbour(plan, ground, 0, "left"), 0);
});

test("arrow keys stay on their floor", () => {
  const plan = decodePlan(smallHall());
  const [ground, upper] = floorsOf(plan);

  assert.equal(neighbour(plan, ground, 4, "down"), 4);
  assert.equal(neighbour(plan, upper, 7, "up"), 7);
});

test("arrow keys reach every seat of a block, however it is turned", () => {
  for (let degrees = 0; degrees < 360; degrees += 5) {
    const block = turnedBlock(degrees);
    for (const corner of [0, 29]) assert.equal(reached(block, corner).size, block.plan.count, `turned by ${degrees}°, from ${corner}`);
  }
});

test("no table is a trap: from any chair, arrow keys reach every other and the table sold whole", () => {
  const hall = cabaret();
  for (const index of [0, 26, 53, 54]) assert.equal(reached(hall, index).size, hall.plan.count, `from ${index}`);
});

test("arrow keys go around an arena, from block to block", () => {
  const hall = ring();
  for (const index of [0, 100, 263]) assert.equal(reached(hall, index).size, hall.plan.count, `from ${index}`);
});

test("a standing area is one stop on the way", () => {
  const { plan, floor } = club();
  const seat = plan.sections[1].start;

  assert.equal(neighbour(plan, floor, seat, "up"), plan.sections[0].start);
  assert.equal(neighbour(plan, floor, plan.sections[0].start, "down"), nearestIn(plan, 1, { x: 12.5, y: 8.5 }, () => true));
});

test("from afar, arrow keys go from section to section", () => {
  const { floor } = ring();

  // The first stands below the middle; the angle grows to the right.
  assert.equal(neighbourSection(floor, 0, "right"), 1);
  assert.equal(neighbourSection(floor, 0, "left"), 7);
  assert.equal(neighbourSection(floor, 0, "up"), 4);
  assert.equal(neighbourSection(floor, 0, "down"), 0);
});

test("Home and End are the ends of a row or table; a standing area has none", () => {
  const { plan } = club();
  const { start, end } = plan.sections[1];

  assert.deepEqual([rowEnd(plan, start + 1, "first"), rowEnd(plan, start + 1, "last")], [start, end - 1]);
  assert.equal(rowEnd(plan, 0, "last"), 0);
});

test("the next place that answers is looked for around the end, and a standing area asks once", () => {
  const { plan } = club();
  const asked = [];

  assert.equal(next(plan, plan.count - 2, (index) => index === 2 || index === 301), 301);
  assert.equal(next(plan, 300, (index) => (asked.push(index), false)), -1);
  assert.deepEqual(asked.filter((index) => index < 300), [0]);
});

test("a point finds the nearest seat within reach, or none", () => {
  const plan = decodePlan(smallHall());
  const [ground, upper] = floorsOf(plan);

  assert.equal(seatAt(plan, ground, 2.2, 2.1, 0.6), 1);
  assert.equal(seatAt(plan, ground, 3.5, 4.5, 0.6), -1);
  assert.equal(seatAt(plan, upper, 2.2, 2.1, 0.6), -1);
});

test("a table that is sold whole is met anywhere on it, the places of a standing area nowhere", () => {
  const tables = cabaret();
  const standing = club();

  assert.equal(seatAt(tables.plan, tables.floor, 21.6, 10, 0.5), 54);
  assert.equal(seatAt(standing.plan, standing.floor, 12.5, 8.5, 0.5), -1);
  assert.equal(sectionAt(standing.floor, 12.5, 8.5), 0);
  assert.equal(sectionAt(standing.floor, 12.5, 13), -1);
});
