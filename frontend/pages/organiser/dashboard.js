/**
 * One event's sale, live. What changes from second to second comes from the socket and is worked out here; what only the server knows (hours, who came too
 * late, the ledger) is asked for now and then.
 * @module
 */

import { ApiProblem, api } from "../../lib/api.js";
import { h, icon } from "../../lib/dom.js";
import { countdown, dateTime, money, timeOfDay } from "../../lib/format.js";
import { saleState } from "../../lib/sale.js";
import { locale } from "../../lib/texts.js";
import { applySnapshot, applyUpdates, createState } from "../../seat-map/state.js";
import { SeatMapView } from "../../seat-map/view.js";
import { fullName, linesOfSection } from "../../seat-map/words.js";
import { Availability } from "../seats/availability.js";
import { Feed, entry, whatHappened } from "./activity.js";
import { salesChart } from "./chart.js";
import { figuresOf, lastHours } from "./figures.js";
import { insetsOf, mapTools } from "./map-tools.js";
import { percent } from "./percent.js";
import { ACCESS, LIST, SALES } from "./words.js";

/** @typedef {import("../../seat-map/plan.js").Plan} Plan */

/** Between two questions to the server, while the page is looked at. */
const ASK_MS = 10_000;
/** After a sale, the hours and the ledger are asked for sooner; a rush of sales asks once. */
const ASK_SOON_MS = 800;
/** And not before so many times what the last answer took: the larger the sale, the more a question costs those who are buying. */
const REST = 10;
const HOURS = 24;
/** Around the house, CSS pixels. */
const MAP_MARGIN = 20;

export class Dashboard {
  /**
   * @param {HTMLElement} root
   * @param {any} event
   * @param {Plan} plan
   * @param {any} sales as `GET /sales/{id}` tells
   * @param {{onGone: () => void}} options
   */
  constructor(root, event, plan, sales, { onGone }) {
    this.event = event;
    this.plan = plan;
    this.sales = sales;
    this.pricing = { currency: event.currency, prices: event.prices };
    this.onGone = onGone;
    /** Ends what the page listens to. */
    this.life = new AbortController();
    this.state = createState({ firstSeatId: event.first_seat_id, count: plan.count });
    this.feed = new Feed();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.soon = undefined;
    /** What the last answer took, milliseconds. */
    this.took = 0;
    this.badge = h("span", { class: "badge live" });
    this.numbers = numbersBlock();
    this.stale = h("p", { class: "notice warn", hidden: true }, icon("warning"), h("span", null, SALES.stale));
    this.hoursHost = h("div", { class: "chart-host" });
    // On a phone it may scroll sideways, so the keyboard must reach it.
    this.tableHost = h("div", { class: "table-host", tabindex: "0", role: "group", "aria-labelledby": "table-title" });
    this.mapHost = h("div", { class: "map" });
    // It scrolls, so the keyboard must reach it; its news waits meanwhile.
    this.list = h("ol", { class: "activity", tabindex: "0", "aria-labelledby": "activity-title" });
    this.pausedWord = h("span", { class: "badge", hidden: true });
    root.replaceChildren(this.layout());
    this.buildMap();
    this.feed.add(sales.recent.map((/** @type {any} */ order) => this.entryOf(order)));
    this.showFeed();
    this.showSales();
    this.showFigures();
    this.availability = new Availability(event.id, this.badge, {
      onSnapshot: (seats) => this.receive(applySnapshot(this.state, seats).state),
      onUpdates: (updates) => this.receive(applyUpdates(this.state, updates).state),
      onGone: () => this.gone(),
    });
  }

  start() {
    this.availability.start();
    this.asking = setInterval(() => !document.hidden && void this.ask(), ASK_MS);
    document.addEventListener("visibilitychange", () => !document.hidden && void this.ask(), this.life);
  }

  stop() {
    this.life.abort();
    this.availability.stop();
    clearInterval(this.asking);
    clearTimeout(this.soon);
  }

  /** The event was deleted. */
  gone() {
    this.stop();
    this.onGone();
  }

  // Building

