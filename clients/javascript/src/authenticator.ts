/**
 * What somebody proves with who they are: an authenticator app with its codes, and a device that
 * approves or denies.
 */

import type { Calls } from "./calls.js";
import { CannotCall } from "./errors.js";

const LATEST = "latest";

/** What a device is answered about the challenge of another one, and when none waits for it. */
const NOT_ITS_OWN = new Set<number | undefined>([401, 404]);

/** Whose factors of Verify these are: `const ann = emulator.authenticator("ann-00000001")`. */
export class Authenticator {
  /**
   * @param identity of the entity
   * @param service the Verify service's sid; the account's first when undefined
   */
  constructor(
    private readonly api: Calls,
    readonly identity: string,
    private readonly service: string | undefined,
  ) {}

  /**
   * The code that the app shows now, on the account's clock: of the newest TOTP factor, unless one is
   * named.
   *
   * @throws {CannotCall} there is no such factor
   */
  async code(factorSid?: string): Promise<string> {
    if (factorSid !== undefined) {
      return (await this.api.call("get", "/totp/{factor}", { path: { factor: factorSid } })).code;
    }
    const query = { identity: this.identity, service: this.service ?? null };
    const [newest] = (await this.api.call("get", "/totp", { query })).factors;
    if (!newest) throw new CannotCall(`${this.identity} has no TOTP factor`);
    return newest.code;
  }

  /**
   * Have a device that is enrolled as a push factor, as Twilio's SDK does.
   *
   * @param with `accessToken` is what the app's server got for it: unless given, it gets one
   * @returns the factor's sid
   * @throws {CannotCall} it is refused
   */
  async enroll({
    accessToken,
    friendlyName,
  }: {
    accessToken?: string | undefined;
    friendlyName?: string | undefined;
  } = {}): Promise<string> {
    const name = friendlyName ?? null;
    const { id } = await this.api.call("post", "/push-devices", { body: { name } });
    const enrolled = await this.api.call("post", "/push-devices/{device}/enroll", {
      path: { device: id },
      body: {
        identity: this.identity,
        service: this.service ?? null,
        access_token: accessToken ?? null,
        friendly_name: name,
      },
    });
    return enrolled.factor_sid ?? "";
  }

  /**
   * Approve a challenge on the device that it is for: the newest that is pending, unless one is named.
   *
   * @returns the challenge's sid
   * @throws {CannotCall} there is no device, or no such challenge that waits
   */
  async approve(challengeSid: string = LATEST): Promise<string> {
    const call = "/push-devices/{device}/challenges/{challenge}/approve";
    return this.answer(challengeSid, (path) => this.api.call("post", call, { path }));
  }

  /** Deny a challenge on the device; otherwise as `approve`. */
  async deny(challengeSid: string = LATEST): Promise<string> {
    const call = "/push-devices/{device}/challenges/{challenge}/deny";
    return this.answer(challengeSid, (path) => this.api.call("post", call, { path }));
  }

  private async answer(
    challenge: string,
    ask: (path: { device: string; challenge: string }) => Promise<{ sid: string }>,
  ): Promise<string> {
    let refused = new CannotCall(`${this.identity} has no device: \`enroll()\` gives them one`);
    for (const [which, device] of (await this.devices()).entries()) {
      try {
        return (await ask({ device, challenge })).sid;
      } catch (error) {
        if (!(error instanceof CannotCall && NOT_ITS_OWN.has(error.status))) throw error;
        if (which === 0) refused = error;
      }
    }
    throw refused;
  }

  /** The ids of theirs, the newest first. */
  private async devices(): Promise<string[]> {
    const query = { identity: this.identity };
    const { devices } = await this.api.call("get", "/push-devices", { query });
    return devices
      .filter(({ service_sid: sid }) => this.service === undefined || sid === this.service)
      .map(({ id }) => id)
      .reverse();
  }
}
