import { defineConfig } from "@playwright/test";

const executablePath = process.env.CHROMIUM;
if (!executablePath || !process.env.GATEHOUSE) {
  throw new Error("Run `cargo xtask test`: it names the browser (CHROMIUM) and the binary (GATEHOUSE).");
}

// Every journey twice: as a document without script, and awake.
export default defineConfig({
  testDir: "tests",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reporter: [["list"], ["json"]],
  use: {
    launchOptions: {
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
    actionTimeout: 15_000,
    trace: "retain-on-failure",
  },
  projects: [
    { name: "noscript", use: { javaScriptEnabled: false }, testIgnore: "**/*.script.spec.ts" },
    { name: "script", use: { javaScriptEnabled: true } },
  ],
});
