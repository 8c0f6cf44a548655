// Lists that hold thousands and draw what can be seen. Rows may differ in height: each is measured
// when it is first drawn, and what stands above it is moved so that nothing jumps. What comes or goes
// above the rows in view does not move them.

import { arrange, h } from "./dom.js";
import { Press } from "./press.js";

const BEYOND = 400; // pixels above and below what can be seen that are drawn too

/**
 * A list of rows.
 *
 * - `key(item)` tells items apart; an item with the same key that is another object is drawn anew.
 * - `draw(item, index)` makes its row.
 * - `height` is a guess, or the truth when all rows are alike.
 * - `stick`: it begins at its end, and stays there as rows are added, unless the reader scrolled up.
 * - `onstray(strayed)`: the reader left the place where rows are added, or came back there.
 * - `onend()`: the last rows are near, so that more may be wanted.
 */
export class WindowedList {
  /**
   * @param {object} options
   * @param {(item: any) => string | number} options.key
   * @param {(item: any, index: number) => HTMLElement} options.draw
   * @param {number} options.height
   * @param {string} options.label
   * @param {boolean} [options.stick]
   * @param {string} [options.role]
   * @param {(strayed: boolean) => void} [options.onstray]
   * @param {() => void} [options.onend]
   */
  constructor({ key, draw, height, label, stick = false, role = "list", onstray = () => {}, onend = () => {} }) {
    this.key = key;
    this.draw = draw;
    this.height = height;
    this.stick = stick;
    this.onstray = onstray;
    this.onend = onend;
    /** @type {any[]} */
    this.items = [];
    /** @type {Map<string | number, { item: any, element: HTMLElement }>} */
    this.rows = new Map(); // by key: { item, element }
    /** @type {Map<string | undefined, number>} */
    this.heights = new Map(); // by key
    /** @type {Set<HTMLElement>} */
    this.unmeasured = new Set(); // elements since the last layout
    this.offsets = [0];
    this.atEnd = stick;
    this.strayed = false;
    this.nothing = h("p.empty", { hidden: true });
    this.inner = h("div.windowed-rows", { role, "aria-label": label });
    this.element = h("div.windowed", { onscroll: () => this.scrolled() }, this.nothing, this.inner);
    this.press = new Press(this.element, () => this.update());
    this.resizes = new ResizeObserver((changes) => this.resized(changes));
    this.resizes.observe(this.element);
  }

  close() {
    this.resizes.disconnect();
  }

  /**
   * Shows these items; `nothing` is said when the list is empty.
   * @param {any[]} items
   * @param {string | null} [nothing]
   */
  set(items, nothing = null) {
    const anchor = this.anchor();
    this.items = items;
    const keys = new Set(items.map(this.key));
    for (const [key, row] of this.rows) if (!keys.has(key)) this.drop(key, row);
    this.nothing.hidden = items.length > 0 || !nothing;
    this.nothing.textContent = nothing ?? "";
    this.lay();
    if (anchor) this.hold(anchor);
    this.update();
  }

  /** The first row in view, which stays where it is; null at the start, where rows may come. */
  anchor() {
    const { scrollTop } = this.element;
    if (this.atEnd || scrollTop < 1 || !this.items.length) return null;
    const first = this.indexAt(scrollTop);
    return { key: this.key(this.items[first]), above: scrollTop - this.offsets[first] };
  }

  /** @param {{ key: any, above: any }} of */
  hold({ key, above }) {
    const index = this.items.findIndex((item) => this.key(item) === key);
    if (index >= 0) this.element.scrollTop = this.offsets[index] + above;
  }

  /**
   * Scrolls an item into view; answers its row, or null when it is not in the list.
   * @param {any} key
   */
  reveal(key, where = "nearest") {
    const index = this.items.findIndex((item) => this.key(item) === key);
    if (index < 0) return null;
    this.atEnd = false;
    // Twice: what was guessed on the way is measured in the first go.
    for (let go = 0; go < 2; go += 1) {
      const top = this.offsets[index];
      const bottom = this.offsets[index + 1];
      const { scrollTop, clientHeight } = this.element;
      if (where === "center") this.element.scrollTop = (top + bottom - clientHeight) / 2;
      else if (top < scrollTop) this.element.scrollTop = top;
      else if (bottom > scrollTop + clientHeight) this.element.scrollTop = bottom - clientHeight;
      this.update();
    }
    return this.rows.get(key)?.element ?? null;
  }

  toEnd() {
    this.atEnd = true;
    this.update();
  }

  toStart() {
    this.element.scrollTop = 0;
    this.update();
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    this.atEnd = this.stick && scrollHeight - scrollTop - clientHeight < 24;
    const strayed = this.stick ? !this.atEnd : scrollTop > 24;
    if (strayed !== this.strayed) {
      this.strayed = strayed;
      this.onstray(strayed);
    }
    this.update();
  }

