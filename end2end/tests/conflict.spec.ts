import { accessible, expect, keptForOffline, noteForNextTime, openMaya, signIn, test } from "./clinic";
import type { Page } from "@playwright/test";

async function chart(page: Page, note: string) {
  await page.getByRole("button", { name: "Confirm all as last time" }).click();
  await noteForNextTime(page).fill(note);
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await page.getByRole("button", { name: /Sign as/ }).click();
  await expect(page.getByText(/Signed by/)).toBeVisible();
}

test("two iPads chart the same session offline: nothing is lost, and a person decides", async ({ clinic, fresh }) => {
  const [first, second] = [await fresh(), await fresh()];
  for (const [page, who] of [[first, "osei"], [second, "lind"]] as const) {
    await signIn(page, clinic, who);
    await keptForOffline(page);
    if (who === "lind") await page.getByLabel("Provider").selectOption({ label: "Everyone" });
    await openMaya(page);
  }
  await first.context().setOffline(true);
  await second.context().setOffline(true);
  await chart(first, "First, by Osei");
  await chart(second, "Second, by Lind");

  await first.context().setOffline(false);
  await expect(first.locator("a.sync")).not.toContainText(/saved here|Offline/);
  await second.context().setOffline(false);
  await expect(second.locator("a.sync")).toContainText("attention");

  // On both devices, beside what was signed first.
  for (const page of [first, second]) {
    await page.locator("a.sync").click();
    await page.getByRole("link", { name: /Signed twice/ }).first().click();
    await expect(page.getByRole("heading", { name: /Maya Chen/ }).last()).toBeVisible();
    const note = page.getByRole("row", { name: /Note for next time/ });
    await expect(note).toContainText("First, by Osei");
    await expect(note).toContainText("Second, by Lind");
  }
  await accessible(second);
  await second.getByRole("button", { name: "Make it an addendum" }).click();
  await expect(second.locator("a.sync")).not.toContainText(/saved here|Offline/);
  await expect(first.getByRole("link", { name: /Signed twice/ })).toHaveCount(0);

  expect(clinic.ask("select note from signed_session order by signed_at desc limit 1")).toBe("First, by Osei");
  expect(clinic.ask("select record->'note'->>'text' from addendum where record is not null")).toBe("Second, by Lind");
});
