// A console and a lab for each test, by the real binary; pages that may log no error.
import { test as base, expect, type Browser, type Page } from "@playwright/test";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { PATIENCE } from "./patience";

export type Passwords = { rest: string; ssh: string };

export type Demo = {
  url: string;
  user: string;
  password: string;
  /** The simulated NetScaler's password. */
  appliancePassword: string;
  /** The first simulated nodes' passwords: web console (REST) and menu program (SSH). */
  nodePasswords: Passwords;
  /** The same of the nodes of any site, by the address of one of them. */
  passwordsOf: (address: string) => Passwords;
  /** Somebody else's hand: a PUT straight to the simulated NetScaler, or an action by its name. */
  nitro: (resource: string, body: unknown, action?: string) => Promise<void>;
  /** To the console's process. */
  signal: (name: NodeJS.Signals) => void;
  /** The lab's control API: a POST where there is a body, else a GET, or another method by name. */
  control: (path: string, body?: unknown, method?: string) => Promise<any>;
};

type Fixtures = { flags: string[]; demo: Demo; scripted: boolean; watched: Page; told: void };

/** What each console of the present test wrote to standard error. */
let written: (() => string)[] = [];

/** What a failed test had before it: its pages' words, and its consoles' last ones. */
async function tell(pages: Page[]) {
  for (const page of pages) {
    const text = await page.locator("main").innerText({ timeout: 2_000 }).catch(() => "no page that can be read");
    const title = await page.title().catch(() => "");
    console.log(`The test ended at ${page.url()} “${title}”:\n${text.slice(0, 3_000)}`);
  }
  for (const errors of written) console.log(`The console wrote:\n${errors().slice(-3_000)}`);
}

const pagesOf = (browser: Browser) => browser.contexts().flatMap((context) => context.pages());

/** The demo with these arguments, for tests that want another one than they are given. */
export async function start(options: string[]): Promise<{ demo: Demo; stop: () => Promise<void> }> {
  const child = spawn(process.env.GATEHOUSE!, ["demo", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  written.push(() => errors);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith("Ctrl-C")) break;
  }
  const said = lines.join("\n");
  const ready = said.match(/READY (\S+) user=(\S+) password=(\S+)/);
  const account = said.match(/account nsroot password (\S+)/);
  const control = said.match(/Control API: (\S+)/);
  const plain = said.match(/ or (http:\/\/\S+)/);
  const nodes = [...said.matchAll(/XMS node (\S+), .*: console administrator password (\w+), CLI admin password (\w+)/g)];
  const passwords = new Map(nodes.map(([, address, rest, ssh]) => [address, { rest, ssh }]));
  if (!ready || !account || !control || !plain || nodes.length === 0) throw new Error(`The demo did not get ready:\n${said}\n${errors}`);
  const demo: Demo = {
    url: ready[1],
    user: ready[2],
    password: ready[3],
    appliancePassword: account[1],
    nodePasswords: { rest: nodes[0][2], ssh: nodes[0][3] },
    passwordsOf: (address) => passwords.get(address)!,
    nitro: async (resource, body, action) => {
      const query = action ? `?action=${action}` : "";
      const answer = await fetch(`${plain[1]}/nitro/v1/config/${resource}${query}`, {
        method: action ? "POST" : "PUT",
        headers: { "X-NITRO-USER": "nsroot", "X-NITRO-PASS": account[1], "content-type": "application/json" },
        body: JSON.stringify({ [resource]: body }),
      });
      if (!answer.ok) throw new Error(`${resource}: ${answer.status} ${await answer.text()}`);
    },
    signal: (name) => child.kill(name),
    control: async (path, body, method) => {
      const sent = body === undefined ? undefined : JSON.stringify(body);
      const answer = await fetch(control[1] + path, { method: method ?? (sent ? "POST" : "GET"), body: sent });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
      return text ? JSON.parse(text) : null;
    },
  };
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  return { demo, stop };
}

export const test = base.extend<Fixtures>({
  // Of `gatehouse demo`. Most tests begin with nothing.
  flags: [["--empty"], { option: true }],
  demo: async ({ flags }, use) => {
    const { demo, stop } = await start([...flags, "--clock", "manual", "--interval", "1"]);
    await use(demo);
    await stop();
  },
  // Asks for the page, so that it is still there to be read.
  told: [
    async ({ browser, page: own }, use, info) => {
      written = [];
      const before = new Set(pagesOf(browser).filter((page) => page !== own));
      await use();
      if (info.status !== info.expectedStatus) await tell(pagesOf(browser).filter((page) => !before.has(page)));
    },
    { auto: true },
  ],
  scripted: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),
  // Any console error or page error fails the test. Takes the demo too, so that it looks before the demo is stopped.
  watched: async ({ page, demo: _ }, use) => {
    const wrong: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") wrong.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => wrong.push(`page: ${error.message}`));
    await use(page);
    expect(wrong).toEqual([]);
  },
});

export { expect };

/** With script: waits until the browser's half is awake. */
export async function awake(page: Page, scripted: boolean) {
  if (scripted) await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
}

type Expect = typeof expect;
const impatient = expect.configure({ timeout: 300 });

