// Open pages: they move by themselves, leave people's hands alone, and say so when they are not heard any more.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "@playwright/test";
import { awake, expect, setUp, signIn, start, test, type Demo } from "../support/fixtures";

const UPDATES = 30;

/** Counts what the page is told. */
async function counted(page: Page) {
  await page.addInitScript(() => {
    const told: string[] = ((window as any).told = []);
    const Real = window.EventSource;
    (window as any).EventSource = class extends Real {
      constructor(address: string) {
        super(address);
        for (const name of ["patch", "replace"]) this.addEventListener(name, () => told.push(name));
      }
    };
  });
}

const told = (page: Page) => page.evaluate(() => (window as any).told.filter((name: string) => name === "patch").length as number);

const live = (page: Page, word: string) => expect(page.locator("html")).toHaveAttribute("data-live", word);

/** Somebody else's hands: a change that shows on every page, and its undoing, in turns. */
async function change(demo: Demo, page: Page, turn: number) {
  const odd = turn % 2 === 1;
  await demo.nitro("lbvserver", { name: "xms-berlin-mdm-443", timeout: odd ? "25" : "20" });
  if (odd) await demo.control("/faults", { target: "10.20.30.12", fault: "power_off" });
  else {
    await demo.control("/faults", undefined, "DELETE");
    await demo.nitro("nsconfig", {}, "save");
  }
  await demo.control("/clock", { advance_ms: 6000 });
  // The appliance gets another name.
  await page.goto(`${demo.url}/appliances/1/edit`);
  await page.getByLabel("Name", { exact: true }).fill(odd ? "Lab NetScaler, renamed" : "Lab NetScaler");
  await page.getByRole("button", { name: "Save without a test" }).click();
  await expect(page).toHaveURL(/\/appliances\/1$/);
  // A person more in the team, and a record of that.
  const form = await (await page.request.get(`${demo.url}/team/new`)).text();
  const token = /name="token"[^>]*value="([^"]+)"/.exec(form.split('action="/rpc/add_person"')[1])![1];
  const person = { name: `person${turn}-${token.slice(-6)}`, role: "viewer", scope: "all", password: `${token.slice(0, 24)}-${turn}`, token };
  const added = await page.request.post(`${demo.url}/rpc/add_person`, {
    form: person,
    headers: { origin: demo.url, accept: "text/html" },
    maxRedirects: 0,
  });
  expect(added.headers().location, await added.text()).toMatch(/\/team(\/\d+)?$/);
}

/**
 * Where a page's moving parts differ from those of a fresh page, but for what may: when something was read, tokens, what
 * somebody opened. Blanks count; the order of attributes does not, because a document has none (`isEqualNode`).
 */
function differences(source: string) {
  const fresh = new DOMParser().parseFromString(source, "text/html");
  const parts = (root: Document) => [...root.querySelectorAll("[id]")].filter((part) => /^(cluster-.*|.*-live)$/.test(part.id));
  const plain = (part: Element) => {
    const copy = part.cloneNode(true) as Element;
    for (const element of copy.querySelectorAll("*")) {
      if (element.localName === "time") element.replaceWith("time");
      if (element.hasAttribute("data-once")) element.removeAttribute("value");
      if (element.localName === "details") element.removeAttribute("open");
    }
    // Marks of the server's that nobody sees.
    const comments = document.createTreeWalker(copy, NodeFilter.SHOW_COMMENT);
    const gone: Node[] = [];
    while (comments.nextNode()) gone.push(comments.currentNode);
    for (const comment of gone) (comment as Comment).remove();
    copy.normalize();
    return copy;
  };
  const [now, then] = [parts(document).map(plain), parts(fresh).map(plain)];
  if (now.length === 0 || now.length !== then.length) return `${now.length} parts, and ${then.length} on a fresh page`;
  const differ = now.map((part, n) => (part.isEqualNode(then[n]) ? "" : `${part.outerHTML}\n--- fresh:\n${then[n].outerHTML}`));
  return differ.filter((text) => text !== "").join("\n") || "the same";
}

