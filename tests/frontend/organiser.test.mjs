/** What the organiser's pages reckon: zones, painting, drafts, figures, activity. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Feed, MOST_ENTRIES, whatHappened } from "../../frontend/pages/organiser/activity.js";
import { complaintsOf, freeKey, potentialOf, requestOf } from "../../frontend/pages/organiser/draft.js";
import { figuresOf, lastHours, roundTop } from "../../frontend/pages/organiser/figures.js";
import {
  MIXED, UNPAINTED, allParts, bandOfSection, bandsOfPlaces, bareOf, paint, partsOfSection, placesByBand, strokesOf, suggestedPrices, unpainted,
} from "../../frontend/pages/organiser/painting.js";
import { percent } from "../../frontend/pages/organiser/percent.js";
import { instantOf, localOf, zoneNames } from "../../frontend/pages/organiser/zones.js";
import { decodePlan } from "../../frontend/seat-map/plan.js";
import { smallHall } from "./fixtures.mjs";

const plan = decodePlan(smallHall());
/** Stalls A (premium, premium, standard, standard), B (3 × standard); circle A (2 × value). */
const bandsOfRoom = () => plan.categories.map(({ key, name, tier }) => ({ key, name, tier, price: "10" }));
const NOW = Date.parse("2026-01-01T00:00:00Z");

const draft = (changes = {}) => ({
  event_type: "theater", name: "Hamlet", description: "", venue: "Lantern", city: "London", start: "2026-12-24T19:30", time_zone: "Europe/London",
  currency: "GBP", template: "theater", capacity: "", bands: bandsOfRoom(), coat: {}, swaps: {}, ...changes,
});

// Zones

test("a time of the venue is an instant by the venue's clocks, summer and winter", () => {
  assert.deepEqual(instantOf("2026-12-24T19:30", "Europe/Berlin"), { instant: "2026-12-24T18:30:00Z", odd: null });
  assert.deepEqual(instantOf("2026-07-01T19:30", "Europe/Berlin"), { instant: "2026-07-01T17:30:00Z", odd: null });
  assert.deepEqual(instantOf("2026-07-01T19:30", "Asia/Kolkata"), { instant: "2026-07-01T14:00:00Z", odd: null });
  assert.deepEqual(instantOf("2026-07-01T00:30", "America/Los_Angeles"), { instant: "2026-07-01T07:30:00Z", odd: null });
});

test("a time that clocks skip, or show twice, is told", () => {
  assert.deepEqual(instantOf("2026-03-29T02:30", "Europe/Berlin"), { instant: "2026-03-29T01:30:00Z", odd: "gap" });
  assert.deepEqual(instantOf("2026-10-25T02:30", "Europe/Berlin"), { instant: "2026-10-25T00:30:00Z", odd: "twice" });
});

test("what is no time is none", () => {
  for (const text of ["", "tomorrow", "2026-02-30T10:00", "2026-13-01T10:00", "2026-01-01T25:00"]) assert.equal(instantOf(text, "UTC"), null, text);
});

test("there and back again, in every zone", () => {
  for (const zone of zoneNames()) {
    const found = instantOf("2026-05-17T19:30", zone);
    assert.equal(localOf(found?.instant ?? "", zone), "2026-05-17T19:30", zone);
  }
});

// Painting

test("an unpainted room is sold as it is drawn", () => {
  const places = bandsOfPlaces(plan, bandsOfRoom(), {});

  assert.deepEqual([...places], [...plan.category]);
  assert.deepEqual(unpainted(plan, places), []);
  assert.equal(bandOfSection(plan, places, 0), MIXED);
  assert.equal(bandOfSection(plan, places, 1), 2);
  assert.deepEqual(strokesOf(plan, {}), []);
});

