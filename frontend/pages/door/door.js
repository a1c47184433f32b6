/**
 * The door as somebody sees it who lets people in: the camera or the last verdict large, how many are in, and a field that a hand scanner types into.
 * @module
 */

import { clock } from "../../lib/clock.js";
import { h, icon } from "../../lib/dom.js";
import { bookedSeatName, dateTime } from "../../lib/format.js";
import { field } from "../../lib/forms.js";
import { alarm, announce, notice, signInAddress } from "../../lib/site.js";
import { locale } from "../../lib/texts.js";
import { Camera, NoCamera } from "./camera.js";
import { canonical, eventOf } from "./code.js";
import { MAX_GATE_CHARS, gateName, isMuted, mute, nameGate } from "./habits.js";
import { Sightings } from "./sightings.js";
import { Sounds } from "./sounds.js";
import { t } from "./texts.js";
import { moment, verdictCard, verdictInWords, verdictSign } from "./verdict-view.js";

/** @typedef {import("./checking.js").Checking} Checking */
/** @typedef {import("./verdicts.js").Verdict} Verdict */

const ASK_MS = 10_000;
/** Without an answer the next question comes sooner. */
const ASK_AGAIN_MS = 4_000;
/** How long a welcome lies over the camera's picture; a refusal stays until it was seen. */
const WELCOME_MS = 4_000;
const LAST_TICKETS = 5;
/** More than a code has, spaces included: what is longer is refused, not cut. */
const MAX_TYPED_CHARS = 300;

