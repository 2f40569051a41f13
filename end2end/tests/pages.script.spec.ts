// Pages as a person with a screen reader, a phone or a dark room has them.
import AxeBuilder from "@axe-core/playwright";
import { awake, expect, setUp, signIn, test } from "../support/fixtures";

test("no page has an accessibility fault, in light and dark, wide and narrow", async ({ watched: page, demo, scripted }) => {
  await setUp(page, demo, scripted);
  const run = new URL(page.url()).pathname;
  const pages = ["/", "/?text=b&state=trouble&page=x", "/clusters/1/checks", "/clusters/1/history", "/clusters/1/members", "/clusters/1/members?state=bad", "/clusters/1/nodes?text=10", "/appliances", "/appliances/new", "/appliances/1", "/appliances/1/edit", "/appliances/1/remove", "/clusters/new", "/clusters/1", "/clusters/1/edit", "/clusters/1/remove", "/clusters/1/switches", "/clusters/1/setup", "/clusters/1/setup/prerequisites", "/clusters/1/setup/nodes", "/clusters/1/setup/mdm", "/clusters/1/setup/mam", "/clusters/1/setup/groups", "/clusters/1/setup/gateway", "/clusters/1/setup/dns", "/clusters/1/setup/certificate", "/clusters/1/nodes", "/clusters/1/nodes/10.20.30.11", "/clusters/1/plans/1", run, "/audit", "/audit?from=soon", "/audit/1", "/team", "/team/new", "/team/1", "/account"];
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const path of pages) {
      await page.goto(demo.url + path);
      await awake(page, scripted);
      const found = await new AxeBuilder({ page }).analyze();
      expect(found.violations.map((fault) => `${path} ${scheme}: ${fault.id} ${fault.nodes[0]?.html}`)).toEqual([]);
    }
  }
  // A phone, and a desk's screen at 400 % (WCAG 1.4.10): neither the page nor a table in it has anything out of sight.
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of pages) {
      await page.goto(demo.url + path);
      const wider = await page.evaluate(() => {
        const frames = [document.documentElement, ...document.querySelectorAll(".scroll")];
        return Math.max(...frames.map((frame) => frame.scrollWidth - frame.clientWidth));
      });
      expect(wider, `${path} scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
    }
  }
});

test("a page about nothing is not followed, and does not load again and again", async ({ demo, page, scripted }) => {
  await signIn(page, demo);
  let loads = 0;
  page.on("framenavigated", () => loads++);
  const followed = page.waitForResponse((answer) => answer.url().includes("/live?page=/clusters/99"));
  await page.goto(`${demo.url}/clusters/99`);
  await awake(page, scripted);
  expect((await followed).status()).toBe(204);
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
  expect(loads).toBe(1);
});

test("an open page moves by itself, and stops when its reader signs out elsewhere", async ({ watched: page, demo, scripted, context }) => {
  await setUp(page, demo, scripted);
  await page.goto(`${demo.url}/clusters/1`);
  await page.locator('html[data-live="on"]').waitFor({ state: "attached" });
  await demo.control("/clock", { advance_ms: 6000 });
  await expect(page.getByText("UP, 9 of 9 members UP")).toBeVisible();

  const other = await context.newPage();
  await other.goto(demo.url);
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});
