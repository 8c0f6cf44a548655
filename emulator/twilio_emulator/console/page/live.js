// What happens in the account, as it happens: server-sent events, read by hand so that one listener
// hears of every type, and so that a restart of the emulator can be told from a pause.

const LONGEST_PAUSE = 2000;

/**
 * The stream of one account's events.
 *
 * Listeners hear of lists of `{ type, seq, at, kind, ... }`, and of null when something may have
 * been missed, or the journal was cleared: what is shown has to be read anew. States are
 * `connecting`, `live`, `lost` and `gone`, the last when there is no such account any more.
 */
export class Live {
  /**
   * @param {import("./api.js").Api} api
   * @param {{ types?: string }} [options] only events of these types, with commas
   */
  constructor(api, { types } = {}) {
    this.api = api;
    this.types = types;
    /** @type {LiveState} */
    this.state = "connecting";
    /** @type {Set<(events: LiveEvent[] | null) => void>} */
    this.listeners = new Set();
    /** @type {Set<(state: LiveState) => void>} */
    this.watchers = new Set();
    this.ended = new AbortController();
  }

  /**
   * Calls `hear` for what happens from now on; answers how to end that.
   * @param {(events: LiveEvent[] | null) => void} hear
   */
  on(hear) {
    this.listeners.add(hear);
    return () => this.listeners.delete(hear);
  }

  /**
   * Calls `see` with each state, the present one first; answers how to end that.
   * @param {(state: LiveState) => void} see
   */
  watch(see) {
    this.watchers.add(see);
    see(this.state);
    return () => this.watchers.delete(see);
  }

  stop() {
    this.ended.abort();
    this.listeners.clear();
    this.watchers.clear();
  }

  /** Follows the stream until `stop`, or until the account is gone. */
  async follow() {
    const { signal } = this.ended;
    let pause = 100;
    for (let first = true; !signal.aborted; first = false) {
      try {
        const url = this.api.url("/events", { types: this.types });
        const response = await fetch(url, { signal, headers: { accept: "text/event-stream" } });
        if (response.status === 404) return this.become("gone");
        if (response.ok) {
          this.become("live");
          pause = 100;
          if (!first) this.tell(null);
          if (response.body) await this.read(response.body);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof TypeError)) throw error; // fetch's error when there is no answer
      }
      this.become("lost");
      await new Promise((resolve) => {
        setTimeout(resolve, pause);
      });
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  /** @param {ReadableStream<BufferSource>} body */
  async read(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop() ?? "";
      const events = blocks.map(parse).filter((event) => event !== null);
      if (events.some(({ type }) => type === "dropped" || type === "cleared")) this.tell(null);
      else if (events.length) this.tell(events);
    }
  }

  /** @param {LiveEvent[] | null} events */
  tell(events) {
    for (const hear of [...this.listeners]) hear(events);
  }

  /** @param {LiveState} state */
  become(state) {
    if (state === this.state) return;
    this.state = state;
    for (const see of [...this.watchers]) see(state);
  }
}

/**
 * One block of a stream; null for a comment.
 * @param {string} block
 * @returns {LiveEvent | null}
 */
export function parse(block) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) found[line.slice(0, colon)] = line.slice(colon + 2);
  }
  if (found.data === undefined) return null;
  return { ...JSON.parse(found.data), type: found.event, seq: Number(found.id) };
}
