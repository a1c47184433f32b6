import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

import { EVENT_TYPES } from "../../frontend/lib/event-types.js";
import { Messages } from "../../frontend/lib/messages.js";
import { pseudo } from "../../frontend/lib/pseudo.js";
import { LANGUAGES, PSEUDO, localeOf, t } from "../../frontend/lib/texts.js";

const FRONTEND = new URL("../../frontend/", import.meta.url);
const PARTS = ["site", "seats", "organiser", "door"];
/** Integers up to here meet every form that a language has for numbers of seats. */
const MANY = 200;

/** @param {string} name */
const read = (name) => readFileSync(new URL(name, FRONTEND), "utf8");
const files = readdirSync(FRONTEND, { recursive: true }).map(String).filter((name) => !/^(vendor|languages)\//.test(name));
const sources = files.filter((name) => name.endsWith(".js"));
const shells = files.filter((name) => name.endsWith(".html"));

/** @type {Record<string, Record<string, import("../../frontend/lib/messages.js").Catalogue>>} by language, by part */
const catalogues = {};
for (const { code } of LANGUAGES) {
  catalogues[code] = {};
  for (const part of PARTS) catalogues[code][part] = (await import(new URL(`languages/${code}/${part}.js`, FRONTEND).href)).default;
}
/** @param {string} code */
const whole = (code) => Object.assign({}, ...PARTS.map((part) => catalogues[code][part]));
const english = whole("en");
/** @param {any} message @returns {string[]} */
const forms = (message) => (typeof message === "string" ? [message] : Object.values(message));
/** @param {string} text */
const placeholders = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
/** @param {string} language */
const needed = (language) => {
  const rules = new Intl.PluralRules(language);
  return [...new Set(["other", ...Array.from({ length: MANY }, (_, n) => rules.select(n))])].sort();
};

test("no key stands in two parts", () => {
  const keys = PARTS.flatMap((part) => Object.keys(catalogues.en[part]));
  assert.equal(new Set(keys).size, keys.length);
});

for (const { code } of LANGUAGES) {
  test(`${code}: every part has the keys of English, no more and no fewer`, () => {
    for (const part of PARTS) assert.deepEqual(Object.keys(catalogues[code][part]).sort(), Object.keys(catalogues.en[part]).sort(), part);
  });

  test(`${code}: what is counted has every form that the language has`, () => {
    for (const [key, message] of Object.entries(whole(code))) {
      assert.equal(typeof message, typeof english[key], key);
      if (typeof message === "object") assert.deepEqual(Object.keys(message).sort(), needed(code), key);
    }
  });

  test(`${code}: the placeholders are those of English; only a counted noun may do without its number`, () => {
    for (const [key, message] of Object.entries(whole(code))) {
      const allowed = new Set(forms(english[key]).flatMap(placeholders));
      for (const text of forms(message)) {
        const found = placeholders(text);
        assert.ok(text.trim(), key);
        assert.deepEqual(found.filter((name) => !allowed.has(name)), [], key);
        const missing = [...allowed].filter((name) => !found.includes(name) && !(typeof message === "object" && name === "{count}"));
        assert.deepEqual(missing, [], key);
      }
    }
  });
}

/** A key in the sources may be put together: `kind.${type}` uses all that begin so. */
const written = sources.flatMap((name) => [...read(name).matchAll(/"([a-z][\w-]*\.[\w.-]+)"/g)].map(([, key]) => key));
const asked = sources.flatMap((name) => [...read(name).matchAll(/\bt\(\s*(?:[^"`(),]*\? )?"([^"]+)"(?: : "([^"]+)")?/g)].flatMap(([, one, other]) => [one, other].filter(Boolean)));
const patterns = sources
  .flatMap((name) => [...read(name).matchAll(/\b(?:t|isKnown)\(`((?:\$\{(?:[^{}]|\{[^{}]*\})*\}|[^`])*)`/g)])
  .map(([, template]) => new RegExp(`^${template.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "\0").replace(/[.*+?^()|[\]\\]/g, "\\$&").replaceAll("\0", ".*")}$`));
const inShells = shells.flatMap((name) => [...read(name).matchAll(/data-t(?:-[\w-]+)?="([^"]+)"/g)].map(([, key]) => key));

test("every key that is used exists", () => {
  assert.ok(asked.length > 200 && inShells.length > 50 && patterns.length > 5, "keys are found");
  for (const key of [...asked, ...inShells]) assert.ok(key in english, key);
  for (const pattern of patterns) assert.ok(Object.keys(english).some((key) => pattern.test(key)), String(pattern));
});

test("every key that exists is used", () => {
  const used = new Set([...written, ...inShells]);
  for (const key of Object.keys(english)) assert.ok(used.has(key) || patterns.some((pattern) => pattern.test(key)), key);
});

test("every text that the organisers' pages have is said by one of them", () => {
  const [words, ...others] = ["pages/organiser/words.js", ...sources.filter((name) => /^pages\/(admin|organiser\/(?!words))/.test(name))].map(read);
  const said = others.join("");
  const groups = [...words.matchAll(/export const (\w+) = \{\n(.*?)\n\};/gs)];
  const texts = groups.flatMap(([, group, members]) => [...members.matchAll(/^  (\w+):/gm)].map(([, name]) => [group, name]));
  // LIST[when], FAULTS[fault] and the like name theirs when they run.
  const unused = texts.filter(([group, name]) => !said.includes(`${group}.${name}`) && !(said.includes(`${group}[`) && said.includes(`"${name}"`)));
  assert.ok(texts.length > 150);
  assert.deepEqual(unused, []);
});

test("a page's own HTML says in English what its keys say", () => {
  for (const name of shells) {
    for (const [, key, text] of read(name).matchAll(/data-t="([^"]+)"[^>]*>([^<]*)</g)) assert.equal(text, english[key], `${name}: ${key}`);
    for (const [, title, key] of read(name).matchAll(/<title data-t-title="([^"]+)">([^<]*)</g)) assert.equal(key, `${english[title]} · Frontrow`, name);
    for (const attribute of ["aria-label", "placeholder", "content"]) {
      for (const [tag, key] of read(name).matchAll(new RegExp(`<[^>]* data-t-${attribute}="([^"]+)"[^>]*>`, "g"))) {
        assert.ok(tag.includes(`${attribute}="${english[key]}"`), `${name}: ${key}`);
      }
    }
  }
});

test("the keys that stand in HTML are in the part that is there first", () => {
  for (const key of inShells) assert.ok(key in catalogues.en.site, key);
});

test("every kind of problem that is translated is a kind of problem", () => {
  const documented = new Set([...readFileSync(new URL("../../docs/problems.md", import.meta.url), "utf8").matchAll(/^## (.+)$/gm)].map(([, slug]) => slug));
  const translated = Object.keys(english).filter((key) => key.startsWith("problem.")).map((key) => key.slice("problem.".length));
  assert.deepEqual(translated.filter((slug) => slug !== "no-answer" && !documented.has(slug)), []);
});

test("every kind of event and every room has a name, and a kind can be looked for", () => {
  for (const { value } of EVENT_TYPES.flatMap(({ rooms }) => rooms)) assert.ok(`room.${value}` in english, value);
  const kinds = EVENT_TYPES.map(({ value }) => value);
  for (const kind of kinds) assert.ok(`kind.${kind}` in english && `kinds.${kind}` in english, kind);
  assert.ok(read("pages/browse.js").includes(`const KINDS = [${kinds.map((kind) => `"${kind}"`).join(", ")}];`));
});

test("a message takes numbers as the language writes them, and the form they need", () => {
  const german = new Messages("de");
  german.add({ seats: { one: "{count} Platz", other: "{count} Plätze" }, greeting: "Hallo {name}" });
  assert.equal(german.text("seats", { count: 1 }), "1 Platz");
  assert.equal(german.text("seats", { count: 50_000 }), "50.000 Plätze");
  assert.equal(german.text("greeting", { name: "{name} $&" }), "Hallo {name} $&");
  assert.equal(german.text("nobody.knows"), "nobody.knows");
});

test("Arabic has six forms, with the digits that stand on the seats", () => {
  const arabic = new Messages(localeOf("ar", ["ar-EG"]), { rightToLeft: true });
  arabic.add(catalogues.ar.seats);
  const said = [0, 1, 2, 3, 11, 100].map((count) => arabic.text("place.seats", { count }));
  assert.deepEqual(said, ["لا مقاعد", "مقعد واحد", "مقعدان", "3 مقاعد", "11 مقعدًا", "100 مقعد"]);
});

test("right to left, what is put into a sentence keeps its own direction", () => {
  const arabic = new Messages("ar", { rightToLeft: true });
  arabic.add({ label: "{section} · {rest}" });
  const label = arabic.text("label", { section: "Stalls (A)", rest: "5–8" });
  assert.equal(label, "\u2068Stalls (A)\u2069 · \u20685–8\u2069");
  assert.equal(arabic.text("label", { section: "الصف", rest: label }), `\u2067الصف\u2069 · \u2067${label}\u2069`);
});

test("dates and amounts are those of the visitor's region where it speaks the language", () => {
  assert.equal(localeOf("de", ["fr-FR", "de-AT"]), "de-AT");
  assert.equal(localeOf("de", ["fr-FR"]), "de");
  assert.equal(localeOf("ar", ["ar-EG"]), "ar-EG-u-nu-latn");
  assert.equal(localeOf(PSEUDO, ["en-GB"]), "en");
});

test("the pseudo-language is longer, bracketed and accented, and keeps placeholders and forms", () => {
  const made = pseudo({ a: "Hold {amount} now", b: { one: "{count} seat", other: "{count} seats" }, c: "{section} · {rest}" });
  assert.match(String(made.a), /^⟦Hòld \{amount\} ñòw ~+.*⟧$/);
  assert.ok(String(made.a).length >= 1.4 * "Hold {amount} now".length);
  assert.deepEqual(Object.keys(made.b), ["one", "other"]);
  assert.equal(made.c, "{section} · {rest}");
});

// The choice of the language, as the browser runs it

const CHOOSE = read("languages/choose.js");

/** @param {{address?: string, kept?: string, wanted?: string[], refuses?: boolean}} visitor */
function choose({ address = "https://example.com/", kept, wanted = ["en-US"], refuses = false } = {}) {
  const storage = new Map(kept === undefined ? [] : [["frontrow.language", kept]]);
  const refuse = () => {
    throw new Error("refused");
  };
  const root = { lang: "en", dir: "", classList: new Set() };
  /** @type {any[]} */
  const links = [];
  const location = { href: address };
  const context = {
    URL,
    location,
    navigator: { languages: wanted },
    history: { state: null, replaceState: (/** @type {any} */ _state, /** @type {string} */ _title, /** @type {string} */ href) => (location.href = href) },
    localStorage: refuses ? { getItem: refuse, setItem: refuse } : { getItem: (/** @type {string} */ key) => storage.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => storage.set(key, value) },
    document: {
      documentElement: root,
      currentScript: { src: "https://example.com/languages/choose.js", dataset: { parts: "site seats" } },
      createElement: () => ({}),
      head: { append: (/** @type {any} */ link) => links.push(link.href) },
    },
  };
  vm.runInNewContext(CHOOSE, context);
  return { lang: root.lang, dir: root.dir, waits: root.classList.has("translating"), kept: storage.get("frontrow.language"), links, address: location.href };
}

test("the address decides before what was kept, and that before the browser", () => {
  assert.equal(choose({ address: "https://example.com/?lang=es", kept: "de", wanted: ["ar"] }).lang, "es");
  assert.equal(choose({ kept: "de", wanted: ["ar"] }).lang, "de");
  assert.equal(choose({ wanted: ["fr-FR", "ar-EG", "de"] }).lang, "ar");
  assert.equal(choose({ wanted: ["fr-FR"] }).lang, "en");
  assert.equal(choose({ address: "https://example.com/?lang=xx", kept: "klingon", wanted: [] }).lang, "en");
});

test("what the address asks for is kept, and leaves the address", () => {
  const { kept, address } = choose({ address: "https://example.com/event.html?event=7&lang=de-AT#prices" });
  assert.equal(kept, "de");
  assert.equal(address, "https://example.com/event.html?event=7#prices");
});

test("where nothing can be kept, the address keeps it", () => {
  const { lang, address } = choose({ address: "https://example.com/?lang=de", refuses: true });
  assert.equal(lang, "de");
  assert.equal(address, "https://example.com/?lang=de");
});

test("direction and catalogues follow the language; only English needs no translation of its HTML", () => {
  const arabic = choose({ kept: "ar" });
  assert.deepEqual([arabic.dir, arabic.waits], ["rtl", true]);
  assert.deepEqual(arabic.links, ["https://example.com/languages/ar/site.js", "https://example.com/languages/ar/seats.js"]);
  const plain = choose();
  assert.deepEqual([plain.dir, plain.waits, plain.links[0]], ["ltr", false, "https://example.com/languages/en/site.js"]);
  assert.equal(choose({ kept: PSEUDO }).links[0], "https://example.com/languages/en/site.js");
});

test("the languages that can be chosen are those that are chosen from", () => {
  for (const { code } of LANGUAGES) assert.equal(choose({ kept: code, wanted: ["xx"] }).lang, code);
  assert.equal(t("site.sign-in"), "Sign in");
});
