/** What somebody writes on a phone, and what goes with it. */

import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { components } from "./control-api.js";
import type { Channel, HandsetMessage } from "./message.js";

type Schemas = components["schemas"];

/** What goes with what somebody writes. */
export interface Writing {
  /** `whatsapp:` in front makes it WhatsApp. Else who wrote what is quoted, or the account's number. */
  to?: string | undefined;
  channel?: Channel | undefined;
  /** URLs of what goes with it. */
  media?: readonly string[] | undefined;
  /** Paths of what goes with it; their type is told by how their names end. */
  files?: readonly string[] | undefined;
  /** The message that it quotes, as people do on WhatsApp. */
  replyTo?: HandsetMessage | undefined;
}

/** A message that a phone sent, and the conversation that captured it, if one did. */
export interface Sent {
  readonly sid: string;
  readonly conversationSid: string | null;
}

const TYPES_BY_ENDING: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  mp4: "video/mp4",
  "3gp": "video/3gpp",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  amr: "audio/amr",
  pdf: "application/pdf",
  vcf: "text/vcard",
  csv: "text/csv",
};

/** A file from the disk, as the control API takes it. */
export async function file(path: string): Promise<Schemas["Attachment"]> {
  const ending = extname(path).slice(1).toLowerCase();
  return {
    base64: (await readFile(path)).toString("base64"),
    content_type: TYPES_BY_ENDING[ending] ?? "application/octet-stream",
    filename: basename(path),
  };
}
