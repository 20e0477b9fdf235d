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
