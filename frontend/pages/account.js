/**
 * Who is signed in on this device, and the way out.
 * @module
 */

import { find, h } from "../lib/dom.js";
import { date } from "../lib/format.js";
import { current, onChange } from "../lib/session.js";
import { emptyState, mountSite, refreshMe, signInAddress, signOut } from "../lib/site.js";
import { t } from "../lib/texts.js";

const root = find("#account");

mountSite();
onChange(draw);
draw();
void refreshMe();

function draw() {
  const session = current();
  const heading = h("h1", null, t("site.account"));
  if (!session) {
    root.replaceChildren(heading, emptyState(t("account.nobody"), t("account.nobody-hint"), h("a", { class: "btn", href: signInAddress("account.html") }, t("site.sign-in"))));
    return;
  }
  const { me } = session;
  root.replaceChildren(
    heading,
    h(
      "section",
      { class: "box account", "aria-labelledby": "who-title" },
      h("h2", { id: "who-title" }, t("account.signed-in-as")),
      me
        ? h("dl", null, fact(t("sign-in.name"), me.name || "–"), fact(t("sign-in.email"), me.email), me.created_at && fact(t("account.since"), date(me.created_at)), me.role === "admin" && fact(t("account.role"), t("account.organiser")))
        : h("div", { class: "bone account-bone", "aria-hidden": "true" }),
      h("div", { class: "row" }, h("a", { class: "btn", href: "bookings.html" }, t("site.my-bookings")), h("button", { type: "button", class: "btn quiet", onclick: () => void signOut() }, t("site.sign-out"))),
      h("p", { class: "muted small" }, t("account.sign-out-hint")),
    ),
  );
}

/** @param {string} name @param {string} value */
function fact(name, value) {
  return h("div", null, h("dt", null, name), h("dd", null, h("bdi", null, value)));
}
