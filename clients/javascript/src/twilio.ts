/** Twilio's own client for Node.js, pointed at an emulator for all of its products. */

/** Of the package `twilio`, as much as is needed to make a client. */
export interface TwilioPackage<Client> {
  (accountSid: string, authToken: string, options: { httpClient: never }): Client;
  readonly RequestClient: new () => object;
}

interface Requesting {
  request(options: { uri: string }): Promise<unknown>;
}

/** What sends a client's requests, which sends them to the emulator at `url`. */
export function redirected<Client>(twilio: TwilioPackage<Client>, url: string): never {
  const client = new twilio.RequestClient() as Requesting;
  const request = client.request.bind(client);
  client.request = (options) => request({ ...options, uri: leading(url, options.uri) });
  return client as never;
}

function leading(url: string, uri: string): string {
  const wanted = new URL(uri);
  // A link from an answer of ours leads here already.
  if (!wanted.hostname.endsWith(".twilio.com")) return uri;
  return `${url}/${wanted.host}${wanted.pathname}${wanted.search}`;
}