type Held = { path: string; focus: string; select: string; details?: string; caret?: string };

const PAGES: Held[] = [
  { path: "/", focus: "#clusters-live a", select: "#clusters-live .sub" },
  { path: "/clusters/1", focus: "#cluster-plans a", select: ".vserver-row th .sub", details: "#cluster-findings details[data-key=passes]" },
  { path: "/clusters/1/nodes", focus: "#nodes-live tbody tr:nth-child(3) a", select: "#node-ids-live code", caret: "textarea[name=text]" },
  { path: "/clusters/1/nodes/10.20.30.12", focus: "main .crumbs a", select: "#node-live dd", details: "main details:has(> .questions)" },
  { path: "/appliances", focus: "#appliances-live a", select: "#appliances-live .sub" },
  { path: "/appliances/1", focus: "header .brand", select: "#appliance-live dd" },
  { path: "/audit", focus: "#log-live tbody tr:nth-child(3) td.number a", select: "#log-live tbody tr:nth-child(2) td:nth-child(4)", caret: "input[name=text]" },
  { path: "/team", focus: "#team-live a", select: "#team-live tbody td:nth-child(2)" },
];

/** Takes hold of something on the page, and gives back how to see that it is still held. */
async function hold(page: Page, { focus, select, details, caret }: Held) {
  if (details) await page.locator(details).first().locator("summary").click();
  await page.evaluate(
    ({ focus, select, details, caret }) => {
      const one = (selector: string) => document.querySelector<HTMLElement>(selector)!;
      const held = ((window as any).held = { focused: one(caret ?? focus), text: "" });
      if (caret) {
        (held.focused as HTMLInputElement).value = "half a word";
        held.focused.focus();
        (held.focused as HTMLInputElement).setSelectionRange(4, 6);
      } else {
        held.focused.focus();
        getSelection()!.selectAllChildren(one(select));
        held.text = getSelection()!.toString();
      }
    },
    { focus, select, details, caret },
  );
  return () =>
    page.evaluate(({ caret, details }) => {
      const { focused, text } = (window as any).held;
      const lost: string[] = [];
      if (document.activeElement !== focused) lost.push(`focus is on ${document.activeElement?.outerHTML.slice(0, 80)}`);
      if (details && document.querySelector<HTMLDetailsElement>(details)?.open === false) lost.push("what was opened is shut");
      if (caret && (focused.value !== "half a word" || focused.selectionStart !== 4 || focused.selectionEnd !== 6)) lost.push("the caret has moved");
      if (!caret && (text === "" || getSelection()!.toString() !== text)) lost.push(`“${text}” is not selected, but “${getSelection()}”`);
      return lost;
    }, { caret, details });
}

test("focus, selection, caret and opened details survive thirty updates on every live page", async ({ browser }) => {
  const { demo, stop } = await start(["--clock", "manual", "--interval", "1"]);
  try {
    const first = await browser.newPage();
    await signIn(first, demo);
    const storageState = await first.context().storageState();
    // A browser has six connections to one host; each page has its own browser here.
    const open = PAGES.map(async (held) => {
      const page = await (await browser.newContext({ storageState })).newPage();
      await counted(page);
      await page.goto(demo.url + held.path);
      await live(page, "on");
      await expect.poll(() => page.evaluate(() => (window as any).told.length)).toBeGreaterThan(0);
      return { held, page, still: await hold(page, held) };
    });
    const pages = await Promise.all(open);
    const waiting = async () => {
      const counts = await Promise.all(pages.map(({ page }) => told(page)));
      return pages.filter((_, n) => counts[n] < UPDATES).map(({ held }) => held.path);
    };
    for (let turn = 1; (await waiting()).length > 0; turn++) {
      expect(turn, `these had no ${UPDATES} updates: ${await waiting()}`).toBeLessThan(150);
      await change(demo, first, turn);
      for (const { held, still } of pages) expect(await still(), `${held.path} after turn ${turn}`).toEqual([]);
    }
    // Piece by piece they have become what a fresh page is.
    await change(demo, first, 2);
    for (const { held, page } of pages) {
      await expect
        .poll(
          async () => {
            const fresh = await (await page.request.get(demo.url + held.path)).text();
            return page.evaluate(differences, fresh);
          },
          { message: held.path },
        )
        .toBe("the same");
    }
  } finally {
    await stop();
  }
});

