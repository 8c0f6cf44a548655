// A button that clears what is shown, after a confirmation.

import { h, icon, iconButton } from "./dom.js";
import { trying } from "./toast.js";

/**
 * Asks whether something may be done that cannot be undone, and does it when it may.
 * @param {string} label
 * @param {string} words
 * @param {Content} agreeing what the button says
 * @param {() => void} act
 */
export function confirming(label, words, agreeing, act) {
  const go = () => {
    dialog.close();
    act();
  };
  const dialog = h(
    "dialog",
    { "aria-label": label, onclose: () => dialog.remove() },
    h("h2", label),
    h("p", words),
    h(
      "div.buttons",
      h("span.grow"),
      h("button", { onclick: () => dialog.close() }, "Cancel"),
      h("button.danger", { "data-test": "confirm-clear", onclick: go }, icon("trash"), agreeing),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * Asks whether `what` may go, then calls `clear`, which answers a promise; `then` is told.
 * @param {string} label
 * @param {string} what
 * @param {() => Promise<any>} clear
 */
export function clearButton(label, what, clear, then = () => {}) {
  const go = async () => {
    if ((await trying(clear().then(() => true))) === true) then();
  };
  const ask = () => confirming(label, `This drops ${what}. It cannot be undone.`, label, go);
  return iconButton("trash", label, ask, { "data-test": "clear" });
}
