/** Names as JavaScript spells them. */

type Camel<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;

/** The same with keys in camel case, and nothing of what they hold changed. */
export type Camelled<Shown> = Shown extends unknown
  ? { [Key in keyof Shown as Key extends string ? Camel<Key> : Key]: Shown[Key] }
  : never;

/** The same with all keys in camel case, but for those of dictionaries: whoever filled them named them. */
export type Spelled<Shown> = Shown extends readonly (infer One)[]
  ? Spelled<One>[]
  : Shown extends object
    ? string extends keyof Shown
      ? Shown
      : { [Key in keyof Shown as Key extends string ? Camel<Key> : Key]: Spelled<Shown[Key]> }
    : Shown;

/** The names of the dictionaries in something. */
type Dictionaries<Shown> = Shown extends readonly (infer One)[]
  ? Dictionaries<One>
  : Shown extends object
    ? {
        [Key in keyof Shown]-?: Key extends string
          ? string extends keyof NonNullable<Shown[Key]>
            ? Key
            : Dictionaries<NonNullable<Shown[Key]>>
          : never;
      }[keyof Shown]
    : never;

type Named<Names extends string> = [Names] extends [never] ? [] : [Record<Names, true>];

/** What the other way cannot be seen by the letters: a digit may begin a word or end one. */
const SNAKED: Readonly<Record<string, string>> = {
  numberBlockedLast3Months: "number_blocked_last_3_months",
};

/** The same with keys in camel case, and nothing of what they hold changed. */
export function camelled<Shown extends object>(shown: Shown): Camelled<Shown> {
  const pairs: [string, unknown][] = Object.entries(shown);
  return Object.fromEntries(pairs.map(([name, value]) => [camel(name), value])) as Camelled<Shown>;
}

/**
 * The same with all keys in camel case.
 *
 * @param kept the dictionaries in it, of which the keys stay
 */
export function spelled<Shown extends object>(
  shown: Shown,
  ...kept: Named<Dictionaries<Shown>>
): Spelled<Shown> {
  return respelled(shown, camel, Object.keys(kept[0] ?? {})) as Spelled<Shown>;
}

/**
 * What somebody gives, as the control API spells it: `profileName` is `profile_name`.
 *
 * @param kept the names of dictionaries in it, of which the keys stay
 */
export function snaked(given: object, ...kept: string[]): object {
  return respelled(given, snake, kept) as object;
}

function camel(name: string): string {
  return name.replace(/_(\w?)/g, (_, first: string) => first.toUpperCase());
}

function snake(name: string): string {
  return SNAKED[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function respelled(
  given: unknown,
  spell: (name: string) => string,
  kept: readonly string[],
): unknown {
  if (Array.isArray(given)) return given.map((each) => respelled(each, spell, kept));
  if (typeof given !== "object" || given === null || "toJSON" in given) return given;
  const pairs: [string, unknown][] = Object.entries(given);
  return Object.fromEntries(
    pairs.map(([name, value]) => [
      spell(name),
      kept.includes(name) ? value : respelled(value, spell, kept),
    ]),
  );
}
