// Calls of the control API, for one account.

export const PREFIX = "/_emulator/v1";

/** A call was refused; the message is one line, meant for people. */
export class Refusal extends Error {
  /**
   * @param {number} status of HTTP, 0 when there was no answer
   * @param {{ message?: string, code?: number }} answer
   */
  constructor(status, answer) {
    super(answer.message ?? `the emulator answered ${status}`);
    this.status = status;
    this.code = answer.code;
  }
}

/** The control API as one account sees it; `account` is null for the default one. */
export class Api {
  /** @param {string | null} [account] */
  constructor(account = null) {
    this.account = account;
  }

  /**
   * Path and query of a call; `path` is made with `at`.
   * @param {string} path
   * @param {Query} [query]
   */
  url(path, query = {}) {
    const said = Object.entries({ account: this.account, ...query })
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
    return PREFIX + path + (said.length ? `?${said.join("&")}` : "");
  }

  /**
   * @param {string} path
   * @param {Query} [query]
   */
  get(path, query) {
    return this.call("GET", path, { query });
  }

  /**
   * @param {string} path
   * @param {Query} [query]
   */
  post(path, body = {}, query) {
    return this.call("POST", path, { body, query });
  }

  /** @param {string} path */
  put(path, body = {}) {
    return this.call("PUT", path, { body });
  }

  /**
   * @param {string} path
   * @param {unknown} body
   */
  patch(path, body) {
    return this.call("PATCH", path, { body });
  }

  /**
   * @param {string} path
   * @param {Query} [query]
   */
  delete(path, query) {
    return this.call("DELETE", path, { query });
  }

  /**
   * What follows on a list that says where, as its `next`.
   * @param {string} next
   */
  following(next) {
    return this.ask("GET", next);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{ body?: unknown, query?: Query }} [asked]
   */
  call(method, path, { body, query } = {}) {
    return this.ask(method, this.url(path, query), body);
  }

  /**
   * What the emulator answers, read as JSON; null when it answers nothing.
   * @param {string} method
   * @param {string} url
   * @param {unknown} [body]
   * @returns {Promise<any>}
   * @throws {Refusal} when it refuses, or does not answer
   */
  async ask(method, url, body) {
    let response;
    try {
      response = await fetch(url, {
        method,
        headers: body === undefined ? {} : { "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch {
      throw new Refusal(0, { message: "the emulator does not answer" });
    }
    const answer = response.status === 204 ? null : await read(response);
    if (!response.ok) throw new Refusal(response.status, answer);
    return answer;
  }
}

/**
 * What an answer says. What stands in between, or was cut off, may say anything.
 * @param {Response} response
 */
async function read(response) {
  try {
    return await response.json();
  } catch {
    throw new Refusal(response.ok ? 0 : response.status, { message: `the emulator answered ${response.status} with what is no JSON` });
  }
}

/**
 * A path with its variable parts encoded: at`/handsets/${address}/messages`.
 * @param {TemplateStringsArray} fixed
 * @param {...(string | number)} parts
 */
export function at(fixed, ...parts) {
  return fixed.reduce((path, piece, n) => path + encodeURIComponent(parts[n - 1]) + piece);
}
