import { defineConfig } from "@playwright/test";

const executablePath = process.env.CHROMIUM;
if (!executablePath || !process.env.GATEHOUSE) {
  throw new Error("Run `cargo xtask test`: it names the browser (CHROMIUM) and the binary (GATEHOUSE).");
}

/**
 * How long one condition may take to come true, on a machine that does something else as well. A test's own time is no
 * limit to anything that it waits for: it only ends a test that waits for nothing.
 */
const PATIENCE = 60_000;
const ENDLESS = 900_000;

// Every journey twice: as a document without script, and awake.
export default defineConfig({
  testDir: "tests",
  timeout: ENDLESS,
  expect: { timeout: PATIENCE },
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reporter: [["list"], ["json"]],
  use: {
    launchOptions: {
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
    actionTimeout: PATIENCE,
    navigationTimeout: PATIENCE,
    trace: "retain-on-failure",
  },
  projects: [
    { name: "noscript", use: { javaScriptEnabled: false }, testIgnore: "**/*.script.spec.ts" },
    { name: "script", use: { javaScriptEnabled: true } },
  ],
});
