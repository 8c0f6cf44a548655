// A window for the page's modules: a document as a browser has it, but for its layout. Import this
// before the modules.

import { Window } from "happy-dom";

const window = new Window({ url: "http://localhost:8008/console" });

/** Tells of sizes when a test says so: nothing here lays out. */
class ResizeObserver {
  constructor(tell) {
    this.tell = tell;
    this.observed = new Set();
  }

  observe(element) {
    this.observed.add(element);
  }

  unobserve(element) {
    this.observed.delete(element);
  }

  disconnect() {
    this.observed.clear();
  }
}

const { document, Event, HTMLElement, Node, localStorage, location } = window;
Object.assign(globalThis, { document, Event, HTMLElement, Node, ResizeObserver, localStorage, location });
globalThis.addEventListener = window.addEventListener.bind(window);

// What is to happen seconds later, as that a note goes, keeps no test waiting.
const later = globalThis.setTimeout;
globalThis.setTimeout = (act, milliseconds, ...more) => {
  const timer = later(act, milliseconds, ...more);
  if (milliseconds > 1000) timer.unref();
  return timer;
};

/** Each row is as high as its `data-height` says. */
Object.defineProperty(HTMLElement.prototype, "offsetHeight", {
  get() {
    return Number(this.dataset.height ?? 0);
  },
});

export { window };
