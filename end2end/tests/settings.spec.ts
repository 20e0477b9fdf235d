import { accessible, allAtTheClinic, DESKTOP, expect, openMaya, signIn, test } from "./clinic";
import type { Page } from "@playwright/test";

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

async function photographs(page: Page) {
  await page.getByRole("link", { name: "Settings" }).first().click();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Photographs", exact: true }).click();
}

test("a clinic makes a set of views, changes their order and retires one; a package is photographed by it", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic);
  await photographs(page);
  await expect(page.locator(".set-list").getByRole("link", { name: /^Armpits/ })).toContainText("2 views");
  await accessible(page);

  await page.getByRole("button", { name: "Add a set" }).click();
  const form = page.locator(".set-form");
  const save = async () => {
    await form.getByRole("button", { name: "Save", exact: true }).click();
    await expect(form.getByText("Saved", { exact: true })).toBeVisible();
    await allAtTheClinic(page);
  };
  await expect(form.getByRole("heading", { name: "New set" })).toBeFocused();
  await form.getByLabel("Name", { exact: true }).fill("Hands");
  await form.getByLabel("Distance").fill("40 cm");
  await form.getByLabel("Light").fill("Two soft lights");
  await form.getByLabel("Background").fill("Matt blue");
  const arms = form.locator("summary").filter({ hasText: "Arms" });
  await expect(arms).toHaveText(/Arms: none/);
  await arms.click();
  await form.getByRole("button", { name: "Hand, left" }).click();
  await form.getByRole("button", { name: "Hand, right" }).click();
  await expect(arms).toHaveText(/Arms: Hand L\+R/);
  const views = form.locator(".tpl-field");
  const name = (n: number) => views.nth(n).getByLabel("View", { exact: true });
  await name(0).fill("Backs");
  await views.first().getByLabel("Instruction").fill("Fingers spread, nails towards the lens");
  await form.getByRole("button", { name: "Add a view" }).click();
  await expect(name(1)).toBeFocused();
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await expect(form.getByRole("alert")).toContainText("Every view needs a name.");
  await expect(name(1)).toBeFocused();
  await accessible(page);
  await name(1).fill("Palms");
  await views.nth(1).getByLabel("Outline in the camera").selectOption("No outline");
  await form.getByRole("button", { name: "Move Palms up" }).click();
  await expect(name(0)).toHaveValue("Palms");
  await expect(form.getByRole("button", { name: "Move Palms up" })).toBeFocused();
  await save();
  expect(clinic.ask("select array_to_string(areas, ' ') || ', ' || distance from view_set where name = 'Hands'")).toBe("hand/L hand/R, 40 cm");

  // Once it is saved a view is not removed: photographs may name it.
  await expect(form.getByRole("button", { name: /^Remove/ })).toHaveCount(0);
  await form.getByRole("button", { name: "No longer taken: Backs" }).click();
  await save();
  // This browser has fetched it, too.
  await expect(page.locator(".set-list").getByRole("link", { name: /^Hands/ })).toContainText("1 view");
  await page.reload();
  await expect(form.getByRole("heading", { name: "Hands" })).toBeVisible();
  await expect(name(0)).toHaveValue("Palms");
  await expect(name(1)).toHaveValue("Backs");
  await expect(views.first()).not.toContainText("no longer taken");
  await expect(views.nth(1)).toContainText("no longer taken");
  await expect(form.getByRole("button", { name: "Take again: Backs" })).toBeVisible();
  await expect(page.locator(".set-list").getByRole("link", { name: /^Hands/ })).toContainText("1 view");
  await accessible(page);

  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Packages", exact: true }).click();
  await page.locator(".set-list a").first().click();
  await form.getByRole("checkbox", { name: "Hands" }).check();
  await save();
  await page.reload();
  await expect(form.getByRole("checkbox", { name: "Hands" })).toBeChecked();
  expect(clinic.ask("select count(*) from package_view_set join view_set on id = view_set_id where name = 'Hands'")).toBe("1");
});

test("a clinic without a set of views starts from the standard ones, and goes on where the network failed", async ({ clinic, fresh }) => {
  // With the version raised, as every change does it: the server has read the catalogue already.
  const raised = "update clinic_version set version = version + 1, catalogue_version = version + 1";
  clinic.ask(`delete from package_view_set; delete from view_set; ${raised}`);
  const page = await fresh(DESKTOP);
  await signIn(page, clinic);
  await photographs(page);
  await expect(page.getByRole("heading", { name: "No set of views yet" })).toBeVisible();
  await accessible(page);
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Start from the standard sets" }).click();
  await expect(page.locator(".set-side").getByRole("alert")).toContainText("0 of 5 standard sets are saved.");
  await accessible(page);
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator(".set-side").getByRole("status")).toHaveText("All 5 standard sets are saved.");
  await expect(page.locator(".set-list a")).toHaveCount(5);
  await expect(page.locator(".set-form h2")).toBeVisible();
  await expect(page.getByRole("button", { name: "Start from the standard sets" })).toHaveCount(0);
  await allAtTheClinic(page);
  expect(clinic.ask("select count(*) from view_set where version = 1")).toBe("5");
});
