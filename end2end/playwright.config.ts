import { defineConfig } from "@playwright/test";
import { PATIENCE } from "./support/patience";

const executablePath = process.env.CHROMIUM;
if (!executablePath || !process.env.GATEHOUSE) {
  throw new Error("Run `cargo xtask test`: it names the browser (CHROMIUM) and the binary (GATEHOUSE).");
}

/** A test's own time: it only ends one that waits for nothing. */
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
