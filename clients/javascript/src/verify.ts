/** Verify as a test holds it: the codes that were sent, and when they end. */

import type { Calls, Given } from "./calls.js";
import type { components, paths } from "./control-api.js";
import { type Spelled, snaked, spelled } from "./spelling.js";

type Schemas = components["schemas"];

/** All about a verification: its code, how it was sent, what was tried, why it ended. */
export type Verification = Spelled<Schemas["Verification"]>;

/** What of a Verify service only the emulator can say. */
export type VerifySwitches = Spelled<Schemas["Switches"]>;

/** The same as it is set: `{ fixedCode: "424242" }`. */
export type VerifySettings = Spelled<
  NonNullable<Given<paths["/verify/services/{verify_service}"]["put"]>["body"]>
>;

/** Which verifications are meant; all unless something is said. */
export interface WantedVerifications {
  to?: string | undefined;
  /** The sid of the Verify service. */
  service?: string | undefined;
  status?: string | undefined;
  channel?: string | undefined;
}

/**
 * Verify of the emulator's account: `emulator.verify`.
 *
 * A verification is named by its sid, or by its recipient; of several for one it is the newest.
 */
export class Verify {
  /** @param serviceSid the Verify service that the account began with */
  constructor(
    private readonly api: Calls,
    readonly serviceSid: string,
  ) {}

  /**
   * The code of a verification that is live.
   *
   * @throws {CannotCall} there is none
   */
  async code(verification: string): Promise<string> {
    const path = "/verifications/{verification}/code";
    return (await this.api.call("get", path, { path: { verification } })).code;
  }

  /**
   * All about a verification.
   *
   * @throws {CannotCall} there is none
   */
  async verification(verification: string): Promise<Verification> {
    const shown = this.api.call("get", "/verifications/{verification}", { path: { verification } });
    return spelled(await shown);
  }

  /** Verifications that are live and that have ended, newest first. */
  async verifications(wanted: WantedVerifications = {}): Promise<Verification[]> {
    const { to = null, service = null, status = null, channel = null } = wanted;
    const query = { to, service, status, channel };
    return spelled((await this.api.call("get", "/verifications", { query })).verifications);
  }

  /**
   * Have a verification expire at once.
   *
   * @throws {CannotCall} there is none that could
   */
  async expire(verification: string): Promise<Verification> {
    const path = "/verifications/{verification}/expire";
    return spelled(await this.api.call("post", path, { path: { verification } }));
  }

  /**
   * Approve a verification, as its right code does.
   *
   * @throws {CannotCall} there is none that could be
   */
  async approve(verification: string): Promise<Verification> {
    const path = "/verifications/{verification}/approve";
    return spelled(await this.api.call("post", path, { path: { verification } }));
  }

  /**
   * Cancel a verification.
   *
   * @throws {CannotCall} there is none that could be
   */
  async cancel(verification: string): Promise<Verification> {
    const path = "/verifications/{verification}/cancel";
    return spelled(await this.api.call("post", path, { path: { verification } }));
  }

  /**
   * Change what of a Verify service REST cannot say: `change({ fixedCode: "424242" })`.
   *
   * @param settings such as `fixedCode`, `codeTtl` in seconds, `channels`
   * @param of the sid of the service; the one that the account began with unless given
   * @throws {CannotCall} there is no such service, or no such setting
   */
  async change(
    settings: VerifySettings,
    { serviceSid = this.serviceSid }: { serviceSid?: string | undefined } = {},
  ): Promise<VerifySwitches> {
    const changed = this.api.call("put", "/verify/services/{verify_service}", {
      path: { verify_service: serviceSid },
      body: snaked(settings, "channels"),
    });
    return spelled(await changed, { channels: true });
  }
}
