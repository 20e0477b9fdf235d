import { accessible, allAtTheClinic, DESKTOP, expect, signIn, test } from "./clinic";

const MAYA = "Maya Chen";

async function openClient(page: import("@playwright/test").Page, name: string) {
  await page.getByRole("link", { name: "Clients" }).click();
  await page.getByLabel("Find a client").fill(name);
  await page.getByRole("link", { name: new RegExp(name.split(" ").reverse().join(", ")) }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

test("the desk sells a package offline; the plan with all its sessions is there at once, and at the clinic later", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await openClient(page, MAYA);
  const sold = clinic.ask("select count(*) from plan where sold_by is not null");
  expect(sold).toBe("0");

  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Sell a package" }).click();
  await page.getByRole("button", { name: "Sell", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Choose a package first.");
  await page.getByRole("radio", { name: /Chemical peel/ }).check();
  await expect(page.getByLabel("Agreed price")).toHaveValue("600");
  await page.getByLabel("Agreed price").fill("minus five");
  await page.getByRole("button", { name: "Sell", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("The price was not understood.");
  await page.getByLabel("Agreed price").fill("540");
  await accessible(page);
  await page.getByRole("button", { name: "Sell", exact: true }).click();

  const card = page.locator("li.plan-card").filter({ hasText: "Chemical peel" }).first();
  await expect(card).toContainText("Maya has 4 of 4 sessions remaining. Next session is #1.");
  await expect(card).toContainText("$540");
  await card.getByRole("link", { name: "Sessions", exact: true }).click();
  await expect(page.locator(".session-row")).toHaveCount(4);
  await expect(page.locator(".session-row").first()).toContainText("Awaiting booking");

  await page.context().setOffline(false);
  await allAtTheClinic(page);
  expect(clinic.ask("select count(*) from plan p join session s on s.plan_id = p.id where p.sold_by is not null and p.price_minor = 54000")).toBe("4");
});

test("a series is paused, extended, refunded and ended, each with its reason in its history", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await openClient(page, MAYA);
  const card = page.locator("li.plan-card").filter({ hasText: "Laser hair removal" }).first();
  const change = async (kind: string, fill: () => Promise<void>, reason: string) => {
    if (!(await card.locator("details.plan-more").evaluate((it: HTMLDetailsElement) => it.open))) await card.getByText("Change this series").click();
    await card.getByRole("group", { name: "What to change" }).getByRole("button", { name: kind }).click();
    await fill();
    await card.getByLabel("Reason").fill(reason);
    await card.locator("form").getByRole("button", { name: kind }).click();
    await expect(card.locator(".plan-history")).toContainText(reason);
  };
  await expect(card).toContainText("2 of 6 sessions remaining");
  await change("Pause", async () => {}, "On holiday until spring");
  await expect(card).toContainText("The series is paused");
  await change("Resume", async () => {}, "Back early");
  await change("Add sessions", () => card.getByLabel("Sessions to add").fill("2"), "Handpiece failed twice");
  await expect(card).toContainText("4 of 8 sessions remaining");
  await change("Refund", () => card.getByLabel("Amount").fill("300"), "Goodwill");
  await change("End the series", async () => {}, "Moved away");
  await expect(card).toContainText("This series was ended. Maya had 4 of 6 sessions.".replace("of 6", "of 8"));
  await allAtTheClinic(page);
  expect(clinic.ask("select string_agg(text, ', ' order by position) from plan_event")).toBe(
    "On holiday until spring, Back early, Handpiece failed twice, Goodwill, Moved away",
  );
});

test("the list of sessions has scopes with counts, finds, filters, sorts, and opens a session", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Treatment sessions" })).toBeVisible();
  const scope = (name: string) => page.getByRole("button", { name: new RegExp(`^${name} [\\d,]+$`) });
  const count = async (name: string) => Number((await scope(name).textContent())!.replace(/\D/g, ""));
  expect(await count("All")).toBe((await count("Upcoming")) + (await count("Past")));
  expect(await count("All")).toBe(Number(clinic.ask("select count(*) from session")));
  await accessible(page);

  await page.getByLabel("Find by client or series").fill("maya chen laser");
  await expect(page.locator(".session-row")).toHaveCount(6);
  // Whether today's has passed depends on the hour; what is completed does not.
  await page.getByRole("button", { name: "Completed", exact: true }).click();
  await expect(page.locator(".session-row")).toHaveCount(4);
  expect(await count("Past")).toBe(4);
  expect(await count("Upcoming")).toBe(0);
  await expect(page.locator(".session-row").first()).toContainText("4 of 6");
  await expect(page.locator(".session-row").first()).toContainText("Completed");
  await page.locator(".session-row a").first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Laser hair removal, session 4 of 6" })).toBeVisible();
  await expect(page.getByText("Maya has 2 of 6 sessions remaining. Next session is #5.")).toBeVisible();
  await accessible(page);

  // Coming back, the list is as it was left.
  await page.goBack();
  await expect(page.getByLabel("Find by client or series")).toHaveValue("maya chen laser");
  await expect(page.locator(".session-row")).toHaveCount(4);
});

test("a package is edited in Settings; what was sold keeps its terms", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "osei");
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Packages" }).click();
  await page.getByRole("link", { name: /Laser hair removal/ }).click();
  await expect(page.getByLabel("Price")).toHaveValue("1800");
  await page.getByLabel("Price").fill("-1");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("The price:");
  await page.getByLabel("Price").fill("2,000");
  await page.getByLabel("Sessions", { exact: true }).fill("7");
  await page.getByRole("button", { name: "Add a procedure" }).click();
  await page.getByLabel("Procedure").nth(1).fill("Aftercare mask");
  await accessible(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  expect(clinic.ask("select price_minor, sessions, version from package where name = 'Laser hair removal'")).toBe("200000|7|2");
  expect(clinic.ask("select count(*) from package_procedure pp join package p on p.id = pp.package_id where p.name = 'Laser hair removal'")).toBe("2");
  // Maya's series was sold before.
  await openClient(page, MAYA);
  await expect(page.locator("li.plan-card").first()).toContainText("2 of 6 sessions remaining");
});
