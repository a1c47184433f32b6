/**
 * The foot of the seats page: my holds of this event with their clocks, what I have chosen, what it costs and the one next step.
 * @module
 */

import { h, icon } from "../../lib/dom.js";
import { countdown, money } from "../../lib/format.js";
import { stepper } from "../../lib/stepper.js";
import { groupSeats } from "../../seat-map/plan.js";
import { t } from "../../seat-map/texts.js";
import { areaLabel, howMany, inWords, priceOf } from "../../seat-map/words.js";
import { howToChoose } from "./entrance.js";

/** @typedef {import("../../lib/holds.js").Hold} Hold */

/** From here on, more time is offered. */
export const WARNING_MS = 90_000;

/**
 * @typedef {object} BasketActions
 * @property {() => void} hold
 * @property {(indices: number[]) => void} giveUp
 * @property {(area: import("./choosing.js").Area | null) => void} setArea
 * @property {(indices: number[]) => void} takeInstead
 * @property {(indices: number[]) => void} takeAndHold
 * @property {(hold: Hold) => void} confirm
 * @property {(hold: Hold) => void} release
 * @property {(hold: Hold) => void} extend
 */

/**
 * @typedef {object} BasketFacts
 * @property {import("../../seat-map/state.js").SeatState} state
 * @property {import("./choosing.js").Area | null} area places of a standing area that are chosen
 * @property {number} areaMost how many of it may be chosen
 * @property {{text: string, instead: number[] | null} | null} hint about the choice
 * @property {number} party
 * @property {import("./offers.js").Card | null} best what may be held with one press, where nothing is chosen
 * @property {boolean} mayTakeBest false while other offers are on their way
 * @property {readonly Hold[]} holds of this event
 * @property {boolean} signedIn
 * @property {string | null} busy what is being asked of the server
 * @property {boolean} onSale
 */

export class Basket {
  /**
   * @param {HTMLElement} root
   * @param {import("../../seat-map/plan.js").Plan} plan
   * @param {import("../../seat-map/words.js").Pricing} pricing
   * @param {BasketActions} actions
   * @param {(hold: Hold) => number} remaining milliseconds left of a hold
   */
  constructor(root, plan, pricing, actions, remaining) {
    this.root = root;
    this.plan = plan;
    this.pricing = pricing;
    this.actions = actions;
    this.remaining = remaining;
    /** @type {{hold: Hold, time: HTMLElement, bar: HTMLElement, box: HTMLElement, more: HTMLElement, text: HTMLElement, confirm: HTMLButtonElement, longest: number}[]} */
    this.clocks = [];
    /** Longest time left seen of each hold: the full length of its bar. @type {Map<string, number>} */
    this.longest = new Map();
    /** @type {BasketFacts | null} */
    this.facts = null;
  }

  /** @param {BasketFacts} facts */
  show(facts) {
    const before = this.facts;
    this.facts = facts;
    const same =
      before &&
      before.state.chosen === facts.state.chosen &&
      before.state.loaded === facts.state.loaded &&
      before.area === facts.area &&
      before.areaMost === facts.areaMost &&
      before.party === facts.party &&
      before.best === facts.best &&
      before.mayTakeBest === facts.mayTakeBest &&
      before.hint?.text === facts.hint?.text &&
      String(before.hint?.instead) === String(facts.hint?.instead) &&
      before.holds.length === facts.holds.length &&
      before.holds.every((hold, nth) => hold === facts.holds[nth]) &&
      before.busy === facts.busy &&
      before.signedIn === facts.signedIn;
    if (!same) this.build(facts);
  }

  /** @param {BasketFacts} facts */
  build(facts) {
    const focused = document.activeElement instanceof HTMLElement && this.root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.clocks = [];
    const held = facts.holds.map((hold) => this.heldBlock(hold, facts));
    const chosen = facts.area ? this.areaBlock(facts, facts.area, held.length > 0) : this.chosenBlock(facts, held.length > 0);
    this.root.replaceChildren(h("h2", { class: "vh", tabindex: -1, "data-key": "top" }, t("seats.yours")), ...held, ...(chosen ? [chosen] : []));
    this.tick();
    if (focused !== null && focused !== undefined) {
      const again = this.root.querySelector(`[data-key="${CSS.escape(focused)}"]:not(:disabled)`) ?? this.root.querySelector("[data-key=top]");
      if (again instanceof HTMLElement) again.focus({ preventScroll: true });
    }
  }

