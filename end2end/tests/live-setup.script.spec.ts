// The set-up's overview and a plan's page while they are open: they follow what others do, and what somebody holds stays.
import type { Page } from "@playwright/test";
import { expect, signIn, start, test, type Demo } from "../support/fixtures";

const live = (page: Page) => expect(page.locator("html")).toHaveAttribute("data-live", "on");

/** Somebody else's form, from its page, whose token it has. Leads to the page that it led to. */
async function post(demo: Demo, page: Page, from: string, door: string, form: Record<string, string>) {
  const drawn = await (await page.request.get(demo.url + from)).text();
  const after = drawn.split(`action="/rpc/${door}"`)[1];
  const token = /name="token"[^>]*value="([^"]+)"/.exec(after)![1];
  const answer = await page.request.post(`${demo.url}/rpc/${door}`, {
    form: { token, cluster: "1", ...form },
    headers: { origin: demo.url, accept: "text/html" },
    maxRedirects: 0,
  });
  expect(answer.status(), await answer.text()).toBe(302);
  return answer.headers().location;
}

/** The MDM step with another time of persistence: a version more. */
const saveMdm = (demo: Demo, page: Page, timeout: string, intent: "save" | "plan") =>
  post(demo, page, "/clusters/1/setup/mdm", "save_mdm", {
    intent,
    vip: "10.20.40.51",
    persistence: "SOURCEIP",
    timeout,
    vserver_443: "xms-berlin-mdm-443",
    vserver_8443: "xms-berlin-mdm-8443",
  });

/** Takes hold of an element and of a text, and gives back what of both was lost meanwhile. */
async function hold(page: Page, focus: string, select?: string) {
  await page.evaluate(
    ({ focus, select }) => {
      const one = (selector: string) => document.querySelector<HTMLElement>(selector)!;
      const held = ((window as any).held = { focused: one(focus), text: "" });
      held.focused.focus();
      if (!select) return;
      getSelection()!.selectAllChildren(one(select));
      held.text = getSelection()!.toString();
    },
    { focus, select },
  );
  return () =>
    page.evaluate((select) => {
      // A page that was loaded again holds nothing.
      const held = (window as any).held;
      if (!held) return ["the page was loaded again"];
      const lost: string[] = [];
      if (document.activeElement !== held.focused) lost.push(`focus is on ${document.activeElement?.outerHTML.slice(0, 80)}`);
      if (select && (held.text === "" || getSelection()!.toString() !== held.text)) lost.push(`“${held.text}” is not selected, but “${getSelection()}”`);
      return lost;
    }, select);
}

const pass = (demo: Demo) => demo.control("/clock", { advance_ms: 6000 });

test("the set-up's overview follows the steps and versions, and leaves people's hands alone", async ({ browser }) => {
  const { demo, stop } = await start(["--clock", "manual", "--interval", "1"]);
  try {
    const page = await browser.newPage();
    await signIn(page, demo);
    await saveMdm(demo, page, "21", "save");
    await page.goto(`${demo.url}/clusters/1/setup`);
    await live(page);
    const mdm = page.locator("#setup-live tr[data-key=mdm]");
    await expect(mdm).toContainText("planned");
    // The way back to the first version: what leads back to what is described now goes away.
    await page.locator("#setup-versions details summary").last().click();
    const opened = page.locator("#setup-versions details[open]");
    const key = await opened.getAttribute("data-key");
    const still = await hold(page, "#setup-live tr[data-key=gateway] a", "#setup-live tr[data-key=dns] .sub");
    const isHeld = async (when: string) => {
      expect(await still(), when).toEqual([]);
      await expect(page.locator(`#setup-versions details[data-key="${key}"]`), when).toHaveAttribute("open", "");
    };

    // A version more, by somebody else: the step as it was applied.
    const version = Number((await page.locator("#setup-head .sub").textContent())!.match(/version (\d+)/)![1]);
    await saveMdm(demo, page, "20", "save");
    await expect(page.locator("#setup-head")).toContainText(`version ${version + 1},`);
    await expect(mdm).toContainText("in sync");
    await expect(page.locator(`#setup-versions tr[data-key="${version + 1}"]`)).toBeVisible();
    await isHeld("after a version more");

    // Somebody's hand on the appliance, again and again.
    const count = page.locator("#setup-live tr[data-key=mdm] td.number").first();
    for (let turn = 1; turn <= 5; turn++) {
      await demo.nitro("lbvserver", { name: "xms-berlin-mdm-443", timeout: "25" });
      await pass(demo);
      await expect(mdm).toContainText("drifted");
      await expect(count).toHaveText("1");
      await expect(page.locator("#setup-live .notice")).toContainText("A plan would do");
      await isHeld(`while it drifts, turn ${turn}`);
      await demo.nitro("lbvserver", { name: "xms-berlin-mdm-443", timeout: "20" });
      await demo.nitro("nsconfig", {}, "save");
      await pass(demo);
      await expect(mdm).toContainText("in sync");
      await expect(page.locator("#setup-live .notice")).toContainText("In sync");
      await isHeld(`when it is mended, turn ${turn}`);
    }
  } finally {
    await stop();
  }
});

