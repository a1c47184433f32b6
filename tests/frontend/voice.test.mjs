import assert from "node:assert/strict";
import { test } from "node:test";

import { Voice } from "../../frontend/lib/voice.js";

/** A voice whose pauses end when told. */
const setUp = () => {
  const heard = [];
  const waiting = [];
  const voice = new Voice((text) => heard.push(text), { setTimeout: (work) => waiting.push(work) });
  return { voice, heard, pauseEnds: () => waiting.shift()() };
};

test("the first word is heard at once, what follows waits for the end of the pause and comes in one go", () => {
  const { voice, heard, pauseEnds } = setUp();

  voice.say("One.");
  voice.say("Two.");
  voice.say("Three.");
  assert.deepEqual(heard, ["One."]);
  pauseEnds();

  assert.deepEqual(heard, ["One.", "Two. Three."]);
});

test("of several words on one topic only the last is news", () => {
  const { voice, heard, pauseEnds } = setUp();

  voice.say("Seat 1 chosen.", "choice");
  voice.say("Seats 1–2 chosen.", "choice");
  voice.say("Live again.");
  voice.say("Seats 3–4 chosen.", "choice");
  pauseEnds();

  assert.deepEqual(heard, ["Seat 1 chosen.", "Live again. Seats 3–4 chosen."]);
});

test("after a pause in which nothing was said the next word is heard at once", () => {
  const { voice, heard, pauseEnds } = setUp();

  voice.say("One.");
  pauseEnds();
  voice.say("Two.");

  assert.deepEqual(heard, ["One.", "Two."]);
});