  /** @param {BasketFacts} facts @param {boolean} besideHolds */
  chosenBlock(facts, besideHolds) {
    const { chosen } = facts.state;
    if (!chosen.length) return besideHolds ? null : this.nothing(facts);
    const total = chosen.reduce((sum, index) => sum + priceOf(this.plan, this.pricing, index), 0);
    const remove = (/** @type {number[]} */ indices, /** @type {string} */ place) => this.removeButton(facts, place, `remove-${indices[0]}`, () => this.actions.giveUp(indices));
    return this.choiceBlock(facts, besideHolds, [this.lines(chosen, remove), this.hintLine(facts)], howMany(this.plan, chosen), total);
  }

  /** @param {BasketFacts} facts @param {import("./choosing.js").Area} area @param {boolean} besideHolds */
  areaBlock(facts, { section: nth, quantity }, besideHolds) {
    const section = this.plan.sections[nth];
    const price = priceOf(this.plan, this.pricing, section.start);
    const { tier } = this.plan.categories[this.plan.category[section.start]];
    const { root } = stepper({
      label: t("basket.places-in", { section: section.name }),
      value: quantity,
      max: facts.areaMost,
      key: "area",
      onChange: (to) => this.actions.setArea({ section: nth, quantity: to }),
    });
    const line = h(
      "li",
      null,
      h("span", { class: "swatch", dataset: { tier } }),
      h("span", { class: "place" }, h("b", null, areaLabel(section, quantity)), h("span", { class: "muted small num" }, t("list.each", { price: money(price, this.pricing.currency) }))),
      root,
      this.removeButton(facts, section.name, "remove-area", () => this.actions.setArea(null)),
    );
    return this.choiceBlock(facts, besideHolds, [h("ul", { class: "lines" }, line)], t("place.places", { count: quantity }), price * quantity);
  }

  /**
   * What is chosen, what it costs, and the button that holds it.
   * @param {BasketFacts} facts
   * @param {boolean} besideHolds
   * @param {any} content
   * @param {string} amount "2 seats"
   * @param {number} total
   */
  choiceBlock({ signedIn, busy, onSale }, besideHolds, content, amount, total) {
    const label = busy === "hold" ? t("basket.holding") : t(signedIn ? "basket.hold" : "basket.sign-in", { amount });
    return h(
      "div",
      { class: "basket-block" },
      besideHolds && h("h3", null, t("basket.more")),
      content,
      this.total(amount, total),
      h(
        "button",
        { type: "button", class: "btn", disabled: busy !== null || !onSale, "aria-busy": busy === "hold", "data-key": "hold", onclick: () => this.actions.hold() },
        label,
      ),
      h("p", { class: "muted small" }, t("basket.promise")),
    );
  }

  /** @param {BasketFacts} facts @param {string} place @param {string} key @param {() => void} onPress */
  removeButton({ busy }, place, key, onPress) {
    return h("button", { type: "button", class: "icon-btn", "aria-label": t("basket.remove", { places: place }), disabled: busy !== null, "data-key": key, onclick: onPress }, icon("close"));
  }

  /** @param {BasketFacts} facts */
  hintLine({ hint, busy }) {
    if (!hint || busy) return null;
    const { text, instead } = hint;
    const swap = instead && h("button", { type: "button", class: "link", "data-key": "instead", onclick: () => this.actions.takeInstead(instead) }, t("choose.take-instead", { places: inWords(this.plan, instead) }));
    return h("p", { class: "hint small" }, icon("warning"), h("span", null, text, swap && [" ", swap]));
  }

