// What a page costs in the browser, as JSON lines: `cargo xtask bench browser`. The binary is a release.
import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** So long is an idle page watched. */
const WATCHED = 60_000;

const child = spawn(process.env.GATEHOUSE, ["demo"], { stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => child.kill("SIGTERM"));
const lines = [];
for await (const line of createInterface({ input: child.stdout })) {
  lines.push(line);
  if (line.startsWith("Ctrl-C")) break;
}
const [, url, user, password] = lines.join("\n").match(/READY (\S+) user=(\S+) password=(\S+)/);

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });

let well = true;
function tell(name, value, unit, budget, n, baseline) {
  const ok = value <= budget;
  well &&= ok;
  console.log(JSON.stringify({ name, value: Number(value.toFixed(3)), unit, budget, ok, n, baseline: Number(baseline.toFixed(3)) }));
}

const entrance = await browser.newPage();
await entrance.goto(url);
await entrance.getByLabel("Name").fill(user);
await entrance.getByLabel("Password").fill(password);
await entrance.getByRole("button", { name: "Sign in" }).click();
await entrance.getByRole("heading", { name: "Clusters" }).waitFor();
const storageState = await entrance.context().storageState();
await entrance.context().close();

// The first page of somebody who is signed in and whose browser has nothing of ours yet. The baseline is the same, unpacked.
// The event stream has no end, and is not part of it: `bench live` has that.
{
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  const asked = new Map();
  let [sent, unpacked, elsewhere, failed] = [0, 0, 0, 0];
  network.on("Network.requestWillBeSent", ({ requestId, request }) => asked.set(requestId, request.url));
  network.on("Network.dataReceived", ({ requestId, dataLength }) => (asked.get(requestId)?.includes("/live?") ? 0 : (unpacked += dataLength)));
  network.on("Network.loadingFinished", ({ encodedDataLength }) => (sent += encodedDataLength));
  network.on("Network.loadingFailed", () => failed++);
  await page.goto(url, { waitUntil: "load" });
  await page.locator('html[data-live="on"]').waitFor({ state: "attached" });
  await page.waitForLoadState("load");
  const pages = [...asked.values()].filter((address) => !address.includes("/live?"));
  elsewhere = pages.filter((address) => new URL(address).host !== new URL(url).host).length;
  tell("first_page", sent / 1_000, "KB", 120, 1, unpacked / 1_000);
  tell("first_page_requests", pages.length, "requests", 8, 1, pages.length);
  tell("first_page_other_hosts", elsewhere + failed, "requests", 0, 1, pages.length);
  await context.close();
}

// An idle healthy cluster's page: the part of a minute in which its main thread is busy. The baseline is what it would be if
// the page were loaded anew at each look.
{
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
  const watch = await context.newCDPSession(page);
  await watch.send("Performance.enable");
  const busy = async () => Object.fromEntries((await watch.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
  await page.goto(`${url}/clusters/1`);
  await page.locator('html[data-live="on"]').waitFor({ state: "attached" });
  const loaded = (await busy()).TaskDuration;
  // Until every door to the nodes was asked, it fills itself in.
  await page.locator("#cluster-verdict").getByText("UP, 9 of 9 members UP").waitFor({ timeout: 120_000 });
  await page.waitForTimeout(5_000);
  const before = await busy();
  await page.waitForTimeout(WATCHED);
  const after = await busy();
  const part = (name) => (100 * (after[name] - before[name])) / (after.Timestamp - before.Timestamp);
  const looks = WATCHED / 2_000;
  tell("idle_page_main_thread", part("TaskDuration"), "%", 1, looks, (100 * loaded * looks) / (WATCHED / 1_000));
  tell("idle_page_script", part("ScriptDuration"), "%", 1, looks, part("TaskDuration"));
  tell("idle_page_layouts", after.LayoutCount - before.LayoutCount, "layouts a minute", 120, looks, before.LayoutCount);
  await context.close();
}

await browser.close();
child.kill("SIGTERM");
process.exitCode = well ? 0 : 1;
