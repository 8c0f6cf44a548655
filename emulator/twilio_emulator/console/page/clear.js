// A button that clears what is shown, after a confirmation.

import { h, icon, iconButton } from "./dom.js";
import { trying } from "./toast.js";

/**
 * Asks whether `what` may go, then calls `clear`, which answers a promise; `then` is told.
 * @param {string} label
 * @param {string} what
 * @param {() => Promise<any>} clear
 */
export function clearButton(label, what, clear, then = () => {}) {
  const ask = () => {
    const go = async () => {
      dialog.close();
      if ((await trying(clear().then(() => true))) === true) then();
    };
    const dialog = h(
      "dialog",
      { "aria-label": label, onclose: () => dialog.remove() },
      h("h2", label),
      h("p", `This drops ${what}. It cannot be undone.`),
      h(
        "div.buttons",
        h("span.grow"),
        h("button", { onclick: () => dialog.close() }, "Cancel"),
        h("button.danger", { "data-test": "confirm-clear", onclick: go }, icon("trash"), label),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  };
  return iconButton("trash", label, ask, { "data-test": "clear" });
}
