import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiProblem, createApi, explain } from "../../frontend/lib/api.js";
import { ServerClock } from "../../frontend/lib/clock.js";

const json = (status, body, headers = {}) => new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
const problem = (status, slug, extra = {}) => json(status, { type: `/problems/${slug}`, title: slug, ...extra });

/** An api over scripted answers; `requests` keeps what was sent. */
const setUp = (answer, { tokens = { access_token: "old", refresh_token: "r1" }, clock = new ServerClock(() => 0) } = {}) => {
  const requests = [];
  let session = tokens;
  const waits = [];
  const api = createApi({
    fetch: async (url, init) => {
      const request = { url, ...init };
      requests.push(request);
      return answer(request, requests.length);
    },
    session: { current: () => session, start: (next) => (session = next), end: () => (session = null) },
    clock,
    sleep: async (ms) => waits.push(ms),
  });
  return { api, requests, waits, session: () => session };
};

test("a problem carries its slug, words and members", async () => {
  const { api } = setUp(() => problem(409, "seat-unavailable", { detail: "Seat 5 is held.", seats: [{ seat_id: 5, status: "held" }] }));

  await assert.rejects(api.post("/hold-seat", { seat_id: 5 }), (error) => {
    assert.ok(error instanceof ApiProblem);
    assert.deepEqual([error.status, error.slug, error.detail, error.body.seats.length], [409, "seat-unavailable", "Seat 5 is held.", 1]);
    return true;
  });
});

test("what was asked before the modules ran is taken over, with the times of its question, and once", async () => {
  const clock = new ServerClock(() => 5_000);
  const { api, requests } = setUp(() => json(200, { id: "asked" }), { clock });
  const response = json(200, { id: "early" }, { Date: new Date(60_000).toUTCString() });
  globalThis.earlyAnswers = new Map([["/api/events/7", Promise.resolve({ response, sentAt: 1_000, receivedAt: 2_000 })]]);

  const answers = [await api.get("/events/7"), await api.get("/events/7")];

  assert.deepEqual(answers, [{ id: "early" }, { id: "asked" }]);
  assert.equal(requests.length, 1);
  assert.deepEqual([clock.low, clock.high], [58_000, 61_000]);
  delete globalThis.earlyAnswers;
});

test("an early question without an answer is asked again", async () => {
  const { api, requests } = setUp(() => json(200, { id: "asked" }));
  globalThis.earlyAnswers = new Map([["/api/events/7", Promise.reject(new TypeError("network"))]]);

  assert.deepEqual(await api.get("/events/7"), { id: "asked" });
  assert.equal(requests.length, 1);
  delete globalThis.earlyAnswers;
});

test("a write is asked again with the same key after no answer and after 503", async () => {
  const { api, requests, waits } = setUp((_, n) => {
    if (n === 1) throw new TypeError("network");
    return n === 2 ? problem(503, "unavailable", { retry_after: 2 }) : json(201, { hold_id: "h" });
  });

  assert.deepEqual(await api.post("/hold-seat", { seat_ids: [1] }), { hold_id: "h" });
  assert.equal(new Set(requests.map(({ headers }) => headers["Idempotency-Key"])).size, 1);
  assert.equal(requests.length, 3);
  assert.ok(waits[1] >= 2000, "waits as long as asked");
});

test("it gives up after three attempts and says that the outcome is unknown", async () => {
  const { api, requests } = setUp(() => problem(503, "unavailable"));

  await assert.rejects(api.post("/hold-seat", {}), (error) => error.outcomeUnknown);
  assert.equal(requests.length, 3);
});

test("a refusal is not asked again", async () => {
  const { api, requests } = setUp(() => problem(422, "malformed"));

  await assert.rejects(api.post("/hold-seat", {}));
  assert.equal(requests.length, 1);
});

test("two writes have two keys, and reads have none", async () => {
  const { api, requests } = setUp(() => json(200, {}));

  await api.post("/a", {});
  await api.post("/b", {});
  await api.get("/c", { query: { q: "x y", city: "" } });

  assert.notEqual(requests[0].headers["Idempotency-Key"], requests[1].headers["Idempotency-Key"]);
  assert.equal(requests[2].headers["Idempotency-Key"], undefined);
  assert.equal(requests[2].headers.Authorization, undefined);
  assert.equal(requests[2].url, "/api/c?q=x+y");
});

test("an expired token is refreshed once for all waiting calls", async () => {
  let refreshed = 0;
  const { api, session } = setUp(({ url, headers }) => {
    if (url === "/api/refresh") {
      refreshed++;
      return json(200, { access_token: "new", refresh_token: "r2" });
    }
    return headers.Authorization === "Bearer new" ? json(200, { items: [] }) : problem(401, "not-signed-in");
  });

  await Promise.all([api.get("/my-holds", { auth: true }), api.get("/my-bookings", { auth: true }), api.get("/me", { auth: true })]);

  assert.equal(refreshed, 1);
  assert.equal(session().refresh_token, "r2");
});

test("a token that another tab has refreshed is simply used", async () => {
  let refreshed = 0;
  const context = setUp(({ url, headers }) => {
    if (url === "/api/refresh") refreshed++;
    if (headers.Authorization === "Bearer new") return json(200, {});
    context.replace();
    return problem(401, "not-signed-in");
  });
  context.replace = () => context.setSession({ access_token: "new", refresh_token: "r2" });
  context.setSession = (tokens) => Object.assign(context.session(), tokens);

  await context.api.get("/me", { auth: true });

  assert.equal(refreshed, 0);
});

test("a refused refresh ends the session; an unreachable one does not", async () => {
  const refused = setUp(() => problem(401, "not-signed-in"));
  await assert.rejects(refused.api.get("/me", { auth: true }), (error) => error.status === 401);
  assert.equal(refused.session(), null);

  const unreachable = setUp(({ url }) => (url === "/api/refresh" ? problem(503, "unavailable") : problem(401, "not-signed-in")));
  await assert.rejects(unreachable.api.get("/me", { auth: true }), (error) => error.status === 503);
  assert.ok(unreachable.session());
});

test("signed out, a private call is refused without a request", async () => {
  const { api, requests } = setUp(() => json(200, {}), { tokens: null });

  await assert.rejects(api.get("/my-holds", { auth: true }), (error) => error.status === 401);
  assert.equal(requests.length, 0);
});

test("204 is nothing, and a page instead of JSON is no answer to believe", async () => {
  const { api } = setUp(({ url }) => (url.endsWith("/gone") ? json(204) : new Response("<html>", { status: 200 })));

  assert.equal(await api.post("/gone", {}), null);
  await assert.rejects(api.get("/page"), (error) => error.outcomeUnknown);
});

test("every problem has a sentence for a person", () => {
  assert.match(explain(new ApiProblem(429, "slow-down", { retry_after: 7 })), /7 s/);
  assert.match(explain(new ApiProblem(503, "unavailable")), /Nothing is lost/);
  assert.equal(explain(new ApiProblem(410, "hold-expired", { detail: "Your hold has ended." })), "Your hold has ended.");
  assert.match(explain(new Error("bug")), /Reload/);
});
