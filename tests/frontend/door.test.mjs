import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiProblem } from "../../frontend/lib/api.js";
import { codeReader } from "../../frontend/lib/code-reader.js";
import { qrPath } from "../../frontend/lib/ticket-code.js";
import { Checking } from "../../frontend/pages/door/checking.js";
import { canonical, eventOf, fingerprintOf } from "../../frontend/pages/door/code.js";
import { Queue } from "../../frontend/pages/door/queue.js";
import { OUT_OF_SIGHT_MS, Sightings } from "../../frontend/pages/door/sightings.js";
import { TicketList } from "../../frontend/pages/door/ticket-list.js";

/** Codes that shared/contracts/ticket_codes.py has signed, with their events and what their list calls them. */
const SIGNED = [
  { code: "FR1AEAUXW2V6H4QKYGBERYZNUGPE6SRY", event: 1, id: "d8c2d9c188ba9698db92444f50fd70c2" },
  { code: "FR1VQBPBIQEZJCSKV5HANQ6KEP4BMSPBXCKWA", event: 300, id: "ac3fe10192eb5b37f756568afeecdce8" },
  { code: "FR1QCAIBAEAECAIBAEAQCAAR32QMFPXW5SCHARQYDGBXFHWBZI", event: 2 ** 40, id: "a734dbd580a110fcfe1a3eed9344b77f" },
];
const [{ code: CODE, event: EVENT, id: ID }, { code: OTHER, event: OTHER_EVENT }] = SIGNED;
const NOW = Date.parse("2026-07-01T18:14:00Z");
const SEAT = { seat_number: "STALLS-A-12", section: "Stalls", row: "A" };
const SILENCE = new ApiProblem(0, "no-answer");

// Codes

test("a code says which event it is for, and is called on the list what the server calls it", async () => {
  for (const { code, event, id } of SIGNED) {
    assert.equal(eventOf(code), event);
    assert.equal(await fingerprintOf(code), id);
  }
});

test("small letters, spaces and hyphens do not matter", () => {
  assert.equal(canonical(" fr1a eauxW2V6-H4QK YGBE\tRYZN UGPE 6SRY\r\n"), CODE);
  assert.equal(canonical("FR1Ä"), null);
  assert.equal(canonical("A".repeat(201)), null);
});

test("what is no code of ours is for no event", () => {
  const wrong = ["", "FR1", "FR2" + CODE.slice(3), CODE.slice(0, -1), CODE + "A", CODE.replace("A", "1"), "https://example.com/x", "FR1" + "A".repeat(29), "FR1" + "7".repeat(60)];
  for (const code of wrong) assert.equal(eventOf(code), null, code);
});

test("without a way to hash, a code has no name on the list", async () => {
  assert.equal(await fingerprintOf(CODE, /** @type {any} */ (null)), null);
});

// Sightings

test("a ticket that is held up counts once, until it was out of sight for a while", () => {
  const sightings = new Sightings();
  const looks = [0, 150, 2_900, 5_800];
  assert.deepEqual(looks.map((now) => sightings.isNew(CODE, now)), [true, false, false, false]);
  assert.equal(sightings.isNew(CODE, 5_800 + OUT_OF_SIGHT_MS), true);
  assert.equal(sightings.isNew(OTHER, 9_000), true);
  assert.equal(sightings.isNew(CODE, 9_100), true);
});

// The list

/** @param {"valid" | "used" | "cancelled"} state */
function listOf(state = "valid") {
  const list = new TicketList();
  list.replace({ as_of: "2026-07-01T18:00:00Z", tickets: [{ id: ID, ...SEAT, state, admitted_at: state === "used" ? "2026-07-01T17:30:00Z" : null, gate: state === "used" ? "North" : null }] });
  return list;
}

test("the list has an answer of its own for each kind of ticket", () => {
  assert.deepEqual(listOf("valid").judge(ID), { kind: "admitted", seat: SEAT, asOf: "2026-07-01T18:00:00Z" });
  assert.deepEqual(listOf("used").judge(ID), { kind: "used", seat: SEAT, asOf: "2026-07-01T18:00:00Z", at: "2026-07-01T17:30:00Z", gate: "North" });
  assert.equal(listOf("cancelled").judge(ID).kind, "cancelled");
  assert.equal(listOf().judge("0".repeat(32)).kind, "forged");
  assert.equal(new TicketList().judge(ID).kind, "unknown");
  assert.equal(listOf().judge(null).kind, "unknown");
});

