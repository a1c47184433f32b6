/**
 * Money, dates and time left, as people read them. All through Intl; the page's language unless another is given, and the viewer's time zone unless
 * the venue's is.
 * @module
 */

import { locale as pageLocale, t } from "./texts.js";

/**
 * Minor units and an ISO 4217 currency as text: (9500, "EUR") → "€95", (1250, "EUR") → "€12.50", (500, "JPY") → "¥500".
 * Whole amounts lose their zeros, because most prices are whole and the map is small.
 * @param {number} minor
 * @param {string} currency
 * @param {string} [locale]
 */
export function money(minor, currency, locale = pageLocale) {
  const digits = minorDigits(currency);
  const amount = minor / 10 ** digits;
  const text = formatter(locale, currency, Number.isInteger(amount) ? 0 : digits).format(amount);
  // Right to left, "UK£" falls apart.
  return locale?.startsWith("ar") ? text.replace(/[A-Z]\p{Sc}/u, "$&\u200e") : text;
}

/** @type {Map<string, Intl.NumberFormat>} dear to make, cheap to use */
const formatters = new Map();

/** @param {string | undefined} locale @param {string} currency @param {number} [digits] behind the point; the currency's own unless given */
function formatter(locale, currency, digits) {
  const key = `${locale} ${currency} ${digits}`;
  let made = formatters.get(key);
  if (!made) {
    made = new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
    formatters.set(key, made);
  }
  return made;
}

/**
 * How many digits follow the decimal point: 2 for EUR, 0 for JPY, 3 for KWD.
 * @param {string} currency
 * @returns {number}
 */
export function minorDigits(currency) {
  return formatter("en", currency).resolvedOptions().maximumFractionDigits ?? 2;
}

/**
 * What somebody typed ("12.50") as minor units, or null when it is no amount of that currency.
 * @param {string} text
 * @param {string} currency
 */
export function minorFromText(text, currency) {
  const digits = minorDigits(currency);
  const match = /^\s*(\d{1,9})(?:[.,](\d+))?\s*$/.exec(text);
  if (!match || (match[2] ?? "").length > digits) return null;
  return Number(match[1]) * 10 ** digits + Number((match[2] ?? "").padEnd(digits, "0") || 0);
}

/**
 * "Fri 12 Dec 2025, 19:30" in the viewer's words.
 * @param {string} instant RFC 3339
 * @param {{locale?: string, timeZone?: string, zoneName?: boolean, year?: boolean}} [options] without the year where space is short
 */
export function dateTime(instant, { locale = pageLocale, timeZone, zoneName = false, year = true } = {}) {
  return dateFormatter(locale, timeZone, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(year ? { year: "numeric" } : {}),
    hour: "2-digit",
    minute: "2-digit",
    ...(zoneName ? { timeZoneName: "short" } : {}),
  }).format(new Date(instant));
}

/**
 * "Friday, 12 December"
 * @param {string} instant
 * @param {{locale?: string, timeZone?: string}} [options]
 */
export function day(instant, { locale = pageLocale, timeZone } = {}) {
  return dateFormatter(locale, timeZone, { weekday: "long", day: "numeric", month: "long" }).format(new Date(instant));
}

/**
 * "12 Dec 2025"
 * @param {string} instant
 * @param {{locale?: string, timeZone?: string}} [options]
 */
export function date(instant, { locale = pageLocale, timeZone } = {}) {
  return dateFormatter(locale, timeZone, { day: "numeric", month: "short", year: "numeric" }).format(new Date(instant));
}

/**
 * For a stamp on a picture: "12" and "Dec".
 * @param {string} instant
 * @param {{locale?: string, timeZone?: string}} [options]
 */
export function dayAndMonth(instant, { locale = pageLocale, timeZone } = {}) {
  const date = new Date(instant);
  return {
    day: dateFormatter(locale, timeZone, { day: "numeric" }).format(date),
    month: dateFormatter(locale, timeZone, { month: "short" }).format(date),
  };
}

/**
 * "19:30", or "19:30 CET"
 * @param {string} instant
 * @param {{locale?: string, timeZone?: string, zoneName?: boolean}} [options]
 */
export function timeOfDay(instant, { locale = pageLocale, timeZone, zoneName = false } = {}) {
  return dateFormatter(locale, timeZone, { hour: "2-digit", minute: "2-digit", ...(zoneName ? { timeZoneName: "short" } : {}) }).format(new Date(instant));
}

/** @type {Map<string, Intl.DateTimeFormat>} dear to make, cheap to use */
const dateFormatters = new Map();

/**
 * A zone that this browser does not know (yet) is left out: better another zone, which is named beside the time, than no time.
 * @param {string | undefined} locale
 * @param {string | undefined} timeZone
 * @param {Intl.DateTimeFormatOptions} options
 */
function dateFormatter(locale, timeZone, options) {
  const key = `${locale} ${timeZone} ${JSON.stringify(options)}`;
  let made = dateFormatters.get(key);
  if (!made) {
    try {
      made = new Intl.DateTimeFormat(locale, { ...options, timeZone });
    } catch {
      made = new Intl.DateTimeFormat(locale, options);
    }
    dateFormatters.set(key, made);
  }
  return made;
}

/**
 * Time left as "4:32"; never negative. Rounds up, so that "0:00" means over.
 * @param {number} ms
 */
export function countdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * Time left in words, for people who hear it: "4 minutes 32 seconds".
 * @param {number} ms
 */
export function timeLeftInWords(ms) {
  const left = Math.max(0, Math.ceil(ms / 1000));
  const minutes = t("time.minutes", { count: Math.floor(left / 60) });
  const seconds = t("time.seconds", { count: left % 60 });
  if (left < 60) return seconds;
  return left % 60 ? t("time.both", { minutes, seconds }) : minutes;
}

/**
 * "a", "a and b", "a, b and c"
 * @param {string[]} items
 * @param {string} [locale]
 */
export function list(items, locale = pageLocale) {
  // English without the comma before "and", wherever it is read: seats are numbers, and "12, and 14" reads like two groups.
  return new Intl.ListFormat(locale.startsWith("en") ? "en-GB" : locale, { type: "conjunction" }).format(items);
}

/**
 * A booked seat in words: "Stalls, row A, seat 12"; a whole table, which is its own row, "Salon, table T4"; a place of a standing area "Floor, place 17".
 * Its number is unique in the event ("STALLS-A-12", "A12"); what the seat itself shows is the end of it.
 * @param {{section: string, row: string, seat_number: string}} seat
 */
export function bookedSeatName({ section, row, seat_number }) {
  const [before, last] = ["", ...seat_number.split("-")].slice(-2);
  if (row && row === last && before && before !== row) return inOneLine(section, t("seat.table", { table: row }));
  const printed = printedNumber({ row, seat_number });
  return inOneLine(section, row && t("seat.row", { row }), row ? t("seat.seat", { number: printed }) : t("seat.place", { number: printed }));
}

/** "Stalls, row A, seat 12": parts of a name, empty ones left out. @param {...string} parts */
export function inOneLine(...parts) {
  return parts.filter(Boolean).join(t("seat.separator"));
}

/**
 * What the place itself shows: "12" of "STALLS-A-12" and of "A12", "T4" of a table.
 * @param {{row: string, seat_number: string}} seat
 */
export function printedNumber({ row, seat_number }) {
  const last = seat_number.split("-").pop() ?? "";
  return last === seat_number && row && last.startsWith(row) && last.length > row.length ? last.slice(row.length) : last;
}
