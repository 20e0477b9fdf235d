import { accessible, DESKTOP, expect, signIn, test } from "./clinic";

test("what is sent is edited with its effect on the timeline, and survives a reload before it is saved", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic);
  await page.goto(`${clinic.url}/settings/follow-up`);
  await page.getByRole("link", { name: /Laser hair removal/ }).click();
  await page.getByRole("button", { name: "Give it its own" }).click();
  const line = page.getByRole("region", { name: "What is sent, and when" });
  const checkIn = line.getByRole("listitem").filter({ hasText: "Check-in" });
  await expect(checkIn).toContainText("after 7 days");
  await page.locator("summary").filter({ hasText: "Check-in" }).click();
  const days = page.getByLabel("Days after the session", { exact: true });
  await days.fill("10");
  await expect(checkIn).toContainText("after 10 days");
  await days.fill("99");
  await expect(page.getByText("Choose 1 to 21 days after the session.")).toBeVisible();
  await days.fill("10");
  const group = page.getByRole("group", { name: "Check-in, en" });
  await group.getByLabel("SMS", { exact: true }).fill("Hi , all well? ");
  await group.getByLabel("SMS", { exact: true }).evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(3, 3));
  await group.getByRole("button", { name: "First name" }).click();
  await expect(group.getByLabel("SMS", { exact: true })).toHaveValue("Hi {{first_name}}, all well? ");
  await expect(group).toContainText("Hi Maya, all well?");
  await expect(group).toContainText("1 part");
  await accessible(page);

  await page.reload();
  await expect(checkIn).toContainText("after 10 days");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  expect(clinic.ask("select policies -> 'of_packages' -> 0 -> 1 -> 'rules' -> 1 ->> 'offset' from follow_up_policy")).toBe("10");
  expect(clinic.ask("select count(*) from audit where action = 'edit-follow-up'")).toBe("1");

  // A booking ends what asks for one.
  await line.getByRole("radio", { name: "Booked", exact: true }).check();
  await expect(line.getByRole("listitem").filter({ hasText: "Reminder to book" })).toContainText("booked");
});

test("a peel gets one light reminder in one tap; who is late keeps what was typed", async ({ clinic, fresh }) => {
  const [first, second] = [await fresh(DESKTOP), await fresh({ viewport: { width: 390, height: 844 }, hasTouch: true })];
  for (const page of [first, second]) {
    await signIn(page, clinic, page === first ? "osei" : "owner");
    await page.goto(`${clinic.url}/settings/follow-up`);
    await page.getByRole("link", { name: /Chemical peel/ }).click();
    await page.getByRole("button", { name: "One light reminder" }).click();
    await expect(page.getByRole("region", { name: "What is sent, and when" }).getByRole("listitem")).toHaveCount(2);
  }
  await accessible(second);
  await second.getByLabel("Messages go at").fill("11:30");
  await first.getByRole("button", { name: "Save", exact: true }).click();
  await expect(first.getByText("Saved", { exact: true })).toBeVisible();
  await second.getByRole("button", { name: "Save", exact: true }).click();
  await expect(second.getByText(/Somebody else saved a newer version meanwhile/)).toBeVisible();
  await expect(second.getByLabel("Messages go at")).toHaveValue("11:30");
  await second.getByRole("button", { name: "Show what is saved" }).click();
  await expect(second.getByLabel("Messages go at")).toHaveValue("10:00");
});
