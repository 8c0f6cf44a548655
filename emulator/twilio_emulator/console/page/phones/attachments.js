// Files that wait to be sent with a message.

import { h, icon, iconButton } from "../dom.js";
import { say } from "../toast.js";
import { plainly, size } from "../words.js";

const LARGEST = 16 * 1024 * 1024; // bytes of one file

/** The files, the list that shows them, and what opens the system's chooser. */
export class Attachments {
  constructor() {
    /** @type {File[]} */
    this.files = [];
    this.list = h("ul.attaching", { hidden: true, "aria-label": "Files to be sent" });
    this.chooser = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files", "data-test": "files", onchange: () => this.choose() });
    this.opener = iconButton("attach", "Attach files", () => this.chooser.click(), { "data-test": "attach" });
  }

  choose() {
    this.take([...this.chooser.files]);
    this.chooser.value = "";
  }

  /** @param {File[]} files */
  take(files) {
    for (const file of files) {
      if (file.size > LARGEST) say(`${plainly(file.name)} is larger than ${size(LARGEST)}`, "bad");
      else this.files.push(file);
    }
    this.show();
  }

  clear() {
    this.files = [];
    this.show();
  }

  show() {
    this.list.hidden = !this.files.length;
    this.list.replaceChildren(...this.files.map((file) => this.entry(file)));
  }

  /** @param {File} file */
  entry(file) {
    const name = plainly(file.name);
    const leaveOut = () => {
      this.files = this.files.filter((each) => each !== file);
      this.show();
    };
    return h("li", icon("file"), h("bdi", name), h("small", size(file.size)), iconButton("close", `Leave out ${name}`, leaveOut));
  }
}

/**
 * A file as the control API takes it.
 * @param {File} file
 */
export async function encoded(file) {
  const address = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  return {
    base64: address.slice(address.indexOf(",") + 1),
    content_type: file.type || "application/octet-stream",
    filename: file.name,
  };
}
