// An emulator that answers the page's calls from a table, and keeps what it was asked.

/**
 * Answers calls until `end`: `answers` has what is said, or a function that says it, by method and
 * path; `asked` is every call so far.
 */
export function answering(answers) {
  const fetched = globalThis.fetch;
  const asked = [];
  globalThis.fetch = async (url, { method = "GET", body, signal } = {}) => {
    const call = `${method} ${url.replace("/_emulator/v1", "")}`;
    asked.push(body === undefined ? call : `${call} ${body}`);
    const answer = answers[call];
    if (answer === undefined) return Response.json({ message: `nothing at ${call}`, code: 20404 }, { status: 404 });
    const said = typeof answer === "function" ? await answer(signal) : answer;
    return said instanceof Response ? said : Response.json(said);
  };
  return { answers, asked, end: () => (globalThis.fetch = fetched) };
}

/** A stream of events that a test writes to, as the answer to `GET /events`. */
export function stream() {
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  return {
    response: new Response(readable),
    write: (text) => writer.write(encoder.encode(text)),
    end: () => writer.close(),
  };
}

/** What the page's parts are told of, without a stream. */
export class Told {
  constructor() {
    this.listeners = new Set();
  }

  on(hear) {
    this.listeners.add(hear);
    return () => this.listeners.delete(hear);
  }

  tell(events) {
    for (const hear of this.listeners) hear(events);
  }
}

/** Waits until `is` holds; a second at most. */
export async function until(is) {
  for (let go = 0; go < 1000; go += 1) {
    if (is()) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
  throw new Error(`it never came true: ${is}`);
}
