// The webhooks alone: what was sent and answered, and what was not sent and why.

import JournalPage from "./journal.js";

/** `#/webhooks/{seq}` */
export default class WebhooksPage extends JournalPage {
  static title = "Webhooks";
  static kinds = { webhook: "Sent", failed: "Failed", fires: "Fires", silent: "Not sent", answers: "Answers", hint: "Hints" };
  static asked = "webhook,webhook-decision,webhook-verdict,webhook-reply,hint";

  /** @param {{ kind: string }} of */
  isWanted({ kind }) {
    return kind.startsWith("webhook") || kind === "hint";
  }

  /** @param {Entry} entry */
  kindOf(entry) {
    if (entry.kind === "webhook-decision") return entry.sent ? "fires" : "silent";
    if (entry.kind === "webhook") return entry.status >= 200 && entry.status < 300 ? "webhook" : "failed";
    if (entry.kind === "hint") return "hint";
    return "answers"; // what a pre-event webhook or TwiML was taken to say
  }
}