test("whom this door has let in is used, also on a list that does not know it yet", () => {
  const list = listOf();
  list.noteAdmission(ID, { at: "2026-07-01T18:14:00Z", gate: "South" });
  assert.deepEqual(list.judge(ID), { kind: "used", seat: SEAT, asOf: "2026-07-01T18:00:00Z", at: "2026-07-01T18:14:00Z", gate: "South" });
  list.replace({ as_of: "2026-07-01T18:14:30Z", tickets: [{ id: ID, ...SEAT, state: "valid", admitted_at: null, gate: null }] });
  assert.equal(list.judge(ID).kind, "used");
});

// The queue

/** A browser's storage. @param {{full?: boolean}} [how] */
function storage({ full = false } = {}) {
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => {
      if (full) throw new Error("QuotaExceededError");
      kept.set(key, value);
    },
  };
}

let nextKey = 1;
const waiting = (/** @type {object} */ more = {}) => ({ key: `key-${nextKey++}`, id: ID, code: CODE, event_id: EVENT, gate: "North", scanned_at: "2026-07-01T18:14:00Z", seat: SEAT, ...more });

test("who waits survives the page", () => {
  const disk = storage();
  const one = waiting();
  new Queue(disk).add(one);
  assert.deepEqual(new Queue(disk).items, [one]);
});

test("where the browser keeps nothing, or something else lies there, the page remembers", () => {
  const queue = new Queue(storage({ full: true }));
  queue.add(waiting());
  assert.equal(queue.items.length, 1);
  const disk = storage();
  disk.setItem("frontrow.door.queue", "{]");
  assert.deepEqual(new Queue(disk).items, []);
});

test("everybody is reported with the time of the scan and a key that stays the same", async () => {
  const queue = new Queue(storage());
  const [one, two] = [waiting(), waiting({ gate: null })];
  queue.add(one);
  queue.add(two);
  /** @type {any[]} */
  const heard = [];
  let lineIsUp = false;
  const post = async (/** @type {any} */ body, /** @type {string} */ key) => {
    heard.push([key, body]);
    if (!lineIsUp) throw SILENCE;
  };

  assert.deepEqual(await queue.send(post), { sent: 0, refused: [], stopped: SILENCE });
  lineIsUp = true;
  assert.equal((await queue.send(post)).sent, 2);

  assert.deepEqual(heard[0], heard[1]);
  assert.deepEqual(heard[1], [one.key, { code: CODE, event_id: EVENT, gate: "North", scanned_at: "2026-07-01T18:14:00Z" }]);
  assert.deepEqual(heard[2][1], { code: CODE, event_id: EVENT, scanned_at: "2026-07-01T18:14:00Z" });
  assert.deepEqual(queue.items, []);
});

test("what the server refuses leaves the queue, and is told where no list of its tells it", async () => {
  const queue = new Queue(storage());
  const answers = [new ApiProblem(409, "ticket-used"), new ApiProblem(410, "booking-cancelled"), new ApiProblem(404, "ticket-unknown")];
  const three = answers.map(() => waiting());
  for (const one of three) queue.add(one);
  const { sent, refused, stopped } = await queue.send(async () => {
    throw answers.shift();
  });
  assert.deepEqual([sent, stopped, queue.items.length], [3, null, 0]);
  assert.deepEqual(refused.map(({ waiting: { key } }) => key), [three[2].key]);
});

test("a sign-in that has ended, and a server that has no time, lose nobody", async () => {
  for (const status of [401, 403, 429, 500, 503]) {
    const queue = new Queue(storage());
    queue.add(waiting());
    await queue.send(async () => {
      throw new ApiProblem(status, "later");
    });
    assert.equal(queue.items.length, 1, String(status));
  }
});

test("two tabs that report at once do not take away what the other has added", async () => {
  const disk = storage();
  const [one, other] = [new Queue(disk), new Queue(disk)];
  one.add(waiting());
  const report = one.send(async () => other.add(waiting()));
  await report;
  assert.equal(one.items.length, 1);
});

// Checking

const CHECK_IN = { event_id: EVENT, name: "Evening", start_time: "2026-07-01T18:30:00Z", time_zone: "UTC", sold: 10, admitted: 3, double_entries: [] };

