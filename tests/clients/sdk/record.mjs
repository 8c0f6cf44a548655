// Notes which public methods of the SDK are called and which events its objects tell, so that the
// table of what is tested follows from the tests.

export class Record {
  constructor(classes) {
    this.seen = new Map();
    for (const [name, kind] of Object.entries(classes)) {
      this.seen.set(name, new Set());
      this.watch(name, kind);
    }
  }

  watch(name, kind) {
    // A decorator may have put another class before the one that has the methods.
    for (let each = kind; each.prototype && !Object.hasOwn(each.prototype, "emit"); each = Object.getPrototypeOf(each)) {
      this.wrap(name, each.prototype, "");
      this.wrap(name, each, "static ");
    }
    const { emit } = kind.prototype;
    const record = this;
    kind.prototype.emit = function (event, ...said) {
      record.note(name, String(event));
      return emit.call(this, event, ...said);
    };
  }

  wrap(name, holder, mark) {
    const record = this;
    for (const method of Object.getOwnPropertyNames(holder)) {
      const { value, writable } = Object.getOwnPropertyDescriptor(holder, method);
      if (typeof value !== "function" || !writable || /^(_|constructor$|prototype$)/.test(method)) continue;
      holder[method] = function (...said) {
        record.note(name, `${mark}${method}()`);
        return value.apply(this, said);
      };
    }
  }

  note(name, what) {
    this.seen.get(name).add(what);
  }

  // What was seen since the last time.
  take() {
    const taken = [...this.seen].flatMap(([name, seen]) => [...seen].map((what) => `${name} ${what}`));
    this.seen.forEach((seen) => seen.clear());
    return taken.sort();
  }
}
