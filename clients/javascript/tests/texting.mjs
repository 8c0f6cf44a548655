// Calls Twilio as an app does, without a library: what these tests are about is what a test holds.

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

/** What a product of Twilio's answers: `rest(emulator, "POST", "verify", "/v2/Services/...", {...})`. */
export async function rest({ url, accountSid, authToken }, method, product, path, form) {
  const response = await fetch(`${url}/${product}.twilio.com${path}`, {
    method,
    headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
    ...(form && { body: new URLSearchParams(form) }),
  });
  return response.json();
}
