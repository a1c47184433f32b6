/**
 * What every page has: the header with who is signed in and what is held, and a quiet voice for screen readers.
 * @module
 */

import { api } from "./api.js";
import { find, h, icon } from "./dom.js";
import { countdown } from "./format.js";
import { HoldStore } from "./holds.js";
import { current, end, onChange, setMe } from "./session.js";
import { LANGUAGES, PSEUDO, language, speak as speakLanguage, t } from "./texts.js";
import { Voice } from "./voice.js";

export const holds = new HoldStore();

/** Builds the header and keeps it true. @param {{onSignedOut?: () => void}} [options] */
export function mountSite({ onSignedOut } = {}) {
  const menu = find("#menu");
  menu.append(languageChoice());
  const draw = () => {
    drawAccount(menu, onSignedOut);
    markCurrent(menu);
  };
  draw();
  onChange(() => {
    draw();
    void holds.refresh();
  });
  holds.addEventListener("change", drawPill);
  setInterval(tickPill, 250);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void holds.refresh();
  });
  addEventListener("online", () => void holds.refresh());
  // A page from the back/forward cache has not heard who signed in or out meanwhile.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    draw();
    void holds.refresh();
  });
  document.addEventListener("focusin", showAll);
  void holds.refresh();
  void refreshMe();
}

/**
 * A browser is content when a corner of what the keyboard is at can be seen; people want to see all of it (WCAG 2.4.11). The map's cells are its own
 * business. @param {FocusEvent} event
 */
function showAll({ target }) {
  if (target instanceof HTMLElement && target.matches(":focus-visible:not([role=gridcell])")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Asks who I am: a role may have changed since the last page. @returns {Promise<import("./session.js").Me | null>} */
export async function refreshMe() {
  if (!current()) return null;
  try {
    const me = await api.get("/me", { auth: true });
    if (JSON.stringify(me) !== JSON.stringify(current()?.me)) setMe(me);
    return me;
  } catch {
    // Signed out or out of reach: the page shows what it knows.
    return current()?.me ?? null;
  }
}

/** Where to come back to after signing in. */
export function signInAddress(here = location.pathname.split("/").pop() + location.search) {
  return `sign-in.html?next=${encodeURIComponent(here)}`;
}

/** @param {HTMLElement} menu @param {(() => void) | undefined} onSignedOut */
function drawAccount(menu, onSignedOut) {
  const session = current();
  const me = session?.me;
  menu.querySelectorAll("[data-account]").forEach((old) => old.remove());
  /** @type {HTMLElement[]} */
  const parts = [];
  if (me?.role === "admin") parts.push(h("a", { href: "admin.html", "data-account": "" }, t("site.admin")));
  if (session) {
    if (me) parts.push(h("a", { class: "who", href: "account.html", "data-account": "", title: t("site.account") }, h("bdi", null, me.name || me.email)));
    parts.push(h("button", { type: "button", "data-account": "", onclick: () => signOut(onSignedOut) }, t("site.sign-out")));
  } else {
    const page = location.pathname.split("/").pop() ?? "";
    const address = page.startsWith("sign-in") ? "sign-in.html" : signInAddress();
    parts.push(h("a", { href: address, class: "sign-in", "data-account": "" }, t("site.sign-in")));
  }
  menu.append(...parts);
}

/** A native select, each language by its own name: whoever does not understand this page finds it. */
function languageChoice() {
  const offered = language === PSEUDO ? [...LANGUAGES, { code: PSEUDO, name: PSEUDO }] : LANGUAGES;
  const select = h(
    "select",
    { class: "language", "aria-label": t("site.language"), onchange: () => speakLanguage(select.value) },
    offered.map(({ code, name }) => h("option", { value: code, lang: code, selected: code === language }, name)),
  );
  return select;
}

/** @param {HTMLElement} menu */
function markCurrent(menu) {
  const here = pageName(location.pathname);
  for (const link of menu.querySelectorAll("a")) {
    const there = pageName(new URL(link.href).pathname);
    if (there === here) link.setAttribute("aria-current", "page");
    // "/admin-new" is a part of "/admin".
    else if (here.startsWith(`${there}-`)) link.setAttribute("aria-current", "true");
  }
}

/** "/bookings.html" and "/bookings" are one page. @param {string} path */
function pageName(path) {
  return path.replace(/\.html$/, "").replace(/\/index$/, "/");
}

/** Ends this session, here and at the server. @param {() => void} [onSignedOut] */
export async function signOut(onSignedOut) {
  try {
    await api.post("/logout", undefined);
  } catch {
    // The server could not be told; this browser forgets the tokens all the same.
  }
  end();
  announce(t("site.signed-out"));
  onSignedOut?.();
}

function drawPill() {
  const pill = find("#hold-pill");
  const first = earliest();
  pill.hidden = !first;
  if (!first) return;
  const seats = holds.items.reduce((sum, hold) => sum + hold.seats.length, 0);
  pill.setAttribute("href", `seats.html?event=${first.event_id}`);
  pill.setAttribute("aria-label", t("site.held", { count: seats }));
  pill.replaceChildren(
    icon("clock"),
    h("span", { class: "num" }, t("site.seats", { count: seats }), " · ", h("bdi", { id: "hold-pill-time" }, countdown(holds.remaining(first)))),
  );
}

function tickPill() {
  const time = document.getElementById("hold-pill-time");
  const first = earliest();
  if (time && first) time.textContent = countdown(holds.remaining(first));
}

function earliest() {
  return [...holds.items].sort((a, b) => holds.remaining(a) - holds.remaining(b)).at(0);
}

const voice = new Voice((text) => speak("#voice", text));

/**
 * Says something to screen readers, when they are done with what they say, and not more often than one can listen.
 * @param {string} text
 * @param {string} [topic] a later sentence on it replaces one that still waits
 */
export function announce(text, topic) {
  voice.say(text, topic);
}

/**
 * Interrupts whatever is being read. For what cannot wait: the last seconds of a hold.
 * @param {string} text
 */
export function alarm(text) {
  speak("#alarm", text);
}

/** @param {string} region @param {string} text */
function speak(region, text) {
  const element = find(region);
  // The same words twice are news too, but an unchanged text is not read again.
  element.textContent = element.textContent === text ? `${text}\u00a0` : text;
}

/**
 * A bordered message with a sign, and optionally one action and a way to close it.
 * @param {"info" | "warn" | "bad" | "good"} kind
 * @param {any} content
 * @param {{action?: string, onAction?: () => void, onClose?: () => void}} [options]
 */
export function notice(kind, content, { action, onAction, onClose } = {}) {
  return h(
    "div",
    { class: `notice ${kind}`, role: kind === "bad" ? "alert" : null },
    icon(kind === "good" ? "check" : kind === "info" ? "clock" : "warning"),
    h("div", null, content, action && [" ", h("button", { type: "button", class: "link", onclick: onAction }, action)]),
    onClose && h("button", { type: "button", class: "icon-btn", "aria-label": t("site.close-message"), onclick: onClose }, icon("close")),
  );
}

/**
 * What stands where a list would be, when there is none.
 * @param {string} title
 * @param {string} text
 * @param {...any} actions
 */
export function emptyState(title, text, ...actions) {
  return h("div", { class: "empty" }, h("h2", null, title), h("p", null, text), h("div", { class: "row" }, actions));
}
