/**
 * Calls of an emulator's control API, one connection each.
 *
 * They go by `node:http` and not by `fetch`, which tests replace and proxies lead elsewhere.
 */

import * as http from "node:http";
import * as https from "node:https";
import type { paths } from "./control-api.js";
import { CannotCall } from "./errors.js";

export const CONTROL = "/_emulator/v1";

/** Milliseconds that an answer may take longer than it was asked to wait. */
const PATIENCE = 60_000;

type Method = "get" | "put" | "post" | "patch" | "delete";

type Of<Value, Key extends string> = Value extends Record<Key, infer Found>
  ? Found
  : Value extends Partial<Record<Key, infer Found>>
    ? Found
    : never;

/** The methods that a path of the control API has. */
export type MethodOf<Path extends keyof paths> = {
  [Name in Method]: paths[Path][Name] extends { responses: unknown } ? Name : never;
}[Method];

/** What a call is given besides its path. */
export interface Given<Operation> {
  /** What stands in its path: `{ address: "+12025550199" }`. */
  path?: Of<Of<Operation, "parameters">, "path">;
  query?: Of<Of<Operation, "parameters">, "query">;
  body?: Of<Of<Of<Operation, "requestBody">, "content">, "application/json">;
}

type Good = 200 | 201 | 202;

/** What a call answers. */
export type Answer<Operation> = Operation extends { responses: infer Responses }
  ? {
      [Status in keyof Responses]: Status extends Good
        ? Responses[Status] extends { content: { "application/json": infer Said } }
          ? Said
          : string
        : Status extends 204
          ? undefined
          : never;
    }[keyof Responses]
  : never;

interface Sending {
  content?: string | undefined;
  query?: object | undefined;
  /** Milliseconds that the answer may take. */
  wait?: number;
}

/** The control API of a running emulator, for one account. */
export class Calls {
  private readonly where: URL;

  /**
   * @param url the emulator's
   * @param account which account the calls are about; the default one when undefined
   * @throws {CannotCall} that is no URL of an emulator
   */
  constructor(
    readonly url: string,
    readonly account?: string,
  ) {
    const where = URL.canParse(url) ? new URL(url) : undefined;
    if (!where || !/^https?:$/.test(where.protocol) || where.pathname !== "/") {
      throw new CannotCall(`expected an URL such as http://localhost:8008, not ${url}`);
    }
    this.where = where;
  }

  /**
   * What a call answers: `call("post", "/clock", { body: { advance: 90 } })`.
   *
   * @param wait milliseconds that the answer may take
   * @throws {CannotCall} there was no answer, or one that says no
   */
  async call<Path extends keyof paths, Name extends MethodOf<Path>>(
    method: Name,
    path: Path,
    given: Given<paths[Path][Name]> = {},
    wait = 0,
  ): Promise<Answer<paths[Path][Name]>> {
    const inPath = (given.path ?? {}) as Record<string, unknown>;
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(String(inPath[name])),
    );
    const content = given.body === undefined ? undefined : JSON.stringify(given.body);
    const query = given.query as object | undefined;
    return (await this.send(method, filled, { content, query, wait })) as Answer<paths[Path][Name]>;
  }

  /**
   * What is answered: read if it is JSON, else text; undefined when nothing is.
   *
   * @throws {CannotCall} there was no answer, or one that says no
   */
  async send(method: string, path: string, { content, query, wait = 0 }: Sending): Promise<unknown> {
    const target = new URL(`${CONTROL}${path}`, this.where);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined && value !== null) target.searchParams.set(name, String(value));
    }
    if (this.account !== undefined) target.searchParams.set("account", this.account);
    const { status, type, text } = await this.exchange(method.toUpperCase(), target, content, wait);
    const isJson = type.startsWith("application/json");
    const said = isJson ? (JSON.parse(text) as unknown) : text || undefined;
    if (status < 300) return said;
    const message = (said as { message?: unknown } | undefined)?.message;
    if (isJson && typeof message === "string") throw new CannotCall(message, status, said);
    const call = `${method.toUpperCase()} ${this.url}${CONTROL}${path}`;
    throw new CannotCall(`${call} is answered ${status}: it is no emulator's`, status);
  }

  private exchange(
    method: string,
    target: URL,
    content: string | undefined,
    wait: number,
  ): Promise<{ status: number; type: string; text: string }> {
    const { request } = target.protocol === "https:" ? https : http;
    const signal = AbortSignal.timeout(Math.ceil(wait) + PATIENCE);
    const options = { method, agent: false, signal };
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => {
        const reason = error.code ?? error.message;
        reject(new CannotCall(`no emulator answers at ${this.url}: ${reason}`));
      };
      const asking = request(target, options, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("error", fail);
        answer.on("end", () => {
          const type = answer.headers["content-type"] ?? "";
          resolve({ status: answer.statusCode ?? 0, type, text: Buffer.concat(parts).toString() });
        });
      });
      asking.on("error", fail);
      asking.end(content);
    });
  }
}
