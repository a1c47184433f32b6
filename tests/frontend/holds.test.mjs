import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { ApiProblem } from "../../frontend/lib/api.js";
import { ServerClock } from "../../frontend/lib/clock.js";
import { HoldStore } from "../../frontend/lib/holds.js";
import { end, start } from "../../frontend/lib/session.js";

const SERVER = Date.parse("2026-03-01T12:00:00Z");

const hold = { hold_id: "h", event_id: 1, seats: [], total: 0, currency: "EUR", expires_at: "2026-03-01T12:05:00Z", expires_in: 300 };

globalThis.BroadcastChannel = undefined; // other tabs: an open channel would keep this process alive

test("time left is never more than the server said, although its date may be a second old", async () => {
  const time = { ms: 0 };
  const clock = new ServerClock(() => time.ms);
  clock.observeDateHeader(new Date(SERVER - 1000).toUTCString(), { sentAt: 0, receivedAt: 0 });
  const store = new HoldStore({ api: { post: async () => hold }, clock });

  const placed = await store.place({ seat_ids: [1] }, "key");
  clearTimeout(store.timer);
  const atOnce = store.remaining(placed);
  time.ms = 10_000;
  const later = store.remaining(placed);

  assert.ok(atOnce <= 300_000, `${atOnce} ms`);
  assert.ok(later <= 290_000, `${later} ms`);
});

test("an answer that a change of mine has overtaken does not undo it", async () => {
  start({ access_token: "a", refresh_token: "r" });
  let answer = () => {};
  const api = { get: () => new Promise((resolve) => (answer = resolve)), post: async () => hold };
  const store = new HoldStore({ api, clock: new ServerClock(() => 0) });

  const asked = store.refresh();
  await store.place({ seat_ids: [1] }, "key");
  answer({ items: [] });
  await asked;
  clearTimeout(store.timer);
  end();

  assert.deepEqual(store.items.map(({ hold_id }) => hold_id), ["h"]);
});

test("a question that nobody answered is asked again, although nothing is known to be held", async (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  start({ access_token: "a", refresh_token: "r" });
  const answers = [() => Promise.reject(new ApiProblem(0, "no-answer")), () => Promise.resolve({ items: [hold] })];
  const store = new HoldStore({ api: { get: () => answers.shift()() }, clock: new ServerClock(() => 0) });

  await store.refresh();
  const told = new Promise((resolve) => store.addEventListener("change", resolve));
  mock.timers.tick(10_000);
  await told;
  clearTimeout(store.timer);
  end();

  assert.equal(store.items.length, 1);
});
