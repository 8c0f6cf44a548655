// What a test in a browser has by node:test: an account of its own, a page, and its app's server.

import { chromium } from "@playwright/test";
import { Emulator } from "twilio-emulator";

const emulator = await Emulator.start(); // for all tests of a file; it ends with the process

/** Set the stage for a test, which clears it when it is over. */
export async function staged(t) {
  const account = await emulator.account();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: browsing() });
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  const servers = [];
  t.after(async () => {
    await browser.close();
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    await account.stop();
  });

  /** Let an app's server listen; answers where. */
  async function serve(server) {
    servers.push(server);
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    return `http://localhost:${server.address().port}/`;
  }
  return { account, page, serve };
}

/** A container that runs as root has no sandbox. */
function browsing() {
  return process.getuid?.() === 0 ? ["--no-sandbox"] : [];
}
