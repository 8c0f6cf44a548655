/** Names as JavaScript spells them. */

type Camel<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;

/** The same with keys in camel case, and nothing of what they hold changed. */
export type Camelled<Shown> = Shown extends unknown
  ? { [Key in keyof Shown as Key extends string ? Camel<Key> : Key]: Shown[Key] }
  : never;

/** The same with keys in camel case, and nothing of what they hold changed. */
export function camelled<Shown extends object>(shown: Shown): Camelled<Shown> {
  const spell = (name: string) => name.replace(/_(\w)/g, (_, first: string) => first.toUpperCase());
  return respelled(shown, spell) as Camelled<Shown>;
}

/** The keys of settings as the control API spells them: `profileName` is `profile_name`. */
export function snaked(settings: object): object {
  return respelled(settings, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function respelled(given: object, spell: (name: string) => string): object {
  const pairs: [string, unknown][] = Object.entries(given);
  return Object.fromEntries(pairs.map(([name, value]) => [spell(name), value]));
}
