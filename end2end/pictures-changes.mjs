// Pages that change what there is: editing, removing, switching, adopting, the nodes' flow, and a page that is stale.

const WIDE_AND_PHONE = ["wide-light", "phone-light"];

/** Berlin's and the appliance's own forms, as they are found when all is well. */
export async function edits({ demo, shoot }) {
  for (const [name, path] of [
    ["cluster-edit", "/clusters/1/edit"],
    ["cluster-remove", "/clusters/1/remove"],
    ["appliance-edit", "/appliances/1/edit"],
    ["appliance-remove", "/appliances/1/remove"],
    ["switches", "/clusters/1/switches"],
    ["team-new", "/team/new"],
  ]) {
    await shoot(name, demo.url + path);
  }
}

/** Disabled by hand: the switches, then the plan that enables it again. */
export async function switchedByHand({ demo, page, shoot }) {
  const object = { lbvserver: { name: "xms-berlin-mdm-443" } };
  await demo.nitro("POST", "lbvserver?action=disable", object);
  await demo.order("/clock", { advance_ms: 30_000 });
  // Seen on the page that moves; the other one is of the moment when it was opened.
  await page.goto(`${demo.url}/clusters/1`);
  await page.getByText("xms-berlin-mdm-443 was switched off by hand").first().waitFor();
  await page.goto(`${demo.url}/clusters/1/switches`);
  await shoot("switches-off-by-hand", undefined, WIDE_AND_PHONE);
  await page.getByRole("button", { name: "Plan: enable again" }).click();
  await page.getByRole("heading", { name: /^Plan \d+$/ }).waitFor();
  await shoot("plan-enable");
  await demo.nitro("POST", "lbvserver?action=enable", object);
  await demo.order("/clock", { advance_ms: 30_000 });
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("failed").first().waitFor();
  await shoot("run-outdated", undefined, WIDE_AND_PHONE);
}

/** Hamburg from its nodes to a plan that somebody's object stands in the way of, to a run that ends well. */
export async function procedure({ demo, page, shoot, screen }) {
  const passwords = demo.passwords("10.20.50.11");
  const save = (name) => page.getByRole("button", { name, exact: true }).click();
  await page.goto(`${demo.url}/clusters/2/setup/nodes`);
  await save("Save and continue");
  await shoot("nodes-flow-accounts");
  await page.getByLabel("Password of the REST account").fill(passwords.rest);
  await page.getByLabel("Password of the SSH account").fill(passwords.ssh);
  await save("Save and fetch keys");
  await page.getByText("All 3 nodes show the same certificate").waitFor();
  await shoot("nodes-flow-keys");
  await save("Accept the keys of these 3 nodes");
  await page.getByRole("button", { name: /^Use these IDs/ }).waitFor();
  await shoot("nodes-flow-ids", undefined, WIDE_AND_PHONE);
  await page.getByRole("button", { name: /^Use these IDs/ }).click();
  await page.goto(`${demo.url}/clusters/2/setup/mdm`);
  await page.getByLabel("MDM address (VIP)").fill("10.20.40");
  await page.getByLabel("For how many minutes").fill("soon");
  await save("Save and continue");
  await shoot("step-refused");
  await page.getByLabel("For how many minutes").fill("20");
  await page.getByLabel("MDM address (VIP)").fill("10.20.40.51");
  await save("Save and continue");
  await shoot("step-clash", undefined, WIDE_AND_PHONE);
  await page.getByLabel("MDM address (VIP)").fill("10.20.50.51");
  await save("Save and continue");
  for (const _ of ["MAM", "Groups and members", "Gateway"]) await save("Save and continue");
  await save("Save and plan");
  await page.getByRole("heading", { name: /^Plan \d+$/ }).waitFor();
  await shoot("plan");
  await screen("plan");
  const theirs = { name: "xms-hamburg-mdm-443", servicetype: "SSL_BRIDGE", ipv46: "10.20.50.51", port: 443 };
  await demo.nitro("POST", "lbvserver", { lbvserver: theirs });
  await page.goto(`${demo.url}/clusters/2/setup`);
  await save("Plan");
  await page.getByRole("heading", { name: /^Plan \d+$/ }).waitFor();
  await shoot("plan-blocked");
  await page.getByRole("checkbox").first().check();
  await save("Adopt what is ticked, and plan again");
  await page.getByRole("heading", { name: /^Plan \d+$/ }).waitFor();
  await shoot("plan-after-adoption", undefined, WIDE_AND_PHONE);
  // One of its writes fails, so that there is a run that stopped half-way.
  await demo.order("/faults", { target: "netscaler", fault: "power_off" });
  await save("Apply");
  await page.getByRole("heading", { name: /^Run/ }).waitFor();
  await page.getByText(/Resume|failed|stopped/).first().waitFor();
  await shoot("run-stopped");
  await demo.order("/faults", undefined, "DELETE");
  await page.goto(`${demo.url}/clusters/2/setup`);
  await shoot("setup-half", undefined, WIDE_AND_PHONE);
}

/** A console that hangs: what an open page says of itself. Real time has to pass, for the browser watches the heartbeat. */
export async function stale({ demo, page, shoot }) {
  await page.goto(`${demo.url}/clusters/1`);
  await page.locator('html[data-live="on"]').waitFor({ state: "attached" });
  demo.signal("SIGSTOP");
  await page.locator('html[data-live="stale"]').waitFor({ state: "attached", timeout: 40_000 });
  await shoot("cluster-stale");
  demo.signal("SIGCONT");
  await page.locator('html[data-live="on"]').waitFor({ state: "attached", timeout: 60_000 });
}