  /** @param {BasketFacts} facts */
  nothing({ onSale, party, best, mayTakeBest, busy }) {
    return h(
      "div",
      { class: "basket-block nothing" },
      h("p", { class: best ? "muted small" : "muted" }, howToChoose(onSale, party)),
      onSale &&
        best &&
        h(
          "button",
          { type: "button", class: "btn", disabled: busy !== null || !mayTakeBest, "data-key": "hold", onclick: () => this.actions.takeAndHold(best.indices) },
          t("basket.take-best", { places: inWords(this.plan, best.indices), price: money(best.offer.total, this.pricing.currency) }),
        ),
    );
  }

  /** @param {Hold} hold @param {BasketFacts} facts */
  heldBlock(hold, { state, busy }) {
    const indices = hold.seats.map(({ seat_id }) => seat_id - state.firstSeatId);
    const time = h("b", { class: "time num", role: "timer", "aria-label": t("basket.time-left") });
    const bar = h("i");
    const text = h("span");
    const more = h(
      "button",
      { type: "button", class: "btn quiet small", disabled: busy !== null, hidden: true, "data-key": `extend-${hold.hold_id}`, onclick: () => this.actions.extend(hold) },
      t("basket.extend"),
    );
    const box = h("div", { class: "hold-box" }, h("b", null, t("basket.held")), time, text, h("span", { class: "bar" }, bar));
    const confirm = h(
      "button",
      {
        type: "button",
        class: "btn",
        disabled: busy !== null,
        "aria-busy": busy === `confirm-${hold.hold_id}`,
        "data-key": `confirm-${hold.hold_id}`,
        onclick: () => this.actions.confirm(hold),
      },
      t("basket.confirm"),
    );
    const release = h(
      "button",
      { type: "button", class: "btn quiet", disabled: busy !== null, "data-key": `release-${hold.hold_id}`, onclick: () => this.actions.release(hold) },
      t("basket.release"),
    );
    const longest = Math.max(this.longest.get(hold.hold_id) ?? 0, this.remaining(hold), hold.expires_in * 1000 || 0);
    this.longest.set(hold.hold_id, longest);
    this.clocks.push({ hold, time, bar, box, more, text, confirm, longest });
    return h(
      "div",
      { class: "basket-block" },
      box,
      more,
      this.lines(indices),
      this.total(howMany(this.plan, indices), hold.total),
      h("div", { class: "row actions" }, confirm, release),
    );
  }

  /** @param {string} amount @param {number} total */
  total(amount, total) {
    return h("div", { class: "total" }, h("span", null, amount), h("b", { class: "num" }, money(total, this.pricing.currency)));
  }

  /**
   * @param {readonly number[]} indices
   * @param {(indices: number[], place: string) => HTMLElement} [end] what stands at the end of a line
   */
  lines(indices, end) {
    const { plan, pricing } = this;
    const lines = groupSeats(plan, indices).map(({ indices: group, label, category }) => {
      const { tier, name } = plan.categories[category];
      const price = priceOf(plan, pricing, group[0]);
      const sum = group.length === 1 ? h("bdi", null, name) : t("basket.times", { category: name, count: group.length, price: money(price, pricing.currency) });
      return h(
        "li",
        null,
        h("span", { class: "swatch", dataset: { tier } }),
        h("span", { class: "place" }, h("b", null, label), h("span", { class: "muted small num" }, sum)),
        h("span", { class: "num" }, money(price * group.length, pricing.currency)),
        end?.(group, label),
      );
    });
    return h("ul", { class: "lines" }, lines);
  }

  /** Sets the clocks; called several times a second, touches only what changed. */
  tick() {
    for (const { hold, time, bar, box, more, text, confirm, longest } of this.clocks) {
      const left = this.remaining(hold);
      const shown = countdown(left);
      if (time.textContent === shown) continue;
      time.textContent = shown;
      bar.style.width = `${Math.min(100, (left / longest) * 100)}%`;
      const urgent = left < WARNING_MS;
      box.classList.toggle("urgent", urgent);
      const mayExtend = !hold.extendable_until || Date.parse(hold.extendable_until) > Date.parse(hold.expires_at);
      more.hidden = !(urgent && left > 0 && mayExtend);
      confirm.hidden = left === 0;
      text.textContent = t(left === 0 ? "basket.time-up" : urgent ? "basket.hurry" : "basket.in-time");
    }
  }
}
