// Bad input: a sentence beside the field, and what was typed stays (secrets do not).
import { addAppliance, addCluster, describe, expect, signIn, test } from "../support/fixtures";

test("an appliance's form says beside the field what is wrong", async ({ watched: page, demo }) => {
  await signIn(page, demo);
  const form = async (fields: Record<string, string>, sentence: RegExp, beside: string) => {
    await page.goto(`${demo.url}/appliances/new`);
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByRole("button", { name: "Test connection" }).click();
    const field = page.locator(".field", { has: page.getByLabel(beside, { exact: true }) });
    await expect(field.locator(".field-error")).toHaveText(sentence);
    for (const [label, value] of Object.entries(fields)) {
      await expect(page.getByLabel(label, { exact: true })).toHaveValue(label === "Password" ? "" : value);
    }
  };
  const password = demo.appliancePassword;
  await form({ Password: "" }, /Type the password/, "Password");
  await form({ "Management address": "10.0.0", Password: password }, /no IPv4 address/, "Management address");
  await form({ "Management address": "10.0.0.10:0", Password: password }, /Port 0 cannot be reached/, "Management address");
  await form({ "Management address": "10.0.0.99", Password: password }, /10\.0\.0\.99/, "Management address");
  await form({ Account: "", Password: password }, /account's name/, "Account");
  await form({ Name: "", Password: password }, /a name/, "Name");
  await form({ "Proxy, or the other address": "nowhere", "Management address": "10.0.0.10", Password: password }, /host and port/, "Proxy, or the other address");
});

test("an untrusted certificate is shown with its fingerprint before any password is sent", async ({ watched: page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/appliances/new`);
  await page.getByLabel("Password").fill("wrong-but-not-sent");
  await page.getByRole("button", { name: "Test connection" }).click();
  // Normal for a factory certificate: nothing is red, and the answer has the focus, beside the buttons.
  await expect(page.locator("#answer")).toContainText("no authority of this machine vouches for");
  await expect(page.locator("#answer")).toBeInViewport();
  await expect(page.locator(".field-error")).toHaveCount(0);
  await expect(page.locator(".fingerprint")).toHaveText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  const requests: { path: string }[] = await demo.control("/requests");
  expect(requests.filter((request) => request.path.endsWith("/login"))).toEqual([]);

  await page.getByLabel("Password").fill("wrong-and-sent");
  await page.getByRole("button", { name: "Trust it and test only" }).click();
  const field = page.locator(".field", { has: page.getByLabel("Password") });
  await expect(field.locator(".field-error")).toContainText(/account|password/i);
  await expect(page.getByLabel("Password")).toHaveValue("");
  await expect(page.getByRole("checkbox")).toBeChecked();

  await page.getByLabel("Password").fill(demo.appliancePassword);
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText(/Connection works: NetScaler .*Primary/)).toBeVisible();
  // What was typed is kept for a minute, on the server: nobody types it twice to add what was just tested.
  await expect(page.getByLabel("Password")).toHaveValue("");
  await page.getByRole("button", { name: "Add the appliance" }).click();
  await expect(page.getByRole("heading", { name: "Lab NetScaler" })).toBeVisible();
});

test.describe("a pair", () => {
  test.use({ flags: ["--empty", "--pair"] });

  test("both halves are trusted one after the other, and the page shows which of them is the primary", async ({ watched: page, demo }) => {
    await signIn(page, demo);
    await page.goto(`${demo.url}/appliances/new`);
    await expect(page.getByLabel("Address of the other half")).toHaveValue("https://10.0.0.11");
    await page.getByLabel("Password").fill(demo.appliancePassword);
    await page.getByRole("button", { name: "Test connection" }).click();
    await expect(page.locator("#answer")).toContainText("The appliance shows a certificate");
    await page.getByRole("button", { name: "Trust it and test only" }).click();
    await expect(page.locator("#answer")).toContainText("The other half of the pair shows a certificate");
    await page.getByRole("button", { name: "Trust this certificate and add" }).click();
    await expect(page.getByRole("heading", { name: "Lab NetScaler" })).toBeVisible();
    const half = (label: string) => page.locator("dt", { hasText: label }).locator("xpath=following-sibling::dd[1]");
    await expect(half("One half")).toContainText("https://10.0.0.10 · Primary");
    await expect(half("The other half")).toContainText("https://10.0.0.11 · Secondary");

    // What is typed wrong of the other half is said beside it, in the part that is open then.
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByLabel("Address of the other half").fill("https://10.0.0.10");
    await page.getByRole("button", { name: "Test and save" }).click();
    await expect(page.locator(".field-error")).toContainText("This is the same address once more");
    await expect(page.getByLabel("Address of the other half")).toHaveValue("https://10.0.0.10");
  });
});

test("an unreachable appliance is told apart from a wrong one", async ({ watched: page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/appliances/new`);
  await page.getByLabel("Connect").selectOption("direct");
  await page.getByLabel("Proxy, or the other address").fill("");
  // A port on loopback where nobody listens.
  await page.getByLabel("Management address").fill("localhost:9");
  await page.getByLabel("Password").fill("x");
  await page.getByRole("button", { name: "Test connection" }).click();
  const field = page.locator(".field", { has: page.getByLabel("Management address") });
  await expect(field.locator(".field-error")).toContainText("localhost:9");
  await expect(page.getByLabel("Management address")).toHaveValue("localhost:9");
});

test("every step says beside the field what is wrong, and keeps what was typed", async ({ watched: page, demo }) => {
  await signIn(page, demo);
  await addAppliance(page, demo);
  await addCluster(page, demo);
  await describe(page, demo);
  const bad = async (step: string, label: string, value: string, sentence: RegExp) => {
    await page.goto(`${demo.url}/clusters/1/setup/${step}`);
    const input = page.getByLabel(label, { exact: true });
    const before = await input.inputValue();
    await input.fill(value);
    await page.getByRole("button", { name: "Save and plan" }).click();
    const field = page.locator(".field", { has: page.getByLabel(label, { exact: true }) });
    await expect(field.locator(".field-error")).toHaveText(sentence);
    await expect(page.getByLabel(label, { exact: true })).toHaveValue(value);
    await page.getByLabel(label, { exact: true }).fill(before);
    await page.getByRole("button", { name: "Save only" }).click();
    await expect(page.getByRole("heading", { name: "Set-up" })).toBeVisible();
  };
  await bad("nodes", "Nodes", "10.20.30.11\n10.20.30.11", /stands here twice/);
  await bad("mdm", "MDM address (VIP)", "vip", /is no IPv4 address/);
  await bad("mdm", "For how many minutes", "1", /out of range/);
  await bad("mdm", "Name of the virtual server on 443", "bad name[1]", /is not allowed in the name/);
  await bad("mam", "MAM address (VIP)", "10.20.40.51", /is the MDM address/);
  await bad("mam", "Name of the virtual server", "_XM_mine", /vendor's wizard/);
  await bad("groups", "MAM group on 8443", "xms-berlin-mdm-443-sg", /another group of this set-up/);
});

test("a wrong sign-in repeats nothing that was typed: a password may stand in any field", async ({ watched: page, demo }) => {
  await page.goto(demo.url);
  await page.getByLabel("Name").fill("demo");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.locator(".field-error")).toContainText("The name or the password is wrong");
  await expect(page.getByLabel("Name")).toHaveValue("");
  await expect(page.getByLabel("Password")).toHaveValue("");
});