test("painting a section covers all of its rows, and a row only itself", () => {
  const coat = paint(paint({}, partsOfSection(plan, 0), "value"), [1], "premium");
  const places = bandsOfPlaces(plan, bandsOfRoom(), coat);

  assert.deepEqual([...places].slice(0, 7), [2, 2, 2, 2, 0, 0, 0]);
  assert.deepEqual(strokesOf(plan, coat), [
    { category: "value", sections: ["stalls"], rows: ["A"] },
    { category: "premium", sections: ["stalls"], rows: ["B"] },
  ]);
});

test("sections that are painted alike share a stroke", () => {
  assert.deepEqual(strokesOf(plan, paint({}, allParts(plan), "value")).map(({ sections, rows }) => [sections, rows]), [
    [plan.sections.map(({ id }) => id), undefined],
  ]);
});

test("without its band, or with its paint taken off, a place is unpainted and listed", () => {
  const withoutValue = bandsOfRoom().filter(({ key }) => key !== "value");
  assert.deepEqual(unpainted(plan, bandsOfPlaces(plan, withoutValue, {}))[0], { section: 1, places: 2 });

  const bare = paint({}, allParts(plan), null);
  const places = bandsOfPlaces(plan, bandsOfRoom(), bare);
  assert.equal(unpainted(plan, places).reduce((sum, each) => sum + each.places, 0), plan.count);
  assert.equal(bandOfSection(plan, places, 0), UNPAINTED);
  assert.equal(placesByBand(places, 3)[3], plan.count);
});

test("a category of the room can be sold as another band, and the rest of its rows keeps its price", () => {
  const bands = bandsOfRoom().filter(({ key }) => key !== "premium");
  const bare = paint({}, [1], null);
  assert.deepEqual(bareOf(plan, bands, bare, {}), { parts: [1], categories: ["premium"] });

  const swaps = { premium: "value" };
  assert.deepEqual([...bandsOfPlaces(plan, bands, {}, swaps)].slice(0, 4), [1, 1, 0, 0]);
  assert.deepEqual(strokesOf(plan, {}, swaps), [{ category: "value", instead_of: ["premium"] }]);
  assert.deepEqual(bareOf(plan, bands, {}, swaps), { parts: [], categories: [] });
  assert.deepEqual(requestOf(draft({ bands, swaps }), plan).paint, [{ category: "value", instead_of: ["premium"] }]);
});

test("better places cost more, and a whole table as much as its seats", () => {
  assert.deepEqual(suggestedPrices(plan, 1000), [3000, 1650, 1000]);
});

// Drafts

test("a step says what is missing before one may go on", () => {
  const known = { now: NOW, plan };
  assert.deepEqual(complaintsOf(draft({ name: " " }), "what", known), [{ field: "name", fault: "needed" }]);
  assert.deepEqual(complaintsOf(draft({ city: "", start: "2020-01-01T10:00" }), "where", known), [
    { field: "city", fault: "needed" },
    { field: "start_time", fault: "past" },
  ]);
  for (const capacity of ["0", "75001", "ten", "-1", "1.5"]) assert.equal(complaintsOf(draft({ capacity }), "room", known).length, 1, capacity);
  assert.deepEqual(complaintsOf(draft({ capacity: "" }), "room", known), []);
});

test("every band that has places needs a price, and every place a band", () => {
  const bands = bandsOfRoom();
  bands[0].price = "many";
  assert.deepEqual(complaintsOf(draft({ bands }), "prices", { now: NOW, plan }), [{ field: "price-premium", fault: "noPrice" }]);

  const coat = paint({}, partsOfSection(plan, 0), "value");
  assert.deepEqual(complaintsOf(draft({ bands, coat }), "prices", { now: NOW, plan }), [], "nothing is premium any more");
  assert.deepEqual(complaintsOf(draft({ coat: paint({}, [0], null) }), "prices", { now: NOW, plan }), [{ field: "unpainted", fault: "unpainted" }]);
});

