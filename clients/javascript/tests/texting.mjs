// Sends texts as an app does, without a library: what these tests are about is the phones.

/** Post a Messages, and answer the resource. */
export async function text(emulator, to, body, more = {}) {
  const { url, accountSid, authToken, number } = emulator;
  const response = await fetch(`${url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
    body: new URLSearchParams({ To: to, From: number, Body: body, ...more }),
  });
  return response.json();
}
