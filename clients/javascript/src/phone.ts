/** What all that a test does with a phone needs: that it is there, and from where on it counts. */

import type { Calls, Given } from "./calls.js";
import type { components, paths } from "./control-api.js";
import type { HandsetMessage } from "./message.js";
import type { HandsetCall } from "./phone-calls.js";
import type { Since } from "./since.js";
import { type Spelled, snaked } from "./spelling.js";

type Changes = NonNullable<Given<paths["/handsets/{address}"]["patch"]>["body"]>;

/** How a phone is: `{ label: "Ann", network: "airplane" }`. */
export type HandsetSettings = Omit<Spelled<Changes>, "person"> & {
  /** Whose it is, as Lookup knows them: `{ firstName: "Ann" }`. */
  person?: Spelled<components["schemas"]["NumberOwner"]> | null;
};

/** How far a test has come with a phone. */
interface Progress {
  address: string;
  /** Until the phone is there. */
  naming: Promise<void>;
  /** How often the account had begun anew then. */
  resets: number;
  /** How often a place was marked when its waits began. */
  readonly marks: number;
  /** The message behind which they begin. */
  message: number;
  /** What waits returned since a number of marks. */
  returned: HandsetMessage[];
  taken: HandsetCall[];
  returnedAt: number;
}

/** A phone that is there when it is used, from its making on. */
export abstract class Phone {
  protected readonly progress: Progress;

  /**
   * @param api the control API
   * @param address the phone's number
   * @param since from where on what went on in the account counts
   * @param settings how the phone is made, or changed when it is there
   */
  constructor(
    protected readonly api: Calls,
    address: string,
    protected readonly since: Since,
    private readonly settings: HandsetSettings,
  ) {
    const { marks, message, resets } = since;
    const [returned, taken, returnedAt] = [[], [], marks];
    const naming = Promise.resolve();
    this.progress = { address, naming, resets, marks, message, returned, taken, returnedAt };
    this.progress.naming = this.begin();
    this.progress.naming.catch(() => undefined); // whoever uses the phone gets it
  }

  /** The phone's number. */
  get address(): string {
    return this.progress.address;
  }

  /**
   * What stands in the paths of its calls, when the phone is there: once, and once more after a reset,
   * which took it away.
   */
  protected async there(): Promise<{ address: string }> {
    const it = this.progress;
    if (it.resets !== this.since.resets) {
      it.resets = this.since.resets;
      it.naming = this.name();
    }
    await it.naming;
    return { address: it.address };
  }

  /**
   * The message behind which a wait looks.
   *
   * After a mark nothing was returned yet: after a reset, others have these ids.
   */
  protected beginWait(): string {
    const [it, { marks, message }] = [this.progress, this.since];
    if (it.returnedAt !== marks) {
      it.returned = [];
      it.taken = [];
      it.returnedAt = marks;
    }
    return String(it.marks === marks ? it.message : message);
  }

  private async begin(): Promise<void> {
    await this.name();
    this.progress.message = (await this.api.call("get", "/mark")).message;
  }

  private async name(): Promise<void> {
    const given = { path: { address: this.progress.address }, body: snaked(this.settings) };
    const { address } = await this.api.call("put", "/handsets/{address}", given);
    this.progress.address = address;
  }
}
