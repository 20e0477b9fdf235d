import type { Page } from "@playwright/test";
import { accessible, allAtTheClinic, DESKTOP, expect, signIn, test } from "./clinic";

const PACKAGE = "Light and peel";
const rowOf = (page: Page, number: string) => page.locator(".session-row").filter({ hasText: number });

/** A package of two procedures, made in Settings and sold to Maya. */
async function sellTwoProcedures(page: Page) {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Packages" }).click();
  await page.getByText("Add a package").click();
  await page.getByLabel("Name", { exact: true }).fill(PACKAGE);
  await page.getByLabel("Price").fill("500");
  await page.getByLabel("Sessions", { exact: true }).fill("2");
  await page.getByLabel("Days between two sessions").fill("28");
  await page.getByLabel("Procedure").nth(0).fill("Light, face");
  await page.getByLabel("Minutes").nth(0).fill("30");
  await page.getByRole("button", { name: "Add a procedure" }).click();
  await page.getByLabel("Procedure").nth(1).fill("Peel, face");
  await page.getByLabel("Minutes").nth(1).fill("20");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  await page.getByRole("link", { name: "Clients" }).click();
  await page.getByLabel("Find a client").fill("Maya Chen");
  await page.getByRole("link", { name: /Chen, Maya/ }).click();
  await page.getByRole("button", { name: "Sell a package" }).click();
  await page.getByRole("radio", { name: new RegExp(PACKAGE) }).check();
  await page.getByRole("button", { name: "Sell", exact: true }).click();
  await expect(page.locator("li.plan-card").filter({ hasText: PACKAGE })).toContainText("2 of 2 sessions remaining");
}

async function list(page: Page) {
  await page.getByRole("link", { name: "Sessions", exact: true }).first().click();
  await page.getByLabel("Find by client or series").fill("maya chen light");
  await expect(page.locator(".session-row")).toHaveCount(2);
}

async function choose(page: Page, number: string, item: string) {
  await rowOf(page, number).getByRole("button", { name: /^More:/ }).click();
  await page.getByRole("menu").getByRole("menuitem", { name: item }).click();
}

/** Charts with Maya's own laser settings: the same area brings them back. */
async function chartWithTheLaser(page: Page) {
  await page.getByRole("button", { name: "Treatment", exact: true }).click();
  const device = page.getByRole("combobox", { name: "Device", exact: true });
  await device.selectOption({ label: (await device.locator("option").filter({ hasText: "Clarity II" }).first().textContent())!.trim() });
  await page.getByRole("button", { name: "Cheek, left", exact: true }).click();
  await page.getByRole("button", { name: "Confirm all as last time" }).click();
}

async function sign(page: Page) {
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: /Sign as/ }).click();
  await expect(page.getByText(/Signed by/)).toBeVisible();
}

