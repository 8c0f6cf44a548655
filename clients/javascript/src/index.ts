/// <reference lib="esnext.disposable" preserve="true" />
/** A local Twilio for the tests of an app: an emulator, its phones and its clock. */

export type { Authenticator } from "./authenticator.js";
export type { Answer, Given, MethodOf } from "./calls.js";
export type { StartOptions } from "./command.js";
export type { components, paths } from "./control-api.js";
export {
  type AccountSettings,
  type AttachOptions,
  Emulator,
  type Failing,
  type LookedUp,
  type LookupSettings,
} from "./emulator.js";
export { CannotCall, CannotStart, DidNotHold, NotReceived } from "./errors.js";
export type { Expectation } from "./expectation.js";
export { Handset, type Wanted } from "./handset.js";
export type { JournalEntry, Report, Webhook } from "./journal.js";
export type { Mailbox, MailboxMessage, WantedMail } from "./mailbox.js";
export type { Button, Channel, HandsetMessage, MediaFile } from "./message.js";
export type {
  Communication,
  Connecting,
  ConversationConfiguration,
  HandOver,
  KnowledgeBase,
  MemoryProfile,
  OrchestratedConversation,
  Orchestrator,
  Person,
  Remembering,
} from "./orchestrator.js";
export type { HandsetCall, OpenedLink, WantedCall } from "./phone-calls.js";
export type { HandsetSettings } from "./phone.js";
export type {
  Patience,
  Setting,
  SharedDetails,
  SharedDocument,
  SharedList,
  SharedMap,
  SharedObject,
  SharedStream,
  Value,
} from "./shared-objects.js";
export type { SharedService } from "./sync.js";
export type { AccountClock, Duration } from "./time.js";
export type { TwilioPackage } from "./twilio.js";
export type {
  Verification,
  Verify,
  VerifySettings,
  VerifySwitches,
  WantedVerifications,
} from "./verify.js";
export type { Timeout } from "./waits.js";
export type { Sent, Writing } from "./writing.js";