/** @param {{post?: Function, get?: Function, list?: TicketList, queue?: Queue, hasNetwork?: () => boolean, patienceMs?: number}} [parts] */
function checking({ post = async () => ({ seat: SEAT, admitted_at: "2026-07-01T18:14:00Z", gate: "North" }), get = async () => CHECK_IN, list = listOf(), queue = new Queue(storage()), ...more } = {}) {
  return new Checking(CHECK_IN, { api: { post, get }, list, queue, clock: { now: () => NOW }, ...more });
}
const refusing = (/** @type {ApiProblem} */ problem) => checking({ post: () => Promise.reject(problem) });

test("the server's five answers are five verdicts", async () => {
  const event = { id: OTHER_EVENT, name: "Matinee", start_time: "2026-07-02T10:00:00Z" };
  assert.deepEqual(await checking().check(CODE, "North"), { kind: "admitted", seat: SEAT, at: "2026-07-01T18:14:00Z", gate: "North" });
  assert.deepEqual(await refusing(new ApiProblem(409, "ticket-used", { seat: SEAT, admitted_at: "2026-07-01T18:00:00Z", gate: "South" })).check(CODE, null), {
    kind: "used",
    seat: SEAT,
    at: "2026-07-01T18:00:00Z",
    gate: "South",
  });
  assert.deepEqual(await refusing(new ApiProblem(409, "ticket-for-another-event", { event })).check(OTHER, null), { kind: "other", event });
  assert.equal((await refusing(new ApiProblem(410, "booking-cancelled")).check(CODE, null)).kind, "cancelled");
  assert.equal((await refusing(new ApiProblem(404, "ticket-unknown")).check(CODE, null)).kind, "forged");
});

test("what can be no ticket is refused without asking anybody", async () => {
  const asked = checking({ post: () => assert.fail("asked") });
  assert.equal((await asked.check("https://example.com/menu", null)).kind, "forged");
});

test("a server that takes its time is not waited for, and from then on the list answers at once", async () => {
  let asked = 0;
  const door = checking({ post: () => new Promise((resolve) => setTimeout(resolve, 100, ++asked)), patienceMs: 20 });
  assert.equal((await door.check(CODE, "North")).kind, "admitted");
  assert.equal((await door.check(CODE, "North")).kind, "used");
  assert.equal(asked, 1);
  assert.equal(door.offlineSince, NOW);
  assert.equal(door.queue.items[0].scanned_at, "2026-07-01T18:14:00.000Z");
});

test("without a network the five answers are the list's", async () => {
  const door = (/** @type {TicketList} */ list) => checking({ list, post: () => assert.fail("asked"), hasNetwork: () => false });
  assert.equal((await door(listOf("valid")).check(CODE, null)).kind, "admitted");
  assert.equal((await door(listOf("used")).check(CODE, null)).kind, "used");
  assert.equal((await door(listOf("cancelled")).check(CODE, null)).kind, "cancelled");
  assert.deepEqual(await door(listOf()).check(OTHER, null), { kind: "other", event: { id: OTHER_EVENT }, asOf: "2026-07-01T18:00:00Z" });
  assert.equal((await door(listOf()).check(CODE.replace("QKYG", "QKYH"), null)).kind, "forged");
});

test("whom the server let in a minute ago is used when the network goes", async () => {
  let isThere = true;
  const door = checking({ hasNetwork: () => isThere });
  await door.check(CODE, "North");
  isThere = false;
  assert.deepEqual(await door.check(CODE, "North"), { kind: "used", seat: SEAT, asOf: "2026-07-01T18:00:00Z", at: "2026-07-01T18:14:00Z", gate: "North" });
});

test("nobody is let in twice by a page that was loaded again with people waiting", async () => {
  const queue = new Queue(storage());
  queue.add(waiting());
  const door = checking({ queue, hasNetwork: () => false });
  assert.equal((await door.check(CODE, null)).kind, "used");
  assert.equal(door.admitted, 4);
});

