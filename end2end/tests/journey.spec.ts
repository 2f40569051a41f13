// From nothing to UP and saved, by clicking alone.
import { OPERATIONS, addAppliance, addCluster, awake, describe, eventually, expect, planned, setUp, signIn, test } from "../support/fixtures";

test("the whole procedure, from an empty NetScaler to every virtual server UP and saved, and nothing left to do", async ({ watched: page, demo, scripted }) => {
  await signIn(page, demo);
  await awake(page, scripted);
  await expect(page.getByText("There is no cluster yet. Add the NetScaler")).toBeVisible();
  await addAppliance(page, demo);
  await addCluster(page, demo);
  await describe(page, demo, true);
  await page.getByText("The same by hand: CLI and NITRO").click();
  await planned(page);
  await page.getByRole("button", { name: "Apply" }).click();
  await eventually(page, scripted, async (expect) => {
    await expect(page.getByText("succeeded", { exact: true })).toBeVisible();
    await expect(page.getByText(`${OPERATIONS} of ${OPERATIONS} confirmed`)).toBeVisible();
  });
  await page.getByRole("link", { name: "See the cluster" }).click();
  await awake(page, scripted);
  // The monitors' first results are due within their interval, by the lab's clock.
  await demo.control("/clock", { advance_ms: 6000 });
  await eventually(page, scripted, async (expect) => {
    await expect(page.getByText("UP, 9 of 9 members UP")).toBeVisible();
    await expect(page.getByText("configuration saved")).toBeVisible();
  });

  const state = (await demo.control("/state")).appliances[0];
  expect(state.vservers.map((vserver: any) => vserver.state)).toEqual(["UP", "UP", "UP"]);
  expect(state.groups).toHaveLength(3);
  expect(state.groups.flatMap((group: any) => group.members.map((member: any) => member.state))).toEqual(Array(9).fill("UP"));
  expect(state.gateways[0].controllers).toEqual(["https://xms.example.com:8443"]);
  expect(state.session_actions.find((action: any) => action.name === "AC_OS_10.20.40.40").storefronturl).toBe("https://xms.example.com:8443");
  expect(state.configchanged).toBe(false);

  // Opening the set-up again: nothing is to be done, and a plan says the same.
  await page.getByRole("link", { name: "Set-up" }).click();
  await expect(page.getByText("In sync: by the last look there is nothing to do, the appliance is as the set-up describes it.")).toBeVisible();
  await page.getByRole("button", { name: "Plan", exact: true }).click();
  await expect(page.getByText("Nothing is to be done")).toBeVisible();
  await expect(page.getByRole("button", { name: "Apply" })).toHaveCount(0);

  const cli: { line: string }[] = await demo.control("/cli");
  const group = (name: string, kind: string) => `add serviceGroup xms-berlin-${name}-sg ${kind}`;
  const members = (name: string, port: number, ids = false) =>
    [1, 2, 3].map((n) => `bind serviceGroup xms-berlin-${name}-sg xms0${n} ${port}${ids ? ` -CustomServerID ${169090570 + n}` : ""}`);
  expect(cli.map((entry) => entry.line)).toEqual([
    "enable ns feature LB",
    "enable ns feature SSL",
    "add server xms01 10.20.30.11",
    "add server xms02 10.20.30.12",
    "add server xms03 10.20.30.13",
    group("mdm-443", "SSL_BRIDGE"),
    group("mdm-8443", "SSL_BRIDGE"),
    group("mam-8443", "SSL"),
    ...members("mdm-443", 443),
    ...members("mdm-8443", 8443),
    ...members("mam-8443", 8443, true),
    "add lb vserver xms-berlin-mdm-443 SSL_BRIDGE 10.20.40.51 443 -persistenceType SOURCEIP -timeout 20",
    "add lb vserver xms-berlin-mdm-8443 SSL_BRIDGE 10.20.40.51 8443 -persistenceType SOURCEIP -timeout 20",
    'add lb vserver xms-berlin-mam-8443 SSL 10.20.40.52 8443 -persistenceType CUSTOMSERVERID -rule "HTTP.REQ.COOKIE.VALUE(\\"ACNODEID\\")"',
    "bind lb vserver xms-berlin-mdm-443 xms-berlin-mdm-443-sg",
    "bind lb vserver xms-berlin-mdm-8443 xms-berlin-mdm-8443-sg",
    "bind lb vserver xms-berlin-mam-8443 xms-berlin-mam-8443-sg",
    "bind ssl vserver xms-berlin-mam-8443 -certkeyName wildcard-example",
    "add dns addRec xms.example.com 10.20.40.52",
    'bind vpn vserver _XM_ag.example.com -appController "https://xms.example.com:8443"',
    'set vpn sessionAction AC_OS_10.20.40.40 -storefronturl "https://xms.example.com:8443"',
    "save ns config",
  ]);
});

