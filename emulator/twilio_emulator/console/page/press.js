// What a pointer is about to click must stay until it has: a button that is drawn anew between press
// and release is never clicked.

/** Whether a pointer is down in `element`, as `held`; `released` is called after the click. */
export class Press {
  /**
   * @param {EventTarget} element
   * @param {() => void} released
   */
  constructor(element, released) {
    this.held = false;
    element.addEventListener("pointerdown", () => this.begin(released));
  }

  /** @param {() => void} released */
  begin(released) {
    this.held = true;
    const over = new AbortController();
    const end = () => {
      over.abort();
      setTimeout(() => {
        this.held = false;
        released();
      });
    };
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, end, { signal: over.signal });
  }
}
