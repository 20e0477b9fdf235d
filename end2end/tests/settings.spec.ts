import { accessible, allAtTheClinic, DESKTOP, expect, openMaya, signIn, test } from "./clinic";

test("a clinic adds a device and edits a template; what was charted before keeps the template it was recorded with", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic);
  await page.getByRole("link", { name: "Settings" }).click();
  await accessible(page);
  await page.getByRole("button", { name: "Add a device" }).click();
  await page.getByLabel("Maker").fill("Candela");
  await page.getByLabel("Model").fill("Nordlys");
  const handpiece = page.locator(".pieces li").first();
  if ((await handpiece.count()) === 0) await page.getByRole("button", { name: "Add a handpiece" }).click();
  await page.locator(".pieces input").first().fill("Ellipse IPL");
  await page.locator(".pieces select").first().selectOption({ index: 1 });
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByRole("link", { name: /Candela Nordlys/ }).or(page.getByRole("button", { name: /Candela Nordlys/ }))).toBeVisible();

  await page.getByRole("link", { name: "Templates" }).click();
  await page.locator(".set-list").getByText(/^Alexandrite/).first().click();
  await accessible(page);
  const label = page.getByLabel("Label").first();
  await expect(label).toHaveValue("Fluence");
  await label.fill("Energy density");
  await page.getByRole("button", { name: /Save version 2/ }).click();
  await expect(page.getByText(/version 2/).first()).toBeVisible();
  await allAtTheClinic(page);
  expect(clinic.ask("select count(*) from template_version where version = 2")).toBe("1");

  // New charts use the new version; the timeline shows old sessions with theirs.
  await page.goto(clinic.url);
  await openMaya(page);
  await expect(page.locator("[data-field=fluence]")).toContainText("Energy density");
  await page.getByRole("link", { name: "Maya Chen" }).click();
  await expect(page.locator(".timeline")).toContainText("Fluence");
  await expect(page.locator(".timeline")).not.toContainText("Energy density");
});
