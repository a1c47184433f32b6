/*
 * Decides which language a page speaks, before anything of it is painted: what the address asks for (?lang=de, which is then kept), what was kept,
 * what the browser asks for, else English. Writes the answer to <html lang> and <html dir>, where lib/texts.js and the style sheets read it.
 *
 * A classic script, not a module: modules run when the whole page is there, and a page that turns around after its first paint is one that jumps.
 * Until the static texts are translated the body is hidden (styles/base.css), for three seconds at most.
 */
(() => {
  "use strict";

  const KEY = "frontrow.language";
  const LANGUAGES = ["en", "de", "es", "ar", "en-XA"];
  const RIGHT_TO_LEFT = ["ar"];

  /** "de-AT" is spoken as "de". */
  const spoken = (tag) => {
    const wanted = String(tag ?? "").toLowerCase();
    return LANGUAGES.find((language) => language.toLowerCase() === wanted) ?? LANGUAGES.find((language) => language === wanted.split("-")[0]);
  };

  const kept = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage refused: the address or the browser decides, page by page
    }
  };

  /** @returns whether it is kept now */
  const keep = (language) => {
    try {
      localStorage.setItem(KEY, language);
      return true;
    } catch {
      return false;
    }
  };

  const address = new URL(location.href);
  const asked = spoken(address.searchParams.get("lang"));
  if (asked && keep(asked)) {
    // Kept for all pages, it need not stand in every address that is shared or compared.
    address.searchParams.delete("lang");
    history.replaceState(history.state, "", address.href);
  }

  const wishes = [asked, spoken(kept()), ...(navigator.languages ?? []).map(spoken)];
  const language = wishes.find((wish) => wish !== undefined) ?? "en";
  const root = document.documentElement;
  root.lang = language;
  root.dir = RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
  if (language !== "en") root.classList.add("translating");

  // The catalogues are on their way while the page's modules still load; these ask for them only when they run.
  const { src, dataset } = document.currentScript;
  const folder = language === "en-XA" ? "en" : language;
  for (const part of dataset.parts.split(" ")) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = new URL(`${folder}/${part}.js`, src).href;
    document.head.append(link);
  }
})();