test("a stopped node shows its member DOWN after the monitor's time, and UP again after its return", async ({ watched: page, demo, scripted }) => {
  await setUp(page, demo, scripted);
  await page.goto(`${demo.url}/clusters/1`);
  await awake(page, scripted);
  await demo.control("/clock", { advance_ms: 6000 });
  await eventually(page, scripted, (expect) => expect(page.getByText("UP, 9 of 9 members UP")).toBeVisible());

  await demo.control("/faults", { target: "10.20.30.12", fault: "power_off" });
  await demo.control("/clock", { advance_ms: 20_000 });
  const member = page.getByRole("row").filter({ hasText: "xms02" });
  await eventually(page, scripted, async (expect) => {
    await expect(page.getByText("UP, 6 of 9 members UP")).toBeVisible();
    await expect(member.getByText("DOWN", { exact: true })).toHaveCount(3);
    // The cause stands beside it: what the monitor heard last.
    await expect(member.getByText(/^tcp-default: /).first()).toBeVisible();
    // One node is off: one finding, and the picture shows its three lines broken.
    await expect(page.locator(".finding[data-check=members]")).toHaveCount(1);
    await expect(page.getByText("Node xms02 (10.20.30.12) does not answer: all its 3 members are DOWN.")).toBeVisible();
    await expect(page.locator(".map-wire[data-tone=bad]")).toHaveCount(3);
  });

  await demo.control("/faults", undefined, "DELETE");
  await demo.control("/clock", { advance_ms: 40_000 });
  await eventually(page, scripted, (expect) => expect(page.getByText("UP, 9 of 9 members UP")).toBeVisible());
});

test("two server IDs swapped by hand are named with the reason, and a plan mends them", async ({ watched: page, demo, scripted }) => {
  await setUp(page, demo, scripted);
  await demo.control("/clock", { advance_ms: 6000 });
  const member = (server: string, id: number) =>
    demo.nitro("servicegroup", { servicegroupname: "xms-berlin-mam-8443-sg", servername: server, port: 8443, customserverid: String(id) });
  await member("xms01", 169090572);
  await member("xms02", 169090571);
  await page.goto(`${demo.url}/clusters/1`);
  await awake(page, scripted);
  await eventually(page, scripted, (expect) => expect(page.locator(".finding").filter({ hasText: /xms01.*xms02/ }).first()).toBeVisible());
  await page.getByRole("button", { name: "Plan", exact: true }).click();
  await expect(page.getByText("~2 change")).toBeVisible();
  await page.getByRole("button", { name: "Apply" }).click();
  await eventually(page, scripted, (expect) => expect(page.getByText("3 of 3 confirmed")).toBeVisible());
  await page.goto(`${demo.url}/clusters/1`);
  await eventually(page, scripted, (expect) => expect(page.locator(".finding").filter({ hasText: /server ID/ })).toHaveCount(0));
});

test("closing the tab during a run changes nothing", async ({ demo, scripted, context }) => {
  const page = await context.newPage();
  await signIn(page, demo);
  await addAppliance(page, demo);
  await addCluster(page, demo);
  await describe(page, demo);
  await planned(page);
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
    await expect(again.getByText(`${OPERATIONS} of ${OPERATIONS} confirmed`)).toBeVisible();
  });
});

test("a run is taken back by a plan that is seen first", async ({ watched: page, demo, scripted }) => {
  await setUp(page, demo, scripted);
  await page.getByRole("button", { name: "Plan its undo" }).click();
  await expect(page.getByText("−24 remove")).toBeVisible();
  await expect(page.getByText("~1 change")).toBeVisible();
  await expect(page.getByText("A feature stays on").first()).toBeVisible();
  await page.getByRole("button", { name: "Apply" }).click();
  await eventually(page, scripted, (expect) => expect(page.getByText("26 of 26 confirmed")).toBeVisible());
  const state = await demo.control("/state");
  expect(state.appliances[0].vservers).toEqual([]);
  expect(state.appliances[0].servers).toEqual([]);
  expect(state.appliances[0].configchanged).toBe(false);
});

test("the log has every step, and each record its act", async ({ watched: page, demo, scripted }) => {
  await setUp(page, demo, scripted);
  await page.goto(`${demo.url}/audit?kind=call.intent`);
  // One line for the run, what was looked for within it, and all of it where it is unfolded.
  await expect(page.locator("#log-live tbody tr")).toHaveCount(1);
  await expect(page.getByText(`${OPERATIONS} calls, succeeded`)).toBeVisible();
  await expect(page.locator(".found > li")).toHaveCount(6);
  await expect(page.getByText(`and at least ${OPERATIONS - 5} more that fit`)).toBeVisible();
  await page.getByRole("link", { name: /^Unfold/ }).click();
  await expect(page.locator(".steps > li")).toHaveCount(OPERATIONS + 2);
  await page.getByRole("link", { name: /^Fold/ }).click();
  await expect(page.locator(".steps")).toHaveCount(0);
  await page.goto(`${demo.url}/audit?kind=call.result&outcome=succeeded`);
  await page.locator(".found").getByRole("link").last().click();
  await expect(page.getByText("Done, and reading back shows it.").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "The whole act, oldest first" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "What changed" })).toBeVisible();
  const address = page.url();
  await page.getByRole("link", { name: /^← Record/ }).click();
  await page.getByRole("link", { name: /→$/ }).click();
  expect(page.url()).toBe(address);
});
