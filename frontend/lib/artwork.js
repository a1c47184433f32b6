/**
 * An event's picture. Under it lies a coloured ground with the title, chosen by the name, which stays when the picture does not come.
 * @module
 */

import { h } from "./dom.js";

const SHADES = 4;

/**
 * @param {{name: string, image_url: string | null}} event
 * @param {{lazy?: boolean}} [options]
 */
export function artwork({ name, image_url }, { lazy = true } = {}) {
  const art = h("div", { class: "art", "aria-hidden": "true", dataset: { shade: shadeOf(name) } }, h("b", null, name));
  if (image_url) {
    const image = h("img", { alt: "", loading: lazy ? "lazy" : null, decoding: "async", referrerpolicy: "no-referrer" });
    image.addEventListener("error", () => image.remove());
    image.src = image_url;
    art.append(image);
  }
  return art;
}

/** @param {string} name */
function shadeOf(name) {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % SHADES;
}
