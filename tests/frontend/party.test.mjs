import assert from "node:assert/strict";
import { test } from "node:test";

import { areTogether, blockAt, choose, leftAlone, pick, replacement, resize, tidier } from "../../frontend/seat-map/party.js";
import { decodePlan } from "../../frontend/seat-map/plan.js";
import { applySnapshot, createState } from "../../frontend/seat-map/state.js";

/** Rows over each other, the front one first. */
const hall = (rows, section = {}) =>
  decodePlan({
    format: "seatplan/1",
    name: "Hall",
    width: 40,
    height: 40,
    focal: { x: 5, y: 0 },
    numbering: "{row}{number}",
    floors: [{ id: "ground", name: "Ground" }],
    categories: [
      { key: "dear", name: "Dear", tier: 1 },
      { key: "cheap", name: "Cheap", tier: 4 },
    ],
    objects: [],
    sections: [
      {
        id: "S",
        name: "Stalls",
        floor: "ground",
        kind: "seated",
        outline: [[0, 0], [40, 0], [40, 40], [0, 40]],
        rows: rows.map((row, nth) => ({ label: "ABCDEF"[nth], geo: { line: [0, 2 + nth, 1, 0] }, category: "dear", ...row })),
        ...section,
      },
    ],
  });

/** The plan's seats as this picture shows them: `.` free, `x` taken, spaces are for the eye. */
const seen = (plan, picture) => {
  const statuses = [...picture.replaceAll(" ", "")].map((sign, index) => ({ seat_id: index, status: sign === "." ? "available" : "held", version: 1 }));
  assert.equal(statuses.length, plan.count);
  return applySnapshot(createState({ firstSeatId: 0, count: plan.count }), statuses).state;
};

const block = (plan, state, index, size) => blockAt(plan, state, index, size).indices;

test("a tap takes neighbours with the seat in their middle", () => {
  const plan = hall([{ n: 10 }]);

  assert.deepEqual(block(plan, seen(plan, ".........."), 4, 3), [3, 4, 5]);
});

test("a block leaves nobody alone where it can", () => {
  const plan = hall([{ n: 10 }]);

  assert.deepEqual(block(plan, seen(plan, "xx.......x"), 3, 2), [2, 3]);
  assert.deepEqual(block(plan, seen(plan, ".....xxxxx"), 3, 2), [3, 4]);
});

test("the printed numbers say nothing: odd and even lie on different sides", () => {
  const plan = hall([{ n: 6, names: ["5", "3", "1", "2", "4", "6"] }]);

  assert.deepEqual(block(plan, seen(plan, "......"), 2, 2), [2, 3]);
});

test("an aisle is no neighbour", () => {
  const plan = hall([{ n: 6, gaps: [[2, 2]] }]);

  const { indices, together } = blockAt(plan, seen(plan, ".xx..."), 3, 3);

  assert.deepEqual([indices, together], [[3, 4, 5], true]);
  assert.equal(blockAt(plan, seen(plan, "xx...."), 2, 2).together, false);
});

test("around a table the last seat is beside the first", () => {
  const plan = hall([], { kind: "tables", rows: undefined, tables: [{ label: "1", shape: "round", x: 9, y: 9, r: 1, n: 6, book: "seat", category: "dear" }] });

  const indices = block(plan, seen(plan, "..xx.."), 0, 4);

  assert.deepEqual(indices, [4, 5, 0, 1]);
  assert.ok(areTogether(plan, indices));
});

test("a block does not leave the price that was tapped without need", () => {
  const plan = hall([{ n: 6, cats: [[3, 3, "cheap"]] }]);

  assert.deepEqual(block(plan, seen(plan, "......"), 3, 2), [3, 4]);
});

test("where so many do not sit together, the whole stretch and the nearest others are taken, and it is said", () => {
  const plan = hall([{ n: 8 }, { n: 8 }]);

  const { indices, together } = blockAt(plan, seen(plan, "x..x...x xxx..xxx"), 1, 4);

  assert.equal(together, false);
  assert.equal(indices.length, 4);
  assert.deepEqual(indices.slice(0, 2), [1, 2]);
  assert.ok(areTogether(plan, indices.slice(2)));
});

test("when fewer are left than asked for, all of them are taken", () => {
  const plan = hall([{ n: 4 }]);

  assert.deepEqual(blockAt(plan, seen(plan, ".xx."), 0, 3), { indices: [0, 3], together: false });
});

test("wheelchair spaces are left for those who ask for one, and bring their companion", () => {
  const plan = hall([{ n: 6, flags: { w: [3], c: [2] }, pairs: [[3, 2]] }]);
  const state = seen(plan, "......");

  assert.deepEqual(block(plan, state, 1, 2), [0, 1]);
  assert.deepEqual(block(plan, state, 3, 2), [2, 3]);
  assert.deepEqual(block(plan, state, 4, 2), [4, 5]);
});

