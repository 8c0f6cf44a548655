// Files, places and contacts in messages. What a file is decides the emulator that serves it: it is
// shown as a picture, sound or film, or offered to be saved, and never opened as a page.

import { at } from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { plainly, size } from "../words.js";

const PICTURES = /^image\/(png|jpe?g|gif|webp|bmp|avif)$/;

/**
 * One file of a message.
 * @param {Session} session
 * @param {Listed} file
 */
export function attachment(session, file) {
  const url = session.api.url(at`/media/${file.sid}`);
  const type = file.content_type ?? "";
  const name = plainly(file.filename || file.sid);
  if (PICTURES.test(type)) return picture(url, name);
  if (type.startsWith("audio/")) return h("audio.sound", { src: url, controls: true, preload: "metadata", "aria-label": name });
  if (type.startsWith("video/")) return h("video.film", { src: url, controls: true, preload: "metadata", "aria-label": name });
  if (/^(text|application)\/(x-)?vcard$/.test(type)) return contact(url, name, file);
  return saved(url, name, file, "file");
}

/**
 * @param {string} url
 * @param {string} name
 */
function picture(url, name) {
  const image = h("img", { src: url, alt: name, loading: "lazy" });
  const button = h("button.picture", { "aria-label": `Picture ${name}`, onclick: () => lightbox(url, name) }, image);
  // What only claims to be a picture is offered as a file.
  image.addEventListener("error", () => button.replaceWith(saved(url, name, {}, "file")));
  return button;
}

/**
 * @param {string} url
 * @param {string} name
 * @param {Listed} file
 * @param {string} drawing
 */
function saved(url, name, file, drawing) {
  const about = [file.content_type, size(file.size)].filter(Boolean).join(" · ");
  return h(
    "a.attached",
    { href: url, download: name },
    icon(drawing),
    h("span.unseen", "Save "),
    h("span.attached-words", h("bdi.attached-name", name), about && h("small", about)),
  );
}

/**
 * A contact's card: its name and numbers are read from the file.
 * @param {string} url
 * @param {string} name
 * @param {Listed} file
 */
function contact(url, name, file) {
  const card = saved(url, name, file, "account");
  card.classList.add("contact");
  fetch(url)
    .then((response) => response.text())
    .then((text) => {
      const [full] = fieldsOf(text, "FN");
      if (full) card.querySelector(".attached-name").textContent = plainly(full);
      const details = [...fieldsOf(text, "TEL"), ...fieldsOf(text, "EMAIL")].map(plainly).join(" · ");
      if (details) card.querySelector("small").textContent = details;
    })
    .catch(() => {}); // the file can still be saved
  return card;
}

/**
 * Values of one property of a contact: `TEL;TYPE=CELL:+1...`.
 * @param {string} text
 * @param {string} property
 */
export function fieldsOf(text, property) {
  const lines = text.replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
  return lines
    .filter((/** @type {string} */ line) => line.toUpperCase().startsWith(property) && /[:;]/.test(line[property.length] ?? ""))
    .map((/** @type {string} */ line) => line.slice(line.indexOf(":") + 1).replace(/\\([,;\\])/g, "$1"));
}

/**
 * A place, drawn without a map: that would ask a server elsewhere.
 * @param {{ latitude: any, longitude: any, label: string, address: string }} of
 */
export function place({ latitude, longitude, label, address }) {
  return h(
    "div.place",
    h("div.place-picture", icon("pin")),
    h(
      "div.place-words",
      label && h("strong", plainly(label)),
      address && h("span", plainly(address)),
      h("small", `${latitude}, ${longitude}`),
    ),
  );
}

/**
 * A picture over the whole page.
 * @param {string} url
 * @param {string} name
 */
export function lightbox(url, name) {
  const dialog = h(
    "dialog.lightbox",
    { "aria-label": name, onclick: () => dialog.close(), onclose: () => dialog.remove() },
    h("img", { src: url, alt: name }),
    iconButton("close", "Close", () => dialog.close()),
  );
  document.body.append(dialog);
  dialog.showModal();
}
