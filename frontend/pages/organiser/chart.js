/**
 * Sales per hour as bars, drawn without a style attribute: positions are attributes of a drawing. The same numbers stand in a table beside it.
 * @module
 */

import { h, svg } from "../../lib/dom.js";
import { timeOfDay } from "../../lib/format.js";
import { locale } from "../../lib/texts.js";
import { roundTop } from "./figures.js";
import { SALES } from "./words.js";

const WIDTH = 480;
const HEIGHT = 150;
const FOOT = 20;
const HEAD = 14;
const LABEL_EACH = 6;

/**
 * @param {readonly {at: number, sold: number}[]} hours oldest first
 * @param {string} timeZone
 */
export function salesChart(hours, timeZone) {
  const most = Math.max(...hours.map(({ sold }) => sold));
  const best = hours.find(({ sold }) => sold === most);
  const total = hours.reduce((sum, { sold }) => sum + sold, 0);
  const top = roundTop(Math.max(most, 4));
  const wide = WIDTH / hours.length;
  const clock = (/** @type {number} */ at) => timeOfDay(new Date(at).toISOString(), { timeZone });
  const floor = HEIGHT - FOOT;
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": SALES.chart(total, most, best ? clock(best.at) : "") },
    // There is no half of a place.
    [top, top / 2].filter(Number.isInteger).map((value) => {
      const y = floor - ((floor - HEAD) * value) / top;
      return [svg("line", { x1: 0, x2: WIDTH, y1: y, y2: y, class: "grid" }), svg("text", { x: 0, y: y - 3, class: "axis" }, value.toLocaleString(locale))];
    }),
    svg("line", { x1: 0, x2: WIDTH, y1: floor, y2: floor, class: "base" }),
    hours.map(({ at, sold }, nth) => {
      const tall = sold ? Math.max(2, ((floor - HEAD) * sold) / top) : 0;
      const now = nth === hours.length - 1;
      return [
        tall > 0 && svg("rect", { x: nth * wide + wide * 0.16, y: floor - tall, width: wide * 0.68, height: tall, rx: Math.min(3, tall / 2), class: now ? "bar now" : "bar" }),
        (hours.length - 1 - nth) % LABEL_EACH === 0 &&
          svg("text", { x: now ? WIDTH : nth * wide + wide / 2, y: HEIGHT - 4, class: "axis", "text-anchor": now ? "end" : "middle" }, clock(at)),
      ];
    }),
  );
  const rows = hours.filter(({ sold }) => sold).map(({ at, sold }) => h("tr", null, h("th", { scope: "row" }, clock(at)), h("td", { class: "num" }, sold.toLocaleString(locale))));
  return [
    drawing,
    rows.length > 0 &&
      h(
        "details",
        null,
        h("summary", null, SALES.asTable),
        h("table", { class: "figures" }, h("thead", null, h("tr", null, h("th", { scope: "col" }, SALES.hour), h("th", { scope: "col" }, SALES.places))), h("tbody", null, rows)),
      ),
  ];
}
