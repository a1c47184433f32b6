import assert from "node:assert/strict";
import { test } from "node:test";

import { reasonsInWords, sightOf, standingAreaOf } from "../../frontend/pages/seats/offers.js";
import { decodePlan } from "../../frontend/seat-map/plan.js";
import { Look } from "../../frontend/seat-map/state.js";
import { fullName, howMany, inWords } from "../../frontend/seat-map/words.js";
import { smallHall } from "./fixtures.mjs";

const pricing = { currency: "EUR", prices: { premium: 6000, standard: 4500, value: 3000 } };

/** The small hall with a standing area and two whole tables behind it. */
const club = () => {
  const hall = smallHall();
  const outline = [[0, 10], [8, 10], [8, 14], [0, 14]];
  const table = (label, x) => ({ label, shape: "round", x, y: 12, r: 1, n: 8, book: "whole", category: "value" });
  hall.height = 20;
  hall.sections.push({ id: "FLOOR", name: "Floor", floor: "ground", kind: "standing", outline, capacity: 50, category: "value" });
  hall.sections.push({ id: "CAB", name: "Cabaret", floor: "ground", kind: "tables", outline, tables: [table("5", 2), table("6", 6)] });
  return decodePlan(hall);
};

test("a full name says place, state, price, category and what is special", () => {
  const plan = club();

  assert.equal(fullName(plan, pricing, 3, Look.AVAILABLE), "Stalls, row A, seat 4, available, €45, Standard, wheelchair space");
  assert.match(fullName(plan, pricing, 59, Look.AVAILABLE), /table 5.*8.*available, €30 for the table, Value/);
  assert.match(fullName(plan, pricing, 0, Look.HELD), /in someone’s basket$/);
});

test("an amount is counted in seats, places or tables", () => {
  const plan = club();

  assert.equal(howMany(plan, [0, 1]), "2 seats");
  assert.equal(howMany(plan, [9, 10, 11]), "3 places");
  assert.equal(howMany(plan, [59]), "1 table");
  assert.equal(howMany(plan, [0, 59]), "2 places");
});

test("places in a sentence", () => {
  assert.equal(inWords(club(), [0, 1, 7]), "Stalls · Row A · 1–2 and Circle · Row A · 1");
  assert.equal(inWords(club(), [0, 4, 7]), "Stalls · Row A · 1, Row B · 1 and Circle · Row A · 1");
});

test("an offer's reasons are a sentence, and seats that lie apart are always called so", () => {
  const offer = { seat_ids: [1, 2], total: 1, adjacent: true, reasons: ["together", "near_the_stage"] };

  assert.equal(reasonsInWords(offer, "screen"), "Side by side, near the screen");
  assert.equal(reasonsInWords({ ...offer, adjacent: false, reasons: ["cheapest"] }, "stage"), "Not side by side, lowest price");
  assert.equal(reasonsInWords({ ...offer, seat_ids: [1], reasons: ["together", "centre"] }, "stage"), "Central");
  assert.equal(reasonsInWords({ ...offer, adjacent: false, reasons: ["standing"] }, "stage"), "Standing");
  assert.equal(reasonsInWords({ ...offer, reasons: ["together", "what_comes_next_year"] }, "stage"), "Side by side");
  const many = ["together", "near_the_stage", "cheapest", "accessible"];
  assert.equal(reasonsInWords({ ...offer, reasons: many }, "stage"), "Wheelchair space and companion, side by side, near the stage");
});

test("a room is near what it looks at", () => {
  assert.equal(sightOf(club()), "screen");
});

test("places of one standing area are as good as any others of it", () => {
  const plan = club();

  assert.equal(standingAreaOf(plan, [9, 10]), 2);
  assert.equal(standingAreaOf(plan, [0, 9]), -1);
  assert.equal(standingAreaOf(plan, [0, 1]), -1);
});
