/** Conversations v2 as a test holds it: conversations across channels, agents, memory. */

import type { Calls } from "./calls.js";
import type { components } from "./control-api.js";
import type { Handset } from "./handset.js";
import { type Spelled, snaked, spelled } from "./spelling.js";

type Schemas = components["schemas"];

/** Somebody: their phone, their address, or the id of their profile. */
export type Person = string | Pick<Handset, "address">;

/** What captures, on which channels, and who is told of it. */
export type ConversationConfiguration = Spelled<Schemas["ConversationConfiguration"]>;

/** A conversation across channels, with who is in it and what was said last. */
export type OrchestratedConversation = Spelled<Schemas["OrchestratedConversation"]>;

/** What was said in one. */
export type Communication = Spelled<Schemas["Communication"]>;

/** A customer as the memory store knows them. */
export type MemoryProfile = Spelled<Schemas["MemoryProfile"]>;

/** Texts that are searched by words. */
export type KnowledgeBase = Spelled<Schemas["KnowledgeBase"]>;

/** Who was handed over to a flow of Studio, and with what. */
export type HandOver = Spelled<Schemas["Execution"]>;

/** What an agent is told of. */
export interface Connecting {
  /** `SMS`, `WHATSAPP`, `RCS` and `CHAT`; all unless given. */
  channels?: readonly string[] | undefined;
  /** Those of the account whose texts are captured; all unless given. */
  numbers?: readonly string[] | undefined;
  /** The id of the configuration; the account's first unless given. */
  configuration?: string | undefined;
}

/** Of what is remembered, where it matters. */
export interface Remembering {
  source?: string | undefined;
  occurredAt?: Date | string | undefined;
  conversationIds?: readonly string[] | undefined;
}

/**
 * Conversations v2 of the emulator's account: `emulator.orchestrator`.
 *
 * A conversation is named by its id, or by somebody who is in it; of several it is the newest.
 */
export class Orchestrator {
  /**
   * @param configurationId of the configuration that the account began with
   * @param memoryStoreId of its memory store
   */
  constructor(
    private readonly api: Calls,
    readonly configurationId: string,
    readonly memoryStoreId: string,
  ) {}

  /**
   * Have an agent be told of what customers write: sets a configuration for it.
   *
   * @param url where it takes status callbacks
   * @returns the configuration, as it is now
   * @throws {CannotCall} there is no such configuration, or that is no URL
   */
  async connect(url: string, connecting: Connecting = {}): Promise<ConversationConfiguration> {
    const { channels, numbers, configuration = null } = connecting;
    const body = {
      url,
      channels: channels ? [...channels] : null,
      numbers: numbers ? [...numbers] : null,
      configuration,
    };
    return configured(await this.api.call("put", "/orchestrator/agent", { body }));
  }

  /**
   * Have a configuration capture nothing and tell nobody; answers it.
   *
   * @throws {CannotCall} there is no such configuration
   */
  async disconnect({
    configuration = null,
  }: { configuration?: string | null | undefined } = {}): Promise<ConversationConfiguration> {
    const query = { configuration };
    return configured(await this.api.call("delete", "/orchestrator/agent", { query }));
  }

  /** Every conversation with who is in it, newest first. */
  async conversations(): Promise<OrchestratedConversation[]> {
    const { conversations } = await this.api.call("get", "/orchestrator/conversations");
    return spelled(conversations, { metadata: true });
  }

  /**
   * A conversation, with who is in it and what was said last.
   *
   * @throws {CannotCall} there is none
   */
  async conversation(which: Person): Promise<OrchestratedConversation> {
    const given = { path: { orchestrated: addressOf(which) } };
    const shown = this.api.call("get", "/orchestrator/conversations/{orchestrated}", given);
    return spelled(await shown, { metadata: true });
  }

  /**
   * What was said in a conversation on all channels, oldest first.
   *
   * @throws {CannotCall} there is none
   */
  async communications(which: Person): Promise<Communication[]> {
    const path = "/orchestrator/conversations/{orchestrated}/communications";
    const said = this.api.call("get", path, { path: { orchestrated: addressOf(which) } });
    return spelled((await said).communications);
  }

  /**
   * Close a conversation, for good; answers it.
   *
   * @throws {CannotCall} there is none, or it is closed
   */
  async close(which: Person): Promise<OrchestratedConversation> {
    const path = "/orchestrator/conversations/{orchestrated}/close";
    const closed = this.api.call("post", path, { path: { orchestrated: addressOf(which) } });
    return spelled(await closed, { metadata: true });
  }

  /**
   * A customer as the memory store knows them: identifiers, traits, observations, summaries.
   *
   * @throws {CannotCall} nobody is known by that
   */
  async profileOf(who: Person): Promise<MemoryProfile> {
    const given = { path: { memory_profile: addressOf(who) } };
    return known(await this.api.call("get", "/memory/profiles/{memory_profile}", given));
  }

  /**
   * Remember something of a customer, who is made known if nobody is; answers the profile.
   *
   * @throws {CannotCall} that cannot be remembered; the text says why
   */
  async remember(who: Person, content: string, said: Remembering = {}): Promise<MemoryProfile> {
    const path = "/memory/profiles/{memory_profile}/observations";
    const body = { content, ...snaked(said) };
    const given = { path: { memory_profile: addressOf(who) }, body };
    return known(await this.api.call("post", path, given));
  }

  /**
   * Put a text into a knowledge base, which is made if there is none; answers the base.
   *
   * @param there `name` is what the text is called, `base` the name or the id of the base
   * @throws {CannotCall} that cannot be; the text says why
   */
  async teach(
    content: string,
    there: { name?: string | undefined; base?: string | undefined } = {},
  ): Promise<KnowledgeBase> {
    const { name, base } = there;
    const body = { content, ...(name !== undefined && { name }), ...(base !== undefined && { base }) };
    return spelled(await this.api.call("post", "/knowledge/texts", { body }));
  }

  /** Who was handed over to a flow of Studio, and with what, newest first. */
  async handOvers(): Promise<HandOver[]> {
    const { executions } = await this.api.call("get", "/studio/executions");
    return spelled(executions, { parameters: true });
  }
}

function configured(shown: Schemas["ConversationConfiguration"]): ConversationConfiguration {
  return spelled(shown, { channels: true });
}

function known(shown: Schemas["MemoryProfile"]): MemoryProfile {
  return spelled(shown, { identifiers: true, traits: true });
}

/** What names somebody in a path. */
function addressOf(who: Person): string {
  return typeof who === "string" ? who : who.address;
}
