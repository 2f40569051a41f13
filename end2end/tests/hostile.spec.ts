// Names that would be markup, in a real browser: no element, no attribute, no request and no navigation that is not ours.
import { addAppliance, awake, expect, signIn, test } from "../support/fixtures";

const REFRESH = "</title><meta http-equiv=refresh content=0;url=//192.0.2.1><x-probe>";
const QUOTES = `"'><x-probe onerror=p()><img src=//192.0.2.1/i>`;

/** What stands in the document that a page of ours never has. */
function foreign(): string[] {
  const found: string[] = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (name === "x-probe" || name === "img" || name === "iframe" || name === "base") found.push(element.outerHTML);
    if (name === "meta" && element.hasAttribute("http-equiv") && !element.closest("noscript")) found.push(element.outerHTML);
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith("on") || attribute.name.includes("probe")) found.push(element.outerHTML);
      const leads = ["href", "src", "action", "formaction"].includes(attribute.name);
      if (leads && attribute.value && new URL(attribute.value, location.href).host !== location.host) found.push(element.outerHTML);
    }
  }
  for (const one of ["title", "h1", "main"]) {
    if (document.querySelectorAll(one === "title" ? "head > title" : one).length !== 1) found.push(`not one ${one}`);
  }
  return found;
}

test("hostile names draw nothing and lead nowhere", async ({ watched: page, demo, scripted }) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(demo.url) && !request.url().startsWith("data:")) elsewhere.push(request.url());
  });
  await signIn(page, demo);
  await addAppliance(page, demo);
  await page.goto(`${demo.url}/appliances/1/edit`);
  await page.getByLabel("Name", { exact: true }).fill(QUOTES);
  await page.getByRole("button", { name: "Test and save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: QUOTES })).toBeVisible();
  await page.goto(`${demo.url}/clusters/new`);
  await page.getByLabel("Name", { exact: true }).fill(REFRESH);
  await page.getByLabel("FQDN").fill("xms.example.com");
  await page.getByRole("button", { name: "Add the cluster" }).click();
  await expect(page.getByRole("heading", { name: "Set-up" })).toBeVisible();
  // A form that failed.
  await page.goto(`${demo.url}/clusters/new`);
  await page.getByLabel("Name", { exact: true }).fill(QUOTES);
  await page.getByLabel("FQDN").fill(REFRESH);
  await page.getByRole("button", { name: "Add the cluster" }).click();
  await expect(page.getByLabel("FQDN")).toHaveValue(REFRESH);

  const paths = ["/", "/appliances", "/appliances/1", "/appliances/1/edit", "/appliances/1/remove", "/clusters/new", "/clusters/1"];
  paths.push("/clusters/1/edit", "/clusters/1/remove", "/clusters/1/setup", "/clusters/1/setup/mdm", "/clusters/1/nodes", "/clusters/1/checks", "/clusters/1/history", "/clusters/1/members", "/?text=%3Cscript%3E&state=%3Cb%3E", "/audit", "/audit/4");
  paths.push("/team", "/team/1", "/account", "/audit?text=%3C%2Ftitle%3E%3Cx-probe%3E", "/?__err=%3Cx-probe%3E");
  for (const path of paths) {
    await page.goto(demo.url + path);
    await awake(page, scripted);
    expect(await page.evaluate(foreign), path).toEqual([]);
    expect(page.url()).toBe(demo.url + path);
  }
  await page.goto(`${demo.url}/clusters/1`);
  await expect(page).toHaveTitle(new RegExp(REFRESH.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")));
  expect(elsewhere).toEqual([]);
});
