/*
 * Asks the server for what the page is about while the modules that will show it are still on their way. Which addresses those are stands in the page's
 * `data-asks`: `{event}` is a number from the page's own address; one without such a part is meant for a page without a query.
 *
 * A classic script for the same reason as languages/choose.js: a module runs when all is there that it imports. lib/api.js takes the answers over.
 */
(() => {
  "use strict";

  const address = new URLSearchParams(location.search);
  /** @type {Map<string, Promise<{response: Response, sentAt: number, receivedAt: number}>>} by URL */
  const answers = new Map();

  const ask = (url) => {
    const sentAt = performance.now();
    const answer = fetch(url, { headers: { Accept: "application/json" }, credentials: "omit", signal: AbortSignal.timeout(15_000) }).then((response) => ({
      response,
      sentAt,
      receivedAt: performance.now(),
    }));
    answer.catch(() => {}); // whoever takes it over hears of it
    answers.set(url, answer);
  };

  for (const url of document.currentScript.dataset.asks.split(" ")) {
    const [, name] = url.match(/\{(\w+)\}/) ?? [];
    const value = name && address.get(name);
    if (!name && !location.search) ask(url);
    else if (/^[1-9]\d{0,14}$/.test(value)) ask(url.replace(`{${name}}`, value));
  }
  globalThis.earlyAnswers = answers;

  // The first number and the first date of a page take a slow phone a tenth of a second. While the line is busy, it has that.
  const { lang } = document.documentElement;
  for (const make of [() => new Intl.NumberFormat(lang), () => new Intl.DateTimeFormat(lang, { timeZone: "UTC", month: "short" })]) {
    globalThis.requestIdleCallback?.(make);
  }
})();
