import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { bytes, messages } from "./compact-messages.mjs";
import { LiveFeed, SILENCE_MS, backoffMs } from "../../frontend/seat-map/live.js";

/** The browser's own code: the line is gone, nobody said why. */
const LOST = 1006;

class FakeSocket {
  closed = false;
  close() {
    this.closed = true;
  }
  say(message) {
    this.onmessage?.({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) });
  }
}

beforeEach(() => mock.timers.reset());

const startFeed = () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const sockets = [];
  const heard = [];
  const frames = [];
  const feed = new LiveFeed({
    url: "ws://test/",
    open: (url, protocols) => sockets[sockets.push(Object.assign(new FakeSocket(), { protocols })) - 1],
    random: () => 1,
    onSnapshot: (seats) => heard.push(["snapshot", seats.length]),
    onUpdates: (updates) => heard.push(["updates", ...updates.map(({ seat_id }) => seat_id)]),
    nextFrame: (flush) => frames.push(flush),
    onState: (state) => heard.push([state]),
    onGone: () => heard.push(["gone"]),
  });
  feed.start();
  return { feed, sockets, heard, draw: () => frames.splice(0).forEach((flush) => flush()) };
};

test("a snapshot, then updates; heartbeats and unknown messages are silent", () => {
  const { sockets, heard, draw } = startFeed();

  sockets[0].say({ type: "snapshot", event_id: 1, seats: [{}, {}] });
  sockets[0].say({ type: "heartbeat" });
  sockets[0].say({ type: "something new" });
  sockets[0].say({ type: "seat_update", seat_id: 7, status: "held", version: 2 });
  draw();

  assert.deepEqual(heard, [["connecting"], ["snapshot", 2], ["live"], ["updates", 7]]);
});

test("what comes within a frame is handed over together, and before a newer snapshot", () => {
  const { sockets, heard, draw } = startFeed();
  sockets[0].say({ type: "snapshot", seats: [] });
  heard.length = 0;

  for (const seat_id of [1, 2, 3]) sockets[0].say({ type: "seat_update", seat_id, status: "held", version: 2 });
  draw();
  sockets[0].say({ type: "seat_update", seat_id: 4, status: "held", version: 2 });
  sockets[0].say({ type: "snapshot", seats: [{}] });
  draw();

  assert.deepEqual(heard, [["updates", 1, 2, 3], ["updates", 4], ["snapshot", 1], ["live"]]);
});

test("a closed socket is opened again after the backoff", () => {
  const { sockets, heard } = startFeed();

  sockets[0].onclose({ code: LOST });
  assert.deepEqual(heard.at(-1), ["reconnecting"]);
  mock.timers.tick(500);

  assert.equal(sockets.length, 2);
});

test("silence counts as lost, and the old socket is no longer heard", () => {
  const { sockets, heard } = startFeed();
  sockets[0].say({ type: "snapshot", seats: [] });

  mock.timers.tick(SILENCE_MS);

  assert.deepEqual(heard.at(-1), ["reconnecting"]);
  assert.equal(sockets[0].closed, true);
  assert.equal(sockets[0].onmessage, null);
});

test("a heartbeat keeps the line alive", () => {
  const { sockets } = startFeed();

  for (let beat = 0; beat < 5; beat++) {
    mock.timers.tick(10_000);
    sockets[0].say({ type: "heartbeat" });
  }

  assert.equal(sockets.length, 1);
});

test("told to resync, it takes the snapshot that follows, on the same socket", () => {
  const { sockets, heard } = startFeed();
  sockets[0].say({ type: "snapshot", seats: [] });
  heard.length = 0;

  sockets[0].say({ type: "resync" });
  sockets[0].say({ type: "snapshot", seats: [{}] });

  assert.deepEqual(heard, [["snapshot", 1], ["live"]]);
  assert.equal(sockets.length, 1);
});

test("binary messages feed like the others; updates name seats by their place in the snapshot", () => {
  const { sockets, heard, draw } = startFeed();
  const [snapshot, updates] = ["a small event, as an example", "one update"].map((name) => messages.find((message) => message.name === name));

  sockets[0].say(bytes(snapshot));
  sockets[0].say(bytes(updates));
  sockets[0].say(bytes({ hex: "09010000" + "00000000" }));
  draw();

  assert.equal(sockets[0].binaryType, "arraybuffer");
  assert.deepEqual(heard, [["connecting"], ["snapshot", snapshot.seats.length], ["live"], ["updates", updates.seats[0][0]]]);
});

test("it asks for the compact mode, and after a connection that did not open for the plain one, and so on in turns", () => {
  const { sockets } = startFeed();

  for (let attempt = 0; attempt < 3; attempt++) {
    sockets.at(-1).onclose({ code: LOST });
    mock.timers.tick(20_000);
  }
  sockets.at(-1).onopen();
  sockets.at(-1).onclose({ code: LOST });
  mock.timers.tick(20_000);

  assert.deepEqual(sockets.map(({ protocols }) => protocols), [["frontrow.v1"], [], ["frontrow.v1"], [], ["frontrow.v1"]]);
});

test("stopped stays stopped", () => {
  const { feed, sockets } = startFeed();

  feed.stop();
  feed.resync();
  mock.timers.tick(60_000);

  assert.equal(sockets.length, 1);
});

test("a socket that is not open yet is closed when it is", () => {
  const { feed, sockets } = startFeed();
  sockets[0].readyState = 0; // connecting

  feed.stop();
  assert.equal(sockets[0].closed, false);
  sockets[0].onopen();

  assert.equal(sockets[0].closed, true);
});

test("the wait doubles to a limit and is fully random", () => {
  assert.equal(backoffMs(0, () => 1), 500);
  assert.equal(backoffMs(3, () => 1), 4000);
  assert.equal(backoffMs(50, () => 1), 15_000);
  assert.equal(backoffMs(5, () => 0), 0);
});

test("an event that was deleted is not asked for again", () => {
  const { sockets, heard } = startFeed();
  sockets[0].say({ type: "snapshot", seats: [] });
  heard.length = 0;

  sockets[0].onclose({ code: 4404 });
  mock.timers.tick(60_000);

  assert.deepEqual(heard, [["gone"]]);
  assert.equal(sockets.length, 1);
});
