/**
 * Days as date fields have them ("2025-12-12"), in the visitor's time zone.
 * @module
 */

/** @typedef {{from: string, to: string}} Range both days included */

/** The spans of time that one tap chooses. @type {readonly ("today" | "weekend" | "week")[]} */
export const SPANS = ["today", "weekend", "week"];

const SATURDAY = 6;

/**
 * @param {"today" | "weekend" | "week"} key
 * @param {Date} now
 * @returns {Range}
 */
export function rangeOf(key, now) {
  if (key === "today") return { from: dayAfter(now, 0), to: dayAfter(now, 0) };
  if (key === "week") return { from: dayAfter(now, 0), to: dayAfter(now, 6) };
  const weekday = now.getDay();
  if (weekday === 0) return { from: dayAfter(now, 0), to: dayAfter(now, 0) };
  return { from: dayAfter(now, SATURDAY - weekday), to: dayAfter(now, SATURDAY - weekday + 1) };
}

/**
 * The instant at which a day begins, as the API takes it; empty for what is no day.
 * @param {string} day
 * @param {number} [later] days later
 */
export function startOfDay(day, later = 0) {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day);
  if (!match) return "";
  const [year, month, date] = match.slice(1).map(Number);
  const instant = new Date(year, month - 1, date + later);
  return Number.isNaN(instant.getTime()) ? "" : instant.toISOString();
}

/** @param {Date} now @param {number} days */
function dayAfter(now, days) {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