test("an untouched room is asked for by its name alone, a painted one with its bands", () => {
  const plain = requestOf(draft(), plan);
  assert.deepEqual([plain.start_time, plain.time_zone, plain.prices], ["2026-12-24T19:30:00Z", "Europe/London", { premium: 1000, standard: 1000, value: 1000 }]);
  for (const member of ["categories", "paint", "capacity", "description"]) assert.ok(!(member in plain), member);

  const bands = [{ key: "band-1", name: " All ", tier: 2, price: "12.50" }];
  const painted = requestOf(draft({ bands, coat: paint({}, allParts(plan), "band-1"), capacity: "9" }), plan);
  assert.deepEqual(painted.categories, [{ key: "band-1", name: "All", tier: 2 }]);
  assert.deepEqual([painted.prices, painted.capacity, painted.paint?.length], [{ "band-1": 1250 }, 9, 1]);
  assert.equal(potentialOf(draft({ bands, coat: paint({}, allParts(plan), "band-1") }), plan), 1250 * plan.count);
});

test("a new band has a key of its own", () => {
  assert.equal(freeKey([{ key: "band-2", name: "", tier: 1, price: "" }]), "band-3");
});

// Figures

test("figures count statuses by category, and money by what is sold", () => {
  const status = new Uint8Array(plan.count);
  status.set([2, 1, 2, 3], 0);
  const figures = figuresOf(plan, { premium: 5000, standard: 3000, value: 1000 }, status);

  assert.deepEqual([figures.total, figures.sold, figures.held, figures.blocked], [plan.count, 2, 1, 1]);
  assert.equal(figures.revenue, 8000);
  assert.equal(figures.categories[0].revenue, 5000);
  assert.equal(figures.potential, figures.categories.reduce((sum, each) => sum + (each.total - each.blocked) * each.price, 0));
});

test("a share is only 0 or 100 when it is", () => {
  assert.deepEqual([percent(0, 9), percent(1, 5000), percent(4999, 5000), percent(5000, 5000), percent(0, 0)], [0, 1, 99, 100, 0]);
});

test("hours without a sale are there too", () => {
  const hours = lastHours([{ hour: "2026-01-01T10:00:00Z", sold: 3, revenue: 9 }], Date.parse("2026-01-01T12:34:56Z"), 4);

  assert.deepEqual(hours.map(({ at, sold }) => [new Date(at).getUTCHours(), sold]), [[9, 0], [10, 3], [11, 0], [12, 0]]);
  assert.deepEqual([1, 3, 7, 11, 99, 100, 0].map(roundTop), [1, 5, 10, 20, 100, 100, 1]);
});

// Activity

test("what happened together is one line, and names its places in short", () => {
  const before = new Uint8Array(plan.count);
  const after = before.slice();
  after.set([1, 1, 0, 0, 2], 0);

  const entries = whatHappened(plan, { premium: 5000, standard: 3000 }, before, after, 7);

  assert.deepEqual(entries.map(({ what, places, sum }) => [what, places, sum]), [["held", [0, 1], 10_000], ["sold", [4], 3000]]);
  assert.match(entries[0].labels[0], /Stalls · Row A · 1–2/);
  assert.deepEqual(whatHappened(plan, {}, after, before, 8).map(({ what }) => what), ["released", "cancelled"]);
});

test("a feed that is being read waits with its news", () => {
  const feed = new Feed();
  const news = (/** @type {number} */ at) => [{ at, what: /** @type {const} */ ("sold"), places: [0], labels: [], sum: 0 }];
  feed.add(news(1));
  feed.pause(true);
  feed.add(news(2));
  assert.deepEqual([feed.shown.length, feed.waiting.length], [1, 1]);

  feed.pause(false);
  assert.deepEqual(feed.shown.map(({ at }) => at), [2, 1]);
  for (let at = 3; at < 100; at++) feed.add(news(at));
  assert.equal(feed.shown.length, MOST_ENTRIES);
});
