// Every page in three layouts, and one contact sheet: `cargo xtask pictures`.
import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { edits, procedure, stale, switchedByHand } from "./pictures-changes.mjs";
import { faults } from "./pictures-faults.mjs";
import { pair } from "./pictures-pair.mjs";

const out = process.argv[2];
mkdirSync(out, { recursive: true });
// Pictures of pages that are no more would be looked at for nothing.
for (const old of readdirSync(out)) if (/\.(png|html)$/.test(old)) rmSync(`${out}/${old}`);

const layouts = [
  { name: "wide-light", width: 1440, height: 900, scheme: "light" },
  { name: "wide-dark", width: 1440, height: 900, scheme: "dark" },
  { name: "phone-light", width: 390, height: 844, scheme: "light" },
];

async function console_(...flags) {
  const child = spawn(process.env.GATEHOUSE, ["demo", "--clock", "manual", "--interval", "1", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const lines = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith("Ctrl-C")) break;
  }
  const said = lines.join("\n");
  const [, url, user, password] = said.match(/READY (\S+) user=(\S+) password=(\S+)/);
  const [, control] = said.match(/Control API: (\S+)/);
  const [, account] = said.match(/account nsroot password (\S+)/);
  const [, plain] = said.match(/ or (http:\/\/\S+)/);
  const order = (path, body, method = "POST") => fetch(control + path, { method, body: body && JSON.stringify(body) });
  // Somebody else's hand on the simulated NetScaler.
  const nitro = async (method, resource, body) => {
    const headers = { "X-NITRO-USER": "nsroot", "X-NITRO-PASS": account, "content-type": "application/json" };
    const answer = await fetch(`${plain}/nitro/v1/config/${resource}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${resource}: ${answer.status} ${await answer.text()}`);
  };
  const signal = (name) => child.kill(name);
  const passwords = (address) => {
    const [, rest, ssh] = said.match(new RegExp(`${address.replaceAll(".", "\\.")}.*password (\\w+).*password (\\w+)`));
    return { rest, ssh };
  };
  const stop = async () => {
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  return { url, user, password, account, passwords, order, nitro, signal, stop };
}

// A failure must end the demos too, or it would look like waiting.
const children = [];
process.on("exit", () => children.forEach((child) => child.kill("SIGTERM")));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const page = await browser.newPage();
const shots = [];

async function shoot(name, address, only) {
  for (const layout of layouts.filter((layout) => !only || only.includes(layout.name))) {
    await page.setViewportSize({ width: layout.width, height: layout.height });
    await page.emulateMedia({ colorScheme: layout.scheme });
    if (address) await page.goto(address);
    await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
    const file = `${name}.${layout.name}.png`;
    await page.screenshot({ path: `${out}/${file}`, fullPage: true });
    shots.push({ name, layout: layout.name, file });
  }
}

/** For the README: one screen, not the whole page. */
async function screen(name) {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light" });
  await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
  await page.screenshot({ path: `${out}/readme-${name}.png` });
}

async function signIn(demo) {
  await page.goto(demo.url);
  await page.getByLabel("Name").fill(demo.user);
  await page.getByLabel("Password").fill(demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Clusters" }).waitFor();
}

const empty = await console_("--empty");
await shoot("sign-in", `${empty.url}/sign-in`);
await page.goto(`${empty.url}/sign-in`);
await page.getByLabel("Name").fill("demo");
await page.getByLabel("Password").fill("wrong");
await page.getByRole("button", { name: "Sign in" }).click();
await shoot("sign-in-refused");
await signIn(empty);
await shoot("home-empty", empty.url);
await page.goto(`${empty.url}/appliances/new`);
await page.getByLabel("Password").fill("whatever it is");
await page.getByRole("button", { name: "Test connection" }).click();
await shoot("appliance-untrusted");
await empty.stop();
await page.context().clearCookies();

const two = await console_("--empty", "--pair");
await signIn(two);
await pair(page, two, two.account, shoot);
await two.stop();
await page.context().clearCookies();

const demo = await console_();
await signIn(demo);
// Just applied: what was made is DOWN until its monitors have asked, and that is expected.
await page.goto(`${demo.url}/clusters/1`);
await page.getByText("a change is under way").first().waitFor();
await shoot("cluster-changing");
await demo.order("/clock", { advance_ms: 6000 });
await page.goto(`${demo.url}/clusters/1`);
await page.getByText("9 of 9 members UP").waitFor();
const run = await page.getByRole("link", { name: /^Run/ }).getAttribute("href");
for (const [name, path] of [
  ["home", "/"],
  ["cluster-up", "/clusters/1"],
  ["cluster-new", "/clusters/new"],
  ["cluster-not-set-up", "/clusters/2"],
  ["setup", "/clusters/1/setup"],
  ["setup-fresh", "/clusters/2/setup"],
  ["prerequisites", "/clusters/2/setup/prerequisites"],
  ["step-nodes", "/clusters/1/setup/nodes"],
  ["step-mdm-fresh", "/clusters/2/setup/mdm"],
  ["step-mam", "/clusters/2/setup/mam"],
  ["step-groups", "/clusters/1/setup/groups"],
  ["step-gateway", "/clusters/2/setup/gateway"],
  ["step-dns", "/clusters/1/setup/dns"],
  ["certificate", "/clusters/1/setup/certificate"],
  ["checks", "/clusters/1/checks"],
  ["members", "/clusters/1/members"],
  ["nodes", "/clusters/1/nodes"],
  ["node", "/clusters/1/nodes/10.20.30.11"],
  ["plan-applied", "/clusters/1/plans/1"],
  ["run", run],
  ["appliances", "/appliances"],
  ["appliance", "/appliances/1"],
  ["appliance-new", "/appliances/new"],
  ["log", "/audit"],
  ["record", "/audit/20"],
  ["team", "/team"],
  ["person", "/team/1"],
  ["account", "/account"],
  ["not-found", "/clusters/99"],
]) {
  await shoot(name, demo.url + path);
}
await edits({ demo, shoot });
await page.goto(`${demo.url}/clusters/1/setup/mam`);
await screen("step");
await demo.order("/faults", { target: "10.20.30.12", fault: "power_off" });
await demo.order("/clock", { advance_ms: 30000 });
await page.goto(`${demo.url}/clusters/1`);
await page.getByText("6 of 9 members UP").waitFor();
await shoot("cluster-node-down");
await screen("cluster");
await demo.order("/faults", undefined, "DELETE");
await demo.order("/clock", { advance_ms: 30000 });
await faults({ demo, page, shoot });
await switchedByHand({ demo, page, shoot });
await stale({ demo, page, shoot });
await procedure({ demo, page, shoot, screen });
await demo.stop();

const cells = shots.map(({ name, layout, file }) => `<figure class="${layout}"><img src="${file}"><figcaption>${name} · ${layout}</figcaption></figure>`);
const sheet = `<!doctype html><style>body{font:12px system-ui;margin:16px;background:#888;display:flex;flex-wrap:wrap;gap:12px;align-items:start}
figure{margin:0;background:#fff;padding:4px;width:420px}figure.phone-light{width:160px}img{display:block;width:100%;height:270px;object-fit:cover;object-position:top}</style>${cells.join("")}`;
writeFileSync(`${out}/contact-sheet.html`, sheet);
await page.emulateMedia({ colorScheme: "light" });
await page.setViewportSize({ width: 1120, height: 900 });
await page.goto(pathToFileURL(`${out}/contact-sheet.html`).href);
await page.screenshot({ path: `${out}/contact-sheet.png`, fullPage: true });
await browser.close();
