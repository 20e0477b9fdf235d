import { chromium, expect, type Page } from "@playwright/test";
import config from "../playwright.config";
import { type Clinic } from "./clinic";

export const PIN = "204816";

/** Chooses a PIN for who is signed in, as one does on a new iPad, and comes back to Today. */
export async function choosePin(page: Page, clinic: Clinic, pin = PIN) {
  await page.goto(`${clinic.url}/pin`);
  await expect(page.getByText("Type six digits that nobody guesses.")).toBeVisible();
  await typePin(page, pin);
  await expect(page.getByText("And once more.")).toBeVisible();
  await typePin(page, pin);
  await expect(page.getByText("Your PIN opens this device.")).toBeVisible();
  await page.getByRole("link", { name: "Go to Today" }).click();
}

/** On the pad that is shown, as a finger does. */
export async function typePin(page: Page, pin = PIN) {
  for (const digit of pin) await page.getByRole("button", { name: digit, exact: true }).click();
}

/** Opens a browser that asks for a PIN; of several people it is said whose. */
export async function openByPin(page: Page, pin = PIN, name?: string) {
  if (name) await page.getByRole("button", { name }).click();
  await expect(page.getByText("Type your PIN.")).toBeVisible();
  await typePin(page, pin);
}

/** A browser with a profile on disk, as an iPad has: it can be closed, or killed, and opened again. */
export async function openProfile(profile: string) {
  const context = await chromium.launchPersistentContext(profile, {
    ...config.use!.launchOptions,
    viewport: { width: 820, height: 1180 },
    hasTouch: true,
  });
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}
