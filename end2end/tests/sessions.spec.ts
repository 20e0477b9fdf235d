import type { Page } from "@playwright/test";
import { accessible, DESKTOP, expect, signIn, test } from "./clinic";

const rowOf = (page: Page, number: string) => page.locator(".session-row").filter({ hasText: number });

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