  layout() {
    const { event } = this;
    const state = saleState(event, Date.now());
    const activity = h(
      "section",
      { class: "box activity-box", "aria-labelledby": "activity-title" },
      h("div", { class: "box-head" }, h("h2", { id: "activity-title" }, SALES.activity), this.pausedWord),
      this.list,
    );
    for (const type of ["pointerenter", "focusin"]) activity.addEventListener(type, () => this.pause(true));
    for (const type of ["pointerleave", "focusout"]) {
      activity.addEventListener(type, () => this.pause(activity.matches(":hover") || activity.contains(document.activeElement)));
    }
    return h(
      "div",
      { class: "dashboard" },
      h("a", { class: "crumb", href: "admin.html" }, icon("back"), ACCESS.myEvents),
      h(
        "div",
        { class: "title-row" },
        h(
          "div",
          { class: "page-head" },
          h("div", { class: "row" }, this.badge, h("span", { class: "badge" }, state === "on_sale" ? SALES.onSale : state === "started" ? SALES.over : SALES.closed)),
          h("h1", null, h("bdi", null, event.name)),
          h("p", { class: "muted" }, dateTime(event.start_time, { timeZone: event.time_zone, zoneName: true }), "\u00a0· ", h("bdi", null, [event.venue, event.city].join(", "))),
        ),
        h(
          "div",
          { class: "row" },
          h("a", { class: "btn quiet", href: `admin-door.html?event=${event.id}` }, LIST.door),
          h("a", { class: "btn quiet", href: `admin-edit.html?event=${event.id}` }, LIST.edit),
        ),
      ),
      this.stale,
      h("section", { "aria-labelledby": "numbers-title" }, h("h2", { class: "vh", id: "numbers-title" }, SALES.numbers), h("dl", { class: "numbers" }, this.numbers.map(({ root }) => root))),
      h(
        "div",
        { class: "panels" },
        h(
          "div",
          { class: "panel-column" },
          h("section", { class: "box house", "aria-labelledby": "map-title" }, h("h2", { id: "map-title" }, SALES.map), h("div", { class: "mini-map" }, this.mapHost), legend()),
          activity,
        ),
        h(
          "div",
          { class: "panel-column" },
          h(
            "section",
            { class: "box", "aria-labelledby": "hours-title" },
            h("h2", { id: "hours-title" }, SALES.perHour),
            h("p", { class: "muted small" }, SALES.perHourHint(event.time_zone.replaceAll("_", " "))),
            this.hoursHost,
          ),
          h("section", { class: "box", "aria-labelledby": "table-title" }, h("h2", { id: "table-title" }, SALES.byPrice), this.tableHost),
        ),
      ),
    );
  }

  buildMap() {
    const { plan, pricing, mapHost } = this;
    const view = new SeatMapView(mapHost, plan, {
      onPick: () => {},
      onPickSection: () => {},
      onPoint: () => {},
      onFloor: (id) => tools.markFloor(id),
      nameOfSeat: (index, look) => fullName(plan, pricing, index, look),
      linesOfSection: (section, left) => linesOfSection(plan, pricing, section, left),
      insets: insetsOf(plan, MAP_MARGIN),
    });
    const tools = mapTools(plan, view);
    mapHost.after(...(tools.floors ? [tools.floors] : []), tools.zoom);
    this.view = view;
  }

  // What is heard

  /** @param {import("../../seat-map/state.js").SeatState} next */
  receive(next) {
    const before = this.state;
    if (next === before) return;
    this.state = next;
    this.view?.show(next);
    if (before.loaded) {
      const news = whatHappened(this.plan, this.pricing.prices, before.status, next.status, Date.now());
      this.feed.add(news);
      this.showFeed();
      if (news.some(({ what }) => what === "sold" || what === "cancelled")) this.askSoon();
    }
    this.showFigures();
  }

