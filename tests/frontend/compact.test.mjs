import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeCompact } from "../../frontend/seat-map/compact.js";
import { applySnapshot, applyUpdates, createState } from "../../frontend/seat-map/state.js";
import { bytes, messages } from "./compact-messages.mjs";

for (const message of messages) {
  test(`what the server encodes is read as it was meant: ${message.name}`, () => {
    const decoded = decodeCompact(bytes(message), message.first_seat_id);

    assert.equal(decoded.type, message.type);
    assert.deepEqual(decoded.seats.map(({ seat_id, status, version }) => [seat_id, status, version]), message.seats);
  });
}

test("a kind of message that is not known is none", () => {
  assert.equal(decodeCompact(bytes({ hex: "0301000000000000" }), 1), null);
});

test("a message that is cut short is refused, not half read", () => {
  for (const message of messages.filter(({ seats }) => seats.length)) {
    assert.throws(() => decodeCompact(bytes({ hex: message.hex.slice(0, -2) }), message.first_seat_id), RangeError);
  }
});

test("a stadium is read and applied in some milliseconds", () => {
  const count = 50_000;
  const snapshot = new Uint8Array(16 + count).fill(6, 16); // all booked, version 1
  new DataView(snapshot.buffer).setUint32(0, 0x01010000);
  new DataView(snapshot.buffer).setUint32(4, count, true);
  const before = process.cpuUsage();

  const { seats } = decodeCompact(snapshot.buffer, 0);
  const { state } = applySnapshot(createState({ firstSeatId: 0, count }), seats);

  // Generous: about 10 ms here, most of it for objects.
  const { user } = process.cpuUsage(before); // microseconds of a core: what else runs does not count
  assert.ok(user < 500 * 1000);
  assert.equal(state.status[count - 1], 2);
  assert.equal(applyUpdates(state, seats).state, state);
});
