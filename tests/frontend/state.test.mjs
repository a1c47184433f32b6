import assert from "node:assert/strict";
import { test } from "node:test";

import {
  Look, MAX_CHOSEN, applySnapshot, applyUpdate, applyUpdates, beginRequest, chooseAgain, countAvailable, createState, endRequest, lookOf, looksOf,
  seatIds, setMine, toggle,
} from "../../frontend/seat-map/state.js";

const FIRST = 1000;
const seat = (index, status, version) => ({ seat_id: FIRST + index, status, version });

/** An event of `count` free seats at version 1. */
const freeEvent = (count = 20) => {
  const seats = Array.from({ length: count }, (_, index) => seat(index, "available", 1));
  return applySnapshot(createState({ firstSeatId: FIRST, count }), seats).state;
};

const choose = (state, ...indices) => indices.reduce((s, index) => toggle(s, index).state, state);

test("an update is applied once; late and repeated ones change nothing", () => {
  const first = applyUpdate(freeEvent(), seat(3, "held", 2)).state;
  const second = applyUpdate(first, seat(3, "booked", 3)).state;

  assert.equal(lookOf(second, 3), Look.BOOKED);
  assert.equal(applyUpdate(second, seat(3, "held", 2)).state, second);
  assert.equal(applyUpdate(second, seat(3, "booked", 3)).state, second);
});

test("a state is never changed in place", () => {
  const before = freeEvent();

  applyUpdate(before, seat(3, "held", 2));

  assert.equal(lookOf(before, 3), Look.AVAILABLE);
});

test("updates for seats of other events, and unknown statuses, are ignored", () => {
  const before = freeEvent();

  assert.equal(applyUpdates(before, [seat(-1, "held", 2), seat(20, "held", 2), seat(1, "melted", 2)]).state, before);
});

test("any order of updates and snapshot ends in the same statuses", () => {
  const updates = [seat(0, "held", 2), seat(0, "available", 3), seat(0, "held", 4), seat(1, "held", 2), seat(1, "booked", 3), seat(2, "held", 2)];
  const want = [...applyUpdates(freeEvent(), updates).state.status];
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;

  for (let round = 0; round < 1000; round++) {
    const shuffled = [...updates, ...updates.slice(0, 3)].map((u) => [random(), u]).sort(([a], [b]) => a - b).map(([, u]) => u);
    const cut = Math.floor(random() * shuffled.length);
    let state = createState({ firstSeatId: FIRST, count: 20 });
    state = applyUpdates(state, shuffled.slice(0, cut)).state;
    state = applySnapshot(state, Array.from({ length: 20 }, (_, index) => seat(index, "available", 1))).state;
    state = applyUpdates(state, shuffled.slice(cut)).state;
    assert.deepEqual([...state.status], want);
  }
});

test("a snapshot that crossed a newer answer does not undo it", () => {
  const held = applyUpdate(freeEvent(), seat(5, "held", 2)).state;

  const { state } = applySnapshot(held, [seat(5, "available", 1)]);

  assert.equal(lookOf(state, 5), Look.HELD);
});

test("choosing and giving up", () => {
  const chosen = choose(freeEvent(), 4, 2);

  assert.deepEqual(chosen.chosen, [4, 2]);
  assert.equal(lookOf(chosen, 4), Look.CHOSEN);
  assert.deepEqual(toggle(chosen, 4).state.chosen, [2]);
});

test("no more than ten seats, none that is taken", () => {
  const full = choose(freeEvent(), ...Array.from({ length: MAX_CHOSEN }, (_, index) => index));

  assert.equal(toggle(full, 15).outcome, "too many");
  assert.equal(toggle(applyUpdate(freeEvent(), seat(3, "held", 2)).state, 3).outcome, "taken");
});

test("a chosen seat that somebody else gets is lost, the others stay", () => {
  const { state, lost } = applyUpdate(choose(freeEvent(), 1, 2, 3), seat(2, "held", 2));

  assert.deepEqual(lost, [2]);
  assert.deepEqual(state.chosen, [1, 3]);
});

