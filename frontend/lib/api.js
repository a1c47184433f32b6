/**
 * The one way to the server. Understands problem+json, adds the bearer token, refreshes it once, and makes every write safe to repeat:
 * a write carries an Idempotency-Key, and a lost answer or a 503 is asked again with the same key, so the outcome is never guessed.
 * @module
 */

import { clock as pageClock } from "./clock.js";
import * as pageSession from "./session.js";
import { isKnown, t } from "./texts.js";

const BASE = "/api";
const TIMEOUT_MS = 15_000;
/** Waits before the second and third attempt; each is multiplied by 0.5–1.5 so that a crowd does not come back as one. */
const RETRY_AFTER_MS = [400, 1_500];
const LONGEST_RETRY_AFTER_S = 5;

/** What went wrong, in the server's words. `slug` is stable: the last part of the problem's `type`. */
export class ApiProblem extends Error {
  /**
   * @param {number} status 0 when no answer came
   * @param {string} slug
   * @param {Record<string, any>} [body]
   */
  constructor(status, slug, body = {}) {
    super(body.detail ?? body.title ?? slug);
    this.name = "ApiProblem";
    this.status = status;
    this.slug = slug;
    this.title = /** @type {string} */ (body.title ?? "");
    this.detail = /** @type {string} */ (body.detail ?? "");
    this.body = body;
  }

  /** The server may or may not have done it: ask again with the same key. */
  get outcomeUnknown() {
    return [0, 502, 503, 504].includes(this.status);
  }
}

/**
 * @typedef {object} CallOptions
 * @property {Record<string, any>} [query] empty values are left out
 * @property {any} [body]
 * @property {boolean} [auth] send the token (default: yes for writes, no for reads)
 * @property {string} [key] the Idempotency-Key; give one to repeat an earlier attempt
 * @property {AbortSignal} [signal]
 */

/**
 * @param {object} [parts] replaced in tests
 * @param {typeof fetch} [parts.fetch]
 * @param {Pick<typeof pageSession, "current" | "start" | "end">} [parts.session]
 * @param {import("./clock.js").ServerClock} [parts.clock]
 * @param {(ms: number) => Promise<void>} [parts.sleep]
 */
export function createApi({
  fetch = (input, init) => globalThis.fetch(input, init),
  session = pageSession,
  clock = pageClock,
  sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
} = {}) {
  /** @type {Promise<boolean> | null} */
  let refreshing = null;

  /**
   * @param {string} method
   * @param {string} path
   * @param {CallOptions} options
   */
  async function call(method, path, { query, body, auth = method !== "GET", key, signal }) {
    const url = BASE + path + queryString(query);
    const idempotencyKey = method === "GET" ? null : (key ?? newKey());
    let mayRefresh = auth;

    for (let attempt = 0; ; attempt++) {
      const token = auth ? session.current()?.access_token : null;
      if (auth && !token) throw new ApiProblem(401, "not-signed-in");
      const answer = await send(method, url, { body, token, key: idempotencyKey, signal });
      if (answer instanceof ApiProblem) {
        if (answer.status === 401 && token && mayRefresh) {
          mayRefresh = false;
          attempt--;
          if (await refresh(token)) continue;
        }
        const wait = retryDelay(answer, attempt);
        if (wait === null || signal?.aborted) throw answer;
        await sleep(wait);
        continue;
      }
      return answer;
    }
  }

  /**
   * One request: the decoded body, or the problem.
   * @param {string} method
   * @param {string} url
   * @param {{body?: any, token?: string | null, key?: string | null, signal?: AbortSignal}} options
   */
  async function send(method, url, { body, token, key, signal }) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token) headers.Authorization = `Bearer ${token}`;
    if (key) headers["Idempotency-Key"] = key;
    const ask = async () => {
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      const sentAt = clock.monotonic();
      const response = await fetch(url, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        credentials: "omit",
      });
      return { response, sentAt, receivedAt: clock.monotonic() };
    };
    try {
      const { response, ...timing } = await ((method === "GET" && !token && takeEarly(url)) || ask());
      clock.observeDateHeader(response.headers.get("Date"), timing);
      const text = await response.text();
      const data = parse(text);
      if (!response.ok) return problemFrom(response, data);
      if (text && data === undefined) return new ApiProblem(502, "unreadable-answer");
      return data ?? null;
    } catch (error) {
      if (signal?.aborted) throw error;
      return new ApiProblem(0, "no-answer");
    }
  }

  /**
   * Trades the refresh token for new ones, once for all waiting calls, and once for all tabs where the browser has locks (session.js says why).
   * @param {string} usedToken the token that was refused
   * @returns {Promise<boolean>} whether to try again
   */
  function refresh(usedToken) {
    refreshing ??= exclusively(async () => {
      const held = session.current();
      if (!held) return false;
      if (held.access_token !== usedToken) return true;
      const answer = await send("POST", `${BASE}/refresh`, { body: { refresh_token: held.refresh_token } });
      if (!(answer instanceof ApiProblem)) {
        session.start(answer);
        return true;
      }
      if (answer.outcomeUnknown || answer.status === 429) throw answer;
      session.end();
      return false;
    }).finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  return {
    /** @param {string} path @param {CallOptions} [options] @returns {Promise<any>} */
    get: (path, options = {}) => call("GET", path, options),
    /** @param {string} path @param {any} body @param {CallOptions} [options] @returns {Promise<any>} */
    post: (path, body, options = {}) => call("POST", path, { ...options, body }),
    /** @param {string} path @param {any} body @param {CallOptions} [options] @returns {Promise<any>} */
    patch: (path, body, options = {}) => call("PATCH", path, { ...options, body }),
    /** @param {string} path @param {CallOptions} [options] @returns {Promise<any>} */
    delete: (path, options = {}) => call("DELETE", path, options),
  };
}

