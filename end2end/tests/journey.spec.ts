// From nothing to UP and saved, by clicking alone.
import { addAppliance, addCluster, awake, eventually, expect, setUp, signIn, test } from "../support/fixtures";

test("an MDM virtual server with three members goes from nothing to UP and saved", async ({ watched: page, demo, scripted }) => {
  await signIn(page, demo);
  await awake(page, scripted);
  await expect(page.getByText("There is no cluster yet. Add the NetScaler")).toBeVisible();
  await addAppliance(page, demo);
  await addCluster(page, demo);

  await page.getByRole("button", { name: "Save and plan" }).click();
  await expect(page.getByRole("heading", { name: /^Plan \d+$/ })).toBeVisible();
  await expect(page.getByText("+11 add")).toBeVisible();
  await page.getByText("Command, request, undo").nth(9).click();
  await expect(page.getByText("add lb vserver xms-berlin-mdm-443 SSL_BRIDGE 10.20.40.51 443 -persistenceType SOURCEIP -timeout 20")).toBeVisible();
  await page.getByRole("button", { name: "Apply" }).click();

  await eventually(page, scripted, async (expect) => {
    await expect(page.getByText("succeeded", { exact: true })).toBeVisible();
    await expect(page.getByText("12 of 12 confirmed")).toBeVisible();
  });
  await page.getByRole("link", { name: "See the cluster" }).click();
  await awake(page, scripted);
  // The monitors' first results are due within their interval, by the lab's clock.
  await demo.control("/clock", { advance_ms: 6000 });
  await eventually(page, scripted, async (expect) => {
    await expect(page.getByText("UP, 3 of 3 members UP")).toBeVisible();
    await expect(page.getByText("configuration saved")).toBeVisible();
  });

  await page.getByRole("button", { name: "Plan", exact: true }).click();
  await expect(page.getByText("Nothing is to be done")).toBeVisible();
  await expect(page.getByRole("button", { name: "Apply" })).toHaveCount(0);

  const state = await demo.control("/state");
  expect(state.appliances[0].configchanged).toBe(false);
  const cli: { line: string }[] = await demo.control("/cli");
  expect(cli.map((entry) => entry.line)).toEqual([
    "enable ns feature LB",
    "enable ns feature SSL",
    "add server xms01 10.20.30.11",
    "add server xms02 10.20.30.12",
    "add server xms03 10.20.30.13",
    "add serviceGroup xms-berlin-mdm-443-sg SSL_BRIDGE",
    "bind serviceGroup xms-berlin-mdm-443-sg xms01 443",
    "bind serviceGroup xms-berlin-mdm-443-sg xms02 443",
    "bind serviceGroup xms-berlin-mdm-443-sg xms03 443",
    "add lb vserver xms-berlin-mdm-443 SSL_BRIDGE 10.20.40.51 443 -persistenceType SOURCEIP -timeout 20",
    "bind lb vserver xms-berlin-mdm-443 xms-berlin-mdm-443-sg",
    "save ns config",
  ]);
});

test("a stopped node shows its member DOWN after the monitor's time, and UP again after its return", async ({ watched: page, demo, scripted }) => {
  await setUp(page, demo, scripted);
  await page.goto(`${demo.url}/clusters/1`);
  await awake(page, scripted);
  await demo.control("/clock", { advance_ms: 6000 });
  await eventually(page, scripted, (expect) => expect(page.getByText("UP, 3 of 3 members UP")).toBeVisible());

  await demo.control("/faults", { target: "10.20.30.12", fault: "power_off" });
  await demo.control("/clock", { advance_ms: 20_000 });
  const member = page.getByRole("listitem").filter({ hasText: "xms02" });
  await eventually(page, scripted, async (expect) => {
    await expect(page.getByText("UP, 2 of 3 members UP")).toBeVisible();
    await expect(member.getByText("DOWN", { exact: true })).toBeVisible();
    // The cause stands beside it: what the monitor heard last.
    await expect(member.getByText(/^tcp-default: /)).toBeVisible();
  });

  await demo.control("/faults", undefined, "DELETE");
  await demo.control("/clock", { advance_ms: 40_000 });
  await eventually(page, scripted, (expect) => expect(page.getByText("UP, 3 of 3 members UP")).toBeVisible());
});

test("closing the tab during a run changes nothing", async ({ demo, scripted, context }) => {
  const page = await context.newPage();
  await signIn(page, demo);
  await addAppliance(page, demo);
  await addCluster(page, demo);
  await page.getByRole("button", { name: "Save and plan" }).click();
  await demo.control("/faults", { target: "10.0.0.10", fault: "slow", ms: 120, method: "POST" });
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/\/runs\/\d+$/);
  await expect(page.getByText("running", { exact: true })).toBeVisible();
  const address = page.url();
  await page.close();

  const again = await context.newPage();
  await again.goto(address);
  await awake(again, scripted);
  await eventually(again, scripted, async (expect) => {
    await expect(again.getByText("succeeded", { exact: true })).toBeVisible();
    await expect(again.getByText("12 of 12 confirmed")).toBeVisible();
  });
});

test("a run is taken back by a plan that is seen first", async ({ watched: page, demo, scripted }) => {
  await setUp(page, demo, scripted);
  await page.getByRole("button", { name: "Plan its undo" }).click();
  await expect(page.getByText("−9 remove")).toBeVisible();
  await expect(page.getByText("A feature stays on").first()).toBeVisible();
  await page.getByRole("button", { name: "Apply" }).click();
  await eventually(page, scripted, (expect) => expect(page.getByText("10 of 10 confirmed")).toBeVisible());
  const state = await demo.control("/state");
  expect(state.appliances[0].vservers).toEqual([]);
  expect(state.appliances[0].servers).toEqual([]);
  expect(state.appliances[0].configchanged).toBe(false);
});

test("the log has every step, and each record its act", async ({ watched: page, demo, scripted }) => {
  await setUp(page, demo, scripted);
  await page.goto(`${demo.url}/audit?kind=call.intent`);
  await expect(page.getByRole("row")).toHaveCount(1 + 12);
  await page.goto(`${demo.url}/audit?kind=call.result&outcome=succeeded`);
  await expect(page.getByRole("row")).toHaveCount(1 + 12);
  await page.getByRole("link", { name: /^\d+$/ }).last().click();
  await expect(page.getByText("Done, and reading back shows it.").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "The whole act, oldest first" })).toBeVisible();
});
