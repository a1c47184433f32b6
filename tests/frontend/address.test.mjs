import assert from "node:assert/strict";
import { test } from "node:test";

import { safeReturn } from "../../frontend/lib/address.js";

const HERE = "https://frontrow.test/sign-in.html?next=x";

test("back to a page of this site", () => {
  assert.equal(safeReturn("seats.html?event=7", HERE), "/seats.html?event=7");
  assert.equal(safeReturn("/bookings.html", HERE), "/bookings.html");
});

test("never to another site, and never into a script", () => {
  for (const wanted of [null, "", "https://evil.test/", "//evil.test/", "\\\\evil.test", "javascript:alert(1)", "data:text/html,x", "http://frontrow.test/", "https://frontrow.test:1/"]) {
    assert.equal(safeReturn(wanted, HERE), "./", String(wanted));
  }
});
