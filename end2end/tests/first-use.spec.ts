// The very first start: a one-time token makes the first admin, once.
import AxeBuilder from "@axe-core/playwright";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@playwright/test";

test("the first admin is made with the one-time token, and with nothing else", async ({ page, javaScriptEnabled }) => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-first-"));
  const child = spawn(process.env.GATEHOUSE!, ["serve", "--listen", "127.0.0.1:0", "--data", join(folder, "data")], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const [ready] = await once(createInterface({ input: child.stdout }), "line");
    const [, url, token] = ready.match(/^READY (\S+) one-time-token=(\S+)$/);
    await page.goto(url);
    await expect(page).toHaveURL(`${url}/first-use`);
    if (javaScriptEnabled !== false) {
      const found = await new AxeBuilder({ page }).analyze();
      expect(found.violations.map((fault) => fault.id)).toEqual([]);
    }
    const fill = async (once: string, name: string, password: string) => {
      await page.getByLabel("One-time token").fill(once);
      await page.getByLabel("Your name").fill(name);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Make the first admin" }).click();
    };
    const error = (label: string) => page.locator(".field", { has: page.getByLabel(label) }).locator(".field-error");
    await fill(token, "ada lovelace", "long enough for it");
    await expect(error("Your name")).toContainText("no blanks");
    await fill(token, "ada", "short");
    await expect(error("Password")).toContainText("at least 12");
    // Before sign-in a password may stand in any field, so that nothing typed is repeated.
    await expect(page.getByLabel("Your name")).toHaveValue("");
    await fill("guessed", "ada", "long enough for it");
    await expect(error("One-time token")).toContainText("not the one-time token");
    await fill(token, "ada", "long enough for it");
    await expect(page.getByRole("heading", { name: "Clusters" })).toBeVisible();

    await page.goto(`${url}/first-use`);
    await fill(token, "eve", "long enough for it");
    await expect(error("One-time token")).toContainText("There are people already");
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  }
});
