import assert from "node:assert/strict";
import { test } from "node:test";

import { rangeOf, startOfDay } from "../../frontend/lib/days.js";

const at = (/** @type {string} */ day) => new Date(`${day}T18:30:00`); // of the visitor's own time

test("a weekend is the coming Saturday and Sunday, and what is left of it once it has begun", () => {
  assert.deepEqual(rangeOf("weekend", at("2025-12-10")), { from: "2025-12-13", to: "2025-12-14" });
  assert.deepEqual(rangeOf("weekend", at("2025-12-13")), { from: "2025-12-13", to: "2025-12-14" });
  assert.deepEqual(rangeOf("weekend", at("2025-12-14")), { from: "2025-12-14", to: "2025-12-14" });
});

test("today and the next seven days begin today, also across the end of a year", () => {
  assert.deepEqual(rangeOf("today", at("2025-12-31")), { from: "2025-12-31", to: "2025-12-31" });
  assert.deepEqual(rangeOf("week", at("2025-12-28")), { from: "2025-12-28", to: "2026-01-03" });
});

test("a day begins at midnight where the visitor is; what is no day begins nowhere", () => {
  assert.equal(startOfDay("2025-12-12"), new Date(2025, 11, 12).toISOString());
  assert.equal(startOfDay("2025-12-31", 1), new Date(2026, 0, 1).toISOString());
  for (const text of ["", "tomorrow", "2025-12", "12.12.2025", "2025-12-12T10:00"]) assert.equal(startOfDay(text), "", text);
});
