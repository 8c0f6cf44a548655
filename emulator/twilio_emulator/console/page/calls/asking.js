// Makes a call of the control API as a form says it, and tells what comes back, status and all.

const READABLE = /^text\/|json|yaml|x-pem|xml|ndjson/;
const LONGEST = 200000; // characters of a stream that are kept

/**
 * Asks, and answers what came back; `told` hears of an answer that comes bit by bit.
 * @param {{ method: string, url: string, type?: string, content?: string }} asked
 * @param {AbortSignal} signal ends it
 * @param {(answer: ControlAnswer) => void} [told]
 * @returns {Promise<ControlAnswer>}
 */
export async function ask({ method, url, type, content }, signal, told = () => {}) {
  const response = await fetch(url, {
    method,
    headers: content === undefined || !type ? {} : { "content-type": type },
    body: content,
    signal,
  });
  const kind = response.headers.get("content-type") ?? "";
  const head = { status: response.status, isGood: response.ok };
  if (!READABLE.test(kind)) {
    const { size } = await response.blob();
    return { ...head, text: size ? `${size} bytes of ${kind || "an unnamed type"}` : "" };
  }
  const text = kind.startsWith("text/event-stream") ? await streamed(response, (far) => told({ ...head, text: far })) : await response.text();
  return kind.includes("json") && !kind.includes("ndjson") ? { ...head, text, json: JSON.parse(text) } : { ...head, text };
}

/**
 * What a stream says until it ends; of a long one, its end.
 * @param {Response} response
 * @param {(far: string) => void} told
 */
async function streamed(response, told) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    text = (text + piece.value).slice(-LONGEST);
    told(text);
  }
  return text;
}
