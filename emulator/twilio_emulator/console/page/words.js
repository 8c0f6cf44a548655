// How instants, sizes, addresses and other people's texts are written on the page.

const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit", minute: "2-digit", timeZone: "UTC", hourCycle: "h23",
});
const SECONDS = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC", hourCycle: "h23",
});
const NUMBER = new Intl.NumberFormat();
const DATE = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });

/**
 * `09:00`, in UTC, as everything that Twilio shows.
 * @param {any} instant
 */
export const clockTime = (instant) => CLOCK.format(new Date(instant));

/**
 * `09:00:00`.
 * @param {any} instant
 */
export const clockSeconds = (instant) => SECONDS.format(new Date(instant));

/**
 * `Mon, 5 Jan`.
 * @param {any} instant
 */
export const day = (instant) => DAY.format(new Date(instant));

/**
 * `09:00` of today, else `5 Jan`.
 * @param {any} instant
 * @param {any} now
 */
export function when(instant, now) {
  return isToday(instant, now) ? clockTime(instant) : DATE.format(new Date(instant));
}

/**
 * `5 Jan`, but nothing of today.
 * @param {any} instant
 * @param {any} now
 */
export const otherDay = (instant, now) => (isToday(instant, now) ? "" : DATE.format(new Date(instant)));

/**
 * `09:00:00`, after the day when that is another one.
 * @param {any} instant
 * @param {any} now
 */
export const stamp = (instant, now) => [otherDay(instant, now), clockSeconds(instant)].filter(Boolean).join(", ");

/**
 * @param {any} instant
 * @param {any} now
 */
const isToday = (instant, now) => instant.slice(0, 10) === new Date(now).toISOString().slice(0, 10);

/**
 * The instant in full, for the pointer.
 * @param {any} instant
 */
export const exactly = (instant) => instant.replace("T", " ").replace("Z", " UTC");

/**
 * `in 5 min`, `3 d ago`.
 * @param {any} instant
 * @param {any} now
 */
export function relative(instant, now) {
  const seconds = (Date.parse(instant) - now) / 1000;
  const text = duration(Math.abs(seconds));
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

/**
 * `5 min`, `2 h`, `3 d`.
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  if (seconds < 59.5 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 47.5 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

/**
 * `1.2 MB`.
 * @param {number | null | undefined} bytes
 */
export function size(bytes) {
  if (bytes === null || bytes === undefined) return "";
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999500) return `${(bytes / 1e3).toFixed(bytes < 9950 ? 1 : 0)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * `1,000`.
 * @param {number} it
 */
export const number = (it) => NUMBER.format(it);

/**
 * `1 message`, `2 messages`.
 * @param {number} it
 * @param {string} noun
 */
export const count = (it, noun) => `${number(it)} ${noun}${it === 1 ? "" : "s"}`;

/**
 * An address without its channel: `whatsapp:+1...` is `+1...`.
 * @param {string} address
 */
export const bare = (address) => address.slice(address.indexOf(":") + 1);

/**
 * The channel of an address, `sms` when it names none.
 * @param {string} address
 */
export const channelOf = (address) => (address.includes(":") ? address.slice(0, address.indexOf(":")) : "sms");

/** @type {Record<string, string>} */
const NAMES = { sms: "SMS", mms: "MMS", whatsapp: "WhatsApp", rcs: "RCS", messenger: "Messenger" };

/**
 * A channel as people write it.
 * @param {string} channel
 */
export const channelName = (channel) => NAMES[channel] ?? channel;

/**
 * What a phone is called: its label, the name on WhatsApp, else its number.
 * @param {any} handset
 */
export const nameOf = (handset) => handset.label || handset.profile_name || handset.address;

// Characters that change how others around them are shown, or that cannot be seen at all.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]/g;

/**
 * `text` in pieces: strings, and `{ hidden: "U+202E" }` for each character that would deceive.
 * @param {string} text
 */
export function revealed(text) {
  const pieces = [];
  let last = 0;
  for (const found of text.matchAll(HIDDEN)) {
    if (found.index > last) pieces.push(text.slice(last, found.index));
    pieces.push({ hidden: `U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}` });
    last = found.index + 1;
  }
  if (last < text.length) pieces.push(text.slice(last));
  return pieces;
}

/**
 * `text` in one line, with a sign for each character that would deceive.
 * @param {string} text
 */
export const plainly = (text) => text.replace(HIDDEN, "\u2423").replace(/\s+/g, " ");

/**
 * `words` of the emulator as a sentence.
 * @param {string} words
 */
export const asSentence = (words) => words && `${words[0].toUpperCase()}${words.slice(1)}.`;

/**
 * A number between 0 and 359 that stays the same for the same text, as the hue of a colour.
 * @param {string} text
 */
export function hue(text) {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return (sum * 47) % 360;
}

/**
 * Two letters or digits for a picture.
 * @param {string} name
 */
export function initials(name) {
  const words = name.match(/\p{L}+/gu);
  if (!words) return name.slice(-2);
  return [...words[0]][0].toUpperCase() + (words.length > 1 ? [...words[words.length - 1]][0].toUpperCase() : "");
}
