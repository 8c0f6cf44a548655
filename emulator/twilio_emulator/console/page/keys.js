// The keyboard: what each key does, in one table that the help shows.

const bound = new Map(); // by sequence: { words, act }
/** @type {(() => void)[]} */
const layers = []; // what lies over the page, the uppermost last: each is closed by Escape
let begun = "";

/**
 * Binds a key, or two that are pressed one after the other as in "g h"; answers how to unbind.
 * @param {string} keys
 * @param {string} words
 * @param {(event: KeyboardEvent) => any} act
 */
export function bind(keys, words, act) {
  const binding = { words, act };
  bound.set(keys, binding);
  return () => bound.get(keys) === binding && bound.delete(keys);
}

/** All bindings, as `[keys, words]`. */
export const bindings = () => [...bound].map(([keys, { words }]) => [keys, words]);

/**
 * Something opened over the page: the next Escape closes it, wherever the focus is, and nothing
 * beneath. Answers what is called when it was closed.
 * @param {() => void} close
 */
export function layer(close) {
  layers.push(close);
  return () => layers.includes(close) && layers.splice(layers.indexOf(close), 1);
}

/** Listens on the whole page. Nothing is taken from who writes, nor from open dialogs. */
export function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && layers.length) {
      event.preventDefault();
      layers.at(-1)?.();
      return;
    }
    if (event.defaultPrevented || isWriting(event.target)) return;
    const binding = bound.get(`${begun}${event.key}`) ?? bound.get(event.key);
    const begins = [...bound.keys()].some((keys) => keys.startsWith(`${event.key} `));
    begun = !binding && begins ? `${event.key} ` : "";
    if (!binding) return;
    event.preventDefault();
    binding.act(event);
  });
}

/** @param {EventTarget | null} target */
function isWriting(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

/**
 * Arrow keys, Home and End move the focus among what `selector` finds within `element`.
 * @param {Element} element
 * @param {string} selector
 */
export function roving(element, selector) {
  element.addEventListener("keydown", (/** @type {any} */ event) => {
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step === undefined || isWriting(event.target)) return;
    /** @type {(Element | null | undefined)[]} */
    const found = [...element.querySelectorAll(selector)];
    const at = found.indexOf(document.activeElement?.closest(selector));
    const next = found[Math.min(Math.max(at + step, 0), found.length - 1)];
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
  });
}
