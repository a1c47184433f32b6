import assert from "node:assert/strict";
import { mock, test } from "node:test";

const regions = { "#voice": { textContent: "" }, "#alarm": { textContent: "" } };
globalThis.document = { querySelector: (selector) => regions[selector] };
globalThis.BroadcastChannel = undefined; // other tabs: an open channel would keep this process alive
const { SpokenClocks } = await import("../../frontend/pages/seats/clocks.js");

test("the time left is spoken at two minutes, one and twenty seconds, each once; with more time, anew", (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  let left = 0;
  const clocks = new SpokenClocks(() => left);
  const heard = [];
  const run = (from, expires_at) => {
    for (left = from; left > 0; left -= 250) {
      clocks.tick([{ hold_id: "h", expires_at }]);
      for (const [name, region] of Object.entries(regions)) {
        if (region.textContent) heard.push(`${name} ${region.textContent.trim()}`);
        region.textContent = "";
      }
      mock.timers.tick(250);
    }
  };

  run(125_000, "2026-03-01T12:05:00Z");
  run(25_000, "2026-03-01T12:10:00Z");

  const last = "#alarm 20 seconds left to confirm your seats. You can extend the hold.";
  assert.deepEqual(heard, [
    "#voice 2 minutes left to confirm your seats.",
    "#voice 1 minute left to confirm your seats. You can extend the hold.",
    last,
    last,
  ]);
});
