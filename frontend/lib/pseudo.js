/**
 * English as a test of pages: bracketed, so that what is not from the catalogue is seen; accented, so that a missing letter of a face is; and longer by
 * two fifths, as translations are, so that what does not fit is.
 * @module
 */

const LETTERS = "aàeèiìoòuùcçnñyýAÀEÈIÌOÒUÙCÇNÑYÝ";
const ACCENTED = new Map([...LETTERS.matchAll(/(.)(.)/gu)].map(([, plain, accented]) => [plain, accented]));
const LONGER = 0.4;
const PADDING = "~";

/** @param {import("./messages.js").Catalogue} catalogue @returns {import("./messages.js").Catalogue} */
export function pseudo(catalogue) {
  return Object.fromEntries(Object.entries(catalogue).map(([key, message]) => [key, typeof message === "string" ? stretched(message) : forms(message)]));
}

/** @param {any} message */
function forms(message) {
  return Object.fromEntries(Object.entries(message).map(([form, text]) => [form, stretched(text)]));
}

/** @param {string} text placeholders stay as they are, and so does what is made of nothing else: it has no words of its own */
function stretched(text) {
  if (!/\p{L}/u.test(text.replace(/\{\w+\}/g, ""))) return text;
  const accented = text.replace(/\{\w+\}|./gsu, (part) => ACCENTED.get(part) ?? part);
  const letters = text.replace(/\{\w+\}/g, "").length;
  // Padding breaks like words do: one long word would be wider than any translation.
  const padding = PADDING.repeat(Math.ceil(letters * LONGER)).replace(/(.{4})(?=.)/g, "$1 ");
  return `⟦${accented}${padding && ` ${padding}`}⟧`;
}
