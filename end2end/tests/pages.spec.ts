import { accessible, DESKTOP, expect, openMaya, signIn, test } from "./clinic";

const LOOKS = {
  "an iPad on its side, dark": { viewport: { width: 1180, height: 820 }, hasTouch: true, colorScheme: "dark" },
  "a phone": { viewport: { width: 390, height: 844 }, hasTouch: true },
  "a desk, dark": { ...DESKTOP, colorScheme: "dark" },
};

for (const [look, options] of Object.entries(LOOKS)) {
  test(`every page is accessible and fits: ${look}`, async ({ clinic, fresh }) => {
    // A page takes two seconds to be looked through, and there are many.
    test.setTimeout(120_000);
    const page = await fresh(options);
    await page.goto(clinic.url);
    await expect(page.getByLabel("Email")).toBeVisible();
    await accessible(page);
    await signIn(page, clinic);
    await accessible(page);
    await openMaya(page);
    await accessible(page);
    await fits(page);
    await page.getByRole("link", { name: "Maya Chen" }).click();
    await accessible(page);
    await fits(page);
    const settings = ["", "/templates", "/packages", "/forms", "/views", "/rooms", "/hours", "/rules", "/follow-up"].map((tab) => `/settings${tab}`);
    for (const path of ["/clients", "/calendar", "/sessions", "/billing", "/attention", "/numbers", ...settings, "/nowhere"]) {
      await page.goto(clinic.url + path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await accessible(page);
      await fits(page);
    }
  });
}

test("clients are found by any part of their name, and the list stays quick with hundreds", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await page.getByRole("link", { name: "Clients" }).click();
  // Only what is in view is there.
  await expect(page.locator(".client-row").first()).toBeVisible();
  expect(await page.locator(".client-row").count()).toBeLessThan(60);
  await page.getByRole("searchbox").fill("chen maya");
  await page.getByRole("link", { name: /Chen/ }).first().click();
  await expect(page.getByText("Maya has 2 of 6 sessions remaining. Next session is #5.")).toBeVisible();
});

test("a page is seen from its beginning, and where it was left when one comes back to it", async ({ clinic, fresh }) => {
  const page = await fresh({ viewport: { width: 820, height: 1180 } });
  await signIn(page, clinic);
  await openMaya(page);
  await page.getByRole("link", { name: "Maya Chen" }).click();
  const scrolled = () => page.locator("main").evaluate((main) => main.scrollTop);
  const consent = page.getByRole("link", { name: "Sign photo consent" });
  await consent.scrollIntoViewIfNeeded();
  await page.locator("main").evaluate((main) => main.scrollBy(0, 300));
  const left = await scrolled();
  expect(left).toBeGreaterThan(200);
  await consent.click();
  await expect(page.getByRole("heading", { level: 1 })).toBeInViewport();
  expect(await scrolled()).toBe(0);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Consents" })).toBeVisible();
  await expect.poll(scrolled).toBe(left);
});

/** Nothing sticks out to the side. */
async function fits(page: import("@playwright/test").Page) {
  const { wide, seen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, seen: innerWidth }));
  expect(wide).toBeLessThanOrEqual(seen);
}
