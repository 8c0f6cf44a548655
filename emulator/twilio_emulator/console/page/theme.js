// Light, dark, or as the system has it.

/** @type {Record<string, string>} */
const NEXT = { auto: "light", light: "dark", dark: "auto" };

export const theme = () => document.documentElement.dataset.theme ?? "auto";

/** The next of the three; it is remembered. */
export function changeTheme() {
  const chosen = NEXT[theme()];
  document.documentElement.dataset.theme = chosen;
  if (chosen === "auto") localStorage.removeItem("theme");
  else localStorage.setItem("theme", chosen);
  return chosen;
}
