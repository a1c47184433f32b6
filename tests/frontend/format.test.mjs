import assert from "node:assert/strict";
import { test } from "node:test";

import { bookedSeatName, countdown, date, dateTime, day, dayAndMonth, list, minorFromText, money, timeLeftInWords, timeOfDay } from "../../frontend/lib/format.js";

test("money is minor units of its currency; whole amounts lose their zeros", () => {
  assert.equal(money(9500, "EUR", "en-IE"), "€95");
  assert.equal(money(1250, "EUR", "en-IE"), "€12.50");
  assert.equal(money(500, "JPY", "en-GB"), "JP¥500");
  assert.equal(money(1_234_500, "USD", "en-US"), "$12,345");
});

test("in Arabic a sign stays with its letters", () => {
  assert.match(money(13_200, "GBP", "ar"), /132.UK£\u200e/);
  assert.doesNotMatch(money(13_200, "EUR", "ar"), /\u200e$/);
});

test("typed amounts become minor units, and what is no amount becomes nothing", () => {
  assert.equal(minorFromText("12.50", "EUR"), 1250);
  assert.equal(minorFromText(" 12,5 ", "EUR"), 1250);
  assert.equal(minorFromText("12", "EUR"), 1200);
  assert.equal(minorFromText("500", "JPY"), 500);
  for (const text of ["", "abc", "-1", "1.234", "1e3", "12.50.1"]) assert.equal(minorFromText(text, "EUR"), null, text);
  assert.equal(minorFromText("1.5", "JPY"), null);
});

test("time left rounds up, so that 0:00 means over", () => {
  assert.equal(countdown(272_000), "4:32");
  assert.equal(countdown(59_001), "1:00");
  assert.equal(countdown(1), "0:01");
  assert.equal(countdown(-5), "0:00");
});

test("time left is spoken in words", () => {
  assert.equal(timeLeftInWords(272_000), "4 minutes 32 seconds");
  assert.equal(timeLeftInWords(60_000), "1 minute");
  assert.equal(timeLeftInWords(1000), "1 second");
  assert.equal(timeLeftInWords(0), "0 seconds");
});

test("dates are in the viewer's words and zone", () => {
  const text = dateTime("2025-12-12T19:30:00Z", { locale: "en-GB", timeZone: "Europe/Dublin" });

  assert.match(text, /Fri/);
  assert.match(text, /12 Dec 2025/);
  assert.match(text, /19:30/);
});

test("a list has no comma before its end", () => {
  assert.equal(list(["a", "b", "c"]), "a, b and c");
});

test("a booked seat is named as it is printed", () => {
  assert.equal(bookedSeatName({ section: "Stalls", row: "A", seat_number: "STALLS-A-12" }), "Stalls, row A, seat 12");
  assert.equal(bookedSeatName({ section: "Main", row: "AA", seat_number: "AA7" }), "Main, row AA, seat 7");
  assert.equal(bookedSeatName({ section: "Main", row: "3", seat_number: "312" }), "Main, row 3, seat 12");
  assert.equal(bookedSeatName({ section: "Stalls", row: "3", seat_number: "STALLS-3-3" }), "Stalls, row 3, seat 3");
  assert.equal(bookedSeatName({ section: "Salon", row: "T4", seat_number: "SALON-T4" }), "Salon, table T4");
  assert.equal(bookedSeatName({ section: "Floor", row: "", seat_number: "FLOOR-17" }), "Floor, place 17");
});

test("an event's times are those of its venue, wherever the reader is", () => {
  const start = "2025-12-31T23:30:00Z";
  const berlin = { locale: "en-GB", timeZone: "Europe/Berlin" };
  assert.equal(timeOfDay(start, berlin), "00:30");
  assert.equal(timeOfDay(start, { ...berlin, zoneName: true }), "00:30 CET");
  assert.equal(date(start, berlin), "1 Jan 2026");
  assert.equal(day(start, berlin), "Thursday 1 January");
  assert.deepEqual(dayAndMonth(start, berlin), { day: "1", month: "Jan" });
  assert.deepEqual(dayAndMonth(start, { ...berlin, timeZone: "Europe/London" }), { day: "31", month: "Dec" });
});

test("a zone that the browser does not know costs the zone, not the time", () => {
  const start = "2025-12-12T19:30:00Z";
  assert.equal(timeOfDay(start, { locale: "en-GB", timeZone: "Mars/Base" }), timeOfDay(start, { locale: "en-GB" }));
});