/** Without script a page does not move: ask again until it says what it should. `check` is handed its own `expect`. */
export async function eventually(page: Page, scripted: boolean, check: (expect: Expect) => Promise<void>) {
  if (scripted) return check(expect);
  await expect(async () => {
    await page.reload();
    await check(impatient as Expect);
  }).toPass({ timeout: PATIENCE });
}

export async function signIn(page: Page, demo: Demo) {
  await page.goto(demo.url);
  await page.getByLabel("Name").fill(demo.user);
  await page.getByLabel("Password").fill(demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Clusters" })).toBeVisible();
}

/** Adds the lab's NetScaler, accepting the certificate that it shows. */
export async function addAppliance(page: Page, demo: Demo) {
  await page.goto(`${demo.url}/appliances/new`);
  await page.getByLabel("Password").fill(demo.appliancePassword);
  await page.getByRole("button", { name: "Add the appliance" }).click();
  await page.getByRole("button", { name: "Trust this certificate and add" }).click();
  await expect(page.getByRole("heading", { name: "Lab NetScaler" })).toBeVisible();
}

export async function addCluster(page: Page, demo: Demo) {
  await page.goto(`${demo.url}/clusters/new`);
  await page.getByLabel("Name", { exact: true }).fill("Berlin");
  await page.getByLabel("FQDN").fill("xms.example.com");
  await page.getByRole("button", { name: "Add the cluster" }).click();
  await expect(page.getByRole("heading", { name: "Set-up" })).toBeVisible();
}

const ADDRESSES = [1, 2, 3].map((n) => `10.20.30.1${n} xms0${n}`);

/** Procedure 1.1, all on one page: accounts, keys compared and accepted, IDs read by SSH and taken into the set-up. */
async function readIds(page: Page, demo: Demo) {
  await page.getByLabel("Nodes", { exact: true }).fill(ADDRESSES.join("\n"));
  await page.getByRole("button", { name: "Save and continue" }).click();
  await page.getByLabel("REST account", { exact: true }).fill("administrator");
  await page.getByLabel("SSH account", { exact: true }).fill("admin");
  await page.getByLabel("Password of the REST account").fill(demo.nodePasswords.rest);
  await page.getByLabel("Password of the SSH account").fill(demo.nodePasswords.ssh);
  await page.getByRole("button", { name: "Save and fetch keys" }).click();
  await page.getByRole("button", { name: "Accept the keys of these 3 nodes" }).click();
  await page.getByRole("button", { name: "Use these IDs (3 new)" }).click();
  await page.goto(`${demo.url}/clusters/1/setup/nodes`);
  const ids = ADDRESSES.map((line, n) => `${line} ${169090571 + n}`).join("\n");
  await expect(page.getByLabel("Nodes", { exact: true })).toHaveValue(ids);
}

/**
 * From one step's form to the next, as the procedure has them: what is proposed is taken, the rest is typed; node IDs
 * are read by SSH where a test asks for it.
 */
export async function describe(page: Page, demo: Demo, ssh = false) {
  await page.goto(`${demo.url}/clusters/1/setup`);
  await page.getByRole("table").getByRole("link", { name: "Prerequisites" }).click();
  await page.getByRole("link", { name: "Continue: Nodes" }).click();
  const ids = ADDRESSES.map((line, n) => `${line} ${169090571 + n}`);
  if (ssh) await readIds(page, demo);
  else await page.getByLabel("Nodes", { exact: true }).fill(ids.join("\n"));
  const next = () => page.getByRole("button", { name: "Save and continue" }).click();
  const at = (title: string) => expect(page.getByRole("heading", { level: 1, name: title, exact: true })).toBeVisible();
  await next();
  await at("MDM");
  await expect(page.getByLabel("MDM address (VIP)")).toHaveValue("10.20.40.51");
  await next();
  await at("MAM");
  await expect(page.getByLabel("MAM address (VIP)")).toHaveValue("10.20.40.52");
  await page.getByLabel("Certificate").selectOption("wildcard-example");
  await next();
  await at("Groups and members");
  await next();
  await at("Gateway");
  await page.getByLabel("Gateway virtual server").selectOption("_XM_ag.example.com");
  await expect(page.getByRole("checkbox", { name: /AC_OS_10\.20\.40\.40/ })).toBeChecked();
  await next();
  await at("DNS");
}

/** Plans what was described; the Gateway's session action was handed over by ticking it in its step. */
export async function planned(page: Page) {
  await page.getByRole("button", { name: "Save and plan" }).click();
  await expect(page.getByRole("heading", { name: /^Plan \d+$/ })).toBeVisible();
  await expect(page.getByText("storefronturl is https://old-xms.example.com:8443 and should be https://xms.example.com:8443")).toBeVisible();
  await expect(page.getByRole("button", { name: "Apply" })).toBeVisible();
}

/** From an empty lab to a run that has succeeded. */
export async function setUp(page: Page, demo: Demo, scripted: boolean) {
  await signIn(page, demo);
  await addAppliance(page, demo);
  await addCluster(page, demo);
  await describe(page, demo);
  await planned(page);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/\/clusters\/1\/runs\/\d+$/);
  await eventually(page, scripted, async (expect) => {
    await expect(page.getByText(`${OPERATIONS} of ${OPERATIONS} confirmed`)).toBeVisible();
    await expect(page.getByText("succeeded", { exact: true })).toBeVisible();
  });
}

/** What the whole procedure comes to on the lab, the save included. */
export const OPERATIONS = 28;