/**
 * What early.js has asked already: each answer is given out once, and whoever asks again hears the news.
 * @param {string} url
 * @returns {Promise<{response: Response, sentAt: number, receivedAt: number}> | undefined}
 */
function takeEarly(url) {
  /** @type {Map<string, any> | undefined} */
  const answers = /** @type {any} */ (globalThis).earlyAnswers;
  const answer = answers?.get(url);
  answers?.delete(url);
  return answer;
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function exclusively(work) {
  const locks = globalThis.navigator?.locks;
  return locks ? /** @type {Promise<any>} */ (locks.request("frontrow.refresh", work)) : work();
}

/**
 * How long to wait before asking again, or null when asking again would not help.
 * @param {ApiProblem} problem
 * @param {number} attempt
 */
function retryDelay(problem, attempt) {
  if (!problem.outcomeUnknown || attempt >= RETRY_AFTER_MS.length) return null;
  const asked = Number(problem.body.retry_after ?? 0);
  if (asked > LONGEST_RETRY_AFTER_S) return null;
  return Math.max(asked * 1000, RETRY_AFTER_MS[attempt] * (0.5 + Math.random()));
}

/**
 * @param {Response} response
 * @param {any} data
 */
function problemFrom(response, data) {
  const body = data && typeof data === "object" ? data : {};
  const retryAfter = Number(response.headers.get("Retry-After"));
  if (body.retry_after === undefined && retryAfter > 0) body.retry_after = retryAfter;
  const slug = String(body.type ?? "").split("/").pop() || `status-${response.status}`;
  return new ApiProblem(response.status, slug, body);
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {Record<string, any>} [query] */
function queryString(query = {}) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value != null && value !== "") params.set(name, String(value));
  const text = params.toString();
  return text && `?${text}`;
}

/** A fresh Idempotency-Key. Not `crypto.randomUUID()`: that is missing where the site is served without https. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * A sentence for a person, in the page's language: by the type of the problem, else in the server's own words.
 * @param {unknown} error
 */
export function explain(error) {
  if (!(error instanceof ApiProblem)) return t("error.page");
  if (error.status === 429) {
    const seconds = Number(error.body.retry_after);
    return seconds > 0 ? t("error.wait-seconds", { seconds }) : t("error.wait");
  }
  if (isKnown(`problem.${error.slug}`)) return t(`problem.${error.slug}`);
  return error.outcomeUnknown ? t("error.busy") : error.detail || error.title || t("error.refused");
}

/** The page's way to the server. */
export const api = createApi();