test("a session of two procedures is booked in parts, charted on its own days, and completed when all of it is", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic);
  await sellTwoProcedures(page);

  await list(page);
  await expect(rowOf(page, "1 of 2")).toContainText("Awaiting booking");
  await choose(page, "1 of 2", "Create booking");
  const form = page.getByRole("region", { name: "Create a booking" });
  await expect(form.getByRole("checkbox")).toHaveCount(2);
  await form.getByRole("checkbox", { name: "Peel, face, 20 min" }).uncheck();
  const offers = form.getByRole("group", { name: "Next free times" }).getByRole("button");
  await expect(offers).toHaveCount(3);
  await accessible(page);
  await offers.last().click();
  await expect(page.locator(".page-head")).toContainText("Partially booked");
  await expect(page.locator(".booked")).toContainText("Light, face");

  // Only what is not booked yet is offered.
  await list(page);
  await expect(rowOf(page, "1 of 2")).toContainText("Partially booked");
  await choose(page, "1 of 2", "Create booking");
  await expect(page.locator(".session-items li").filter({ hasText: "Peel, face" })).toContainText("Not booked");
  await expect(form.getByRole("checkbox")).toHaveCount(0);
  await offers.last().click();
  await expect(page.locator(".page-head")).toContainText("Booked");
  await expect(page.locator(".booked")).toHaveCount(2);
  await allAtTheClinic(page);
  await list(page);
  await rowOf(page, "1 of 2").getByRole("button", { name: /^More:/ }).click();
  await expect(page.getByRole("menu").getByRole("menuitem")).toHaveText(["View", "Open the chart", "Open the client"]);
  await page.getByRole("menuitem", { name: "Open the chart" }).click();

  // One of the two is charted today.
  await chartWithTheLaser(page);
  await expect(page.getByRole("combobox", { name: "Performs" }).locator("option:checked")).toHaveText("Light, face");
  await expect(page.getByText("Peel, face: not charted here, and so still to be done.")).toBeVisible();
  await accessible(page);
  await sign(page);
  await expect(page.getByText("Peel, face is still to be done.")).toBeVisible();
  await accessible(page);

  // The rest goes beside the signed record.
  await page.getByRole("link", { name: "Chart it" }).click();
  await expect(page.getByText("Still to be done: Peel, face.")).toBeVisible();
  await chartWithTheLaser(page);
  await expect(page.getByRole("combobox", { name: "Performs" }).locator("option:checked")).toHaveText("Peel, face");
  await accessible(page);
  await sign(page);
  await expect(page.getByText("still to be done")).toHaveCount(0);
  await expect(page.locator(".addendum")).toContainText("What was left of this session, on another day.");
  await allAtTheClinic(page);
  expect(clinic.ask("select count(*) from addendum where delivers")).toBe("1");

  await list(page);
  await expect(rowOf(page, "1 of 2")).toContainText("Completed");
  await rowOf(page, "1 of 2").locator("a").click();
  await expect(page.locator(".session-items li")).toHaveCount(2);
  await expect(page.locator(".session-items")).toContainText("Performed");
  await expect(page.getByText("Maya has 1 of 2 sessions remaining. Next session is #2.")).toBeVisible();
});

test("the list sorts both ways, filters by provider and billing, and has a menu for the keyboard", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await page.getByRole("link", { name: "Sessions", exact: true }).click();
  const rows = page.locator(".session-row");
  await expect(rows.first()).toBeVisible();
  const head = (name: string) => page.getByRole("columnheader", { name });
  await expect(head("Date")).toHaveAttribute("aria-sort", "descending");
  await head("Client").getByRole("button").click();
  await expect(head("Client")).toHaveAttribute("aria-sort", "ascending");
  await expect(head("Date")).toHaveAttribute("aria-sort", "none");
  const first = await rows.first().locator("a").textContent();
  await head("Client").getByRole("button").click();
  await expect(head("Client")).toHaveAttribute("aria-sort", "descending");
  await expect(rows.first().locator("a")).not.toHaveText(first!);

  await page.getByLabel("Provider", { exact: true }).selectOption({ label: "Sofia Lind" });
  await expect(rows.first()).toContainText("S. Lind");
  await page.getByLabel("Provider", { exact: true }).selectOption({ label: "Nobody yet" });
  await expect(rows.first()).not.toContainText("S. Lind");
  await page.getByLabel("Provider", { exact: true }).selectOption({ label: "Any provider" });
  await page.getByLabel("Billing", { exact: true }).selectOption({ label: "Not paid yet" });
  await expect(page.getByRole("status").first()).toBeVisible();
  await page.getByLabel("Billing", { exact: true }).selectOption({ label: "Any billing" });
  await page.getByLabel("Find by client or series").fill("maya chen laser");
  await expect(rows).toHaveCount(6);
  await accessible(page);

  // The menu: arrows move, Escape closes and goes back to its button.
  const button = rowOf(page, "6 of 6").getByRole("button", { name: /^More: Maya Chen/ });
  await button.focus();
  await page.keyboard.press("Enter");
  const menu = page.getByRole("menu");
  await expect(menu.getByRole("menuitem", { name: "View" })).toBeFocused();
  await expect(menu).toHaveAccessibleDescription("Maya has 2 of 6 sessions remaining. Next session is #5.");
  await accessible(page);
  await page.keyboard.press("ArrowDown");
  await expect(menu.getByRole("menuitem", { name: "Create booking" })).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(menu.getByRole("menuitem", { name: "Open the client" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toHaveCount(0);
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  await page.mouse.click(10, 400);
  await expect(menu).toHaveCount(0);

  // Anywhere on the row opens the session.
  await rowOf(page, "6 of 6").click({ position: { x: 600, y: 20 } });
  await expect(page.getByRole("heading", { level: 1, name: "Laser hair removal, session 6 of 6" })).toBeVisible();
});
