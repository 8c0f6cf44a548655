// Makes elements. Text becomes text nodes and nothing else, so that what was written on a phone
// can never become markup.

import { paths } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["checked", "disabled", "hidden", "indeterminate", "open", "value"]);

/**
 * An element: `h("button.quiet", { onclick: close, title: "Close" }, icon("close"), "Close")`.
 *
 * The name may carry classes. An attribute that is false, null or undefined is left out, one that
 * is true is empty. A function is a listener for the event that its name has after `on`.
 * @param {string} name
 * @param {...any} parts
 * @returns {any} what the tag says, which no type tells from a text
 */
export function h(name, ...parts) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  if (tag === "button") element.setAttribute("type", "button");
  for (const part of parts) {
    if (isAttributes(part)) set(element, part);
    else add(element, part);
  }
  return element;
}

/**
 * Sets attributes, properties and listeners of an element.
 * @param {any} element
 * @param {Record<string, any>} attributes
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value ?? "";
    else if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
  return element;
}

/** @param {any} part */
function isAttributes(part) {
  return part !== null && typeof part === "object" && !(part instanceof Node) && !Array.isArray(part);
}

/**
 * @param {any} element
 * @param {any} part
 */
function add(element, part) {
  if (part === null || part === undefined || part === false) return;
  if (Array.isArray(part)) part.forEach((each) => add(element, each));
  else element.append(part);
}

/**
 * Makes these the children of `parent`, in this order; what stays is not touched.
 * @param {Element} parent
 * @param {any[]} children
 */
export function arrange(parent, children) {
  const wanted = children.filter(Boolean);
  const kept = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!kept.has(child)) child.remove();
  let next = parent.firstChild;
  for (const child of wanted) {
    if (child === next) next = child.nextSibling;
    else parent.insertBefore(child, next);
  }
  return parent;
}

/**
 * One of the drawings of icons.js, for the eye only.
 * @param {string} name
 */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  for (const line of paths[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    drawing.append(path);
  }
  return drawing;
}

/**
 * A button that shows a drawing; its name is for screen readers, and for the pointer.
 * @param {string} name
 * @param {string} label
 * @param {() => void} onclick
 */
export function iconButton(name, label, onclick, attributes = {}) {
  return h("button.icon-button", { "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

/**
 * A switch that can be pressed; `on` says whether it is.
 * @param {string} name
 * @param {string} label
 * @param {boolean} on
 * @param {(on: boolean) => void} onchange
 */
export function toggle(name, label, on, onchange, attributes = {}) {
  return h(
    "button.toggle",
    { "aria-pressed": String(on), title: label, "aria-label": label, onclick: () => onchange(!on), ...attributes },
    icon(name),
  );
}

/**
 * A link within the page.
 * @param {string} href
 * @param {...any} parts
 */
export function link(href, ...parts) {
  return h("a", { href }, ...parts);
}