test("a tap elsewhere moves the block, a tap on a chosen seat gives it up, the next one fills up", () => {
  const plan = hall([{ n: 10 }]);
  const party = { size: 2 };

  const first = pick(plan, seen(plan, ".........."), 0, party);
  const moved = pick(plan, first.state, 6, party);
  const less = pick(plan, moved.state, 6, party);
  const filled = pick(plan, less.state, 9, party);

  assert.deepEqual([...first.state.chosen], [0, 1]);
  assert.equal(moved.state.chosen.length, 2);
  assert.ok(moved.state.chosen.includes(6));
  assert.equal(less.outcome, "given up");
  assert.deepEqual([filled.outcome, filled.state.chosen.length, filled.state.chosen.includes(9)], ["chosen", 2, true]);
});

test("a party of one, and a press for one seat, go seat by seat", () => {
  const plan = hall([{ n: 10 }]);
  const start = seen(plan, "..........");

  const one = pick(plan, pick(plan, start, 2, { size: 1 }).state, 7, { size: 1 });
  const single = pick(plan, pick(plan, start, 2, { size: 4 }).state, 9, { size: 4, single: true });

  assert.deepEqual(one.state.chosen, [2, 7]);
  assert.deepEqual([single.state.chosen.length, single.state.chosen.includes(9)], [5, true]);
});

test("a taken seat is named, and nothing changes", () => {
  const plan = hall([{ n: 4 }]);
  const state = seen(plan, "x...");

  assert.deepEqual(pick(plan, state, 0, { size: 2 }), { state, outcome: "taken", together: true });
});

test("a whole table is one place: another tap moves it", () => {
  const table = (label, x) => ({ label, shape: "round", x, y: 9, r: 1, n: 8, book: "whole", category: "dear" });
  const plan = hall([], { kind: "tables", rows: undefined, tables: [table("1", 5), table("2", 12)] });

  const first = pick(plan, seen(plan, ".."), 0, { size: 2 });

  assert.deepEqual(first.state.chosen, [0]);
  assert.deepEqual(pick(plan, first.state, 1, { size: 2 }).state.chosen, [1]);
});

test("a party that grows or shrinks keeps its place", () => {
  const plan = hall([{ n: 10 }]);
  const two = choose(seen(plan, ".........."), [4, 5]);

  assert.deepEqual(resize(plan, two, 3).chosen, [4, 5, 6]);
  assert.deepEqual(resize(plan, two, 1).chosen, [4]);
  assert.equal(resize(plan, choose(seen(plan, "xxx....xxx"), [4, 5]), 6).chosen.length, 2, "there are no six here");
});

test("it warns of a seat left alone, and knows what would not", () => {
  const plan = hall([{ n: 10 }]);
  const state = choose(seen(plan, "xx.....xxx"), [3, 4]);

  assert.deepEqual(leftAlone(plan, state, [3, 4]), [2]);
  assert.deepEqual(tidier(plan, state, [3, 4]), [2, 3]);
});

test("it is silent when it cannot be helped, and about seats that were alone before", () => {
  const plan = hall([{ n: 10 }]);

  assert.deepEqual(leftAlone(plan, seen(plan, "xx...xx.xx"), [2, 3]), []);
  assert.deepEqual(leftAlone(plan, seen(plan, "xx..xxx.xx"), [2, 3]), []);
  assert.deepEqual(leftAlone(plan, seen(plan, "xxxxx..xxx"), [5]), [], "somebody buys one of two");
});

test("seats that went are made good by the nearest block of the same price", () => {
  const plan = hall([{ n: 8, category: "cheap" }, { n: 8 }, { n: 8, category: "cheap" }]);
  const state = seen(plan, "xxxx.... x......x xxxxxx..");

  assert.deepEqual(replacement(plan, state, [2, 3]), [4, 5]);
  assert.deepEqual(replacement(plan, state, [11, 12]), [11, 12], "it is free itself");
  assert.equal(replacement(plan, seen(plan, "x.x.x.x. x.x.x.x. x.x.x.x."), [0, 1]), null);
});

test("any tap on any hall takes as many free seats as there are, once each, with the seat tapped among them", () => {
  let seed = 11;
  const random = (limit) => (seed = (seed * 48271) % 2147483647) % limit;

  for (let round = 0; round < 400; round++) {
    const plan = hall([{ n: 7, gaps: [[3, 1]] }, { n: 9 }, { n: 5, cats: [[2, 2, "cheap"]] }]);
    const picture = Array.from({ length: plan.count }, () => (random(3) ? "." : "x")).join("");
    const free = [...picture].flatMap((sign, index) => (sign === "." ? [index] : []));
    if (!free.length) continue;
    const tapped = free[random(free.length)];
    const size = 1 + random(10);

    const { indices, together } = blockAt(plan, seen(plan, picture), tapped, size);

    assert.ok(indices.includes(tapped));
    assert.equal(new Set(indices).size, Math.min(size, free.length));
    assert.ok(indices.every((index) => picture[index] === "."));
    assert.ok(!together || (areTogether(plan, indices) && indices.length === size));
  }
});
