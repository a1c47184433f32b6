import assert from "node:assert/strict";
import { test } from "node:test";

import { neighbour, seatAt } from "../../frontend/seat-map/cursor.js";
import { PlanError, decodePlan, groupSeats, seatName } from "../../frontend/seat-map/plan.js";
import { smallHall } from "./fixtures.mjs";

test("seats are numbered in order of appearance over sections and rows", () => {
  const plan = decodePlan(smallHall());

  assert.equal(plan.count, 9);
  assert.deepEqual(plan.rows.map(({ label, section, start, end }) => [label, section, start, end]), [["A", 0, 0, 4], ["B", 0, 4, 7], ["A", 1, 7, 9]]);
  assert.deepEqual([plan.x[6], plan.y[6]], [4, 1]);
  assert.equal(plan.categories[plan.category[7]].key, "value");
});

test("a seat's name says section, row and number", () => {
  const plan = decodePlan(smallHall());

  assert.equal(seatName(plan, 2), "Stalls, row A, seat 3");
  assert.equal(seatName(plan, 8), "Circle, row A, seat 2");
});

test("flags are kept in words, for the seats that have any", () => {
  const plan = decodePlan(smallHall());

  assert.deepEqual([...plan.flags], [[3, ["wheelchair space"]]]);
});

test("a tier beyond the palette takes its last colour", () => {
  assert.deepEqual(decodePlan(smallHall()).categories.map(({ tier }) => tier), [1, 3, 5]);
});

test("the bounds hold every seat and every object", () => {
  assert.deepEqual(decodePlan(smallHall()).bounds, { left: -0.5, top: -4, right: 6, bottom: 4.5 });
});

test("a rectangle becomes a polygon", () => {
  assert.deepEqual(decodePlan(smallHall()).objects[0].polygon, [[0, -2], [6, -2], [6, -1], [0, -1]]);
});

test("another format, and a category nobody declared, are refused", () => {
  assert.throws(() => decodePlan({ format: "seatplan/2" }), PlanError);
  const hall = smallHall();
  hall.sections[0].rows[0].seats[0][3] = "missing";
  assert.throws(() => decodePlan(hall), PlanError);
});

test("neighbours of one row and price become one line, in any order of choosing", () => {
  const plan = decodePlan(smallHall());

  const lines = groupSeats(plan, [1, 8, 0, 2, 3, 7]).map(({ label, indices }) => [label, indices]);

  assert.deepEqual(lines, [["Stalls · Row A · 1–2", [0, 1]], ["Stalls · Row A · 3–4", [2, 3]], ["Circle · Row A · 1–2", [7, 8]]]);
});

test("odd and even numbers on different sides are listed, not spanned", () => {
  const hall = smallHall();
  hall.sections[0].rows[0].seats = [[3, 0, 0, "premium"], [1, 1, 0, "premium"], [2, 2, 0, "premium"], [4, 3, 0, "premium"]];
  const plan = decodePlan(hall);

  assert.deepEqual(groupSeats(plan, [0, 1, 2, 3]).map(({ label }) => label), ["Stalls · Row A · 3, 1, 2, 4"]);
  assert.deepEqual(groupSeats(plan, [2]).map(({ label }) => label), ["Stalls · Row A · 2"]);
});

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

  assert.equal(seatAt(plan, 1.2, 0.1, 0.6), 1);
  assert.equal(seatAt(plan, 2.5, 2.5, 0.6), -1);
});
