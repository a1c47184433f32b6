/**
 * When an event starts, by the venue's clocks: a time, a zone, and what both come to in words.
 * @module
 */

import { h } from "../../lib/dom.js";
import { field } from "../../lib/forms.js";
import { dateTime } from "../../lib/format.js";
import { FIELDS } from "./words.js";
import { instantOf, ownZone, zoneNames } from "./zones.js";

/**
 * @param {{start: string, time_zone: string}} now `start` local to the zone
 * @param {(changes: {start?: string, time_zone?: string}) => void} onChange
 */
export function startFields(now, onChange) {
  let { start, time_zone } = now;
  const time = h("input", { type: "datetime-local", name: "start_time", value: start, required: true });
  const names = zoneNames();
  const zone = h(
    "select",
    { name: "time_zone" },
    (names.includes(time_zone) ? names : [time_zone, ...names]).map((name) => h("option", { value: name, selected: name === time_zone }, name.replaceAll("_", " "))),
  );
  const words = h("p", { class: "muted small start-words", "aria-live": "polite" });
  const explain = () => {
    const found = instantOf(start, time_zone);
    const here = ownZone();
    words.textContent = found
      ? [
          FIELDS.startsAt(dateTime(found.instant, { timeZone: time_zone, zoneName: true }), here === time_zone ? "" : dateTime(found.instant, { zoneName: true })),
          found.odd && FIELDS[found.odd],
        ]
          .filter(Boolean)
          .join(" ")
      : "";
  };
  time.addEventListener("input", () => {
    start = time.value.slice(0, 16);
    onChange({ start });
    explain();
  });
  zone.addEventListener("change", () => {
    time_zone = zone.value;
    onChange({ time_zone });
    explain();
  });
  explain();
  return h("div", { class: "start-fields" }, h("div", { class: "fields" }, field("start_time", FIELDS.start, {}, { control: time }), field("time_zone", FIELDS.zone, {}, { control: zone })), words);
}
