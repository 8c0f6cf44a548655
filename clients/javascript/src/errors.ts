/** What goes wrong, each with a text that is meant for people. */

import type { Report } from "./journal.js";

/** The emulator did not answer, or refused. The text is one line. */
export class CannotCall extends Error {
  override readonly name = "CannotCall";

  /**
   * @param message why, in one line
   * @param status of the answer; undefined when there was none
   * @param answer what it said
   */
  constructor(
    message: string,
    readonly status?: number,
    readonly answer?: unknown,
  ) {
    super(message);
  }
}

/** The command does not run, or ended before it served. The text is one line. */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
}

/** What was waited for did not come. The text says why, and shows what came instead. */
export class NotReceived extends Error {
  override readonly name = "NotReceived";
}

/** A scenario did not go as it expects. */
export class DidNotHold extends Error {
  override readonly name = "DidNotHold";

  /** @param report what happened */
  constructor(readonly report: Report) {
    const { failure } = report;
    const lines = failure ? [`${failure.place}: ${failure.step}`, `expected ${failure.expected}`] : [];
    if (failure?.nearest) lines.push(`nearest ${failure.nearest}`);
    super(lines.join("\n  "));
  }
}
