// Where on the page something is shown, by its sid.

/** @type {[RegExp, string, boolean][]} */
const PAGES = [
  [/^(SM|MM|IM)/, "messages", true],
  [/^CH/, "conversations", true],
  [/^conv_/, "agents", false],
  [/^(VE|YC|YE|YF)/, "verify", false],
  [/^(ES|ET|MP|TO)/, "sync", false],
];

/**
 * The path of the page that shows it; null when none does.
 * @param {string} sid
 */
export function whereIs(sid) {
  const [, page, alone] = PAGES.find(([form]) => form.test(sid)) ?? [];
  return page ? [page, ...(alone ? [sid] : [])] : null;
}
