/**
 * Opens a page to organisers only, and tells everybody else what it is. What may be done is decided by the server; this only asks.
 * @module
 */

import { ApiProblem, explain } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { current } from "../../lib/session.js";
import { emptyState, mountSite, refreshMe, signInAddress } from "../../lib/site.js";
import { ACCESS } from "./words.js";

/**
 * @param {HTMLElement} root where the page is, or what is said instead
 * @param {{title: string, open: () => Promise<void> | void, close?: () => void}} page `open` draws it; what it throws is told here. `close` ends what still
 *   runs, before anything else stands there
 */
export function forOrganisers(root, { title, open, close = () => {} }) {
  const enter = async () => {
    close();
    if (!current()) {
      say(root, title, ACCESS.signInTitle, ACCESS.signInText, h("a", { class: "btn", href: signInAddress() }, ACCESS.signIn));
      return;
    }
    const me = await refreshMe();
    // Signed out while asking: the session has ended.
    if (!current()) return void enter();
    if (me?.role !== "admin") {
      say(root, title, ACCESS.refusedTitle, ACCESS.refusedText, h("a", { class: "btn", href: "./" }, ACCESS.whatsOn));
      return;
    }
    try {
      await open();
    } catch (error) {
      tell(root, title, error, enter);
    }
  };
  mountSite({ onSignedOut: () => void enter() });
  void enter();
}

/**
 * Why a page cannot be shown, whatever the server has answered.
 * @param {HTMLElement} root
 * @param {string} title
 * @param {unknown} error
 * @param {() => void} again
 */
function tell(root, title, error, again) {
  const status = error instanceof ApiProblem ? error.status : -1;
  const back = h("a", { class: "btn quiet", href: "admin.html" }, ACCESS.myEvents);
  if (status === 401) say(root, title, ACCESS.signInTitle, ACCESS.signInText, h("a", { class: "btn", href: signInAddress() }, ACCESS.signIn));
  else if (status === 403) say(root, title, ACCESS.refusedTitle, ACCESS.refusedText, h("a", { class: "btn", href: "./" }, ACCESS.whatsOn));
  else if (status === 404) say(root, title, ACCESS.gone, ACCESS.goneText, back);
  else say(root, title, ACCESS.unreachable, explain(error), h("button", { type: "button", class: "btn", onclick: again }, ACCESS.tryAgain), back);
  if (!(error instanceof ApiProblem)) throw error;
}

/** @param {HTMLElement} root @param {string} title @param {string} head @param {string} text @param {...any} actions */
export function say(root, title, head, text, ...actions) {
  root.replaceChildren(h("h1", null, title), emptyState(head, text, ...actions));
}

/**
 * The event that the address names; null after saying that it names none.
 * @param {HTMLElement} root
 * @param {string} title
 */
export function eventInAddress(root, title) {
  const id = Number(new URLSearchParams(location.search).get("event"));
  if (Number.isSafeInteger(id) && id > 0) return id;
  say(root, title, ACCESS.noEvent, ACCESS.noEventText, h("a", { class: "btn", href: "admin.html" }, ACCESS.myEvents));
  return null;
}