test("a plan's page says that it is outdated and that it has run, and a form on it stays as somebody left it", async ({ browser }) => {
  const { demo, stop } = await start(["--clock", "manual", "--interval", "1"]);
  try {
    const page = await browser.newPage();
    await signIn(page, demo);
    await pass(demo);

    // A plan without questions: its button goes when it has run, and the run's link comes.
    const plan = await saveMdm(demo, page, "21", "plan");
    await page.goto(demo.url + plan);
    await live(page);
    const head = page.locator("#plan-live");
    await expect(head.getByRole("button", { name: "Apply" })).toBeVisible();
    await page.locator(".operation summary").first().click();
    const still = await hold(page, ".operation summary", ".operation code");
    const run = await post(demo, page, plan, "apply", { plan: plan.split("/").pop()! });
    await expect(head.getByRole("link", { name: `Applied by run ${run.split("/").pop()}` })).toHaveAttribute("href", run);
    await expect(head.getByRole("button", { name: "Apply" })).toHaveCount(0);
    await expect(head.getByRole("button", { name: "Plan again" })).toBeVisible();
    expect(await still()).toEqual([]);
    await expect(page.locator(".operation details").first()).toHaveAttribute("open", "");
    await page.goto(demo.url + run);
    await expect(page.getByText("succeeded", { exact: true })).toBeVisible();

    // The undo of that run asks a question: somebody answers it otherwise, and then others save.
    const undo = await post(demo, page, run, "plan_undo", { run: run.split("/").pop()! });
    await page.goto(demo.url + undo);
    await live(page);
    const tick = page.getByRole("checkbox", { name: /Take the set-up back to version/ });
    await expect(tick).toBeChecked();
    await tick.uncheck();
    const untouched = await hold(page, "input[name=take_back]");
    const act = page.locator("#plan-act");
    await expect(act.getByRole("button", { name: "Apply" })).toBeVisible();
    await saveMdm(demo, page, "22", "save");
    await expect(page.locator("#plan-standing")).toContainText("The set-up was changed after this plan was made");
    await expect(act.getByRole("button")).toHaveCount(0);
    await expect(act).toContainText("Make a new plan");
    await expect(head.getByRole("button", { name: "Plan the undo again" })).toBeVisible();
    expect(await untouched()).toEqual([]);
    await expect(tick).not.toBeChecked();
    // A fresh page has no such form any more.
    await page.reload();
    await expect(page.locator("#plan-standing")).toContainText("The set-up was changed after this plan was made");
    await expect(tick).toHaveCount(0);
  } finally {
    await stop();
  }
});

test("a finding that a plan mends has the plan beside it", async ({ browser }) => {
  const { demo, stop } = await start(["--clock", "manual", "--interval", "1"]);
  try {
    const page = await browser.newPage();
    await signIn(page, demo);
    await pass(demo);
    await page.goto(`${demo.url}/clusters/1`);
    await live(page);
    await demo.nitro("server", { name: "xms02" }, "disable");
    await pass(demo);
    const finding = page.locator(".finding", { hasText: "Server xms02 (10.20.30.12) was switched off by hand." });
    await expect(finding).toContainText(/since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\S*( or earlier)? \(for (at least )?\d+ s\)/);
    await expect(page.locator("#cluster-verdict .since")).toContainText(/^since .* \(for (at least )?\d+ s\)$/);
    await finding.getByRole("button", { name: "Plan the repair" }).click();
    await expect(page.getByText("Puts back into service:")).toContainText("server xms02");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(page.getByText("succeeded", { exact: true })).toBeVisible();
    await page.goto(`${demo.url}/clusters/1`);
    await pass(demo);
    await expect(finding).toHaveCount(0);
  } finally {
    await stop();
  }
});

test("the nodes stand in a table that fits a laptop and in cards on a phone, and a printed sheet has its date", async ({ browser }) => {
  const { demo, stop } = await start(["--clock", "manual", "--interval", "1"]);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await signIn(page, demo);
    await page.goto(`${demo.url}/clusters/1`);
    const frame = page.locator(".scroll", { has: page.locator("th", { hasText: "Do they agree?" }) });
    const over = () => frame.evaluate((frame) => frame.scrollWidth - frame.clientWidth);
    expect(await over()).toBe(0);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await over()).toBe(0);
    await expect(frame.locator("td[data-label='Server ID']").first()).toBeVisible();

    await expect(page.locator(".on-paper")).toBeHidden();
    await page.emulateMedia({ media: "print" });
    await expect(page.locator(".on-paper")).toHaveText(/^As of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\S*$/);
    // On A4, less its margins: what leads elsewhere is not printed, and no table is cut.
    await page.setViewportSize({ width: 718, height: 1000 });
    for (const path of ["/", "/clusters/1", "/clusters/1/plans/1", "/audit"]) {
      await page.goto(demo.url + path);
      await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
      const cut = () => {
        const edge = document.documentElement.clientWidth;
        return [...document.querySelectorAll("table, pre, .operation")].filter((part) => part.getBoundingClientRect().right > edge + 1).length;
      };
      expect(await page.evaluate(cut), path).toBe(0);
    }
  } finally {
    await stop();
  }
});
