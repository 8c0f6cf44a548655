/** The command `twilio-emulator serve`, for as long as it is wanted and this process lives. */

import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { CannotStart } from "./errors.js";

/** How an emulator is started. */
export interface StartOptions {
  /** The command; `twilio-emulator` unless given. `["uvx", "twilio-emulator"]` is one, too. */
  command?: string | readonly string[] | undefined;
  /** Where it listens; on any free port unless given. */
  port?: number | undefined;
  host?: string | undefined;
  /** Scenarios of the start: files, or names of the shipped library. */
  scenarios?: readonly string[] | undefined;
  /** Of all sids and dice. */
  seed?: number | undefined;
  /** Numbers that the default account has besides its own, in E.164. */
  numbers?: readonly string[] | undefined;
  /** `real`, `frozen`, or `xN` for one that runs N times as fast. */
  clock?: string | undefined;
  carrier?: string | undefined;
  /** What it calls itself in webhooks. */
  publicUrl?: string | undefined;
  /** A file in which it keeps everything. */
  state?: string | undefined;
  /** Further arguments of `twilio-emulator serve`. */
  arguments?: readonly string[] | undefined;
  /** Variables besides those of this process; undefined takes one away. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds until it has to be ready; 30000 unless given. */
  timeout?: number | undefined;
}

/** What the command prints when it is ready. */
export interface ReadyLine {
  url: string;
}

const TIMEOUT = 30_000;

/** Milliseconds that it has to end by itself. */
const GRACE = 5_000;

/** Characters of what it says on stderr that are kept. */
const KEPT = 4_096;

/** A command that runs, and ends with this process: its standard input does. */
export class Command {
  private said = "";

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {}

  /**
   * Start it, and wait until it is ready.
   *
   * @throws {CannotStart} it is not there, ended, or was not ready in time
   */
  static async start(options: StartOptions): Promise<{ command: Command; ready: ReadyLine }> {
    const { command: named = "twilio-emulator", timeout = TIMEOUT } = options;
    const [name = "", ...first] = typeof named === "string" ? [named] : named;
    const child = spawn(name, [...first, ...serve(options)], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...options.env },
      windowsHide: true,
    });
    const command = new Command(child, name);
    try {
      const ready = await command.ready(timeout);
      command.letGo();
      return { command, ready };
    } catch (error) {
      await command.stop();
      throw error;
    }
  }

  /** End it: by itself, and by force if it takes too long. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.stdin?.end();
    const late = setTimeout(() => child.kill("SIGKILL"), GRACE);
    await ended;
    clearTimeout(late);
  }

  private ready(timeout: number): Promise<ReadyLine> {
    const { child, name } = this;
    return new Promise((resolve, reject) => {
      const fail = (words: string) => reject(new CannotStart(words));
      const late = setTimeout(() => fail(`${name} is not ready after ${timeout / 1000} s`), timeout);
      let line = "";
      child.stdout?.on("data", (part: Buffer) => {
        line += part.toString();
        if (!line.includes("\n")) return;
        clearTimeout(late);
        child.stdout?.removeAllListeners("data").resume();
        const ready = read(line.slice(0, line.indexOf("\n")));
        if (ready) resolve(ready);
        else fail(`${name} is no twilio-emulator: it says ${line.trim().slice(0, 100)}`);
      });
      child.stderr?.on("data", (part: Buffer) => {
        this.said = (this.said + part.toString()).slice(-KEPT);
      });
      child.stdin?.on("error", () => undefined); // it is gone, as `exit` says
      child.once("error", (error: NodeJS.ErrnoException) => {
        clearTimeout(late);
        fail(
          error.code === "ENOENT"
            ? `there is no command ${name}: \`pip install twilio-emulator\` brings it, ` +
                "options.command says where it is"
            : `cannot run ${name}: ${error.code ?? error.message}`,
        );
      });
      child.once("close", (status, signal) => {
        clearTimeout(late);
        const last = this.said.trim().split("\n").at(-1);
        fail(`${name} ended before it was ready: ${last || (signal ?? `exit status ${status}`)}`);
      });
    });
  }

  /** Let this process end when it has nothing else to do. */
  private letGo(): void {
    const { child } = this;
    child.unref();
    for (const stream of child.stdio) (stream as Socket | null | undefined)?.unref();
  }
}

function serve(options: StartOptions): string[] {
  const given: Record<string, string | number | readonly string[] | undefined> = {
    "--port": options.port ?? 0,
    "--host": options.host,
    "--scenario": options.scenarios,
    "--seed": options.seed,
    "--number": options.numbers,
    "--clock": options.clock,
    "--carrier": options.carrier,
    "--public-url": options.publicUrl,
    "--state": options.state,
  };
  const told = Object.entries(given).flatMap(([name, value]) => {
    const values = Array.isArray(value) ? (value as readonly string[]) : [value];
    return values.flatMap((each) => (each === undefined ? [] : [name, String(each)]));
  });
  return ["serve", "--json", "--stop-with-stdin", ...told, ...(options.arguments ?? [])];
}

function read(line: string): ReadyLine | undefined {
  try {
    const said = JSON.parse(line) as Partial<ReadyLine>;
    return typeof said.url === "string" ? { url: said.url } : undefined;
  } catch {
    return undefined;
  }
}
