/**
 * Builds page elements. Text always becomes a text node, so nothing a server or a person wrote can turn into markup;
 * there is no way here to set HTML, a style attribute or a script.
 * @module
 */

const SVG = "http://www.w3.org/2000/svg";

/** Properties that must be set as properties: the attribute is only their first value. */
const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected", "indeterminate"]);

/**
 * Makes an element.
 *
 * `on…` props take functions, `class` a string, `dataset` an object; `null`, `undefined` and `false` leave a prop out
 * (for `aria-*`, false is written as "false"). Children may be nodes, text, numbers or nested lists; empty ones are skipped.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any> | null} [props]
 * @param {...any} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(element, name, value);
  element.append(...flatten(children));
  return element;
}

/**
 * Makes an element of a drawing; `null` leaves an attribute out.
 * @param {string} tag
 * @param {Record<string, string | number | null>} attributes
 * @param {...any} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, String(value));
  element.append(...flatten(children));
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {any} value
 */
function setProp(element, name, value) {
  if (name.startsWith("on")) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value != null) throw new TypeError(`${name} takes a function`);
  } else if (name === "style") {
    throw new TypeError("style attributes are refused by the content security policy: use a class");
  } else if (name === "dataset") {
    Object.assign(element.dataset, value);
  } else if (PROPERTIES.has(name)) {
    /** @type {any} */ (element)[name] = value ?? "";
  } else if (name.startsWith("aria-") && typeof value === "boolean") {
    element.setAttribute(name, String(value));
  } else if (value != null && value !== false) {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * @param {any[]} children
 * @returns {(Node | string)[]}
 */
function flatten(children) {
  return children
    .flat(Infinity)
    .filter((child) => child != null && child !== false && child !== "")
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * Finds one element that the page is known to have.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function find(selector, root = document) {
  const element = root.querySelector(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  return /** @type {T} */ (element);
}

/** What comes sooner needs no outline before it: drawing one takes a slow phone longer than that. */
const AT_ONCE_MS = 100;

/**
 * Shows the shape of what is to come, when it does not come at once.
 * @template T
 * @param {Promise<T>} answer
 * @param {() => void} outline
 * @returns {Promise<T>}
 */
export async function outlined(answer, outline) {
  const timer = setTimeout(outline, AT_ONCE_MS);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

/** Line icons on a 24 × 24 grid. They decorate: the button around them carries the name. */
const ICONS = {
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  menu: "M4 7h16M4 12h16M4 17h16",
  clock: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18",
  search: "M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14M16 16l4.5 4.5",
  pin: "M12 21c4.5-5 7-8.3 7-11.5a7 7 0 0 0-14 0C5 12.7 7.5 16 12 21M12 7.2a2.3 2.3 0 1 0 0 4.6a2.3 2.3 0 0 0 0-4.6",
  calendar: "M5 6h14v14H5zM5 10.5h14M9 3v4M15 3v4",
  ticket: "M4 7h16v3.5a1.5 1.5 0 0 0 0 3V17H4v-3.5a1.5 1.5 0 0 0 0-3zM14 7v10",
  print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
  back: "M14.5 6L8.5 12l6 6",
  person: "M12 12a4 4 0 1 0 0-8a4 4 0 0 0 0 8M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
  wheelchair: "M10 4.5v.01M10 8v6h5l3 5M10 11h4.5M8 12a4.8 4.8 0 1 0 6 6.5",
  camera: "M4 8h3.5L9.2 5.5h5.6L16.5 8H20v11H4zM12 10a3.4 3.4 0 1 0 0 6.8a3.4 3.4 0 0 0 0-6.8",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11",
  warning: "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.5",
};

/**
 * @param {keyof typeof ICONS} name
 * @param {string} [className]
 * @returns {SVGSVGElement}
 */
export function icon(name, className = "icon") {
  return /** @type {SVGSVGElement} */ (svg("svg", { viewBox: "0 0 24 24", class: className, "aria-hidden": "true" }, svg("path", { d: ICONS[name] })));
}
