// A pair of appliances for the contact sheet: added by both addresses, and with its standby gone.

/** As in the browser tests: each half's certificate is accepted by itself. */
export async function pair(page, demo, password, shoot) {
  await page.goto(`${demo.url}/appliances/new`);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByRole("button", { name: "Trust it and test only" }).click();
  await page.getByText("The other half of the pair shows a certificate").waitFor();
  await shoot("pair-untrusted");
  await page.getByRole("button", { name: "Trust this certificate and add" }).click();
  await page.getByText("· Secondary").waitFor();
  await shoot("pair");
  await shoot("pair-edit", `${demo.url}/appliances/1/edit`);
}
