import { accessible, allAtTheClinic, DESKTOP, expect, signIn, test } from "./clinic";

async function openSession(page: import("@playwright/test").Page, text: string, row: string) {
  await page.getByRole("link", { name: "Sessions" }).click();
  await page.getByLabel("Find by client or series").fill(text);
  await page.locator(".session-row").filter({ hasText: row }).first().locator("a").click();
  await expect(page.locator(".session-facts")).toBeVisible();
}

test("a session is booked from the offered times, moved, and cancelled with a reason; its history stays", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await openSession(page, "maya chen laser", "6 of 6");
  const facts = page.locator(".session-facts");
  const offers = facts.getByRole("group", { name: "Next free times" }).getByRole("button");
  await expect(offers).toHaveCount(3);
  await accessible(page);
  const first = (await offers.first().textContent())!.trim();
  await offers.first().click();
  await expect(page.locator(".page-head")).toContainText("Booked");
  await expect(facts).toContainText(first.split(",")[1].trim());
  await allAtTheClinic(page);
  const booked = "select count(*) from appointment a join session s on s.id = a.session_id join plan p on p.id = s.plan_id join client c on c.id = s.client_id where c.name = 'Maya Chen' and s.number = 6 and p.name = 'Laser hair removal'";
  expect(clinic.ask(booked)).toBe("1");

  await facts.getByRole("button", { name: "Move" }).click();
  await facts.getByText("Another time").click();
  await facts.getByRole("group", { name: "Free times on that day" }).getByRole("button").last().click();
  await expect(facts.locator(".plan-history")).toContainText("Moved");

  await facts.getByRole("button", { name: "Cancel the booking" }).click();
  await facts.getByRole("button", { name: "Cancel it" }).click();
  await expect(facts.getByRole("alert")).toContainText("Say why");
  await facts.getByLabel("Reason").fill("Has the flu");
  await facts.getByRole("button", { name: "Cancel it" }).click();
  await expect(facts.locator(".plan-history")).toContainText("Has the flu");
  await expect(page.locator(".page-head")).toContainText("Awaiting booking");
  await allAtTheClinic(page);
  expect(clinic.ask(booked)).toBe("0");
  expect(clinic.ask("select string_agg(ended, ', ' order by position) from past_booking")).toBe("Moved, Cancelled");
});

test("two desks, one offline, book the same session: one has it, the other is told and nothing is lost", async ({ clinic, fresh }) => {
  const [one, two] = [await fresh(DESKTOP), await fresh(DESKTOP)];
  await signIn(one, clinic, "desk");
  await signIn(two, clinic, "desk");
  await openSession(one, "maya chen laser", "6 of 6");
  await openSession(two, "maya chen ", "6 of 6");
  await two.context().setOffline(true);
  const offer = (page: typeof one) => page.getByRole("group", { name: "Next free times" }).getByRole("button").first();
  await offer(one).click();
  await allAtTheClinic(one);
  await offer(two).click();
  await expect(two.getByText("Tentative: saved here")).toBeVisible();
  await two.context().setOffline(false);
  await expect(two.locator("a.sync")).toContainText(/needs? attention/);
  await two.locator("a.sync").click();
  await expect(two.getByText("A booking that could not be made").first()).toBeVisible();
});

test("right after signing, three free times are offered for the next session", async ({ clinic, fresh }) => {
  const page = await fresh({ viewport: { width: 820, height: 1180 } });
  await signIn(page, clinic);
  await page.getByRole("link", { name: /Maya Chen/ }).first().click();
  await page.getByRole("button", { name: "Confirm all as last time" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await page.getByRole("button", { name: /Sign as/ }).click();
  await expect(page.getByText(/Signed by/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Book session #6" })).toBeVisible();
  const offers = page.getByRole("group", { name: "Next free times" }).getByRole("button");
  await expect(offers).toHaveCount(3);
  await offers.nth(1).click();
  await expect(page.getByRole("heading", { name: "Book session #6" })).toBeHidden();
  await allAtTheClinic(page);
  expect(clinic.ask("select count(*) from appointment a join session s on s.id = a.session_id where s.number = 6 and a.starts_at > now()")).not.toBe("0");

  // On an iPad nothing lies over the head of a session's own page.
  await page.getByRole("link", { name: "Back to Today" }).click();
  await openSession(page, "maya chen laser", "6 of 6");
  const pill = (await page.locator("a.sync").boundingBox())!;
  const heading = (await page.locator(".page-head").boundingBox())!;
  expect(heading.y).toBeGreaterThanOrEqual(pill.y + pill.height);
});

test("a booking too soon after another treatment asks for the reason, and keeps it", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  // Her last IPL was two weeks ago; three lie between two of them.
  await openSession(page, "maya chen ipl", "3 of 5");
  const facts = page.locator(".session-facts");
  await facts.getByText("Another time").click();
  await facts.getByLabel("Room").selectOption({ label: "Room 03" });
  const times = facts.getByRole("group", { name: "Free times on that day" }).getByRole("button");
  for (let days = 2; days <= 5; days++) {
    await facts.getByLabel("Day", { exact: true }).fill(new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
    await expect(facts.getByText(/IPL on the face \d+ days before; 21 are usual\./).first()).toBeVisible();
    if ((await times.count()) > 0) break;
  }
  await times.first().click();
  await accessible(page);
  await facts.getByRole("button", { name: /^Book .* nevertheless$/ }).click();
  await expect(facts.getByRole("alert")).toContainText("Say why");
  await facts.getByLabel("Why nevertheless?").fill("Wedding on Saturday");
  await facts.getByRole("button", { name: /^Book .* nevertheless$/ }).click();
  await expect(page.locator(".page-head")).toContainText("Booked");
  await expect(facts.locator(".booked")).toContainText("Room 03");
  await expect(facts.locator(".booked")).toContainText("Nevertheless: Wedding on Saturday");
  await allAtTheClinic(page);
  expect(clinic.ask("select despite from appointment where despite is not null")).toBe("Wedding on Saturday");
});
