// What can be done to a phone that its owner would not do every day: cut it off, hold its receipts,
// have the next message fail, and all its other settings.

import { at } from "../api.js";
import { h, icon, iconButton, toggle } from "../dom.js";
import { trying, say } from "../toast.js";

const CODES = {
  30003: "unreachable",
  30004: "blocked by the phone",
  30005: "unknown number",
  30006: "landline",
  30007: "filtered by the carrier",
  30008: "unknown error",
  30034: "number not registered",
  63016: "WhatsApp: outside the window",
};

/**
 * The row of switches above a phone.
 * @param {Session} session
 * @param {Handset} handset
 */
export function switches(session, handset) {
  /** @param {object} wish */
  const change = (wish) => trying(changeHandset(session, handset.address, wish));
  const airplane = handset.network === "airplane";
  const held = handset.receipts === "hold";
  const silent = handset.read_receipts === "off";
  return h(
    "div.switches",
    { role: "group", "aria-label": "Switches" },
    toggle("airplane", "Airplane mode", airplane, (/** @type {boolean} */ on) => change({ network: on ? "airplane" : "online" }), { "data-test": "airplane" }),
    toggle("hold", "Hold delivery receipts", held, (/** @type {boolean} */ on) => change({ receipts: on ? "hold" : "auto" }), { "data-test": "hold-receipts" }),
    toggle("read", "Read receipts", !silent, (/** @type {boolean} */ on) => change({ read_receipts: on ? "manual" : "off" }), { "data-test": "read-receipts" }),
    failNext(session, handset),
    iconButton("settings", "All settings of this phone", () => settings(session, handset), { "data-test": "phone-settings" }),
  );
}

/**
 * @param {Session} session
 * @param {string} address
 * @param {object} wish
 */
async function changeHandset(session, address, wish) {
  session.handsets.take(await session.api.patch(at`/handsets/${address}`, wish));
}

/**
 * Have the next message to this phone fail, on whatever channel.
 * @param {Session} session
 * @param {{ address: string }} of
 */
function failNext(session, { address }) {
  const choice = h(
    "select",
    {
      "data-test": "fail-next",
      "aria-label": "Fail the next message with",
      title: "Fail the next message",
      onchange: async () => {
        const code = Number(choice.value);
        choice.value = "";
        const to = `regex:^(\\w+:)?${address.replace(/[^\w]/g, "\\$&")}$`;
        const status = code === 63016 ? "failed" : "undelivered";
        const rule = { match: { to, direction: "outbound" }, do: { final: { status, error_code: code } }, times: 1 };
        if (await trying(session.api.post("/faults", rule))) say(`The next message to ${address} will be ${status}: ${code}`);
      },
    },
    h("option", { value: "" }, "Fail next…"),
    Object.entries(CODES).map(([code, words]) => h("option", { value: code }, `${code} ${words}`)),
  );
  return h("span.fail-next", icon("fault"), choice);
}

const CHOICES = {
  power: ["on", "off"],
  network: ["online", "airplane", "roaming_lossy"],
  receipts: ["auto", "hold", "none"],
  read_receipts: ["auto", "manual", "off"],
  calls: ["auto", "hold", "busy"],
  line_type: ["mobile", "landline", "voip", "tollfree"],
};
const TEXTS = { label: "Label", profile_name: "Name on WhatsApp", carrier_name: "Carrier", city: "City", state: "State", zip: "ZIP" };
const FLAGS = { mms_supported: "Takes MMS", storage_full: "Storage full" };

// What Lookup tells of the number and its owner.
const FACT_TEXTS = { sim_swapped: "SIM swapped (now, yesterday, never)", reassigned: "Reassigned (yesterday, never)", caller_name: "Name of the caller" };
const FACT_CHOICES = {
  line_status: ["auto", "active", "reachable", "unreachable", "inactive", "unknown"],
  caller_type: ["CONSUMER", "BUSINESS"],
};
const FACT_FLAGS = { call_forwarding: "Calls are forwarded" };
const OWNER = ["first_name", "last_name", "address_line1", "address_line2", "city", "state", "postal_code", "address_country_code", "national_id", "date_of_birth"];

