import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { PlanError, decodePlan, groupSeats, neighbours, seatName } from "../../frontend/seat-map/plan.js";
import { smallHall } from "./fixtures.mjs";

/** Documents that `tests/unit/shared/test_seat_plan_documents.py` decodes too, and what they decode to. */
const shared = (name) => JSON.parse(readFileSync(new URL(`../fixtures/seat_plans/${name}.json`, import.meta.url), "utf8"));

for (const name of ["arcs-and-points", "standing", "straight-rows", "tables"]) {
  test(`the document ${name} decodes to the places that the services see`, () => {
    const expected = shared(`${name}.places`);
    const plan = decodePlan(shared(name));

    assert.equal(plan.count, expected.places.length);
    for (const [index, [, number, section, label, category, x, y]] of expected.places.entries()) {
      const row = plan.rows[plan.row[index]];
      assert.deepEqual([plan.number[index], plan.sections[row.section].id, row.label, plan.categories[plan.category[index]].key], [number, section, label, category]);
      assert.ok(Math.abs(plan.x[index] - x) < 1e-3 && Math.abs(plan.y[index] - y) < 1e-3, `place ${index} is at ${plan.x[index]}, ${plan.y[index]}`);
    }
    assert.deepEqual(plan.sections.map(({ id, name, floor, kind, start, end }) => [id, name, floor, kind, start, end]), expected.sections.map((section) => section.slice(0, 6)));
    assert.deepEqual(plan.runs.map(({ start, end, cyclic }) => [start, end, cyclic]), expected.runs);
    assert.deepEqual(expected.places.map((_, index) => neighbours(plan, index)), expected.neighbours);
    assert.deepEqual([...plan.pairs].sort(([a], [b]) => a - b), expected.pairs);
    assert.deepEqual([...plan.persons], expected.persons);
    assert.deepEqual([...plan.flags.keys()].sort((a, b) => a - b), expected.flags.map(([index]) => index));
  });
}

test("seats are numbered in order of appearance over sections and rows", () => {
  const plan = decodePlan(smallHall());

  assert.equal(plan.count, 9);
  assert.deepEqual(plan.rows.map(({ label, section, start, end }) => [label, section, start, end]), [["A", 0, 0, 4], ["B", 0, 4, 7], ["A", 1, 7, 9]]);
  assert.deepEqual([plan.x[6], plan.y[6]], [5, 3]);
  assert.equal(plan.categories[plan.category[7]].key, "value");
});

test("a seat's name says section, row and number", () => {
  const plan = decodePlan(smallHall());

  assert.equal(seatName(plan, 2), "Stalls, row A, seat 3");
  assert.equal(seatName(plan, 8), "Circle, row A, seat 2");
});

test("tables and standing areas have names of their own", () => {
  const tables = decodePlan(shared("tables"));

  assert.equal(seatName(tables, 2), "Tables, table T1, seat 3");
  assert.equal(seatName(tables, 14), "Tables, table T4, for 6 people");
  assert.equal(seatName(decodePlan(shared("standing")), 5), "Dance floor, standing");
});

test("flags are kept in words, for the seats that have any", () => {
  const plan = decodePlan(smallHall());

  assert.deepEqual([...plan.flags], [[3, ["wheelchair space"]], [2, ["companion seat"]]]);
});

test("the bounds hold every seat and every object, on each floor and altogether", () => {
  const { bounds, floors } = decodePlan(smallHall());

  assert.deepEqual(bounds, { left: 0, top: 0, right: 6, bottom: 6.5 });
  assert.deepEqual(floors.map(({ id, bounds: { top, bottom } }) => [id, top, bottom]), [["ground", 0, 3.5], ["upper", 5.5, 6.5]]);
});

test("a section knows its kind, floor, outline, and what is not made of rows", () => {
  const [floor] = decodePlan(shared("standing")).sections;
  const [salon] = decodePlan(shared("tables")).sections;

  assert.deepEqual([floor.kind, floor.floor, floor.capacity, floor.outline.length], ["standing", "ground", 12, 4]);
  assert.deepEqual([floor.bounds.left, floor.bounds.bottom], [2, 14]);
  assert.deepEqual(salon.tables.map(({ row, shape, persons, whole }) => [row, shape, persons, whole]), [[0, "round", 4, false], [1, "rect", 8, false], [2, "rect", 2, false], [3, "round", 6, true], [4, "rect", 10, true]]);
});

test("another format, an unknown kind, and a category nobody declared, are refused", () => {
  assert.throws(() => decodePlan({ format: "seatplan/2" }), PlanError);
  const flying = smallHall();
  flying.sections[0].kind = "flying";
  assert.throws(() => decodePlan(flying), PlanError);
  const hall = smallHall();
  hall.sections[0].rows[0].category = "missing";
  assert.throws(() => decodePlan(hall), PlanError);
});

test("neighbours of one row and price become one line, in any order of choosing", () => {
  const plan = decodePlan(smallHall());

  const lines = groupSeats(plan, [1, 8, 0, 2, 3, 7]).map(({ label, indices }) => [label, indices]);

  assert.deepEqual(lines, [["Stalls · Row A · 1–2", [0, 1]], ["Stalls · Row A · 3–4", [2, 3]], ["Circle · Row A · 1–2", [7, 8]]]);
});

test("seats on both sides of an aisle are two lines, whatever their numbers say", () => {
  const plan = decodePlan(smallHall());

  assert.deepEqual(groupSeats(plan, [4, 5, 6]).map(({ label }) => label), ["Stalls · Row B · 1–2", "Stalls · Row B · 3"]);
});

test("neighbours whose numbers count by two are listed, not spanned", () => {
  const hall = smallHall();
  hall.sections[0].rows[0] = { ...hall.sections[0].rows[0], cats: [], names: ["3", "1", "2", "4"] };
  const plan = decodePlan(hall);

  assert.deepEqual(groupSeats(plan, [0, 1, 2, 3]).map(({ label }) => label), ["Stalls · Row A · 3, 1, 2, 4"]);
  assert.deepEqual(groupSeats(plan, [2]).map(({ label }) => label), ["Stalls · Row A · 2"]);
});

test("the last at a round table sits beside the first", () => {
  const groups = groupSeats(decodePlan(shared("tables")), [0, 3, 5, 14]);

  assert.deepEqual(groups.map(({ label }) => label), ["Tables · Table T1 · 1, 4", "Tables · Table T2 · 2", "Tables · Table T4, for 6 people"]);
});

test("places of one standing area are one line", () => {
  assert.deepEqual(groupSeats(decodePlan(shared("standing")), [0, 4, 9, 15]).map(({ label }) => label), ["Dance floor · 3 places", "Front pit · 1 place"]);
});
