// A site on better-auth where people sign up by phone: Twilio's Verify sends the codes and checks
// them, as the guides of both show it. Each line that comes in is a call of its pages, such as
// ["send-otp", {"phoneNumber": "+1..."}]; each that goes out is what the browser gets.

import { createInterface } from "node:readline";

import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { phoneNumber } from "better-auth/plugins";
import twilio from "twilio";

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);
const codes = client.verify.v2.services(process.env.TWILIO_VERIFY_SERVICE_SID);

const site = "http://localhost:3000";
const auth = betterAuth({
  baseURL: site,
  secret: "of no account to anybody but this test",
  database: memoryAdapter({ user: [], session: [], account: [], verification: [], rateLimit: [] }),
  logger: { disabled: true },
  telemetry: { enabled: false },
  plugins: [
    phoneNumber({
      async sendOTP({ phoneNumber: to }) {
        await codes.verifications.create({ to, channel: "sms" });
      },
      async verifyOTP({ phoneNumber: to, code }) {
        const check = await codes.verificationChecks.create({ to, code });
        return check.status === "approved";
      },
      signUpOnVerification: {
        getTempEmail: (number) => `${number.slice(1)}@phone.example.com`,
        getTempName: (number) => number,
      },
    }),
  ],
});

for await (const line of createInterface({ input: process.stdin })) {
  const [page, said] = JSON.parse(line);
  const answer = await auth.handler(
    new Request(`${site}/api/auth/phone-number/${page}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: site },
      body: JSON.stringify(said),
    }),
  );
  const text = await answer.text();
  console.log(JSON.stringify([answer.status, text === "" ? null : JSON.parse(text)]));
}
