// Conversations v2: what was said across channels, who is in it and who that is, and what agents
// are connected.

import { at } from "../api.js";
import { h, icon } from "../dom.js";
import { part } from "../inspector/exchange.js";
import { json } from "../inspector/json.js";
import { trying } from "../toast.js";
import { bare, channelName, exactly, plainly } from "../words.js";
import { SimplePage } from "./simple.js";

const SHOWN = 20; // conversations
const LAST = 50; // of what was said in each

/** @type {Record<string, string>} */
const MOODS = { ACTIVE: "good", INACTIVE: "warn", CLOSED: "", DELIVERED: "good", READ: "good", COMPLETED: "good", FAILED: "bad" };
/** @type {Record<string, string>} */
const TYPES = { HUMAN_AGENT: "Person", AI_AGENT: "Agent", AGENT: "Agent", CUSTOMER: "Customer", UNKNOWN: "Unknown" };
const OWN = ["HUMAN_AGENT", "AI_AGENT", "AGENT"];

/** `#/agents` */
export default class AgentsPage extends SimplePage {
  get title() {
    return "Agents";
  }

  /** @param {LiveEvent} of */
  changes({ type, event }) {
    return type.startsWith("orchestrator.") || /^(Orchestrat|Communication|ConfigurationChanged|Memory|Observation|ConversationSummar|Flow)/.test(event ?? "");
  }

  async fetch() {
    const { api } = this.session;
    const paths = ["/orchestrator/conversations", "/orchestrator/configurations", "/orchestrator/operations", "/memory/profiles", "/studio/executions"];
    const [{ conversations }, { configurations }, { operations }, { profiles }, { executions }] = await Promise.all(paths.map((path) => api.get(path, { limit: SHOWN })));
    const said = await Promise.all(conversations.map((/** @type {Listed} */ it) => api.get(at`/orchestrator/conversations/${it.id}/communications`, { last: LAST })));
    return { conversations: conversations.map((/** @type {Listed} */ it, /** @type {number} */ n) => ({ ...it, communications: said[n].communications })), configurations, operations, profiles, executions };
  }

  /** @param {{ conversations: Listed[], configurations: Listed[], operations: Listed[], profiles: Listed[], executions: Listed[] }} of */
  draw({ conversations, configurations, operations, profiles, executions }) {
    return h(
      "div.agents",
      h(
        "section",
        { "aria-label": "Conversations" },
        h("h2", "Conversations"),
        conversations.length ? conversations.map((each) => this.conversation(each)) : h("p.empty", "No conversation yet. One begins when a text is captured, or with the API of Conversations v2."),
      ),
      h("section", { "aria-label": "Hand-overs" }, h("h2", "Hand-overs"), executions.length ? executions.map((each) => this.handOver(each)) : h("p.empty", "Nobody was handed over to a flow of Studio yet.")),
      h("section", { "aria-label": "Memory" }, h("h2", "Memory"), profiles.length ? profiles.map((each) => this.profile(each)) : h("p.empty", "Nobody is known yet. Who writes to an agent is, and whoever Memory's API is told of.")),
      h("section", { "aria-label": "Configurations" }, h("h2", "Configurations"), configurations.map((each) => this.configuration(each))),
      h("section", { "aria-label": "Operations" }, h("h2", "Operations"), operations.length ? h("ol.said", operations.map((each) => this.operation(each))) : h("p.empty", "Nothing was changed by an operation yet. Each change of a configuration is one.")),
    );
  }

  /** @param {Listed} it */
  conversation(it) {
    return h(
      "article.card",
      { "data-test": "agent-conversation", "data-id": it.id, "data-status": it.status },
      h("div.card-head", h("h3", h("bdi", plainly(it.name ?? names(it)))), tag(it.status), h("span.grow"), h("time", { title: exactly(it.created_at) }, this.stamp(it.created_at))),
      h("ul.people", it.participants.map((/** @type {Listed} */ each) => this.participant(each))),
      h("ol.said", it.communications.map((/** @type {Listed} */ each) => this.communication(it, each))),
      it.status !== "CLOSED" && this.deeds(it),
      this.folded(it),
    );
  }

  /** @param {Listed} it */
  participant(it) {
    return h(
      "li",
      { "data-test": "agent-participant", "data-type": it.type },
      h("span.tag", TYPES[it.type] ?? it.type),
      it.addresses.map((/** @type {Listed} */ each) =>
        h("span", `${channelName(each.channel.toLowerCase())} `, each.channel === "CHAT" || it.type !== "CUSTOMER" ? h("bdi", plainly(bare(each.address))) : h("a", { href: this.console.address(["handsets", bare(each.address)]) }, h("bdi", plainly(bare(each.address))))),
      ),
      it.profile_id && h("code", { title: "Its profile in the memory store" }, it.profile_id),
    );
  }