test("what comes above it, goes, and changes its place takes nothing out of hands", async ({ browser }) => {
  const { demo, stop } = await start(["--clock", "manual", "--interval", "1"]);
  try {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      const Real = window.EventSource;
      (window as any).EventSource = class extends Real {
        constructor(address: string) {
          super(address);
          (window as any).source = this;
        }
      };
    });
    await signIn(page, demo);
    await live(page, "on");
    const rows = page.locator("#clusters-live tbody tr");
    await expect(rows).toHaveCount(2);
    /** As the server would say it: the page's part, changed. */
    const say = (change: string) =>
      page.evaluate((change) => {
        const part = document.getElementById("clusters-live")!.cloneNode(true) as HTMLElement;
        const body = part.querySelector("tbody")!;
        const [first, last] = [body.firstElementChild!, body.lastElementChild!];
        if (change === "notice") part.prepend(Object.assign(document.createElement("div"), { className: "notice", textContent: "Set." }));
        if (change === "no notice") part.querySelector(".notice")!.remove();
        if (change === "turn") body.insertBefore(last, first);
        if (change === "more") {
          const more = first.cloneNode(true) as HTMLElement;
          more.dataset.key = "99";
          body.insertBefore(more, body.firstElementChild);
        }
        const drawn = new MessageEvent("replace", { data: `clusters-live\n${part.outerHTML}` });
        (window as any).source.dispatchEvent(drawn);
        return [...document.querySelectorAll<HTMLElement>("#clusters-live tbody tr")].map((row) => row.dataset.key).join(" ");
      }, change);
    for (const row of [1, 2]) {
      await page.reload();
      await live(page, "on");
      const still = await hold(page, { path: "/", focus: `#clusters-live tr:nth-child(${row}) a`, select: `#clusters-live tr:nth-child(${row}) .sub` });
      for (const [change, order] of [
        ["notice", "1 2"],
        ["no notice", "1 2"],
        ["turn", "2 1"],
        ["more", "99 2 1"],
        ["turn", "1 99 2"],
        ["notice", "1 99 2"],
      ]) {
        expect(await say(change), `row ${row}: ${change}`).toBe(order);
        expect(await still(), `row ${row}: ${change}`).toEqual([]);
      }
    }
  } finally {
    await stop();
  }
});

/** A way to the console that can be cut without either end being told. */
async function way(to: string) {
  const { hostname, port } = new URL(to);
  const pairs = new Set<[Socket, Socket]>();
  let cut = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near]] as [Socket, Socket][]) {
      from.on("error", () => to.destroy());
      from.on("close", () => (to.destroy(), pairs.delete(pair)));
      from.on("data", (bytes) => cut || to.write(bytes));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut: () => (cut = true),
    mend: () => {
      cut = false;
      // What was lost on the way is lost.
      for (const pair of pairs) pair[0].destroy();
    },
    close: () => {
      for (const pair of pairs) pair[0].destroy();
      server.close();
    },
  };
}

/** What `data-live` was, in turn. */
async function remembered(page: Page) {
  await page.evaluate(() => {
    const words: (string | null)[] = ((window as any).words = []);
    const root = document.documentElement;
    new MutationObserver(() => words.push(root.getAttribute("data-live"))).observe(root, { attributeFilter: ["data-live"] });
  });
  return () => page.evaluate(() => (window as any).words as string[]);
}

