// The cluster's page under each fault that the lab knows how to make: what somebody sees at night.

const NODE = "10.20.30.13";
const APPLIANCE = "netscaler";

/** Faults of a node that its cluster's page has a word for; `ms` where the fault wants one. */
const OF_A_NODE = [
  ["power_off"], ["hang"], ["web_dead_tcp_up"], ["db_down"], ["recovery_mode"], ["html_errors"], ["cluster_flag_off"], ["port80_block"],
  ["clock_skew", 900_000], ["clock_behind", 900_000], ["clone_ip"], ["moved_ip"], ["wrong_version"], ["apns_expired"],
  ["licence_out"], ["ldap_down"], ["checkin_401"], ["expired"], ["wrong_name"], ["rsa1024"], ["incomplete_chain"], ["new_certificate"], ["new_host_key"],
];

/** What somebody else does on the appliance, behind our back. */
const BY_HAND = [
  ["vserver-disabled", "POST", "lbvserver?action=disable", { lbvserver: { name: "xms-berlin-mdm-443" } }, "POST", "lbvserver?action=enable", { lbvserver: { name: "xms-berlin-mdm-443" } }],
  ["server-disabled", "POST", "server?action=disable", { server: { name: "xms03" } }, "POST", "server?action=enable", { server: { name: "xms03" } }],
];

/** Once for each: such a node showed another key, which somebody has to compare and accept before it is used again. */
const OTHER_KEY = ["expired", "wrong_name", "rsa1024", "incomplete_chain", "new_certificate", "new_host_key"];

/** What no look can tell (`services/tests/it/faults/unknown.rs`): the page stays as it was. */
const UNKNOWABLE = ["ldap_down", "checkin_401"];

/** Shoots `demo`'s cluster 1 under each of them; each is lifted again before the next. */
export async function faults({ demo, page, shoot }) {
  const verdict = page.locator("#cluster-verdict");
  /** Seen since the clock moved, by doors that are not asked at each look as well. */
  const until = async (what, seen) => {
    await demo.order("/clock", { advance_ms: 30_000 });
    await page.goto(`${demo.url}/clusters/1`);
    await seen().catch(() => console.error(what));
  };
  const fresh = () => verdict.locator("[data-tone=unknown]").first().waitFor({ state: "detached", timeout: 20_000 });
  const see = async (name) => {
    const named = page.locator('.finding[data-tone="bad"], .finding[data-tone="warn"]').first();
    await until(`${name}: the page says nothing of it.`, async () => {
      if (!UNKNOWABLE.includes(name)) await named.waitFor({ timeout: 30_000 });
      if (name !== "appliance-off") await fresh();
    });
    await shoot(`fault-${name}`, undefined, ["wide-light", "phone-light"]);
  };
  const mended = async (name) => {
    if (OTHER_KEY.includes(name)) await accept();
    await until(`${name}: the page is not green again.`, () => verdict.locator('[data-tone="good"]').first().waitFor({ timeout: 30_000 }));
  };
  const accept = async () => {
    await page.goto(`${demo.url}/clusters/1/nodes/${NODE}`);
    await page.getByRole("link", { name: "Compare its keys" }).click();
    const card = page.locator(".key-card", { hasText: NODE }).first();
    await card.getByRole("button", { name: "Fetch keys" }).click();
    await card.getByRole("button", { name: "Accept these keys" }).waitFor();
    await shoot("nodes-other-key", undefined, ["wide-light", "phone-light"]);
    await card.getByRole("button", { name: "Accept these keys" }).click();
  };
  for (const [fault, ms = 0] of OF_A_NODE) {
    await demo.order("/faults", { target: NODE, fault, ms });
    await see(fault);
    await demo.order("/faults", undefined, "DELETE");
    await mended(fault);
  }
  for (const [name, method, resource, body, backMethod, backResource, backBody] of BY_HAND) {
    await demo.nitro(method, resource, body);
    await see(name);
    await demo.nitro(backMethod, backResource, backBody);
    // Switching back is a change as well, and what is not saved is no green page.
    await demo.nitro("POST", "nsconfig?action=save", { nsconfig: {} });
    await mended(name);
  }
  await demo.order("/faults", { target: APPLIANCE, fault: "power_off" });
  await see("appliance-off");
  await demo.order("/faults", undefined, "DELETE");
  await mended("appliance-off");
  // All of that is a history by now.
  await shoot("history", `${demo.url}/clusters/1/history`);
}
