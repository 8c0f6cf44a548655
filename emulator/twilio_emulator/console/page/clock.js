// The account's clock, which may stand still or run fast: what it shows now, and how to move it.

import { clockSeconds, day } from "./words.js";

/** Shows the emulator's time; `watch` is told once a second, and whenever it is moved. */
export class WorldClock {
  /**
   * @param {import("./api.js").Api} api
   * @param {Pick<import("./live.js").Live, "on">} live
   */
  constructor(api, live) {
    this.api = api;
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    this.rate = 1;
    this.from = 0; // what it showed when it was taken, in milliseconds since 1970
    this.takenAt = 0; // in milliseconds of the page
    this.take({ mode: "real", now: new Date().toISOString(), next_due: null });
    this.ticking = setInterval(() => this.tick(), 1000);
    this.unheard = live.on((events) => {
      if (events === null || events.some((event) => event.type === "clock.advanced")) this.load().catch(() => {}); // when it is back it is read anew
    });
  }

  close() {
    clearInterval(this.ticking);
    this.unheard();
    this.watchers.clear();
  }

  async load() {
    this.take(await this.api.get("/clock"));
  }

  /**
   * Moves the clock, or changes how fast it runs.
   * @param {object} wish
   */
  async change(wish) {
    this.take(await this.api.post("/clock", wish));
  }

  /** @param {Clock} told */
  take({ mode, now, next_due: nextDue }) {
    this.mode = mode;
    this.nextDue = nextDue;
    this.rate = mode === "real" ? 1 : mode === "frozen" ? 0 : Number(mode.slice(1));
    this.from = Date.parse(now);
    this.takenAt = performance.now();
    this.tick();
  }

  /** Milliseconds since 1970. */
  now() {
    return this.from + (performance.now() - this.takenAt) * this.rate;
  }

  /** @param {() => void} see */
  watch(see) {
    this.watchers.add(see);
    see();
    return () => this.watchers.delete(see);
  }

  tick() {
    for (const see of this.watchers) see();
  }

  /** `Mon, 5 Jan` and `09:00:00`. */
  shown() {
    return { day: day(this.now()), time: clockSeconds(this.now()) };
  }
}
