/**
 * Labelled fields, and a server's complaints shown beside the field they are about.
 * @module
 */

import { ApiProblem, explain } from "./api.js";
import { h } from "./dom.js";
import { notice } from "./site.js";
import { t } from "./texts.js";

/**
 * A labelled field with room for an error. `control` may be given ready-made (a select).
 * @param {string} name also its name in the request
 * @param {string} label
 * @param {Record<string, any>} [props] of the input
 * @param {{hint?: string, control?: HTMLElement}} [options]
 */
export function field(name, label, props = {}, { hint, control } = {}) {
  const id = `field-${name}`;
  const input = control ?? h("input", { name, ...props });
  input.id = id;
  input.setAttribute("aria-describedby", `${id}-error${hint ? ` ${id}-hint` : ""}`);
  return h(
    "div",
    { class: "field", "data-field": name },
    h("label", { for: id }, label),
    input,
    hint && h("span", { class: "muted small", id: `${id}-hint` }, hint),
    h("span", { class: "error", id: `${id}-error`, hidden: true }),
  );
}

/**
 * A password field that can show what is typed. Pasting and password managers work as the browser has them.
 * @param {string} name
 * @param {string} label
 * @param {Record<string, any>} props of the input
 * @param {{hint?: string}} [options]
 */
export function passwordField(name, label, props, options = {}) {
  const input = h("input", { name, ...props });
  const box = field(name, label, {}, { ...options, control: input });
  const toggle = h("button", { type: "button", "aria-controls": input.id });
  const show = (/** @type {boolean} */ shown) => {
    input.type = shown ? "text" : "password";
    toggle.textContent = t(shown ? "form.hide" : "form.show");
    toggle.setAttribute("aria-label", t(shown ? "form.hide-typed" : "form.show-typed"));
  };
  toggle.addEventListener("click", () => show(input.type === "password"));
  show(false);
  const around = h("div", { class: "with-button" });
  input.replaceWith(around);
  around.append(input, toggle);
  return box;
}

/** Takes earlier complaints away; what a form says by itself stays. @param {HTMLElement} form */
export function clearErrors(form) {
  form.querySelectorAll(".notice.bad, .summary").forEach((old) => old.remove());
  form.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
  for (const error of form.querySelectorAll(".error")) error.setAttribute("hidden", "");
}

/**
 * Shows what the server refused: beside its field where it names one (422 `errors`), else at the top.
 * @param {HTMLElement} form
 * @param {unknown} error
 */
export function showErrors(form, error) {
  const complaints = error instanceof ApiProblem && error.status === 422 ? (error.body.errors ?? []) : [];
  let placed = 0;
  for (const { loc, msg } of complaints) {
    const path = Array.isArray(loc) ? loc.map(String) : String(loc).split(".");
    if (fieldError(form, path, String(msg))) placed++;
  }
  if (!placed || placed < complaints.length) form.prepend(notice("bad", explain(error)));
  showSummary(form);
}

/**
 * The complaints that stand beside fields, once more at the top as a list of links, which takes the focus (WCAG 3.3.1).
 * @param {HTMLElement} form
 * @returns {boolean} whether there are any
 */
export function showSummary(form) {
  const faults = [...form.querySelectorAll("[data-field]")].flatMap((box) => {
    const input = box.querySelector("[aria-invalid]");
    if (!input) return [];
    const fault = box.querySelector(".error")?.textContent ?? "";
    const label = box.querySelector("label")?.textContent;
    // Beside its field "This is needed" says enough; in the list it does not.
    return [{ input: /** @type {HTMLElement} */ (input), text: label ? t("form.fault", { field: label, fault }) : fault }];
  });
  if (!faults.length) return false;
  const summary = h(
    "div",
    { class: "summary", role: "alert", tabindex: "-1", "aria-labelledby": "summary-title" },
    h("h2", { id: "summary-title" }, t("form.faults", { count: faults.length })),
    h("ul", null, faults.map(({ input, text }) => h("li", null, h("a", { href: `#${input.id}`, onclick: (/** @type {Event} */ event) => goTo(event, input) }, text)))),
  );
  form.prepend(summary);
  summary.focus();
  return true;
}

/** @param {Event} event @param {HTMLElement} input */
function goTo(event, input) {
  event.preventDefault();
  input.focus();
}

/**
 * @param {HTMLElement} form
 * @param {string[]} path the last part that names a field counts
 * @param {string} message
 */
export function fieldError(form, path, message) {
  for (const part of [...path].reverse()) {
    const box = form.querySelector(`[data-field="${CSS.escape(part)}"]`);
    if (!box) continue;
    const text = /** @type {HTMLElement} */ (box.querySelector(".error"));
    text.hidden = false;
    text.textContent = message;
    box.querySelector("input, select, textarea")?.setAttribute("aria-invalid", "true");
    return true;
  }
  return false;
}

/**
 * Runs one sending of a form: button busy, errors shown.
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} work
 */
export async function submitting(form, work) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
  if (button.disabled) return;
  clearErrors(form);
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    showErrors(form, error);
    if (!(error instanceof ApiProblem)) throw error;
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}