  /**
   * @param {Listed} conversation
   * @param {Listed} it
   */
  communication(conversation, it) {
    const author = conversation.participants.find((/** @type {Listed} */ each) => each.id === it.author.participant_id);
    const state = it.recipients.map((/** @type {Listed} */ each) => each.delivery_status).find(Boolean);
    return h(
      "li",
      { "data-test": "communication", "data-id": it.id, class: OWN.includes(author?.type) ? "own" : "" },
      h("time", { title: exactly(it.created_at) }, this.stamp(it.created_at)),
      h("span.hint", channelName(it.author.channel.toLowerCase())),
      h("strong", h("bdi", plainly(bare(it.author.address)))),
      h("span.words", h("bdi", plainly(it.text))),
      state && tag(state),
    );
  }

  /** @param {Listed} it */
  deeds(it) {
    const take = (/** @type {string} */ step) => () => trying(this.session.api.post(`${at`/orchestrator/conversations/${it.id}`}/${step}`));
    return h(
      "div.row",
      it.status === "ACTIVE" && h("button", { "data-test": "deactivate", onclick: take("deactivate") }, icon("hold"), "Make inactive"),
      h("button", { "data-test": "close-conversation", onclick: take("close") }, icon("close"), "Close"),
    );
  }

  /** @param {Listed} it */
  profile(it) {
    const known = Object.entries(it.identifiers).map(([type, values]) => `${type} ${values.join(", ")}`);
    const remembered = [...it.observations, ...it.summaries];
    return h(
      "article.card",
      { "data-test": "memory-profile", "data-id": it.id },
      h("div.card-head", h("h3", h("bdi", plainly(known.join("; ") || it.id))), h("span.grow"), h("code", it.id)),
      remembered.length > 0 && h("ul.said", remembered.map((each) => h("li", { "data-test": "remembered" }, h("time", { title: exactly(each.occurred_at) }, this.stamp(each.occurred_at)), h("span.words", h("bdi", plainly(each.content))), h("span.hint", plainly(each.source ?? ""))))),
      this.folded(it),
    );
  }

  /** @param {Listed} it */
  handOver(it) {
    const shown = { ...it, id: it.sid };
    return h(
      "article.card",
      { "data-test": "hand-over", "data-sid": it.sid },
      h("div.card-head", h("h3", h("bdi", plainly(it.to))), h("span.tag", it.status), h("span.grow"), h("time", { title: exactly(it.date_created) }, this.stamp(it.date_created))),
      h("p.hint", `To flow ${it.flow_sid}, which is not run`),
      this.folded(shown),
    );
  }

  /** @param {Listed} it */
  configuration(it) {
    return h(
      "article.card",
      { "data-test": "configuration", "data-id": it.id },
      h("div.card-head", h("h3", h("bdi", plainly(it.display_name))), h("code", it.id)),
      h("dl.facts-list", facts(it).map(([name, value]) => [h("dt", name), h("dd", plainly(value))])),
      this.folded(it),
    );
  }

  /** @param {Listed} it */
  operation(it) {
    return h(
      "li",
      { "data-test": "operation", "data-id": it.id, "data-status": it.status },
      h("time", { title: exactly(it.created_at) }, this.stamp(it.created_at)),
      h("code", it.id),
      h("span.words", Object.entries(it.related).map(([name, id]) => h("code", { title: name }, plainly(id)))),
      tag(it.status),
    );
  }

  /** @param {Listed} it */
  folded(it) {
    const details = part("As JSON", () => json(it), this.opened.has(it.id));
    details.addEventListener("toggle", () => (details.open ? this.opened.add(it.id) : this.opened.delete(it.id)));
    return details;
  }
}

/**
 * What a configuration does, in words.
 * @param {Listed} it
 * @returns {[string, string][]}
 */
export function facts(it) {
  const captured = Object.entries(it.channels).filter(([, each]) => each.capture.length);
  return [
    ["Captures", captured.map(([name, each]) => `${channelName(name.toLowerCase())} ${each.capture.map((/** @type {Listed} */ rule) => `from ${rule.from} to ${rule.to}`).join(", ")}`).join("; ") || "nothing"],
    ["Tells", it.status_callbacks.join(", ") || "nobody"],
    ["Groups by", it.grouping.replace("GROUP_BY_", "").toLowerCase().replaceAll("_", " ")],
    ["Chats of", it.bridge ?? "no service"],
  ];
}

/**
 * What a conversation without a name is called: after who is in it.
 * @param {Listed} it
 */
const names = (it) => it.participants.map((/** @type {Listed} */ each) => bare(each.name ?? "?")).join(", ") || it.id;

/** @param {string} status */
const tag = (status) => h("span", { class: `tag ${MOODS[status] ?? ""}` }, plainly(status[0] + status.slice(1).toLowerCase().replaceAll("_", " ")));