/**
 * A dialog with every setting.
 * @param {Session} session
 * @param {Handset} handset
 */
function settings(session, handset) {
  const form = h(
    "form.settings",
    { method: "dialog", onsubmit: save },
    h("h2", "Phone ", h("bdi", handset.address)),
    h("div.fields", Object.entries(TEXTS).map(([name, words]) => field(words, h("input", { name, value: value(handset, name) })))),
    h("div.fields", Object.entries(CHOICES).map(([name, choices]) => field(words(name), select(name, choices, handset[name])))),
    h("div.fields", Object.entries(FLAGS).map(([name, text]) => h("label.flag", h("input", { type: "checkbox", name, checked: handset[name] }), text))),
    field("Blocked senders, with commas", h("input", { name: "blocked_senders", value: handset.blocked_senders.join(", ") })),
    h(
      "details",
      { "data-test": "lookup-settings" },
      h("summary", "What Lookup tells"),
      h("div.fields", Object.entries(FACT_TEXTS).map(([name, words]) => field(words, h("input", { name, value: value(handset, name) })))),
      h("div.fields", Object.entries(FACT_CHOICES).map(([name, choices]) => field(words(name), select(name, choices, handset[name])))),
      h("div.fields", Object.entries(FACT_FLAGS).map(([name, text]) => h("label.flag", h("input", { type: "checkbox", name, checked: handset[name] }), text))),
      h("div.fields", OWNER.map((name) => field(`Owner: ${words(name).toLowerCase()}`, h("input", { name: `person.${name}`, value: handset.person?.[name] ?? "" })))),
    ),
    h(
      "div.buttons",
      h("button.danger", { onclick: remove }, icon("trash"), "Remove the phone"),
      h("span.grow"),
      h("button", { onclick: () => dialog.close() }, "Cancel"),
      h("button.primary", { type: "submit" }, "Save"),
    ),
  );
  const dialog = h("dialog", { "aria-label": `Settings of ${handset.address}`, onclose: () => dialog.remove() }, form);
  document.body.append(dialog);
  dialog.showModal();

  /** @param {any} event */
  async function save(event) {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(form));
    /** @type {Record<string, any>} */
    const wish = { blocked_senders: String(said.blocked_senders).split(",").map((each) => each.trim()).filter(Boolean) };
    for (const name of Object.keys({ ...CHOICES, ...FACT_CHOICES })) wish[name] = said[name];
    for (const name of Object.keys({ ...TEXTS, ...FACT_TEXTS })) if (said[name] !== value(handset, name)) wish[name] = said[name];
    for (const name of ["sim_swapped", "reassigned"]) if (wish[name] === "") wish[name] = "never";
    for (const name of Object.keys({ ...FLAGS, ...FACT_FLAGS })) wish[name] = name in said;
    wish.person = Object.fromEntries(OWNER.map((name) => [name, said[`person.${name}`]]).filter(([, text]) => text));
    await trying(changeHandset(session, handset.address, wish).then(() => dialog.close()));
  }

  async function remove() {
    await trying(session.api.delete(at`/handsets/${handset.address}`).then(() => dialog.close()));
  }
}

/** @param {string} name */
const words = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");
/**
 * @param {Handset} handset
 * @param {string} name
 */
const value = (handset, name) => (name === "carrier_name" ? handset.carrier.name : handset[name]) ?? "";
/**
 * @param {string} text
 * @param {Content} input
 */
const field = (text, input) => h("label.field", h("span", text), input);
/**
 * @param {string} name
 * @param {string[]} choices
 * @param {string} chosen
 */
const select = (name, choices, chosen) =>
  h("select", { name }, choices.map((/** @type {any} */ each) => h("option", { value: each, selected: each === chosen }, words(each))));
