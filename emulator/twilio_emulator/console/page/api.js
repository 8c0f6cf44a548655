// Calls of the control API, for one account.

export const PREFIX = "/_emulator/v1";

/** A call was refused; the message is one line, meant for people. */
export class Refusal extends Error {
  constructor(status, answer) {
    super(answer.message ?? `the emulator answered ${status}`);
    this.status = status;
    this.code = answer.code;
  }
}

/** The control API as one account sees it; `account` is null for the default one. */
export class Api {
  constructor(account = null) {
    this.account = account;
  }

  /** Path and query of a call; `path` is made with `at`. */
  url(path, query = {}) {
    const said = Object.entries({ account: this.account, ...query })
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return PREFIX + path + (said.length ? `?${said.join("&")}` : "");
  }

  get(path, query) {
    return this.call("GET", path, { query });
  }

  post(path, body = {}, query) {
    return this.call("POST", path, { body, query });
  }

  put(path, body = {}) {
    return this.call("PUT", path, { body });
  }

  patch(path, body) {
    return this.call("PATCH", path, { body });
  }

  delete(path, query) {
    return this.call("DELETE", path, { query });
  }

  /** What follows on a list that says where, as its `next`. */
  following(next) {
    return this.ask("GET", next);
  }

  call(method, path, { body, query } = {}) {
    return this.ask(method, this.url(path, query), body);
  }

  /** What the emulator answers, read as JSON; null when it answers nothing. */
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
    const answer = response.status === 204 ? null : await response.json();
    if (!response.ok) throw new Refusal(response.status, answer);
    return answer;
  }
}

/** A path with its variable parts encoded: at`/handsets/${address}/messages`. */
export function at(fixed, ...parts) {
  return fixed.reduce((path, piece, n) => path + encodeURIComponent(parts[n - 1]) + piece);
}
