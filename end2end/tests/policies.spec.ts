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

test("a series ends with the clinic's link to reviews and with what could come next", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic);
  await page.goto(`${clinic.url}/settings/follow-up`);
  const closing = page.getByRole("region", { name: "When a series is finished" });
  await closing.getByLabel("Link to reviews").fill("http://reviews.example.com");
  await expect(closing.getByText("The link to reviews is a whole address, such as https://example.com/review.")).toBeVisible();
  await closing.getByLabel("Link to reviews").fill("https://reviews.example.com/lindenhof");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  await page.getByRole("link", { name: /Laser hair removal/ }).click();
  await closing.getByLabel("What could come next").selectOption("In words…");
  await closing.getByLabel("In words", { exact: true }).fill("Once a year, to keep it so");
  await page.reload();
  await expect(closing.getByLabel("In words", { exact: true })).toHaveValue("Once a year, to keep it so");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await accessible(page);
  expect(clinic.ask("select policies -> 'closing' ->> 'review_link' from follow_up_policy")).toBe("https://reviews.example.com/lindenhof");
  expect(clinic.ask("select policies #>> '{closing,next,0,1,Words}' from follow_up_policy")).toBe("Once a year, to keep it so");
  expect(clinic.ask("select jsonb_array_length(policies -> 'of_packages') from follow_up_policy")).toBe("0");
});

test("the preview shows an SMS as who agreed to details reads it, and as who did not", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic);
  await page.goto(`${clinic.url}/settings/follow-up`);
  await page.locator("summary").filter({ hasText: "Check-in" }).click();
  const group = page.getByRole("group", { name: "Check-in, en" });
  await group.getByLabel("SMS", { exact: true }).fill("How is it after {{series}}?");
  await expect(group).toContainText("How is it after your treatment?");
  await expect(group).toContainText("How is it after Laser hair removal?");
  await expect(group).toContainText("1 part, where she has");
});