  /** @param {ResizeObserverEntry[]} changes */
  resized(changes) {
    let changed = false;
    for (const { target } of changes) {
      if (target === this.element) {
        changed = true;
      } else if (target instanceof HTMLElement && target.isConnected && target.offsetHeight !== this.heights.get(target.dataset.row)) {
        this.heights.set(target.dataset.row, target.offsetHeight);
        changed = true;
      }
    }
    if (!changed) return;
    this.steadily(() => this.lay());
    this.update();
  }

  /** Where each row begins. */
  lay() {
    const offsets = new Array(this.items.length + 1);
    offsets[0] = 0;
    this.items.forEach((item, n) => {
      offsets[n + 1] = offsets[n] + (this.heights.get(String(this.key(item))) ?? this.height);
    });
    this.offsets = offsets;
    this.inner.style.height = `${offsets.at(-1)}px`;
  }

  /**
   * Changes the layout while the first row in view stays where it is.
   * @param {() => void} change
   */
  steadily(change) {
    const before = this.element.scrollTop;
    const first = this.indexAt(before);
    const above = before - this.offsets[first];
    change();
    if (!this.atEnd && first < this.items.length) {
      const after = this.offsets[first] + above;
      if (Math.abs(after - before) >= 1) this.element.scrollTop = after;
    }
  }

  /** Draws what can be seen now. */
  update() {
    for (let go = 0; go < 3; go += 1) {
      if (this.atEnd) this.element.scrollTop = this.offsets.at(-1);
      const { scrollTop, clientHeight } = this.element;
      const first = this.indexAt(scrollTop - BEYOND);
      const last = Math.min(this.indexAt(scrollTop + clientHeight + BEYOND) + 1, this.items.length);
      this.place(first, last);
      if (!this.measure()) break;
      this.steadily(() => this.lay());
    }
    const { scrollTop, clientHeight } = this.element;
    if (clientHeight && scrollTop + clientHeight + BEYOND >= this.offsets[this.items.length]) this.onend();
  }

  /**
   * @param {number} first
   * @param {number} last
   */
  place(first, last) {
    const elements = [];
    const shown = new Set();
    for (let n = first; n < last; n += 1) {
      const element = this.row(this.items[n], n);
      const place = `translateY(${this.offsets[n]}px)`;
      if (element.style.transform !== place) element.style.transform = place;
      elements.push(element);
      shown.add(element.dataset.row);
    }
    const { activeElement } = document;
    /** @type {HTMLElement | null | undefined} */
    const focused = this.inner.contains(activeElement) ? activeElement?.closest("[data-row]") : null;
    for (const [key, row] of this.rows) {
      // What has the focus stays, or the keyboard would be lost with it.
      if (!shown.has(String(key)) && row.element !== focused) this.drop(key, row, false);
    }
    if (focused && !shown.has(focused.dataset.row)) elements.push(focused);
    arrange(this.inner, elements);
  }

  /**
   * @param {any} item
   * @param {number} index
   */
  row(item, index) {
    const key = this.key(item);
    const known = this.rows.get(key);
    const isDrawn = known && (known.item === item || this.press.held);
    const element = isDrawn ? known.element : this.draw(item, index);
    if (!isDrawn) {
      element.dataset.row = String(key);
      element.classList.add("windowed-row");
      if (!element.hasAttribute("role")) element.setAttribute("role", "listitem");
      if (known) this.replace(known.element, element);
      this.rows.set(key, { item, element });
      this.unmeasured.add(element);
      this.resizes.observe(element);
    }
    if (element.ariaPosInSet !== String(index + 1)) element.ariaPosInSet = String(index + 1);
    if (element.ariaSetSize !== String(this.items.length)) element.ariaSetSize = String(this.items.length);
    return element;
  }

  /**
   * @param {HTMLElement} old
   * @param {any} element
   */
  replace(old, element) {
    this.unobserve(old);
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(element);
    if (!held) return;
    const label = held.getAttribute("aria-label");
    const same = held === old ? element : [...element.querySelectorAll("button, a, input")].find(
      (each) => label ? each.getAttribute("aria-label") === label : each.textContent === held.textContent,
    );
    (same ?? element).focus({ preventScroll: true });
  }

  /** @param {any} element */
  unobserve(element) {
    this.resizes.unobserve(element);
    this.unmeasured.delete(element);
  }

  /**
   * @param {any} key
   * @param {any} row
   */
  drop(key, row, forget = true) {
    this.unobserve(row.element);
    row.element.remove();
    this.rows.delete(key);
    if (forget) this.heights.delete(String(key));
  }

  /** Whether a row that was drawn now has another height than was thought; what becomes of those
   * that were drawn before, the observer tells. */
  measure() {
    let changed = false;
    for (const element of this.unmeasured) {
      const height = element.offsetHeight;
      if (!height) continue; // in a part of the page that is hidden
      this.unmeasured.delete(element);
      if (this.heights.get(element.dataset.row) === height) continue;
      this.heights.set(element.dataset.row, height);
      changed = true;
    }
    return changed;
  }

  /**
   * The last row that begins at or above `y`.
   * @param {number} y
   */
  indexAt(y) {
    let low = 0;
    let high = Math.max(this.items.length - 1, 0);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.offsets[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
