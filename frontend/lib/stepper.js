/**
 * A small whole number with a button on either side. The buttons are named after what they do; the number is spoken when it changes.
 * @module
 */

import { h, icon } from "./dom.js";
import { t } from "./texts.js";

/**
 * @param {{label: string, value: number, min?: number, max: number, key?: string, onChange: (value: number) => void}} options `key` names its buttons where a
 *   block is built anew and the focus should return
 * @returns {{root: HTMLElement, set: (value: number) => void}}
 */
export function stepper({ label, value, min = 1, max, key = "step", onChange }) {
  const shown = h("output", { class: "num" });
  const step = (/** @type {number} */ by) => {
    const next = Math.min(max, Math.max(min, value + by));
    if (next === value) return;
    set(next);
    onChange(next);
  };
  // Not `disabled` at the ends: the button that was just pressed would lose the focus.
  const fewer = h("button", { type: "button", "aria-label": t("site.fewer"), "data-key": `${key}-fewer`, onclick: () => step(-1) }, icon("minus"));
  const more = h("button", { type: "button", "aria-label": t("site.more-by-one"), "data-key": `${key}-more`, onclick: () => step(1) }, icon("plus"));
  const set = (/** @type {number} */ to) => {
    value = to;
    shown.textContent = String(to);
    fewer.setAttribute("aria-disabled", String(to <= min));
    more.setAttribute("aria-disabled", String(to >= max));
  };
  set(value);
  return { root: h("div", { class: "stepper", role: "group", "aria-label": label }, fewer, shown, more), set };
}
