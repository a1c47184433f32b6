/**
 * A verdict as it is seen from two metres away: its colour, its shape, one or two words, and the seat. None of the four is needed to understand it.
 * @module
 */

import { explain } from "../../lib/api.js";
import { h, svg } from "../../lib/dom.js";
import { bookedSeatName, date, dateTime, printedNumber, timeOfDay } from "../../lib/format.js";
import { t } from "./texts.js";

/** @typedef {import("./verdicts.js").Verdict} Verdict */
/** @typedef {Verdict["kind"]} Kind */

/** A shape for each, and what is cut out of it; on a 24 × 24 grid. @type {Record<Kind, {shape: string, sign: string}>} */
const SIGNS = {
  admitted: { shape: "M12 1a11 11 0 1 0 0 22a11 11 0 0 0 0-22z", sign: "M6.8 12.4l3.6 3.6l6.8-7.4" },
  used: { shape: "M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z", sign: "M6.5 12h11" },
  other: { shape: "M12 .6L23.4 12L12 23.4L.6 12z", sign: "M7.6 12h8.4M12.8 8.4L16.4 12l-3.6 3.6" },
  cancelled: { shape: "M3.5 1.5h17a2 2 0 0 1 2 2v17a2 2 0 0 1-2 2h-17a2 2 0 0 1-2-2v-17a2 2 0 0 1 2-2z", sign: "M7.4 7.4l9.2 9.2M16.6 7.4l-9.2 9.2" },
  forged: { shape: "M12 1.6L23.4 21.8H.6z", sign: "M12 9v5.4M12 18v.1" },
  unknown: { shape: "M5 1h14a4 4 0 0 1 4 4v9a4 4 0 0 1-4 4h-3l-4 5l-4-5H5a4 4 0 0 1-4-4V5a4 4 0 0 1 4-4z", sign: "M9.2 7.6c0-1.7 1.2-2.8 2.8-2.8s2.8 1.1 2.8 2.6c0 2-2.8 2-2.8 3.8M12 14.2v.1" },
};
/** A word of more letters than this is set smaller, or it would be broken. */
const LONG_WORD = 9;

/** @param {Kind} kind */
export function verdictSign(kind) {
  const { shape, sign } = SIGNS[kind];
  return svg("svg", { viewBox: "0 0 24 24", class: "verdict-sign", "aria-hidden": "true" }, svg("path", { d: shape, class: "shape" }), svg("path", { d: sign, class: "sign" }));
}

/** @param {Verdict} verdict @param {string} timeZone of the event */
export function verdictCard(verdict, timeZone) {
  const word = t(`verdict.${verdict.kind}`);
  const isLong = word.split(/\s/).some((part) => part.length > LONG_WORD);
  const more = reason(verdict, timeZone);
  return h(
    "div",
    { class: "verdict", dataset: { kind: verdict.kind } },
    verdictSign(verdict.kind),
    h("p", { class: isLong ? "verdict-word long" : "verdict-word" }, word),
    more && h("p", { class: "verdict-reason" }, more),
    verdict.seat && seatFacts(verdict.seat),
    verdict.asOf && verdict.kind !== "forged" && h("p", { class: "verdict-source" }, t("door.by-list", { time: moment(verdict.asOf, timeZone) })),
  );
}

/** The same for those who hear it. @param {Verdict} verdict @param {string} timeZone */
export function verdictInWords(verdict, timeZone) {
  return [t(`verdict.${verdict.kind}`), reason(verdict, timeZone), verdict.seat && bookedSeatName(verdict.seat)].filter(Boolean).join(". ");
}

/** @param {Verdict} verdict @param {string} timeZone */
function reason({ kind, at, gate, event, asOf, error }, timeZone) {
  if (kind === "used" && at) return gate ? t("door.since-at", { time: moment(at, timeZone), gate }) : t("door.since", { time: moment(at, timeZone) });
  if (kind === "other") return event?.name ? t("door.for", { event: event.name, time: dateTime(event.start_time ?? "", { timeZone: event.time_zone ?? timeZone }) }) : t("door.for-some");
  if (kind === "cancelled") return t("door.given-back");
  if (kind === "forged") return asOf ? t("door.not-listed", { time: moment(asOf, timeZone) }) : t("door.not-ours");
  if (kind === "unknown") return error ? explain(error) : t("door.no-list");
  return "";
}

/**
 * When something happened, by the clocks of the venue: the time of today, day and time of any other.
 * @param {string} instant RFC 3339
 * @param {string} timeZone
 */
export function moment(instant, timeZone) {
  const isToday = date(instant, { timeZone }) === date(new Date().toISOString(), { timeZone });
  return isToday ? timeOfDay(instant, { timeZone }) : dateTime(instant, { timeZone, year: false });
}

/** @param {import("./verdicts.js").Seat} seat */
function seatFacts(seat) {
  const facts = [
    [t("ticket.section"), seat.section],
    [t("ticket.row"), seat.row],
    [t("ticket.seat"), printedNumber(seat)],
  ].filter(([, value]) => value);
  return h("dl", { class: "verdict-seat" }, facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, h("bdi", null, value)))));
}
