/**
 * An event's picture. Under it lies a poster drawn here from the title, which stays when no picture comes; the one that the server draws is for programs.
 * @module
 */

import { h, svg } from "./dom.js";
import { HEIGHT, WIDTH, posterOf } from "./poster.js";

/** From here on a title, or its longest word, is set smaller. */
const LONG_TITLE = 22;
const LONG_WORD = 9;
/** As the events service names the pictures that it draws. */
const GENERATED = /\/artwork\.svg$/;

let made = 0;

/**
 * @param {{name: string, image_url: string | null, event_type?: string}} event
 * @param {{lazy?: boolean, title?: boolean}} [options] without the title where it stands beside
 */
export function artwork({ name, image_url, event_type }, { lazy = true, title = true } = {}) {
  const art = h("div", { class: "art", "aria-hidden": "true" }, ground(name, event_type), title && h("b", { class: isLong(name) ? "long" : null }, h("bdi", null, name)));
  if (image_url && !GENERATED.test(image_url)) {
    const image = h("img", { alt: "", loading: lazy ? "lazy" : null, decoding: "async", referrerpolicy: "no-referrer" });
    image.addEventListener("error", () => image.remove());
    image.src = image_url;
    art.append(image);
  }
  return art;
}

/** @param {string} title */
function isLong(title) {
  return title.length > LONG_TITLE || title.split(/\s+/).some((word) => word.length > LONG_WORD);
}

/** The drawn poster without its title. @param {string} name @param {string} [eventType] */
export function ground(name, eventType) {
  const { stops, angle, shapes } = posterOf(name, eventType);
  const sky = `poster-sky-${++made}`;
  const shade = `poster-shade-${made}`;
  const everything = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" },
    svg(
      "defs",
      {},
      svg("linearGradient", { id: sky, gradientTransform: `rotate(${angle})` }, stops.map((color, nth) => svg("stop", { offset: nth / 2, "stop-color": color }))),
      // White words stand at the foot: it is darkened, whatever lies there.
      svg("linearGradient", { id: shade, x2: 0, y2: 1 }, svg("stop", { offset: 0.35, "stop-opacity": 0 }), svg("stop", { offset: 1, "stop-opacity": 0.55 })),
    ),
    svg("rect", { ...everything, fill: `url(#${sky})` }),
    shapes.map(shape),
    svg("rect", { ...everything, fill: `url(#${shade})` }),
  );
}

/** @param {import("./poster.js").Circle | import("./poster.js").Polygon} form */
function shape(form) {
  if (form.kind === "polygon") return svg("polygon", { points: form.points.map((point) => point.map(Math.round).join(",")).join(" "), fill: "#fff", "fill-opacity": round(form.opacity) });
  const { cx, cy, r, opacity, stroke } = form;
  const place = { cx: Math.round(cx), cy: Math.round(cy), r: Math.round(r) };
  return stroke
    ? svg("circle", { ...place, fill: "none", stroke: "#fff", "stroke-width": stroke, "stroke-opacity": round(opacity) })
    : svg("circle", { ...place, fill: "#fff", "fill-opacity": round(opacity) });
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 1000) / 1000;
}
