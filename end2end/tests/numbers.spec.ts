import { readFileSync } from "node:fs";
import { accessible, DESKTOP, expect, signIn, test } from "./clinic";

test("the numbers say what they count, follow the period, and every table is a file", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic);
  await page.getByRole("link", { name: "Numbers" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Numbers" })).toBeVisible();
  await page.getByLabel("Period").selectOption({ label: "All" });
  const series = page.getByRole("region", { name: "Series", exact: true });
  const finished = series.getByRole("article").filter({ hasText: "Series finished" });
  await expect(finished).toContainText(/\d+(\.\d)? %/);
  await expect(finished).toContainText("60 days after all their intervals have passed");
  // What the page says is what the database has.
  const allSeries = "select plan.sold_on, plan.interval_days, count(*) as sold, count(visited_at) as delivered from plan join numbers_session((select clinic_id from clinic)) seen on seen.plan_id = plan.id where not is_added group by plan.id, plan.sold_on, plan.interval_days";
  const mature = `from (${allSeries}) series where (now() at time zone (select zone from clinic))::date - sold_on > (sold - 1) * interval_days + 60`;
  const whole = clinic.ask(`select count(*) ${mature}`);
  const complete = clinic.ask(`select count(*) ${mature} and delivered >= sold`);
  await expect(finished).toContainText(`${complete} of ${whole} series`);
  // Where most waver stands out.
  const dropOff = page.getByRole("region", { name: "Drop-off from one session to the next", exact: true });
  await expect(dropOff.getByRole("row", { name: /^2 → 3/ })).toHaveClass(/is-strong/);
  // The same by the month of the sale: the sum of the months is the whole.
  const months = page.getByRole("region", { name: "Month by month", exact: true });
  const table = months.getByRole("table");
  await expect(table.getByRole("columnheader", { name: "Dropped before 3, %" })).toBeVisible();
  const matureCells = await table.locator("tbody tr td:nth-child(3)").allInnerTexts();
  expect(matureCells.reduce((sum, cell) => sum + Number(cell.replace(/\D/g, "")), 0)).toBe(Number(whole));
  const risk = page.getByRole("region", { name: "At risk now" }).first();
  await expect(risk.getByRole("row").first()).toContainText(/after session \d of \d/);
  await accessible(page);

  const arrives = page.waitForEvent("download");
  await page.getByRole("link", { name: /^CSV ?: By package$/ }).click();
  const lines = readFileSync(await (await arrives).path(), "utf8").trim().split("\n");
  expect(lines[0]).toContain("Package,Series,Average price");
  expect(lines.length).toBe(1 + Number(clinic.ask("select count(distinct package_id) from plan")));

  // A month in which nothing can be mature: no percentage of nothing.
  await page.getByLabel("Period").selectOption({ index: 3 });
  await expect(finished).toContainText("No mature series yet; 5 are needed.");
  await expect(page.locator("main")).not.toContainText("NaN");
  expect(clinic.ask("select count(*) from audit where action = 'read-numbers'")).toBe("1");
});

test("coordinators see the numbers without photographs, and the front desk does not see them", async ({ clinic, fresh }) => {
  const coordinator = await fresh({ viewport: { width: 820, height: 1180 }, hasTouch: true });
  await signIn(coordinator, clinic, "fischer");
  await coordinator.goto(`${clinic.url}/numbers`);
  await expect(coordinator.getByRole("heading", { name: "By package" })).toBeVisible();
  await expect(coordinator.locator(".risk-photos img")).toHaveCount(0);
  await accessible(coordinator);
  const desk = await fresh(DESKTOP);
  await signIn(desk, clinic, "desk");
  await expect(desk.getByRole("link", { name: "Numbers" })).toHaveCount(0);
  await desk.goto(`${clinic.url}/numbers`);
  await expect(desk.getByText("The owner, the medical director and coordinators see")).toBeVisible();
  expect((await desk.request.get(`${clinic.url}/numbers.csv?table=packages`)).status()).toBe(403);
});

test("on a phone a client at risk has her place for photographs, and nothing is wider than the screen", async ({ clinic, fresh }) => {
  const phone = await fresh({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await signIn(phone, clinic);
  await phone.goto(`${clinic.url}/numbers`);
  const row = phone.locator(".risk-row").first();
  await row.scrollIntoViewIfNeeded();
  await expect(row.locator(".risk-photos")).not.toHaveCSS("display", "none");
  await expect(row.locator(".risk-money")).toBeVisible();
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await accessible(phone);
});