export class Door {
  /**
   * @param {HTMLElement} root
   * @param {Checking} checking
   * @param {{onLost: (error: unknown) => void}} options the event is gone, or not for us
   */
  constructor(root, checking, { onLost }) {
    this.checking = checking;
    this.onLost = onLost;
    this.timeZone = checking.checkIn.time_zone;
    /** Ends what the page listens to. */
    this.life = new AbortController();
    this.sounds = new Sounds();
    this.sounds.isMuted = isMuted();
    this.sightings = new Sightings();
    /** The last ones, newest first. @type {{verdict: Verdict, at: string}[]} */
    this.last = [];
    this.busy = 0;

    this.video = h("video", { muted: true, playsinline: true, hidden: true, "aria-hidden": "true" });
    this.video.muted = true;
    this.camera = new Camera(this.video, { onCodes: (codes) => this.onCodes(codes), onEnd: () => this.onCameraEnd() });
    this.shown = h("div", { class: "door-shown" });
    this.stage = h("section", { class: "door-stage", "aria-label": t("door.result") }, this.video, h("div", { class: "door-frame", "aria-hidden": "true" }), this.shown);
    this.input = h("input", { name: "code", type: "text", maxlength: MAX_TYPED_CHARS, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", enterkeyhint: "go", dir: "ltr" });
    this.notices = h("div", { class: "door-notices", "aria-live": "polite" });
    this.count = h("b", { class: "num display" });
    this.countOf = h("span", { class: "muted num" });
    this.bar = h("i");
    this.asOf = h("p", { class: "muted small num" });
    this.lastList = h("ol", { class: "door-last" });
    this.lastBox = h("section", { class: "door-box", "aria-labelledby": "last-title", hidden: true }, h("h2", { id: "last-title" }, t("door.last")), this.lastList);
    this.doubles = h("ul", { class: "door-doubles" });
    this.doublesBox = h("section", { class: "door-box", "aria-labelledby": "doubles-title", hidden: true }, h("h2", { id: "doubles-title" }, t("door.doubles")), h("p", { class: "muted small" }, t("door.doubles-hint")), this.doubles);
    this.gate = h("span");
    this.cameraButton = h("button", { type: "button", class: "btn quiet small", onclick: () => (this.camera.isOn ? this.stopCamera() : void this.startCamera()) });
    this.soundButton = h("button", { type: "button", class: "btn quiet small", "aria-pressed": !this.sounds.isMuted, onclick: () => this.switchSound() }, icon("sound"), t("door.sound"));
    root.replaceChildren(this.layout());
    this.showGate();
    this.showCameraButton();
    this.showBeginning();
    this.show();
  }

  start() {
    const { signal } = this.life;
    this.checking.addEventListener("change", () => this.show(), { signal });
    this.checking.addEventListener("reported", (event) => announce(t("door.reported", { count: /** @type {CustomEvent} */ (event).detail })), { signal });
    addEventListener("online", () => void this.renew(), { signal });
    addEventListener("beforeunload", (event) => this.onLeaving(event), { signal });
    document.addEventListener("keydown", (event) => this.onKey(event), { signal });
    void this.keepRenewing();
    if (matchMedia("(pointer: fine)").matches) this.input.focus();
  }

  stop() {
    this.life.abort();
    this.camera.stop();
    clearTimeout(this.clearing);
    clearTimeout(this.asking);
  }

  // Building

  layout() {
    const { checkIn } = this.checking;
    const form = h(
      "form",
      { class: "door-code", onsubmit: (/** @type {SubmitEvent} */ event) => this.onSubmit(event) },
      field("code", t("door.code"), {}, { control: this.input, hint: t("door.code-hint") }),
      h("button", { type: "submit", class: "btn" }, t("door.check")),
    );
    return h(
      "div",
      { class: "door" },
      h(
        "header",
        { class: "door-head" },
        h("a", { class: "crumb", href: "admin.html" }, icon("back"), t("organiser.list")),
        h("h1", null, h("bdi", null, checkIn.name)),
        h("p", { class: "muted" }, dateTime(checkIn.start_time, { timeZone: this.timeZone, zoneName: true })),
      ),
      this.notices,
      this.stage,
      h(
        "div",
        { class: "door-panel" },
        h(
          "section",
          { class: "door-count", "aria-labelledby": "count-title" },
          h("h2", { id: "count-title" }, t("door.inside")),
          h("p", null, this.count, " ", this.countOf),
          h("span", { class: "door-meter", "aria-hidden": "true" }, this.bar),
          this.asOf,
        ),
        form,
        h(
          "div",
          { class: "door-tools" },
          h("p", { class: "door-gate" }, icon("pin"), this.gate, h("button", { type: "button", class: "link", onclick: () => this.rename() }, t("door.rename"))),
          h("div", { class: "row" }, this.cameraButton, this.soundButton),
        ),
        this.lastBox,
        this.doublesBox,
      ),
    );
  }

  // Checking

  /** @param {SubmitEvent} event */
  onSubmit(event) {
    event.preventDefault();
    const typed = this.input.value;
    this.input.value = "";
    if (typed.trim()) void this.check(typed);
    else this.input.focus();
  }

  /** @param {string[]} codes what the camera sees */
  onCodes(codes) {
    // A ticket rather than the poster beside it.
    const code = codes.find((one) => eventOf(canonical(one) ?? "") !== null) ?? codes[0];
    if (this.sightings.isNew(code, performance.now())) void this.check(code);
  }

  /** @param {string} text */
  async check(text) {
    this.stage.setAttribute("aria-busy", String(++this.busy > 0));
    const verdict = await this.checking.check(text, gateName() || null).finally(() => this.stage.setAttribute("aria-busy", String(--this.busy > 0)));
    if (!this.life.signal.aborted) this.tell(verdict);
  }

  /** @param {Verdict} verdict */
  tell(verdict) {
    const isWelcome = verdict.kind === "admitted";
    this.sounds.play(isWelcome ? "welcome" : "halt");
    alarm(verdictInWords(verdict, this.timeZone));
    const card = verdictCard(verdict, this.timeZone);
    if (this.camera.isOn) card.append(h("button", { type: "button", class: "btn verdict-next", onclick: () => this.showReady() }, t("door.next")));
    this.put(card);
    this.bringIntoSight();
    if (this.camera.isOn && isWelcome) this.clearing = setTimeout(() => this.showReady(), WELCOME_MS);
    this.last = [{ verdict, at: new Date(clock.now()).toISOString() }, ...this.last].slice(0, LAST_TICKETS);
    this.showLast();
  }

  /**
   * A hand scanner types wherever the focus happens to be: its letters belong into the field.
   * @param {KeyboardEvent} event
   */
  onKey({ key, ctrlKey, metaKey, altKey, target }) {
    const isTyping = target instanceof Element && target.closest("input, select, textarea, dialog, [popover]:popover-open");
    if (key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey && !isTyping) this.input.focus();
  }

  /**
   * Without a network this page cannot be loaded again: the browser asks whether that is meant.
   * @param {BeforeUnloadEvent} event
   */
  onLeaving(event) {
    if (this.checking.offlineSince !== null && !this.checking.signedOut) event.preventDefault();
  }

  // Staying up to date

  async keepRenewing() {
    await this.renew();
    if (this.life.signal.aborted) return;
    this.asking = setTimeout(() => void this.keepRenewing(), this.checking.offlineSince === null ? ASK_MS : ASK_AGAIN_MS);
  }

  async renew() {
    try {
      await this.checking.renew();
    } catch (error) {
      if (this.life.signal.aborted) return;
      this.stop();
      this.onLost(error);
    }
  }

  // The camera

  async startCamera() {
    this.cameraButton.disabled = true;
    try {
      await this.camera.start();
      this.video.hidden = false;
      this.showReady();
    } catch (error) {
      if (!(error instanceof NoCamera)) throw error;
      this.put(this.waitingCard(t(`camera.${error.fault}`)));
      alarm(t(`camera.${error.fault}`));
    } finally {
      this.cameraButton.disabled = false;
      this.showCameraButton();
      this.bringIntoSight();
    }
  }

  stopCamera() {
    this.camera.stop();
    this.video.hidden = true;
    this.showCameraButton();
    this.showReady();
  }

  onCameraEnd() {
    this.stopCamera();
    this.put(this.waitingCard(t("camera.ended")));
    alarm(t("camera.ended"));
  }

  switchSound() {
    this.sounds.isMuted = !this.sounds.isMuted;
    mute(this.sounds.isMuted);
    this.soundButton.setAttribute("aria-pressed", String(!this.sounds.isMuted));
    this.sounds.play("welcome");
  }

  // What is shown

  /** @param {Node} card */
  put(card) {
    clearTimeout(this.clearing);
    this.shown.replaceChildren(card);
  }

  /** On a phone whoever types, or presses a button further down, has the stage out of sight. */
  bringIntoSight() {
    if (getComputedStyle(this.stage).position !== "sticky") this.stage.scrollIntoView({ block: "nearest" });
  }

  /** Before the first ticket, and when the door is named anew. */
  showBeginning() {
    const name = h("input", { name: "gate", value: gateName(), maxlength: MAX_GATE_CHARS, autocomplete: "off", placeholder: t("door.gate-hint") });
    const begin = (/** @type {boolean} */ withCamera) => {
      nameGate(name.value);
      this.showGate();
      this.showReady();
      if (withCamera && !this.camera.isOn) void this.startCamera();
      else this.input.focus();
    };
    const form = h(
      "form",
      {
        class: "door-begin",
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          begin(true);
        },
      },
      h("h2", null, t("door.begin")),
      field("gate", t("door.gate"), {}, { control: name }),
      h("div", { class: "row" }, h("button", { type: "submit", class: "btn" }, icon("camera"), t("camera.start")), h("button", { type: "button", class: "btn quiet", onclick: () => begin(false) }, t("camera.without"))),
      h("p", { class: "muted small" }, t("camera.stays")),
    );
    this.put(form);
  }

  rename() {
    this.showBeginning();
    this.bringIntoSight();
    /** @type {HTMLElement | null} */ (this.shown.querySelector("input"))?.focus();
  }

  /** For the next ticket. */
  showReady() {
    this.put(this.camera.isOn ? h("p", { class: "door-hold-up" }, t("camera.hold-up")) : this.waitingCard(t("door.waits")));
  }

  /** @param {string} text */
  waitingCard(text) {
    return h("div", { class: "door-waits" }, icon("ticket"), h("p", null, text));
  }

  showGate() {
    this.gate.replaceChildren(gateName() ? h("bdi", null, gateName()) : t("door.no-gate"));
  }

  showCameraButton() {
    this.cameraButton.replaceChildren(icon("camera"), this.camera.isOn ? t("camera.stop") : t("camera.start"));
  }

  /** What changes by itself. */
  show() {
    const { admitted, checkIn, toldAt } = this.checking;
    this.count.textContent = admitted.toLocaleString(locale);
    this.countOf.textContent = t("door.of", { count: checkIn.sold });
    this.bar.style.inlineSize = `${checkIn.sold ? Math.min(100, (100 * admitted) / checkIn.sold) : 0}%`;
    this.asOf.textContent = t("door.as-of", { time: moment(new Date(toldAt).toISOString(), this.timeZone) });
    this.showNotices();
    this.showDoubles();
  }

  showNotices() {
    const { offlineSince, signedOut, waiting, list, refused } = this.checking;
    const said = [];
    if (waiting) said.push(t("door.waiting", { count: waiting }));
    if (signedOut) {
      said.unshift(t("door.signed-out"));
      said.push(h("a", { href: signInAddress() }, t("site.sign-in")));
    } else if (offlineSince !== null) {
      said.unshift(list.asOf ? t("door.offline", { time: moment(new Date(offlineSince).toISOString(), this.timeZone), list: moment(list.asOf, this.timeZone) }) : t("door.offline-no-list"));
    }
    const lines = refused.map(({ waiting: { seat, scanned_at, code } }) => t("door.refused", { seat: seat ? bookedSeatName(seat) : code, time: moment(scanned_at, this.timeZone) }));
    const wanted = [said.length ? notice("warn", said.flatMap((part) => [part, " "])) : "", ...lines.map((line) => notice("warn", line))].filter((part) => part !== "");
    // An unchanged message is not read again.
    const text = (/** @type {Element[]} */ parts) => parts.map((part) => part.textContent).join("\n");
    if (text(wanted) !== text([...this.notices.children])) this.notices.replaceChildren(...wanted);
  }

  showLast() {
    this.lastBox.hidden = false;
    this.lastList.replaceChildren(
      ...this.last.map(({ verdict, at }) =>
        h(
          "li",
          { dataset: { kind: verdict.kind } },
          verdictSign(verdict.kind),
          h("span", null, h("b", null, t(`verdict.${verdict.kind}`)), verdict.seat && h("span", { class: "muted small" }, bookedSeatName(verdict.seat))),
          h("span", { class: "muted small num" }, moment(at, this.timeZone)),
        ),
      ),
    );
  }

  showDoubles() {
    const entries = this.checking.checkIn.double_entries;
    this.doublesBox.hidden = !entries.length;
    this.doubles.replaceChildren(
      ...entries.map(({ seat, first, second }) =>
        h(
          "li",
          null,
          h("b", null, bookedSeatName(seat)),
          h("span", { class: "small" }, first ? t("door.first", this.entrance(first.gate, first.admitted_at)) : t("door.was-cancelled")),
          h("span", { class: "small" }, t("door.second", this.entrance(second.gate, second.scanned_at))),
        ),
      ),
    );
  }

  /** @param {string | null} gate @param {string} at */
  entrance(gate, at) {
    return { gate: gate ?? t("door.some-gate"), time: moment(at, this.timeZone) };
  }
}
