import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { outlined } from "../../frontend/lib/dom.js";

test("what comes at once has no outline before it, then or later", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let outlines = 0;

  assert.equal(await outlined(Promise.resolve("answer"), () => outlines++), "answer");
  mock.timers.tick(1_000);

  assert.equal(outlines, 0);
  mock.timers.reset();
});

test("what takes longer has one, and none after a refusal", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let outlines = 0;
  let answer;
  const waiting = outlined(new Promise((resolve) => (answer = resolve)), () => outlines++);

  mock.timers.tick(99);
  assert.equal(outlines, 0);
  mock.timers.tick(1);
  assert.equal(outlines, 1);
  answer("answer");
  assert.equal(await waiting, "answer");

  await assert.rejects(outlined(Promise.reject(new Error("refused")), () => outlines++), /refused/);
  mock.timers.tick(1_000);
  assert.equal(outlines, 1);
  mock.timers.reset();
});
