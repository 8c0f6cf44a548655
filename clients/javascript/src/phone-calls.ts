/** Voice calls as a test takes them on a phone. */

import type { components } from "./control-api.js";
import { Phone } from "./phone.js";
import { type Spelled, spelled } from "./spelling.js";
import { type Timeout, arrivals, clockTime, inVain, milliseconds, notReceived } from "./waits.js";

type Schemas = components["schemas"];

/** A voice call to a phone, as it was when it was looked at. */
export interface HandsetCall {
  readonly id: string;
  readonly seq: number;
  /** The phone's address. */
  readonly handset: string;
  /** Who calls. */
  readonly peer: string;
  readonly status: Schemas["CallStatus"];
  /** What has to be pressed before it says what it is for. */
  readonly asks: Schemas["Asks"];
  /** What it has said, sentence by sentence. */
  readonly spoken: readonly string[];
  /** The code that it has spoken, undivided. */
  readonly codes: readonly string[];
  /** What was pressed on the phone. */
  readonly pressed: string;
  /** What the caller pressed. */
  readonly sendDigits: string | null;
  readonly language: string | null;
  readonly errorCode: number | null;
  readonly beganAt: Date;
}

/** Which call a test waits for, and how long. */
export interface WantedCall {
  /** A part of what it says. */
  contains?: string | undefined;
  /** Who calls. */
  peer?: string | undefined;
  /** How far it is; then it counts as soon as it is so far. */
  status?: Schemas["CallStatus"] | undefined;
  /** Milliseconds of the machine, or `{ seconds: 5 }`; 5000 unless given. */
  timeout?: Timeout | undefined;
}

/** What became of an address that a phone opened; `errorCode` is null where it is the right phone. */
export type OpenedLink = Spelled<Schemas["OpenedLink"]>;

/** What a phone of a test does besides messages: it takes calls, and opens addresses. */
export abstract class CallTaking extends Phone {
  /** Every call to the phone, the one that changed last comes last. */
  async calls(): Promise<HandsetCall[]> {
    const path = await this.there();
    return (await this.api.call("get", "/handsets/{address}/calls", { path })).calls.map(read);
  }

  /**
   * Wait for a call that came since the handle was made and was not returned by an earlier wait: until
   * it is answered or over, or rings on a phone whose calls are on `hold`.
   *
   * @throws {NotReceived} nobody called; what calls came instead is shown
   */
  async waitForCall(wanted: WantedCall = {}): Promise<HandsetCall> {
    const path = await this.there();
    const after = this.beginWait();
    const { contains = null, peer: from = null, status = null } = wanted;
    const limit = milliseconds(wanted.timeout);
    const [call] = await arrivals(this.progress.taken, limit, async (left, without) => {
      const query = { contains, from, status, after, without, timeout: left / 1000 };
      try {
        const call = "/handsets/{address}/calls/wait";
        return (await this.api.call("get", call, { path, query }, left)).calls.map(read);
      } catch (error) {
        const { calls: came, others } = inVain(error) as Schemas["NobodyCalled"];
        const words = `${this.address} was not called as expected`;
        throw notReceived(words, limit, came.map(told), others.map(told));
      }
    });
    return call as HandsetCall;
  }

  /**
   * Answer a call that rings.
   *
   * @returns the call as it is then
   * @throws {CannotCall} it does not ring
   */
  async answer(call: HandsetCall): Promise<HandsetCall> {
    const path = { ...(await this.there()), call: call.id };
    return read(await this.api.call("post", "/handsets/{address}/calls/{call}/answer", { path }));
  }

  /**
   * Press digits in a call; one that rings still is answered first.
   *
   * @returns the call as it is then
   * @throws {CannotCall} it is over, or those are no digits
   */
  async pressDigits(call: HandsetCall, digits: string): Promise<HandsetCall> {
    const given = { path: { ...(await this.there()), call: call.id }, body: { digits } };
    return read(await this.api.call("post", "/handsets/{address}/calls/{call}/press", given));
  }

  /**
   * Hang up, or turn away a call that rings.
   *
   * @returns the call as it is then
   */
  async hangUp(call: HandsetCall): Promise<HandsetCall> {
    const path = { ...(await this.there()), call: call.id };
    return read(await this.api.call("post", "/handsets/{address}/calls/{call}/hang-up", { path }));
  }

  /**
   * Open an address of silent network authentication on the phone.
   *
   * @param url what a verification has as `sna.url`
   * @param by `over` is the phone's `mobile` network unless it is said to be `wifi`
   * @throws {CannotCall} that is no such address
   */
  async openLink(
    url: string,
    { over = "mobile" }: { over?: Schemas["Over"] | undefined } = {},
  ): Promise<OpenedLink> {
    const given = { path: await this.there(), body: { url, over } };
    return spelled(await this.api.call("post", "/handsets/{address}/open-link", given));
  }
}

/** The call that the control API shows. */
function read(shown: Schemas["PhoneCall"]): HandsetCall {
  return {
    id: shown.id,
    seq: shown.seq,
    handset: shown.handset,
    peer: shown.from,
    status: shown.status,
    asks: shown.asks,
    spoken: shown.spoken,
    codes: shown.codes,
    pressed: shown.pressed,
    sendDigits: shown.send_digits,
    language: shown.language,
    errorCode: shown.error_code,
    beganAt: new Date(shown.date_created),
  };
}

function told(shown: Schemas["PhoneCall"]): string {
  const said = JSON.stringify(shown.spoken.join(" "));
  return `${clockTime(new Date(shown.date_created))} call from ${shown.from}, ${shown.status}: ${said}`;
}
