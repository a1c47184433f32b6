/**
 * A ticket's code as dots and as text.
 * @module
 */

import { correction, generate } from "../vendor/lean-qr-2.7.4.mjs";
import { svg } from "./dom.js";
import { t } from "./texts.js";

/** White around the dots that a scanner needs, in dots (ISO/IEC 18004). */
const QUIET = 4;
const GROUP = 4;

/**
 * The QR code of `code` as an SVG path on a square of `size` units, quiet zone included.
 * @param {string} code
 * @returns {{size: number, path: string}}
 */
export function qrPath(code) {
  const bitmap = generate(code, { minCorrectionLevel: correction.M });
  let path = "";
  for (let y = 0; y < bitmap.size; y++) {
    for (let x = 0; x < bitmap.size; x++) {
      if (!bitmap.get(x, y)) continue;
      let run = 1;
      while (bitmap.get(x + run, y)) run++;
      path += `M${x + QUIET} ${y + QUIET}h${run}v1h-${run}z`;
      x += run;
    }
  }
  return { size: bitmap.size + 2 * QUIET, path };
}

/** The dots as a picture. @param {string} code */
export function qrCode(code) {
  const { size, path } = qrPath(code);
  return svg(
    "svg",
    { class: "qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": t("ticket.code"), "shape-rendering": "crispEdges" },
    svg("rect", { width: size, height: size, class: "qr-ground" }),
    svg("path", { d: path, class: "qr-ink" }),
  );
}

/** In groups, as a person reads it out. @param {string} code */
export function readableCode(code) {
  return code.match(new RegExp(`.{1,${GROUP}}`, "g"))?.join(" ") ?? "";
}
