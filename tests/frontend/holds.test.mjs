import assert from "node:assert/strict";
import { test } from "node:test";

import { ServerClock } from "../../frontend/lib/clock.js";
import { HoldStore } from "../../frontend/lib/holds.js";

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
