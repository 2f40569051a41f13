// Who may come in and see what, what can be changed and removed, and where one lands when something is not there.
import { addAppliance, addCluster, expect, signIn, test } from "../support/fixtures";

const PASSWORD = "correct horse battery";

test("a ticked cluster is not saved as all clusters", async ({ watched: page, demo, scripted }) => {
  await signIn(page, demo);
  await addAppliance(page, demo);
  await addCluster(page, demo);
  await page.goto(`${demo.url}/team/new`);
  const [some, all, tick] = [/^Only these/, /^All clusters$/, /^Berlin$/].map((name) => page.getByLabel(name));
  await expect(some).toBeChecked();
  await expect(page.getByText("Sees nothing yet")).toBeVisible();
  await page.getByLabel("Name").fill("olga");
  await page.getByLabel("First password").fill(PASSWORD);
  await page.getByLabel("Role").selectOption("operator");
  // As somebody clicks naturally: the radio first, then the cluster after all.
  await all.check();
  await expect(page.getByText("Sees all clusters")).toBeVisible();
  await tick.check();
  if (scripted) {
    await expect(some).toBeChecked();
    await expect(page.getByText("Sees Berlin only.")).toBeVisible();
    await all.check();
    await expect(tick).not.toBeChecked();
    await tick.check();
  } else {
    await expect(page.getByText("say which of the two")).toBeVisible();
    await page.getByRole("button", { name: "Add the person" }).click();
    await expect(page.locator(".field-error")).toContainText("so nothing was saved");
    await expect(page.getByLabel("Name")).toHaveValue("olga");
    await expect(tick).toBeChecked();
    await page.getByLabel("First password").fill(PASSWORD);
    await some.check();
    await expect(page.getByText("Sees the ticked clusters only.")).toBeVisible();
  }
  await page.getByRole("button", { name: "Add the person" }).click();
  await expect(page.getByText("operator, sees Berlin only")).toBeVisible();
});

test("a link survives signing in, and an address without a page says so", async ({ watched: page, demo }) => {
  await page.goto(`${demo.url}/audit/1`);
  await expect(page.getByLabel("Name")).toBeFocused();
  await page.getByLabel("Name").fill(demo.user);
  await page.getByLabel("Password").fill(demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Record 1" })).toBeVisible();
});

test("an appliance's address is edited, and its removal waits for its clusters", async ({ watched: page, demo }) => {
  await signIn(page, demo);
  await addAppliance(page, demo);
  await addCluster(page, demo);
  await page.goto(`${demo.url}/appliances/1`);
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Berlin's NetScaler");
  await page.getByLabel("Management address").fill("https://10.0.0.10/menu/neo");
  await page.getByRole("button", { name: "Test and save" }).click();
  await expect(page.getByRole("heading", { name: "Berlin's NetScaler" })).toBeVisible();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Account").fill("somebody");
  await page.getByRole("button", { name: "Test and save" }).click();
  await expect(page.locator(".field-error")).toContainText("The kept password is that of nsroot");
  await expect(page.getByLabel("Account")).toHaveValue("somebody");

  await page.goto(`${demo.url}/appliances/1/remove`);
  await expect(page.getByText("Move each to another one or remove it first.")).toBeVisible();
  await page.getByRole("link", { name: "Berlin", exact: true }).click();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByRole("link", { name: "Remove this cluster…" }).click();
  await page.getByRole("button", { name: "Remove the cluster" }).click();
  await expect(page.locator(".field-error")).toContainText("Type the name “Berlin” here");
  await page.getByLabel("Type its name to remove it").fill("Berlin");
  await page.getByRole("button", { name: "Remove the cluster" }).click();
  await expect(page.getByText("There is no cluster yet.")).toBeVisible();
  await page.goto(`${demo.url}/appliances/1/remove`);
  await page.getByLabel("Type its name to remove it").fill("berlin's netscaler");
  await page.getByRole("button", { name: "Remove the appliance" }).click();
  await expect(page.getByText("No NetScaler is known yet.")).toBeVisible();
});
