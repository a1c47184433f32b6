/**
 * Who is signed in on this device, and the way out.
 * @module
 */

import { find, h } from "../lib/dom.js";
import { date } from "../lib/format.js";
import { current, onChange } from "../lib/session.js";
import { emptyState, mountSite, refreshMe, signInAddress, signOut } from "../lib/site.js";

const root = find("#account");

mountSite();
onChange(draw);
draw();
void refreshMe();

function draw() {
  const session = current();
  const heading = h("h1", null, "Account");
  if (!session) {
    root.replaceChildren(heading, emptyState("You are not signed in", "Sign in to see your bookings on this device.", h("a", { class: "btn", href: signInAddress("account.html") }, "Sign in")));
    return;
  }
  const { me } = session;
  root.replaceChildren(
    heading,
    h(
      "section",
      { class: "box account", "aria-labelledby": "who-title" },
      h("h2", { id: "who-title" }, "Signed in as"),
      me
        ? h("dl", null, fact("Name", me.name || "–"), fact("Email", me.email), me.created_at && fact("Account since", date(me.created_at)), me.role === "admin" && fact("Role", "Organiser"))
        : h("div", { class: "bone account-bone", "aria-hidden": "true" }),
      h("div", { class: "row" }, h("a", { class: "btn", href: "bookings.html" }, "My bookings"), h("button", { type: "button", class: "btn quiet", onclick: () => void signOut() }, "Sign out")),
      h("p", { class: "muted small" }, "Signing out ends this session only. Other devices stay signed in until you sign out there."),
    ),
  );
}

/** @param {string} name @param {string} value */
function fact(name, value) {
  return h("div", null, h("dt", null, name), h("dd", null, value));
}
