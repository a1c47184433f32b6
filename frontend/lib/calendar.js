/**
 * An order as a calendar file (iCalendar, RFC 5545). Instants are written in UTC, so every calendar shows them right wherever it is opened.
 * @module
 */

/** How long an event lasts is not known; calendars want an end all the same. */
const ASSUMED_DURATION = "PT2H";
const MAX_LINE_OCTETS = 75;

/**
 * @param {{uid: string, name: string, start: string, location: string, description: string, url: string}} entry
 * @param {Date} now
 * @returns {string}
 */
export function calendarFile({ uid, name, start, location, description, url }, now) {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Frontrow//Tickets//EN",
    "METHOD:PUBLISH",
    "BEGIN:VEVENT",
    `UID:${text(uid)}`,
    `DTSTAMP:${instant(now)}`,
    `DTSTART:${instant(new Date(start))}`,
    `DURATION:${ASSUMED_DURATION}`,
    `SUMMARY:${text(name)}`,
    `LOCATION:${text(location)}`,
    `DESCRIPTION:${text(description)}`,
    `URL:${url.replace(/[\r\n]/g, "")}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map(folded).join("");
}

/** §3.3.5, form 2. @param {Date} date */
function instant(date) {
  return date.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** §3.3.11: what would end a value or a line is escaped, other control characters go. @param {string} value */
function text(value) {
  return value
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r\n|\n|\r/g, "\\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}

/** §3.1: no line longer than 75 octets, and no character cut in two. @param {string} line */
function folded(line) {
  const encoder = new TextEncoder();
  let out = "";
  let octets = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (octets + size > MAX_LINE_OCTETS) {
      out += "\r\n ";
      octets = 1;
    }
    out += character;
    octets += size;
  }
  return `${out}\r\n`;
}
