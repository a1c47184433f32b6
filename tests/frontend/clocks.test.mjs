import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.BroadcastChannel = undefined; // other tabs: an open channel would keep this process alive

const { SpokenClocks } = await import("../../frontend/pages/seats/clocks.js");

/** A hold whose time is set, and what is heard of it: words that wait, and words that interrupt. */
const setUp = () => {
  const heard = [];
  const time = { left: 300_000 };
  const clocks = new SpokenClocks(() => time.left, {
    announce: (text) => heard.push(["announced", text]),
    alarm: (text) => heard.push(["alarm", text]),
  });
  const passTo = (left, hold) => {
    for (; time.left > left; time.left -= 250) clocks.tick([hold]);
    clocks.tick([hold]);
  };
  return { heard, time, clocks, passTo };
};

const hold = { hold_id: "h", expires_at: "2026-03-01T12:05:00Z" };

test("the time left is read at two minutes, one minute and twenty seconds, and not each second", () => {
  const { heard, passTo } = setUp();

  passTo(0, hold);

  assert.deepEqual(
    heard.map(([how]) => how),
    ["announced", "announced", "alarm"],
  );
  assert.match(heard[0][1], /2 minutes/);
  assert.match(heard[1][1], /1 minute/);
  assert.match(heard[2][1], /20 seconds/);
});

test("from one minute on it says that there is more time to be had", () => {
  const { heard, passTo } = setUp();

  passTo(0, hold);

  const [early, late, last] = heard.map(([, text]) => text);
  assert.ok(late.length > early.length);
  assert.equal(late.split(". ").at(-1), last.split(". ").at(-1));
});

test("an extended hold is a new clock", () => {
  const { heard, time, passTo } = setUp();

  passTo(100_000, hold);
  time.left = 300_000;
  passTo(100_000, { ...hold, expires_at: "2026-03-01T12:10:00Z" });

  assert.equal(heard.length, 2);
});

test("a moment that a sleeping machine has missed is not caught up with", () => {
  const { heard, time, clocks } = setUp();

  clocks.tick([hold]);
  time.left = 90_000;
  clocks.tick([hold]);

  assert.deepEqual(heard, []);
});
