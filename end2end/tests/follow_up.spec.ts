import { accessible, allAtTheClinic, DESKTOP, expect, openMaya, signIn, test } from "./clinic";

test("a signed session plans what is sent after it, aftercare goes at once, and every touch says what became of it", async ({ clinic, fresh }) => {
  const page = await fresh({ viewport: { width: 820, height: 1180 }, hasTouch: true });
  await signIn(page, clinic);
  await openMaya(page);
  await page.getByRole("button", { name: "Confirm all as last time" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await page.getByRole("button", { name: /Sign as / }).click();
  await expect(page.getByText("Saved at the clinic.")).toBeVisible();
  await allAtTheClinic(page);
  await expect.poll(() => clinic.ask("select count(*) from message where attempt is not null")).not.toBe("0");

  await page.goto(`${clinic.url}/clients/${clinic.ask("select id from client where name = 'Maya Chen'")}`);
  const followUp = page.getByRole("region", { name: "Follow-up" });
  await followUp.getByRole("button", { name: "Show what is sent, and why" }).click();
  const aftercare = followUp.getByRole("listitem").filter({ hasText: /Aftercare · session 5/ });
  await expect(aftercare).toContainText("Sent");
  await aftercare.getByText("Everything that happened").click();
  await expect(aftercare).toContainText("thank you for your visit");
  await expect(followUp.getByRole("listitem").filter({ hasText: /session 5/ }).filter({ hasText: "Planned" }).first()).toBeVisible();
  await accessible(page);
});

test("what stalled is called, and a call is noted in two taps", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "fischer");
  // The demo clinic has just been filled: its series are planned in batches.
  const flags = () => Number(clinic.ask("select count(*) from touch where kind = 'flag' and state = 'accepted'"));
  await expect.poll(flags, { timeout: 30_000 }).toBeGreaterThan(50);
  await page.goto(`${clinic.url}/sessions`);
  await page.getByRole("link", { name: "Call list" }).click();
  const due = page.getByRole("region", { name: "To call now" });
  await expect(due.getByRole("heading", { level: 3 }).first()).toBeVisible();
  await accessible(page);
  const first = due.getByRole("listitem").first();
  const name = await first.getByRole("heading", { level: 3 }).innerText();
  await first.getByRole("button", { name: "Log a call" }).click();
  await first.getByRole("button", { name: "Log it" }).click();
  await expect(first.getByRole("alert")).toHaveText("Say what came of it.");
  await first.getByLabel("No answer").check();
  await first.getByLabel("Note").fill("Rang twice.");
  await first.getByRole("button", { name: "Log it" }).click();
  const later = page.getByRole("region", { name: "Later" });
  await expect(later.getByRole("listitem").filter({ hasText: name }).filter({ hasText: "No answer: Rang twice." })).toBeVisible();
  expect(clinic.ask("select count(*) from call_step")).toBe("1");
});

test("what is sold stands on a timeline at once; a booking ends what asks for one, and its end brings that back", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await page.goto(`${clinic.url}/clients/${clinic.ask("select id from client where name = 'Maya Chen'")}`);
  await page.getByRole("button", { name: "Sell a package" }).click();
  await page.getByRole("radio", { name: /Chemical peel/ }).check();
  await page.getByRole("button", { name: "Sell", exact: true }).click();
  await expect(page.locator("li.plan-card").filter({ hasText: "Chemical peel" })).toBeVisible();
  await allAtTheClinic(page);
  const followUp = page.getByRole("region", { name: "Follow-up" });
  await followUp.getByRole("button", { name: "Show what is sent, and why" }).click();
  const touch = followUp.locator("h3:has-text('Chemical peel') + ol").getByRole("listitem").filter({ hasText: "Reminder to book · session 1" });
  await expect(touch).toContainText("Planned");
  await accessible(page);

  const again = await page.context().newPage();
  await again.goto(page.url());
  await again.locator("li.plan-card").filter({ hasText: "Chemical peel" }).getByRole("link", { name: "Sessions", exact: true }).click();
  await again.locator(".session-row").filter({ hasText: "1 of 4" }).first().locator("a").click();
  const facts = again.locator(".session-facts");
  await facts.getByRole("group", { name: "Next free times" }).getByRole("button").first().click();
  await expect(again.locator(".page-head")).toContainText("Booked");
  await allAtTheClinic(again);
  await followUp.getByRole("button", { name: "Look again" }).click();
  await expect(touch).toContainText("Not sent");
  await expect(touch).toContainText(/Maya booked .* before this was due/);
  await touch.getByText("Everything that happened").click();

  await facts.getByRole("button", { name: "Cancel the booking" }).click();
  await facts.getByLabel("Reason").fill("Has the flu");
  await facts.getByRole("button", { name: "Cancel it" }).click();
  await expect(again.locator(".page-head")).toContainText("Awaiting booking");
  await allAtTheClinic(again);
  await followUp.getByRole("button", { name: "Look again" }).click();
  await expect(touch).toContainText("Planned");
});
