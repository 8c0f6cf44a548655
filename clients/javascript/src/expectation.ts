/** What a test expects of a phone from a moment on. */

import { AssertionError } from "node:assert";
import { type HandsetMessage, told } from "./message.js";
import type { AccountClock, Duration } from "./time.js";

/** How an expectation looks at its phone. */
export interface Looking {
  readonly address: string;
  readonly clock: AccountClock;
  /** So many messages that come. */
  await(count: number): Promise<HandsetMessage[]>;
  /** Those that are there. */
  arrived(): Promise<HandsetMessage[]>;
}

/** What `expect` of a phone looks for. */
export class Expectation {
  constructor(private readonly phone: Looking) {}

  /**
   * The first that comes.
   *
   * @throws {NotReceived} none did
   */
  async one(): Promise<HandsetMessage> {
    const [message] = await this.phone.await(1);
    return message as HandsetMessage;
  }

  /**
   * The first `count` that come.
   *
   * @throws {NotReceived} they did not
   */
  some(count: number): Promise<HandsetMessage[]> {
    return this.phone.await(count);
  }

  /**
   * Nothing comes within a span of the account's clock, which is moved on by it:
   * `none({ within: { minutes: 1 } })`.
   *
   * @throws {AssertionError} something came
   */
  async none({ within }: { within: Duration | string }): Promise<void> {
    await this.phone.clock.advance(within);
    const came = await this.phone.arrived();
    if (came.length > 0) {
      const shown = came.map((message) => `  ${told(message)}`);
      const message = [`${this.phone.address} should not have received`, ...shown].join("\n");
      throw new AssertionError({ message });
    }
  }
}
