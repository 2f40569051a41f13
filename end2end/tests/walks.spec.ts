// The newcomer's two walks, click by click, each to UP: the README's, and the whole procedure from an empty demo. Every
// click is counted; what is proposed in a field is taken.
import type { Locator, Page } from "@playwright/test";
import { type Demo, type Passwords, awake, eventually, expect, test } from "../support/fixtures";

/** Clicks, and nothing else. */
class Hand {
  clicks = 0;
  constructor(readonly page: Page) {}

  async click(what: Locator) {
    this.clicks++;
    await what.click();
  }

  async press(name: string | RegExp) {
    await this.click(this.page.getByRole("button", { name, exact: true }));
  }

  async follow(name: string | RegExp) {
    await this.click(this.page.getByRole("main").getByRole("link", { name, exact: true }).first());
  }

  at(title: string) {
    return expect(this.page.getByRole("heading", { level: 1, name: title, exact: true })).toBeVisible();
  }
}

async function signIn(hand: Hand, demo: Demo) {
  await hand.page.goto(demo.url);
  await hand.page.getByLabel("Name").fill(demo.user);
  await hand.page.getByLabel("Password").fill(demo.password);
  await hand.press("Sign in");
  await hand.at("Clusters");
}

/** From the set-up of a cluster that is not described to a run that has succeeded and every member UP. */
async function followTheSteps(hand: Hand, demo: Demo, scripted: boolean, passwords: Passwords, vips: [string, string]) {
  const { page } = hand;
  await hand.follow("Next: Prerequisites");
  await hand.follow("Continue: Nodes");
  await hand.press("Save and continue");
  // The nodes are known, their IDs are not: accounts, keys and IDs are one flow on one page.
  await page.getByLabel("Password of the REST account").fill(passwords.rest);
  await page.getByLabel("Password of the SSH account").fill(passwords.ssh);
  await hand.press("Save and fetch keys");
  await expect(page.locator("#keys")).toBeInViewport();
  await expect(page.getByText("All 3 nodes show the same certificate")).toBeVisible();
  await hand.press("Accept the keys of these 3 nodes");
  await expect(page.getByText("3 of 3 accepted")).toBeInViewport();
  await expect(page.getByText("Nobody has accepted")).toHaveCount(0);
  await hand.press("Use these IDs (3 new)");
  await expect(page.getByText("3 of 3 in the set-up")).toBeInViewport();
  await hand.follow("Next: MDM");
  await hand.at("MDM");
  await expect(page.getByLabel("MDM address (VIP)")).toHaveValue(vips[0]);
  await hand.press("Save and continue");
  await hand.at("MAM");
  await expect(page.getByLabel("MAM address (VIP)")).toHaveValue(vips[1]);
  await hand.press("Save and continue");
  await hand.at("Groups and members");
  await hand.press("Save and continue");
  await hand.at("Gateway");
  await hand.press("Save and continue");
  await hand.at("DNS");
  await hand.press("Save and plan");
  await expect(page.getByRole("heading", { name: /^Plan \d+$/ })).toBeVisible();

  await hand.press("Apply");
  await eventually(page, scripted, async (expect) => expect(page.getByText("succeeded", { exact: true })).toBeVisible());
  await hand.follow("See the cluster");
  await awake(page, scripted);
  // The monitors' first results are due within their interval, by the lab's clock.
  await demo.control("/clock", { advance_ms: 6000 });
  await eventually(page, scripted, async (expect) => {
    await expect(page.getByText("UP, 9 of 9 members UP")).toBeVisible();
    await expect(page.getByText("configuration saved")).toBeVisible();
  });
}

test.describe("the README's walk", () => {
  test.use({ flags: [] });

  test("open Hamburg, then Set-up, follow the steps: UP, and Berlin is as it was", async ({ watched: page, demo, scripted }) => {
    const hand = new Hand(page);
    await signIn(hand, demo);
    await hand.follow("Hamburg");
    await hand.follow("Set-up");
    await followTheSteps(hand, demo, scripted, demo.passwordsOf("10.20.50.11"), ["10.20.50.51", "10.20.50.52"]);
    expect(hand.clicks).toBeLessThanOrEqual(19);

    const state = (await demo.control("/state")).appliances[0];
    const gateways = state.gateways.map((gateway: any) => [gateway.name, gateway.controllers]);
    expect(gateways).toEqual([
      ["_XM_ag.example.com", ["https://xms.example.com:8443"]],
      ["_XM_ag.example.org", ["https://mdm.example.org:8443"]],
    ]);
    expect(state.vservers.map((vserver: any) => vserver.state)).toEqual(Array(6).fill("UP"));
    expect(state.dns.map((record: any) => [record.name, record.addresses])).toEqual([
      ["xms.example.com", ["10.20.40.52"]],
      ["mdm.example.org", ["10.20.50.52"]],
    ]);
    await page.goto(`${demo.url}/clusters/1`);
    await expect(page.getByText("UP, 9 of 9 members UP")).toBeVisible();
  });
});

test("from the empty demo to UP in at most 22 clicks", async ({ watched: page, demo, scripted }) => {
  const hand = new Hand(page);
  await signIn(hand, demo);
  await hand.follow("Add an appliance");
  await page.getByLabel("Password").fill(demo.appliancePassword);
  await hand.press("Add the appliance");
  await expect(page.locator("#answer")).toBeInViewport();
  await hand.press("Trust this certificate and add");
  await hand.at("Lab NetScaler");
  await expect(page.getByText("answers", { exact: true })).toBeVisible();
  await hand.follow("Add a cluster");
  await page.getByLabel("Name", { exact: true }).fill("Berlin");
  await hand.press("Add the cluster");
  await hand.at("Set-up");
  await followTheSteps(hand, demo, scripted, demo.nodePasswords, ["10.20.40.51", "10.20.40.52"]);
  console.log(`From the empty demo to UP: ${hand.clicks} clicks.`);
  expect(hand.clicks).toBeLessThanOrEqual(22);
});

test("asking for node IDs without accounts says beside the button what is missing, at once", async ({ watched: page, demo }) => {
  const hand = new Hand(page);
  await signIn(hand, demo);
  await page.goto(`${demo.url}/appliances/new`);
  await page.getByLabel("Password").fill(demo.appliancePassword);
  await hand.press("Add the appliance");
  await hand.press("Trust this certificate and add");
  await hand.follow("Add a cluster");
  await page.getByLabel("Name", { exact: true }).fill("Berlin");
  await hand.press("Add the cluster");
  await hand.follow("Next: Prerequisites");
  await hand.follow("Continue: Nodes");
  await hand.press("Save and continue");
  const ids = page.locator("#ids");
  await expect(ids.getByText("An SSH account is missing")).toBeVisible();
  await hand.press("Read node IDs");
  await expect(ids.getByText("Nothing was asked.")).toBeInViewport();
  await ids.getByRole("link", { name: "Give the account" }).click();
  await expect(page.getByLabel("SSH account", { exact: true })).toBeInViewport();
});
