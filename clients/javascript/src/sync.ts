/** Sync as a test holds it: a service, and its objects. */

import type { Calls } from "./calls.js";
import {
  SharedDocument,
  SharedList,
  SharedMap,
  SharedStream,
  type StreamProgress,
} from "./shared-objects.js";
import type { Since } from "./since.js";

/** Sync of the emulator's account: `emulator.sync`. */
export class SharedService {
  /**
   * @param serviceSid the Sync service that is meant
   * @param since from where on messages of streams count
   * @param streams how far a test has come with each, by service and name
   */
  constructor(
    private readonly api: Calls,
    readonly serviceSid: string,
    private readonly since: Since,
    private readonly streams = new Map<string, StreamProgress>(),
  ) {}

  /** The same in another Sync service of the account. */
  service(serviceSid: string): SharedService {
    return new SharedService(this.api, serviceSid, this.since, this.streams);
  }

  /** The document with this unique name or sid, whether or not it is there yet. */
  document(name: string): SharedDocument {
    return new SharedDocument(this.api, this.serviceSid, name);
  }

  /** The list with this unique name or sid, whether or not it is there yet. */
  list(name: string): SharedList {
    return new SharedList(this.api, this.serviceSid, name);
  }

  /** The map with this unique name or sid, whether or not it is there yet. */
  map(name: string): SharedMap {
    return new SharedMap(this.api, this.serviceSid, name);
  }

  /** The stream with this unique name or sid, whether or not it is there yet. */
  stream(name: string): SharedStream {
    const place = JSON.stringify([this.serviceSid, name]);
    const progress = this.streams.get(place) ?? { after: 0, marks: 0 };
    this.streams.set(place, progress);
    return new SharedStream(this.api, this.serviceSid, name, this.since, progress);
  }
}
