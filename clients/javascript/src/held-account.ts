/** What a handle knows of its account: sids, secrets, numbers, and Twilio's client for it. */

import type { components } from "./control-api.js";
import { CannotCall } from "./errors.js";
import { type TwilioPackage, redirected } from "./twilio.js";

type Schemas = components["schemas"];

/** Variables of a process, where secrets are that the emulator tells to nobody. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a handle knows of its account, and Twilio's client for it. */
export class HeldAccount {
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly oauthClientId: string;
  readonly oauthClientSecret: string;
  /** What the account texts from. */
  readonly number: string;
  readonly whatsappNumber: string;
  readonly conversationServiceSid: string;
  readonly messagingServiceSid: string;
  readonly verifyServiceSid: string;
  readonly syncServiceSid: string;
  /** Of the configuration of Conversations v2 that the account began with. */
  readonly conversationConfigurationId: string;
  readonly memoryStoreId: string;

  protected constructor(
    /** Where the emulator is. */
    readonly url: string,
    account: Schemas["Account"],
    environment: Environment,
    authToken?: string,
  ) {
    const named = environment["TWILIO_ACCOUNT_SID"] || account.account_sid;
    const outside: Environment = named === account.account_sid ? environment : {};
    this.accountSid = account.account_sid;
    this.authToken = account.auth_token ?? authToken ?? outside["TWILIO_AUTH_TOKEN"] ?? "";
    this.apiKey = account.api_key ?? "";
    this.apiSecret = account.api_secret ?? outside["TWILIO_API_SECRET"] ?? "";
    this.oauthClientId = account.oauth_client_id ?? "";
    this.oauthClientSecret = account.oauth_client_secret ?? "";
    this.number = account.numbers.find((number) => number.startsWith("+")) ?? "";
    this.whatsappNumber = account.numbers.find((number) => number.startsWith("whatsapp:")) ?? "";
    this.conversationServiceSid = account.conversation_service_sid ?? "";
    this.messagingServiceSid = account.messaging_service_sid ?? "";
    this.verifyServiceSid = account.verify_service_sid ?? "";
    this.syncServiceSid = account.sync_service_sid ?? "";
    this.conversationConfigurationId = account.conversation_configuration_id ?? "";
    this.memoryStoreId = account.memory_store_id ?? "";
  }

  /**
   * Twilio's own client, pointed here: `emulator.client(twilio)` after `import twilio from "twilio"`.
   *
   * @param twilio what the package `twilio` exports
   * @throws {CannotCall} the token of an account of the environment is not known here
   */
  client<Client>(twilio: TwilioPackage<Client>): Client {
    if (!this.authToken) {
      const outside = `the auth token of ${this.accountSid} came to the emulator from outside`;
      throw new CannotCall(`${outside}, which tells it to nobody: give attach \`authToken\``);
    }
    const httpClient = redirected(twilio, this.url);
    return twilio(this.accountSid, this.authToken, { httpClient });
  }
}
