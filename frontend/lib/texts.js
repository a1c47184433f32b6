/**
 * Every text that a page shows or says, in the language that was chosen for it (languages/choose.js). Only that language is loaded.
 *
 * Whoever imports `t` may use it at once, at the top of a module too: this module is ready only when its catalogue is. The catalogues of the seats and of the
 * organisers have doors of their own, seat-map/texts.js and pages/organiser/texts.js.
 * @module
 */

import { Messages } from "./messages.js";

/** What can be chosen, each by its own name. @type {readonly {code: string, name: string}[]} */
export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "de", name: "Deutsch" },
  { code: "es", name: "Español" },
  { code: "ar", name: "العربية" },
];
/** English made longer and strange, to see in a page what is not translated or does not fit. */
export const PSEUDO = "en-XA";
const KEY = "frontrow.language";

const page = globalThis.document?.documentElement;

export const language = page?.lang || "en";
export const rightToLeft = page?.dir === "rtl";
/** For `Intl`. */
export const locale = localeOf(language, globalThis.navigator?.languages ?? []);

const messages = new Messages(locale, { rightToLeft });

await load("site");
if (page) translateShell(document);

/**
 * The message of a catalogue that is loaded.
 * @param {string} key
 * @param {Record<string, string | number>} [values] by placeholder; `count` chooses the plural form too
 */
export function t(key, values) {
  return messages.text(key, values);
}

/** @param {string} key */
export function isKnown(key) {
  return messages.has(key);
}

/** Loads one part of the catalogue. @param {"site" | "seats" | "organiser" | "door"} part */
export async function load(part) {
  messages.add(await catalogueOf(language, part));
}

/** @param {string} of @param {string} part @returns {Promise<import("./messages.js").Catalogue>} */
async function catalogueOf(of, part) {
  if (of === PSEUDO) {
    const [{ pseudo }, english] = await Promise.all([import("./pseudo.js"), catalogueOf("en", part)]);
    return pseudo(english);
  }
  try {
    return (await import(`../languages/${of}/${part}.js`)).default;
  } catch (error) {
    if (of === "en") throw error;
    // Better a page in English than none, and one that says so.
    if (page) [page.lang, page.dir] = ["en", "ltr"];
    return catalogueOf("en", part);
  }
}

/**
 * How dates and amounts are written: as in the visitor's own region where that speaks the language, and with the digits that stand on the seats.
 * @param {string} language
 * @param {readonly string[]} wanted by the browser
 */
export function localeOf(language, wanted) {
  const base = language.split("-")[0];
  const own = language === PSEUDO ? undefined : wanted.find((tag) => tag.toLowerCase().split("-")[0] === base);
  return base === "ar" ? `${own?.replace(/-u-.*$/, "") ?? base}-u-nu-latn` : (own ?? base);
}

/** Names the page in its window. @param {string} title */
export function setTitle(title) {
  document.title = `${title} · Frontrow`;
}

/** Keeps another language and loads the page in it. @param {string} code */
export function speak(code) {
  const address = new URL(location.href);
  try {
    localStorage.setItem(KEY, code);
    address.searchParams.delete("lang");
  } catch {
    address.searchParams.set("lang", code);
  }
  if (address.href === location.href) location.reload();
  else location.replace(address.href);
}

/** The texts that stand in the page's HTML, which is English. @param {Document} shell */
function translateShell(shell) {
  if (language === "en") return;
  for (const element of shell.querySelectorAll("[data-t]")) element.textContent = t(element.getAttribute("data-t") ?? "");
  for (const name of ["aria-label", "placeholder", "content"]) {
    for (const element of shell.querySelectorAll(`[data-t-${name}]`)) element.setAttribute(name, t(element.getAttribute(`data-t-${name}`) ?? ""));
  }
  setTitle(t(shell.querySelector("title")?.getAttribute("data-t-title") ?? ""));
  shell.documentElement.classList.remove("translating");
}