async function saysStale(page: Page) {
  await live(page, "stale");
  await expect(page.locator("#no-word")).toBeVisible();
  await expect(page.locator("#no-word")).toHaveText(/^No word since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\S*; what you see is from then\./);
  await expect(page).toHaveTitle(/^\? stale · /);
  await expect(page.locator("#icon")).toHaveAttribute("href", /icon-stale\./);
  await expect(page.locator("#live-said")).toContainText("No word since");
  // Nothing looks well.
  expect(await page.locator("main").evaluate((main) => getComputedStyle(main).filter)).toContain("grayscale");
}

async function saysLive(page: Page) {
  await live(page, "on");
  await expect(page.locator("#no-word")).toBeHidden();
  await expect(page).toHaveTitle("Clusters · Gatehouse");
  await expect(page.locator("#live-said")).toHaveText("Gatehouse is heard again.");
}

/** Signed in, on the home page, with a clock that can be put forward. */
async function opened(page: Page, demo: Demo) {
  await signIn(page, demo);
  await page.clock.install();
  await page.goto(demo.url);
  await live(page, "on");
}

/** By the page's clock half a minute: within it a page that hears nothing must say so. */
const halfAMinute = (page: Page) => page.clock.fastForward(28_000);

test("a server that hangs is noticed within half a minute, and when it goes on, so does the page", async ({ page, demo }) => {
  await opened(page, demo);
  demo.signal("SIGSTOP");
  try {
    await halfAMinute(page);
    await saysStale(page);
  } finally {
    demo.signal("SIGCONT");
  }
  await page.clock.fastForward(16_000);
  await saysLive(page);
});

test("a network that is cut without a word is noticed, and so is its return", async ({ page, demo }) => {
  const through = await way(demo.url);
  try {
    await opened(page, { ...demo, url: through.url });
    through.cut();
    await halfAMinute(page);
    await saysStale(page);
    through.mend();
    await page.clock.fastForward(16_000);
    await saysLive(page);
  } finally {
    through.close();
  }
});

test("a console that cannot read its data is asked again, and what is gone meanwhile is not shown any more", async ({ page }) => {
  const { demo, stop } = await start(["--clock", "manual", "--interval", "1"]);
  try {
    await opened(page, demo);
    await demo.control("/clock", { advance_ms: 6000 });
    // What was just applied is expected to be DOWN at first, which no title says; a page opened later has heard of no change.
    await expect(page.getByText("9 of 9 members UP")).toBeVisible();
    await page.reload();
    await live(page, "on");
    await expect(page).toHaveTitle("Clusters · Gatehouse");
    const away = async (status: number) => {
      await page.route("**/live?**", (route) => route.fulfill({ status, headers: { "retry-after": "5" }, body: "" }));
      // Whatever was open is closed and asked for again.
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
    };
    for (const status of [503, 500, 502]) {
      await away(status);
      await halfAMinute(page);
      await saysStale(page);
      await page.unroute("**/live?**");
      await page.clock.fastForward(16_000);
      await saysLive(page);
    }
    // A cluster is removed while the page hears nothing: when it asks again, it says so.
    await page.goto(`${demo.url}/clusters/2`);
    await live(page, "on");
    await away(503);
    const other = await page.context().newPage();
    await other.goto(`${demo.url}/clusters/2/remove`);
    await other.getByLabel("Type its name to remove it").fill("Hamburg");
    await other.getByRole("button", { name: "Remove the cluster" }).click();
    await expect(other).toHaveURL(`${demo.url}/`);
    await page.unroute("**/live?**");
    await page.clock.fastForward(16_000);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Not found");
  } finally {
    await stop();
  }
});

test("a tab that slept says so when it wakes, and asks at once", async ({ page, demo }) => {
  await opened(page, demo);
  const words = await remembered(page);
  await page.clock.fastForward("10:00");
  await saysLive(page);
  expect((await words()).filter((word, n, all) => word !== all[n - 1])).toEqual(["stale", "on"]);
});

