import assert from "node:assert/strict";
import { test } from "node:test";

import { ServerClock } from "../../frontend/lib/clock.js";

const SERVER = Date.parse("2026-03-01T12:00:00Z");

/** A clock whose server is `SERVER + elapsed`, however wrong the visitor's own is. */
const clockWith = (elapsed) => {
  const time = { ms: elapsed };
  return { time, clock: new ServerClock(() => time.ms) };
};

test("time left follows the server, not the visitor's clock", () => {
  const { clock, time } = clockWith(0);
  clock.observe(SERVER, { sentAt: 0, receivedAt: 0 }, 0);

  time.ms = 60_000;

  assert.equal(clock.remaining("2026-03-01T12:05:00Z"), 240_000);
});

test("before the server has spoken, the visitor's clock has to do", () => {
  const { clock } = clockWith(0);

  assert.equal(clock.known, false);
  assert.ok(Math.abs(clock.now() - Date.now()) < 1000);
});

test("whole-second dates, refreshed once a second, narrow down to a fraction of a second", () => {
  const { clock, time } = clockWith(0);
  const refreshedAt = 730; // milliseconds into each second

  for (let at = 0; at < 60_000; at += 1370) {
    time.ms = at + 40;
    const refreshed = Math.floor((SERVER + at + 20 - refreshedAt) / 1000) * 1000 + refreshedAt;
    const written = Math.floor(refreshed / 1000) * 1000;
    clock.observeDateHeader(new Date(written).toUTCString(), { sentAt: at, receivedAt: at + 40 });
  }

  assert.ok(Math.abs(clock.now() - (SERVER + time.ms)) < 300, `off by ${clock.now() - SERVER - time.ms} ms`);
});

test("after a sleep, the latest answer wins", () => {
  const { clock, time } = clockWith(0);
  clock.observe(SERVER, { sentAt: 0, receivedAt: 20 }, 0);

  time.ms = 1000;
  clock.observe(SERVER + 3_600_000, { sentAt: 980, receivedAt: 1000 }, 0);

  assert.ok(Math.abs(clock.now() - (SERVER + 3_600_000)) < 30);
});

test("an unreadable date teaches nothing, and time left is never negative", () => {
  const { clock } = clockWith(0);
  clock.observe(SERVER, { sentAt: 0, receivedAt: 0 }, 0);

  clock.observeDateHeader("yesterday", { sentAt: 0, receivedAt: 0 });
  clock.observeDateHeader(null, { sentAt: 0, receivedAt: 0 });

  assert.equal(clock.now(), SERVER);
  assert.equal(clock.remaining("2026-03-01T11:00:00Z"), 0);
});
