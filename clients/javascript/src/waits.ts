/** What all waits of a test have in common. */

import { CannotCall, NotReceived } from "./errors.js";
import { type Duration, seconds } from "./time.js";

/** Milliseconds of the machine, or `{ seconds: 5 }`. */
export type Timeout = number | Duration;

/** Milliseconds that a wait lasts unless the test says otherwise. */
const TIMEOUT = 5_000;

/** How much else that came a failure shows. */
export const NEAR_MISSES = 10;

interface Identified {
  readonly id: string;
}

/** Milliseconds of a wait. */
export function milliseconds(timeout: Timeout = TIMEOUT): number {
  return typeof timeout === "number" ? timeout : seconds(timeout) * 1000;
}

/**
 * Wait until something came that no earlier wait had, nor another that goes on meanwhile.
 *
 * @param had what waits returned, to which this adds
 * @param ask answers what came in so many milliseconds, without what has these ids
 */
export async function arrivals<Item extends Identified>(
  had: Item[],
  limit: number,
  ask: (left: number, without: string) => Promise<Item[]>,
): Promise<Item[]> {
  const end = performance.now() + limit;
  for (;;) {
    const left = Math.max(end - performance.now(), 0);
    const items = await ask(left, had.map(({ id }) => id).join(","));
    if (items.some(({ id }) => had.some((other) => other.id === id))) continue;
    had.push(...items);
    return items;
  }
}

/** What the emulator says of a wait that was in vain; any other error goes on. */
export function inVain(error: unknown): object {
  if (error instanceof CannotCall && error.status === 408) return error.answer as object;
  throw error;
}

/**
 * That it did not come, and what came.
 *
 * @param words who did not get what
 * @param came so much of it, a line each
 * @param others what came instead
 */
export function notReceived(
  words: string,
  limit: number,
  came: readonly string[],
  others: readonly string[],
): NotReceived {
  const shown = [...listed("This much came:", came), ...listed("This came instead:", others)];
  return new NotReceived([`${words} in ${limit / 1000} s.`, ...shown].join("\n"));
}

/** The last of some lines under a title; nothing when there are none. */
export function listed(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [title, ...lines.slice(-NEAR_MISSES).map((line) => `  ${line}`)] : [];
}

/** What a line of a failure begins with: a time, as `17:30:00`. */
export function clockTime(at: Date): string {
  return at.toISOString().slice(11, 19);
}

/** An expression as the emulator's own engine reads it. */
export function expression(regex: string | RegExp | undefined): string | null {
  if (!(regex instanceof RegExp)) return regex ?? null;
  const flags = regex.flags.replace(/[^ims]/g, "");
  return flags ? `(?${flags})${regex.source}` : regex.source;
}
