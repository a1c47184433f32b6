/**
 * Messages with placeholders and plural forms. Pure: texts.js has the page's own.
 *
 * A message is a text, or an object of texts by plural category (CLDR: zero, one, two, few, many, other) of which `count` chooses one. `{name}` is
 * replaced: numbers are written as the language writes them, texts as they are.
 * @module
 */

/** @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>> & {other: string}} Message */
/** @typedef {Record<string, Message>} Catalogue */

const PLACEHOLDER = /\{(\w+)\}/g;
/** What stands between these keeps its own direction and does not turn what stands around it (UAX 9): one that is right to left, one that finds out. */
const [RIGHT_TO_LEFT, BY_FIRST_LETTER, END] = ["\u2067", "\u2068", "\u2069"];
/** Letters that run to the left; and isolates, since what has them was put together here, and a first letter is not looked for inside of them. */
const RUNS_TO_THE_LEFT = /[\u0590-\u08ff\u2067\u2068]/;

export class Messages {
  /**
   * @param {string} locale BCP 47
   * @param {{rightToLeft?: boolean}} [options]
   */
  constructor(locale, { rightToLeft = false } = {}) {
    this.locale = locale;
    this.rightToLeft = rightToLeft;
    /** @type {Map<string, Message>} */
    this.messages = new Map();
  }

  /** Not made before it is wanted: the first of a page takes a slow phone a tenth of a second. */
  get plural() {
    return (this.madePlural ??= new Intl.PluralRules(this.locale));
  }

  get number() {
    return (this.madeNumber ??= new Intl.NumberFormat(this.locale));
  }

  /** @param {Catalogue} catalogue */
  add(catalogue) {
    for (const [key, message] of Object.entries(catalogue)) this.messages.set(key, message);
  }

  /** @param {string} key */
  has(key) {
    return this.messages.has(key);
  }

  /**
   * The message in words; a key that nobody knows is shown as it is (a test sees to it that there is none).
   * @param {string} key
   * @param {Record<string, string | number>} [values] by placeholder; `count` chooses the plural form too
   */
  text(key, values = {}) {
    const message = this.messages.get(key) ?? key;
    const form = typeof message === "string" ? message : (message[this.plural.select(Number(values.count))] ?? message.other);
    return form.replace(PLACEHOLDER, (whole, name) => this.written(values[name] ?? whole));
  }

  /** @param {string | number} value */
  written(value) {
    if (typeof value === "number") return this.number.format(value);
    // A Latin title with a full stop or a number at its end would tear an Arabic sentence apart.
    if (!this.rightToLeft || !value) return value;
    return (RUNS_TO_THE_LEFT.test(value) ? RIGHT_TO_LEFT : BY_FIRST_LETTER) + value + END;
  }
}
