/** From where on what went on in an account counts. */

import type { Calls } from "./calls.js";

/** The beginning of the account, until somebody marks a later place. */
export class Since {
  /** The entry of the journal behind which it counts. */
  entry = 0;
  /** The message on phones behind which it counts. */
  message = 0;
  /** How often that was moved. */
  marks = 0;
  /** How often the account began anew: its phones are gone, numbers start again. */
  resets = 0;

  constructor(private readonly calls: Calls) {}

  /** Count from here on. */
  async here(): Promise<void> {
    const { seq, message } = await this.calls.call("get", "/mark");
    this.entry = seq;
    this.message = message;
    this.marks += 1;
  }
}