test("while my own request is on its way, the news that my seats are held loses nothing", () => {
  const asked = beginRequest(choose(freeEvent(), 1, 2), [1, 2]);

  const { state, lost } = applyUpdates(asked, [seat(1, "held", 2), seat(2, "held", 2)]);

  assert.deepEqual(lost, []);
  assert.equal(lookOf(state, 1), Look.PENDING);
  const held = setMine(endRequest(state, [1, 2]).state, [{ hold_id: "h", seats: [{ seat_id: FIRST + 1 }, { seat_id: FIRST + 2 }] }]);
  assert.equal(lookOf(held, 1), Look.MINE);
  assert.deepEqual(held.chosen, []);
});

test("a refusal names the taken seats and keeps the others chosen", () => {
  const asked = beginRequest(choose(freeEvent(), 1, 2, 3), [1, 2, 3]);

  const { state, lost } = endRequest(asked, [1, 2, 3], [{ seat_id: FIRST + 2, status: "booked" }]);

  assert.deepEqual(lost, [2]);
  assert.deepEqual(state.chosen, [1, 3]);
  assert.equal(lookOf(state, 2), Look.BOOKED);
});

test("a refusal has no version, so the next real update wins over it", () => {
  const refused = endRequest(beginRequest(choose(freeEvent(), 2), [2]), [2], [{ seat_id: FIRST + 2, status: "held" }]).state;

  const { state } = applyUpdate(refused, seat(2, "available", 2));

  assert.equal(lookOf(state, 2), Look.AVAILABLE);
});

test("a seat that somebody had only while the request was on its way is free again, whatever the refusal says", () => {
  const asked = beginRequest(choose(freeEvent(), 2), [2]);
  const meanwhile = applyUpdates(asked, [seat(2, "held", 2), seat(2, "available", 3)]).state;

  const { state, lost } = endRequest(meanwhile, [2], [{ seat_id: FIRST + 2, status: "held" }]);

  assert.equal(lookOf(state, 2), Look.CHOSEN);
  assert.deepEqual(lost, []);
});

test("a failed request without refusals leaves all seats chosen", () => {
  const { state } = endRequest(beginRequest(choose(freeEvent(), 1, 2), [1, 2]), [1, 2]);

  assert.deepEqual(state.chosen, [1, 2]);
  assert.equal(lookOf(state, 1), Look.CHOSEN);
});

test("a seat of mine that becomes available says that a hold has ended", () => {
  const mine = setMine(applyUpdate(freeEvent(), seat(6, "held", 2)).state, [{ hold_id: "h", seats: [{ seat_id: FIRST + 6 }] }]);

  assert.deepEqual(applyUpdate(mine, seat(6, "available", 3)).ended, [6]);
});

test("seats chosen before signing in are chosen again, but for those that went", () => {
  const { state, missing } = chooseAgain(applyUpdate(freeEvent(), seat(2, "booked", 2)).state, [1, 2, 3, 999]);

  assert.deepEqual(state.chosen, [1, 3]);
  assert.deepEqual(missing, [2]);
});

test("drawing is told just the seats that look different", () => {
  const looks = new Uint8Array(20).fill(255);
  const state = freeEvent();
  looksOf(state, looks);

  const next = choose(applyUpdate(state, seat(9, "held", 2)).state, 4, 5);
  const changed = looksOf(beginRequest(next, [5]), looks);

  assert.deepEqual(changed, [4, 5, 9]);
  assert.deepEqual([looks[4], looks[5]], [Look.CHOSEN, Look.PENDING]);
});

test("free seats are counted by range and named by id", () => {
  const state = applyUpdate(freeEvent(), seat(0, "held", 2)).state;

  assert.equal(countAvailable(state, 0, 5), 4);
  assert.deepEqual(seatIds(state, [0, 7]), [1000, 1007]);
});

test("a burst over a stadium is quick", () => {
  const count = 50_000;
  let state = freeEvent(count);
  const before = process.cpuUsage();

  for (let index = 0; index < 1000; index++) state = applyUpdate(state, seat(index * 40, "held", 2)).state;

  // Generous: about 100 ms here; copying a Map of all seats for each update took minutes.
  const { user } = process.cpuUsage(before); // microseconds of a core: what else runs does not count
  assert.ok(user < 2000 * 1000);
});