  askSoon() {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      void this.ask();
    }, Math.max(ASK_SOON_MS, REST * this.took));
  }

  async ask() {
    const { signal } = this.life;
    const began = performance.now();
    try {
      this.sales = await api.get(`/sales/${this.event.id}`, { auth: true, signal });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiProblem && error.status === 404) this.gone();
      else this.stale.hidden = false;
      return;
    } finally {
      this.took = performance.now() - began;
    }
    this.stale.hidden = true;
    this.showSales();
    this.showFigures();
  }

  /** @param {{at: string, seat_ids: number[]}} order */
  entryOf({ at, seat_ids }) {
    const places = seat_ids.map((id) => id - this.event.first_seat_id);
    return entry(this.plan, this.pricing.prices, "sold", places, Date.parse(at));
  }

  // What is shown

  showFigures() {
    const { currency } = this.pricing;
    const live = this.state.loaded ? figuresOf(this.plan, this.pricing.prices, this.state.status) : null;
    const { total, sold, held, revenue, potential } = live ?? this.sales;
    const { median_held_s: median } = this.sales;
    const [soldAt, heldAt, revenueAt] = this.numbers;
    soldAt.set(sold.toLocaleString(locale), SALES.soldOf(total, percent(sold, total)));
    heldAt.set(held.toLocaleString(locale), held ? (median === null ? SALES.heldSome : SALES.heldMedian(countdown(median * 1000))) : SALES.heldNone);
    revenueAt.set(money(revenue, currency), SALES.revenueOf(percent(revenue, potential), money(potential, currency)));
    if (live) this.showTable(live.categories);
  }

  showSales() {
    const { refused, ledger } = this.sales;
    const refusedAt = this.numbers[3];
    refusedAt.set(refused === null ? "–" : refused.toLocaleString(locale), refused === null ? SALES.refusedUnknown : refused ? "" : SALES.refusedNone, {
      text: SALES.doubles(ledger.double_bookings),
      good: ledger.double_bookings === 0,
    });
    this.hoursHost.replaceChildren(...salesChart(lastHours(this.sales.hours, Date.parse(this.sales.at), HOURS), this.event.time_zone).filter((part) => part instanceof Node));
  }

  /** @param {import("./figures.js").CategoryFigures[]} categories */
  showTable(categories) {
    const { currency } = this.pricing;
    const sorted = [...categories].sort((one, other) => other.price - one.price);
    const headings = [SALES.category, SALES.sold, SALES.held, SALES.free, SALES.revenue];
    this.tableHost.replaceChildren(
      h(
        "table",
        { class: "figures" },
        h("thead", null, h("tr", null, headings.map((text) => h("th", { scope: "col" }, text)))),
        h(
          "tbody",
          null,
          sorted.map(({ category, total, sold, held, blocked, price, revenue }) => {
            const { name, tier } = this.plan.categories[category];
            return h(
              "tr",
              null,
              h("th", { scope: "row" }, h("span", { class: "priced" }, h("span", { class: "swatch", dataset: { tier } }), h("span", null, name, h("span", { class: "muted small num" }, money(price, currency))))),
              [`${sold.toLocaleString(locale)} / ${total.toLocaleString(locale)}`, held.toLocaleString(locale), (total - sold - held - blocked).toLocaleString(locale), money(revenue, currency)].map((text) =>
                h("td", { class: "num" }, text),
              ),
            );
          }),
        ),
      ),
    );
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.feed.pause(paused);
    this.showFeed();
  }

  showFeed() {
    const { shown, waiting, paused } = this.feed;
    this.pausedWord.hidden = !paused;
    this.pausedWord.textContent = SALES.paused(waiting.length);
    if (paused && this.list.childElementCount) return;
    this.list.replaceChildren(
      ...(shown.length
        ? shown.map(({ at, what, places, labels, isShortened, sum }) =>
            h(
              "li",
              { dataset: { what } },
              h("span", { class: "dot" }),
              h("span", { class: "told" }, h("b", null, SALES.happened(places.length, what)), h("span", { class: "muted small" }, labels.join(", "), isShortened && " …")),
              h("span", { class: "when small" }, what === "sold" && h("b", { class: "num" }, money(sum, this.pricing.currency)), h("span", { class: "muted num" }, timeOfDay(new Date(at).toISOString(), { timeZone: this.event.time_zone }))),
            ),
          )
        : [h("li", { class: "muted nothing" }, SALES.nothingYet)]),
    );
  }
}

function legend() {
  const line = (/** @type {"available" | "held" | "booked"} */ look) => h("li", null, h("span", { class: `swatch ${look === "available" ? "" : look}` }), SALES.legend[look]);
  return h("ul", { class: "map-legend small muted" }, line("available"), line("held"), line("booked"));
}

/** The four numbers. */
function numbersBlock() {
  return [SALES.sold, SALES.held, SALES.revenue, SALES.refused].map((label) => {
    const value = h("b", { class: "num display" });
    const more = h("span", { class: "muted small num" });
    const proof = h("span", { class: "proof small", hidden: true });
    return {
      root: h("div", { class: "number" }, h("dt", null, label), h("dd", null, value, more, proof)),
      set: (/** @type {string} */ text, /** @type {string} */ words, /** @type {{text: string, good: boolean}} */ said = { text: "", good: true }) => {
        if (value.textContent !== text) value.textContent = text;
        more.textContent = words;
        more.hidden = !words;
        proof.hidden = !said.text;
        proof.className = `proof small ${said.good ? "good" : "bad"}`;
        proof.replaceChildren(icon(said.good ? "check" : "warning"), said.text);
      },
    };
  });
}
