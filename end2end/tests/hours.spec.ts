import { accessible, allAtTheClinic, DESKTOP, expect, signIn, test } from "./clinic";
import type { Page } from "@playwright/test";

/** Opens a page of the settings, and waits until it shows what is saved. */
async function settings(page: Page, tab: string) {
  await page.getByRole("link", { name: "Settings" }).first().click();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: tab, exact: true }).click();
  await expect(page.locator(".set-form").first()).toBeVisible();
}

async function save(page: Page, heading: string) {
  const form = page.getByRole("form", { name: heading });
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText("Saved", { exact: true })).toBeVisible();
  await allAtTheClinic(page);
}

test("hours, rooms and rules are edited, kept, and hold for what is booked", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic);

  // A break on every open day, and a day on which the clinic is closed.
  await settings(page, "Hours");
  await expect(page.getByText(/^Times in /)).toBeVisible();
  await accessible(page);
  await page.getByRole("switch", { name: "Monday" }).check();
  await page.getByLabel("Monday, from").fill("09:00");
  await page.getByLabel("Monday, to").fill("17:00");
  await page.getByRole("button", { name: "Monday: add a break" }).click();
  await expect(page.getByLabel("Monday, to", { exact: true })).toHaveValue("12:00");
  await expect(page.getByLabel("Monday, span 2, from")).toHaveValue("13:00");
  await page.getByRole("button", { name: "Copy Monday to all open days" }).click();
  await expect(page.getByLabel("Tuesday, span 2, from")).toHaveValue("13:00");
  const holiday = clinic.ask("select (current_date + 400)::text");
  await page.getByLabel("Day", { exact: true }).fill(holiday);
  await page.getByRole("button", { name: "Add the closure" }).click();
  // Some of the demo clinic's bookings lie in the new break.
  await expect(page.getByText(/bookings? (lies|lie) outside these hours/)).toBeVisible();
  await accessible(page);
  await save(page, "The clinic");
  expect(clinic.ask(`select count(*) from closure where day = '${holiday}'`)).toBe("1");
  expect(clinic.ask("select string_agg(opens || '-' || closes, ' ' order by opens) from opening_hours where weekday = 0")).toBe("540-720 780-1020");
  await page.reload();
  await expect(page.getByLabel("Monday, span 2, to")).toHaveValue("17:00");

  // A provider's own hours.
  await page.locator(".set-list a").nth(1).click();
  await page.getByRole("radio", { name: "At hours of their own" }).check();
  await page.getByRole("switch", { name: "Friday" }).uncheck();
  await expect(page.locator(".set-list a").nth(1)).toContainText("own hours, not saved");
  const provider = (await page.locator(".set-form h2").textContent())!.trim();
  await save(page, provider);
  expect(clinic.ask("select count(*) from staff_hours where weekday = 4")).toBe("0");
  expect(clinic.ask("select count(distinct staff_id) from staff_hours")).toBe("1");

  // A day that ends before it begins is told where it stands.
  await page.locator(".set-list a").first().click();
  await page.getByLabel("Monday, from", { exact: true }).fill("13:00");
  await page.getByRole("form", { name: "The clinic" }).getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Monday: A day ends after it begins.");
  await page.getByRole("button", { name: "Undo changes" }).click();
  await expect(page.getByLabel("Monday, from", { exact: true })).toHaveValue("09:00");

  // A room.
  await settings(page, "Rooms");
  await page.getByRole("button", { name: "Add a room" }).click();
  await page.getByLabel("Name").fill("Garden room");
  await accessible(page);
  await save(page, "Garden room");
  await page.reload();
  await page.getByRole("link", { name: /Garden room/ }).click();
  await page.getByRole("button", { name: "No longer used" }).click();
  await expect(page.getByText("no longer used once saved")).toBeVisible();
  await save(page, "Garden room");
  expect(clinic.ask("select retired::text from room where name = 'Garden room'")).toBe("true");

  // Rules.
  await settings(page, "Rules");
  await page.getByLabel("Percent below retail").fill("25");
  await page.getByRole("form", { name: "Maintenance" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("15 to 20 %");
  await page.getByLabel("Percent below retail").fill("20");
  await save(page, "Maintenance");
  const rules = page.locator(".spacing > li");
  const before = await rules.count();
  await page.getByRole("button", { name: "Add a rule" }).click();
  await rules.last().getByLabel("After").selectOption({ index: 2 });
  await rules.last().getByLabel("Before").selectOption({ index: 2 });
  await rules.last().getByLabel("Where").selectOption({ label: "Legs" });
  await rules.last().getByLabel("Days").fill("33");
  await accessible(page);
  await save(page, "Spacing");
  // A form that was opened before the device had fetched what was saved shows what was there before.
  await expect(async () => {
    await page.reload();
    await expect(page.getByLabel("Percent below retail")).toHaveValue("20", { timeout: 3_000 });
    await expect(rules).toHaveCount(before + 1, { timeout: 3_000 });
  }).toPass({ timeout: 20_000 });
  expect(clinic.ask("select count(*) from spacing_rule where days = 33 and region = 'Leg'")).toBe("1");

  // The break is not offered, nor a time whose session would reach into it; nor anything on the day that is closed.
  await page.goto(`${clinic.url}/sessions`);
  await page.getByLabel("Find by client or series").fill("maya chen laser");
  await page.locator(".session-row").filter({ hasText: "6 of 6" }).first().locator("a").click();
  await page.getByText("Another time").click();
  const day = page.getByLabel("Day", { exact: true });
  const times = page.getByRole("group", { name: "Free times on that day" }).getByRole("button");
  await day.fill(clinic.ask("select (date_trunc('week', current_date + 49) + interval '1 day')::date::text"));
  await expect(times.filter({ hasText: /^1[3-6]:/ }).first()).toBeVisible();
  const offered = (await times.allTextContents()).map((time) => time.trim());
  expect(offered.filter((time) => time > "11:45" && time < "13:00")).toEqual([]);
  await day.fill(holiday);
  await expect(page.getByText("Nothing is free on that day, or the clinic is closed.")).toBeVisible();
});

test("somebody else’s hours are not overwritten, and the tabs fit a phone", async ({ clinic, fresh }) => {
  const page = await fresh({ viewport: { width: 390, height: 844 }, hasTouch: true });
  const other = await fresh(DESKTOP);
  await signIn(page, clinic);
  await signIn(other, clinic);
  await page.goto(`${clinic.url}/settings/hours`);
  await other.goto(`${clinic.url}/settings/hours`);
  const current = page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Hours" });
  await expect(current).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.getByRole("switch", { name: "Saturday" }).click();
  await other.getByRole("switch", { name: "Sunday" }).click();
  await save(other, "The clinic");
  await expect(page.getByText(/A colleague changed this meanwhile/)).toBeVisible();
  await page.getByRole("form", { name: "The clinic" }).getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  const sunday = await other.getByRole("switch", { name: "Sunday" }).isChecked();
  await page.getByRole("button", { name: "Show what is saved" }).click();
  await expect(page.getByRole("switch", { name: "Sunday" })).toBeChecked({ checked: sunday });
  await accessible(page);
});
