// Drawing a part of the page anew without taking anything from who uses it: what has the focus keeps
// it, what is unfolded stays so, and a form that somebody has begun to fill in stays as it is.

const ABOUT = ["test", "sid", "id", "mail", "address", "name"]; // of `data-`: what tells things apart
const FOCUSED = "a, button, input, pre, select, summary, textarea, [tabindex]";

/**
 * Puts `children` in place of what `root` has.
 * @param {any} root
 * @param {Node[]} children
 * @param {WeakSet<Node>} [begun] forms that stay, if there is one in their place
 */
export function redraw(root, children, begun = new WeakSet()) {
  const { activeElement: active } = document;
  const focused = root.contains(active) ? [...named(root, FOCUSED)].find(([, each]) => each === active)?.[0] : null;
  const unfolded = [...named(root, "details")].filter(([, each]) => each.open).map(([name]) => name);
  const forms = [...named(root, "form")].filter(([, each]) => begun.has(each));
  root.replaceChildren(...children);
  if (unfolded.length) {
    const folds = named(root, "details");
    for (const name of unfolded) unfold(folds.get(name));
  }
  if (forms.length) {
    const places = named(root, "form");
    for (const [name, form] of forms) places.get(name)?.replaceWith(form);
  }
  if (focused) named(root, FOCUSED).get(focused)?.focus({ preventScroll: true });
}

/**
 * The forms within `element` that somebody has begun to fill in. Who sends one takes it out of them
 * when that is done, and not when it is refused.
 * @param {HTMLElement} element
 * @returns {WeakSet<Node>}
 */
export function begunForms(element) {
  const begun = new WeakSet();
  element.addEventListener("input", (/** @type {any} */ { target }) => target.form && begun.add(target.form));
  return begun;
}

/** @param {any} details */
function unfold(details) {
  if (!details || details.open) return;
  details.open = true;
  details.dispatchEvent(new Event("toggle")); // at once, so that nothing below it jumps
}

/**
 * What a selector finds in `root`, by names that are the same when it is drawn anew: what each is
 * about, its label or words, and a number where several are alike.
 * @param {any} root
 * @param {string} selector
 * @returns {Map<string, any>}
 */
function named(root, selector) {
  const found = new Map();
  const alike = new Map();
  for (const element of root.querySelectorAll(selector)) {
    const words = element.matches("details, form, pre, summary") ? "" : element.getAttribute("aria-label") ?? element.textContent;
    const name = [element.tagName, words, ...about(element, root)].join("\n");
    const before = alike.get(name) ?? 0;
    alike.set(name, before + 1);
    found.set(`${name}\n${before}`, element);
  }
  return found;
}

/**
 * @param {any} element
 * @param {any} root
 */
function about(element, root) {
  const names = [];
  for (let each = element; each && each !== root; each = each.parentElement) {
    for (const key of ABOUT) if (each.dataset?.[key] !== undefined) names.push(`${key} ${each.dataset[key]}`);
  }
  return names;
}
