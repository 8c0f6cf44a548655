import { defineConfig } from "@playwright/test";

export default defineConfig({
  testMatch: "*.spec.js",
  expect: { timeout: 20_000 },
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM, // Playwright's own where there is none
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [], // root in a container has none
    },
  },
});
