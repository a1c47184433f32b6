import assert from "node:assert/strict";
import { test } from "node:test";

import { Look, applySnapshot, applyUpdates, createState } from "../../frontend/seat-map/state.js";
import { Status } from "../../frontend/seat-map/status.js";
import { club } from "./halls.mjs";

const { plan } = club();
const created = () => createState({ firstSeatId: 1, count: plan.count });
const free = (/** @type {any} */ state) => applySnapshot(state, Array.from({ length: plan.count }, (_, n) => ({ seat_id: n + 1, status: "available", version: 1 }))).state;

test("before the first word from the server no seat is known to be free, and nothing is said of prices", () => {
  const status = new Status(plan, () => ["never asked"]);

  assert.equal(status.take(created(), 0), null);
  assert.equal(status.isFree(0), false);
  assert.deepEqual(status.linesOf(0), ["Dance floor"]);
});

test("the first word changes everything, the next only what it names", () => {
  const status = new Status(plan);
  const state = free(created());

  assert.equal(status.take(state, 0)?.changed, null);
  assert.deepEqual(status.linesOf(0), ["Dance floor", "300 left"]);

  const news = status.take(applyUpdates(state, [{ seat_id: 1, status: "booked", version: 2 }]).state, 10);

  assert.deepEqual(news?.changed, [0]);
  assert.deepEqual([...(news?.sections ?? [])], [0]);
  assert.deepEqual(status.linesOf(0), ["Dance floor", "299 left"]);
  assert.deepEqual([...status.marks.rings.keys()], [0]);
  assert.equal(status.take(applyUpdates(state, [{ seat_id: 1, status: "booked", version: 2 }]).state, 20), null);
});

test("a hall without a free seat is known, too", () => {
  const status = new Status(plan);
  const blocked = applySnapshot(created(), Array.from({ length: plan.count }, (_, n) => ({ seat_id: n + 1, status: "blocked", version: 1 }))).state;

  assert.equal(status.take(blocked, 0)?.changed, null);
  assert.equal(status.looks[0], Look.BLOCKED);
  assert.deepEqual(status.linesOf(0), ["Dance floor", "sold out"]);
});

test("a price that is not wanted leaves nothing free", () => {
  const status = new Status(plan);
  status.take(free(created()), 0);

  status.filter(new Set([0]));

  assert.equal(status.isFree(0), false);
  assert.equal(status.leftOf(0).free, 0);
  assert.ok(status.isFree(plan.sections[1].start));
});

test("priced anew, what is free is counted by the new prices", () => {
  const priced = { ...plan, category: plan.category.slice() };
  const status = new Status(priced);
  const state = free(created());
  status.take(state, 0);

  priced.categories = [{ key: "one", name: "One price", tier: 1 }];
  priced.category.fill(0);
  status.restart();

  assert.equal(status.take(state, 10)?.changed, null);
  assert.deepEqual(status.leftOf(1), { free: priced.sections[1].end - priced.sections[1].start, total: priced.sections[1].end - priced.sections[1].start, own: 0, categories: [0] });
  assert.equal(status.marks.any, false);
});
