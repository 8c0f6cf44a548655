/** Spans of time, and an account's clock as a test holds it. */

import type { Calls } from "./calls.js";

/** A span: `{ hours: 25 }`, `{ minutes: 1, seconds: 30 }`. */
export interface Duration {
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
}

const SECONDS: Readonly<Record<string, number>> = {
  days: 86_400,
  hours: 3_600,
  minutes: 60,
  seconds: 1,
  milliseconds: 0.001,
};

/** Milliseconds that the emulator takes at most until what falls due on the way is over. */
const SETTLING = 60_000;

/**
 * A span in seconds.
 *
 * @throws {TypeError} it has a part that is no unit or no number
 */
export function seconds(span: Duration): number {
  const given: unknown = span;
  if (typeof given !== "object" || given === null) {
    throw new TypeError(`a span of time is such as { seconds: 30 }, not ${String(given)}`);
  }
  const parts: [string, unknown][] = Object.entries(given);
  return parts.reduce((sum, [unit, much]) => {
    const each = SECONDS[unit];
    if (each === undefined || typeof much !== "number" || !Number.isFinite(much)) {
      const known = Object.keys(SECONDS).join(", ");
      throw new TypeError(`a span of time is numbers of ${known}, not ${unit}: ${String(much)}`);
    }
    return sum + each * much;
  }, 0);
}

/** The clock: `real` until the test says `freeze()`. */
export class AccountClock {
  constructor(private readonly calls: Calls) {}

  /** What the clock shows. */
  async now(): Promise<Date> {
    return new Date((await this.calls.call("get", "/clock")).now);
  }

  /** Stop the clock, now or at a later instant; from here on it moves by `advance` alone. */
  async freeze(at?: Date | string): Promise<void> {
    const now = at instanceof Date ? at.toISOString() : (at ?? null);
    await this.calls.call("post", "/clock", { body: { mode: "frozen", now } });
  }

  /**
   * Move the clock on: `advance({ hours: 25 })`, or `advance("PT25H")` in ISO 8601.
   *
   * What falls due happens on the way, each at its own time and with the webhooks it causes.
   *
   * @returns what the clock shows then
   * @throws {TypeError} it is no span
   */
  async advance(span: Duration | string): Promise<Date> {
    const advance = typeof span === "string" ? span : seconds(span);
    const moved = await this.calls.call("post", "/clock", { body: { advance } }, SETTLING);
    return new Date(moved.now);
  }
}
