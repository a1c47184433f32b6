/**
 * Asks before something that cannot be undone, in a native dialog: focus is trapped and given back by the browser, Escape means no.
 * @module
 */

import { h } from "./dom.js";

/**
 * @param {{title: string, text: string, yes: string, no: string}} question
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, yes, no }) {
  const dialog = h(
    "dialog",
    { "aria-labelledby": "dialog-title", "aria-describedby": "dialog-text" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "dialog-title" }, title),
      h("p", { id: "dialog-text" }, text),
      h("div", { class: "row" }, h("button", { class: "btn quiet", value: "no", autofocus: true }, no), h("button", { class: "btn danger", value: "yes" }, yes)),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