test("a server that is killed is noticed at once, and the page goes on after its next start", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-live-"));
  let child: ChildProcess | undefined;
  const begin = async (listen: string) => {
    child = spawn(process.env.GATEHOUSE!, ["serve", "--listen", listen, "--data", join(folder, "data")], { stdio: ["ignore", "pipe", "ignore"] });
    const [ready] = await once(createInterface({ input: child.stdout! }), "line");
    return ready.match(/^READY (\S+)(?: one-time-token=(\S+))?$/) as string[];
  };
  const end = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  try {
    const [, url, token] = await begin("127.0.0.1:0");
    await page.goto(url);
    await page.getByLabel("One-time token").fill(token);
    await page.getByLabel("Your name").fill("ada");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Make the first admin" }).click();
    await expect(page.getByRole("heading", { name: "Clusters" })).toBeVisible();
    await live(page, "on");
    await end();
    await saysStale(page);
    await begin(new URL(url).host);
    await saysLive(page);
  } finally {
    await end();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("title and icon show the worst cluster on every page, a change is read out once, and ages go on by themselves", async ({ browser }) => {
  const { demo, stop } = await start(["--clock", "manual", "--interval", "1"]);
  try {
    const page = await browser.newPage();
    await signIn(page, demo);
    await page.goto(`${demo.url}/clusters/1`);
    await live(page, "on");
    await demo.control("/clock", { advance_ms: 6000 });
    await expect(page.locator("#cluster-verdict")).toContainText("UP, 9 of 9 members UP");
    await demo.control("/faults", { target: "10.20.30.12", fault: "power_off" });
    await demo.control("/clock", { advance_ms: 20_000 });
    await expect(page).toHaveTitle(/^[▲◆]\d+ Berlin · Gatehouse$/);
    await expect(page.locator("#icon")).toHaveAttribute("href", /icon-(bad|warn)\./);
    await expect(page.locator("#live-said")).toContainText(/^Berlin has \d+ (failure|warning)/);
    // A page of which nothing moves, and one that nobody looks at: its stream is closed, and it asks now and then.
    await page.goto(`${demo.url}/account`);
    await expect(page).toHaveTitle(/^[▲◆]\d+ Berlin · .+ · Gatehouse$/);
    const hide = (state: string) =>
      page.evaluate((state) => {
        Object.defineProperty(document, "visibilityState", { get: () => state, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, state);
    const asked: string[] = [];
    page.on("request", (request) => request.url().includes("/live") && asked.push(request.url()));
    await hide("hidden");
    await expect.poll(() => asked.some((url) => url.includes("glance=1"))).toBe(true);
    await demo.control("/faults", undefined, "DELETE");
    await demo.control("/clock", { advance_ms: 40_000 });
    await expect(page).not.toHaveTitle(/^[▲◆?]/);
    await hide("visible");
    await live(page, "on");

    // Times are the reader's, ages are counted where they are read.
    await page.clock.install();
    await page.goto(`${demo.url}/clusters/1`);
    await live(page, "on");
    const plan = page.locator("#cluster-plans time").first();
    await expect(plan).toHaveAttribute("title", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    const age = page.locator("#cluster-verdict time[data-ago=' ago']").first();
    await expect(age).toHaveText(/^\d s ago$/);
    demo.signal("SIGSTOP");
    await page.clock.fastForward(20_000);
    await expect(age).toHaveText(/^2\d s ago$/);
    demo.signal("SIGCONT");
    await page.close();
  } finally {
    demo.signal("SIGCONT");
    await stop();
  }
});

test("a page that stays on its appliance sees it answer, without being loaded again", async ({ watched: page, demo, scripted }) => {
  await setUp(page, demo, scripted);
  await page.goto(`${demo.url}/appliances/1`);
  await awake(page, scripted);
  const answers = page.locator("#appliance-live .verdict");
  await expect(answers).toContainText("answers");
  await demo.control("/faults", { target: "10.0.0.10", fault: "power_off" });
  await expect(answers).toContainText("does not answer");
  await demo.control("/faults", undefined, "DELETE");
  await expect(answers).toContainText(/^\W*answers/);
});
