/**
 * Sign in, or create an account and be signed in; then back to where one came from.
 * @module
 */

import { safeReturn } from "../lib/address.js";
import { ApiProblem, api } from "../lib/api.js";
import { find, h } from "../lib/dom.js";
import { clearErrors, field, fieldError, passwordField, showSummary, submitting } from "../lib/forms.js";
import { current, start } from "../lib/session.js";
import { mountSite, notice } from "../lib/site.js";
import { setTitle, t } from "../lib/texts.js";

const SHORTEST_PASSWORD = 8;

const address = new URLSearchParams(location.search);
const next = safeReturn(address.get("next"), location.href);
const root = find("#sign-in");

mountSite();
draw(address.has("new"));

/** @param {boolean} isNew */
function draw(isNew) {
  const title = t(isNew ? "sign-in.create" : "site.sign-in");
  setTitle(title);
  const tab = (/** @type {string} */ text, /** @type {boolean} */ forNew) =>
    h("button", { type: "button", "aria-pressed": String(forNew === isNew), onclick: () => forNew !== isNew && draw(forNew) }, text);
  const form = h(
    "form",
    { class: "box", novalidate: true },
    h("div", { class: "tabs", role: "group", "aria-label": t("site.account") }, tab(t("sign-in.have"), false), tab(t("sign-in.new"), true)),
    isNew && field("name", t("sign-in.name"), { autocomplete: "name", maxlength: 100 }, { hint: t("sign-in.name-hint") }),
    field("email", t("sign-in.email"), { type: "email", autocomplete: isNew ? "email" : "username", inputmode: "email", maxlength: 254, autocapitalize: "none", spellcheck: "false" }),
    passwordField(
      "password",
      t("sign-in.password"),
      { autocomplete: isNew ? "new-password" : "current-password", maxlength: 256 },
      isNew ? { hint: t("sign-in.password-hint", { count: SHORTEST_PASSWORD }) } : {},
    ),
    h("button", { type: "submit", class: "btn" }, title),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (complete(form, isNew)) void submitting(form, () => send(form, isNew));
  });
  const waiting = next.includes("seats.html") && !current();
  root.replaceChildren(h("h1", null, title), ...(waiting ? [h("p", { class: "muted" }, t("sign-in.seats-wait"))] : []), form);
  if (current()) root.append(h("p", { class: "muted" }, t("sign-in.already"), " ", h("a", { href: next }, t("sign-in.go-on"))));
}

/** What can be said without asking the server. @param {HTMLFormElement} form @param {boolean} isNew */
function complete(form, isNew) {
  clearErrors(form);
  const { email, password } = values(form);
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) fieldError(form, ["email"], t("sign-in.email-missing"));
  if (!password) fieldError(form, ["password"], t("sign-in.password-missing"));
  else if (isNew && password.length < SHORTEST_PASSWORD) fieldError(form, ["password"], t("sign-in.password-short", { count: SHORTEST_PASSWORD }));
  return !showSummary(form);
}

/** @param {HTMLFormElement} form */
function values(form) {
  const data = new FormData(form);
  return { email: String(data.get("email")).trim(), password: String(data.get("password")), name: String(data.get("name") ?? "").trim() };
}

/** @param {HTMLFormElement} form @param {boolean} isNew */
async function send(form, isNew) {
  const { email, password, name } = values(form);
  try {
    if (isNew) await api.post("/register", { email, password, ...(name ? { name } : {}) }, { auth: false });
    const tokens = await api.post("/login", { email, password }, { auth: false });
    start({ ...tokens, me: undefined });
    start({ ...tokens, me: await api.get("/me", { auth: true }) });
    location.replace(next);
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.status === 401) refuse(form, t("problem.wrong-credentials"));
    else if (error.status === 409) {
      fieldError(form, ["email"], t("problem.email-taken"));
      showSummary(form);
    } else throw error;
  }
}

/** Says what is wrong where no single field is, and brings the reader there. @param {HTMLFormElement} form @param {string} text */
function refuse(form, text) {
  const message = notice("bad", text);
  message.tabIndex = -1;
  form.prepend(message);
  message.focus();
}