test("back in touch, everybody is reported, and the server decides again", async () => {
  let isThere = false;
  /** @type {any[]} */
  const heard = [];
  const door = checking({
    hasNetwork: () => isThere,
    post: async (/** @type {string} */ _path, /** @type {any} */ body) => (heard.push(body), { seat: SEAT, admitted_at: body.scanned_at, gate: null }),
    get: async (/** @type {string} */ path) => (path.endsWith("/tickets") ? { as_of: "2026-07-01T18:20:00Z", tickets: [] } : { ...CHECK_IN, admitted: 4 }),
  });
  await door.check(CODE, null);
  assert.deepEqual([door.admitted, door.waiting], [4, 1]);
  await door.renew();
  assert.notEqual(door.offlineSince, null);

  isThere = true;
  await door.renew();

  assert.deepEqual([door.offlineSince, door.admitted, door.waiting, door.list.asOf], [null, 4, 0, "2026-07-01T18:20:00Z"]);
  assert.deepEqual(heard, [{ code: CODE, event_id: EVENT, scanned_at: "2026-07-01T18:14:00.000Z" }]);
});

test("a sign-in that has ended keeps the door open, and says so until somebody has signed in", async () => {
  const door = refusing(new ApiProblem(401, "not-signed-in"));
  assert.equal((await door.check(CODE, null)).kind, "admitted");
  assert.deepEqual([door.signedOut, door.waiting], [true, 1]);
});

test("what the server will not hear from us is told, and lets nobody in", async () => {
  const forbidden = new ApiProblem(403, "administrators-only");
  const door = refusing(forbidden);
  assert.deepEqual(await door.check(CODE, null), { kind: "unknown", error: forbidden });
  assert.equal(door.waiting, 0);
});

test("a list that does not come is asked for again, and the server decides meanwhile", async () => {
  let isLate = true;
  const door = checking({
    list: new TicketList(),
    get: async (/** @type {string} */ path) => {
      if (!path.endsWith("/tickets")) return CHECK_IN;
      if (isLate) throw SILENCE;
      return { as_of: "2026-07-01T18:20:00Z", tickets: [] };
    },
  });
  await door.renew();
  assert.deepEqual([door.offlineSince, door.list.asOf], [null, null]);
  isLate = false;
  await door.renew();
  assert.equal(door.list.asOf, "2026-07-01T18:20:00Z");
});

test("tickets are decided in the order in which they came", async () => {
  /** @type {string[]} */
  const order = [];
  const answers = [30, 0];
  const door = checking({
    post: (/** @type {string} */ _path, /** @type {any} */ { gate }) => new Promise((resolve) => setTimeout(() => (order.push(gate), resolve({ seat: SEAT, admitted_at: "2026-07-01T18:14:00Z", gate })), answers.shift())),
  });
  await Promise.all([door.check(CODE, "first"), door.check(CODE, "second")]);
  assert.deepEqual(order, ["first", "second"]);
});

// Reading

/** A drawn code as pixels: `dot` pixels to a dot. @param {string} code @param {number} dot */
function pixelsOf(code, dot) {
  const { size, path } = qrPath(code);
  const width = size * dot;
  const data = new Uint8ClampedArray(4 * width * width).fill(255);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let row = Number(y) * dot; row < (Number(y) + 1) * dot; row++) {
      data.fill(0, 4 * (row * width + Number(x) * dot), 4 * (row * width + (Number(x) + Number(run)) * dot));
    }
  }
  for (let alpha = 3; alpha < data.length; alpha += 4) data[alpha] = 255;
  return /** @type {any} */ ({ width, height: width, data, [Symbol.toStringTag]: "ImageData" });
}

globalThis.DOMRectReadOnly ??= /** @type {any} */ (class {}); // it says where a code is, which nobody asks

test("the decoder that comes along reads what is drawn on our tickets", async () => {
  const read = await codeReader(undefined);
  for (const { code } of SIGNED) assert.deepEqual(await read(pixelsOf(code, 6)), [code]);
});

test("a browser's own reader is used where it reads these codes, and no other", async () => {
  const made = (/** @type {string[]} */ formats) =>
    /** @type {any} */ (
      class {
        static getSupportedFormats = async () => formats;
        detect = async () => [{ rawValue: "the browser's own" }];
      }
    );
  const picture = pixelsOf(CODE, 6);
  assert.deepEqual(await (await codeReader(made(["ean_13", "qr_code"])))(picture), ["the browser's own"]);
  assert.deepEqual(await (await codeReader(made(["ean_13"])))(picture), [CODE]);
});
