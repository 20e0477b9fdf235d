import { readFileSync } from "node:fs";
import { accessible, allAtTheClinic, DESKTOP, expect, signIn, test } from "./clinic";
import type { Page } from "@playwright/test";

const MAYA = "Maya Chen";

async function openClient(page: Page, name: string) {
  await page.getByRole("link", { name: "Clients" }).click();
  await page.getByLabel("Find a client").fill(name);
  await page.getByRole("link", { name: new RegExp(name.split(" ").reverse().join(", ")) }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

function series(page: Page, name: string) {
  return page.locator("li.plan-card").filter({ hasText: name }).first();
}

/** Opens one of the forms behind "Change this series". */
async function change(card: ReturnType<typeof series>, kind: string) {
  const more = card.locator("details.plan-more");
  if (!(await more.evaluate((it: HTMLDetailsElement) => it.open))) await card.getByText("Change this series").click();
  await card.getByRole("group", { name: "What to change" }).getByRole("button", { name: kind }).click();
}

/** Gives back so much that one of Maya's four delivered sessions is covered no longer. */
async function leaveOneUnpaid(page: Page) {
  await openClient(page, MAYA);
  const card = series(page, "Laser hair removal");
  await change(card, "Refund");
  await card.getByLabel("Amount").fill("900");
  await card.getByLabel("Reason").fill("Charged twice by mistake");
  await card.locator("form").getByRole("button", { name: "Refund" }).click();
  await expect(card).toContainText("Paid $900 of $1,800 · $900 owed");
}

test("a package is sold for a part of its price; what is owed is seen and taken later", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await openClient(page, MAYA);
  await page.getByRole("button", { name: "Sell a package" }).click();
  await page.getByRole("radio", { name: /Chemical peel/ }).check();
  await page.getByRole("radio", { name: "A part" }).check();
  await page.getByLabel("Amount paid").fill("700");
  await page.getByRole("button", { name: "Sell", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("cannot be more than the price, $600");
  await page.getByLabel("Amount paid").fill("200");
  await page.getByLabel("Paid by").selectOption("Cash");
  await accessible(page);
  await page.getByRole("button", { name: "Sell", exact: true }).click();

  const card = series(page, "Chemical peel");
  await expect(card).toContainText("Partly paid");
  await expect(card).toContainText("Paid $200 of $600 · $400 owed");
  await expect(card.locator(".plan-history")).toContainText("Paid $200, cash");

  await card.getByRole("button", { name: "Take a payment" }).click();
  const form = card.getByRole("form", { name: "Take a payment" });
  await expect(form.getByLabel("Amount")).toHaveValue("400");
  await form.getByLabel("Amount").fill("400.01");
  await form.getByRole("button", { name: "Note the payment" }).click();
  await expect(form.getByRole("alert")).toContainText("No more is owed than $400.");
  await form.getByLabel("Amount").fill("400");
  await form.getByRole("button", { name: "Note the payment" }).click();
  await expect(card.locator(".plan-money")).toHaveText("Paid");
  await expect(form).toBeHidden();
  await allAtTheClinic(page);
  expect(clinic.ask("select sum((action->'Pay'->>'minor')::bigint) from plan_event where action ? 'Pay'")).toBe("60000");
});

test("what was delivered and is not paid is listed, and leaves once it is settled with a reason", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await leaveOneUnpaid(page);

  await page.getByRole("link", { name: "Sessions" }).first().click();
  await page.getByRole("link", { name: /^Billing: [\d,]+ open$/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Billing exceptions" })).toBeVisible();
  const total = page.locator(".billing-total");
  await expect(total).toContainText(/\d+ open, \$[\d,]+ in all/);
  const open = Number((await total.textContent())!.trim().match(/^[\d,]+/)![0].replace(",", ""));
  const row = page.locator("li.exception").filter({ hasText: MAYA });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("Laser hair removal · 4 of 6");
  await expect(row).toContainText("$300");

  await row.getByRole("button", { name: /^Settle/ }).click();
  await row.getByRole("radio", { name: "Let it go" }).check();
  await row.getByRole("button", { name: "Settle it" }).click();
  await expect(row.getByRole("alert")).toContainText("Say why");
  await accessible(page);
  await row.getByRole("radio", { name: "Charged elsewhere" }).check();
  await row.getByLabel("Amount charged").fill("a lot");
  await row.getByLabel("Reason").fill("Paid at the old desk");
  await row.getByRole("button", { name: "Settle it" }).click();
  await expect(row.getByRole("alert")).toContainText("The amount was not understood.");

  // What was typed is still there after a look elsewhere.
  await page.reload();
  await row.getByRole("button", { name: /^Settle/ }).click();
  await expect(row.getByLabel("Amount charged")).toHaveValue("300");
  await expect(row.getByLabel("Reason")).toHaveValue("Paid at the old desk");
  await row.getByRole("button", { name: "Settle it" }).click();
  await expect(row).toHaveCount(0);
  await expect(total).toContainText(`${open - 1} open`);
  await page.getByText("Settled lately").click();
  await expect(page.locator(".settled-list")).toContainText("Charged $300 elsewhere: Paid at the old desk");
  await accessible(page);
  await allAtTheClinic(page);
  expect(clinic.ask("select count(*) from settlement")).toBe("1");

  // It is not asked for again.
  await openClient(page, MAYA);
  await expect(series(page, "Laser hair removal")).toContainText("Paid $900 of $1,800 · $300 settled · $600 owed");
});

test("what remains of a series goes to another client, without a network too; both charts say so", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await openClient(page, MAYA);
  const card = series(page, "Laser hair removal");
  await page.context().setOffline(true);
  await change(card, "Transfer");
  const form = card.getByRole("form", { name: "Transfer" });
  await form.getByLabel("To whom").fill("jonas web");
  await form.getByRole("button", { name: /Jonas Weber/ }).click();
  await expect(form).toContainText("Maya’s 2 remaining sessions become a series of Jonas Weber, who owes nothing for it.");
  await expect(form).toContainText("once the clinic’s server has this");
  await form.getByRole("button", { name: "Transfer", exact: true }).click();
  await expect(form.getByRole("alert")).toContainText("Say why");
  await accessible(page);
  await form.getByLabel("Reason").fill("Moves abroad; Jonas takes them over");
  await form.getByRole("button", { name: "Transfer", exact: true }).click();
  await expect(card).toContainText("The rest of this series was transferred. Maya had 4 of 6 sessions.");
  await expect(card.locator(".plan-history")).toContainText("Transferred 2 sessions to Jonas Weber");

  await page.context().setOffline(false);
  await allAtTheClinic(page);
  await page.reload();
  await expect(card.locator(".plan-history")).toContainText("Moves abroad");
  await card.getByRole("link", { name: "Jonas Weber" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Jonas Weber" })).toBeVisible();
  await page.reload();
  const received = series(page, "Laser hair removal");
  await expect(received).toContainText("Jonas has 2 of 2 sessions remaining. Next session is #1.");
  await expect(received).toContainText("No charge");
  await expect(received.locator(".plan-history")).toContainText("Received from Maya Chen");
  await accessible(page);
  await received.getByRole("link", { name: MAYA }).click();
  await expect(page.getByRole("heading", { level: 1, name: MAYA })).toBeVisible();
});

test("at the last session but one more is offered, once; the answer is kept", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  const words = "Maya’s second-to-last session. Maintenance package available.";
  await page.getByRole("link", { name: "Sessions" }).click();
  await page.getByLabel("Find by client or series").fill("maya chen laser");
  await page.locator(".session-row").filter({ hasText: "5 of 6" }).first().locator("a").click();
  await expect(page.getByText(words)).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Declined" }).click();
  await expect(page.getByText(words)).toBeHidden();

  await openClient(page, MAYA);
  const card = series(page, "Laser hair removal");
  await expect(card.locator(".plan-history")).toContainText("Maintenance declined");
  await expect(page.getByText(words)).toBeHidden();
  await allAtTheClinic(page);
  await page.reload();
  await expect(card.locator(".plan-history")).toContainText("Maintenance declined");
  await expect(page.getByText(words)).toBeHidden();
});

test("maintenance costs less and goes on as #7 and #8 of the same series, paid now or later", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await openClient(page, MAYA);
  const card = series(page, "Laser hair removal");
  const offer = card.getByRole("group", { name: "Maintenance" });
  await offer.getByRole("button", { name: "Sell maintenance" }).click();
  await offer.getByLabel("Sessions").selectOption("2");
  await expect(offer).toContainText("Sessions #7 to #8 of the same series, $510");
  await expect(offer).toContainText("$300 a session at retail, 15 % off: $255");
  await offer.getByRole("radio", { name: "Nothing yet" }).check();
  await accessible(page);
  await offer.getByRole("button", { name: "Sell", exact: true }).click();
  await expect(card).toContainText("Maya has 4 of 8 sessions remaining. Next session is #5.");
  await expect(card).toContainText("Paid $1,800 of $2,310 · $510 owed");
  await expect(offer).toBeHidden();

  // Once more from the menu, paid at once.
  await change(card, "Sell maintenance");
  const form = card.getByRole("form", { name: "Sell maintenance" });
  await form.getByLabel("Sessions").selectOption("1");
  await form.getByRole("button", { name: "Sell", exact: true }).click();
  await expect(card).toContainText("Paid $2,055 of $2,565 · $510 owed");
  await card.getByRole("link", { name: "Sessions", exact: true }).click();
  await expect(page.locator(".session-row")).toHaveCount(9);
  await allAtTheClinic(page);
  expect(
    clinic.ask(
      "select string_agg(s.number::text, ',' order by s.number) from session s join plan p on p.id = s.plan_id join client c on c.id = p.client_id where c.name = 'Maya Chen' and p.name = 'Laser hair removal' and s.number > 6",
    ),
  ).toBe("7,8,9");
});

test("right after signing, more is offered beside the next booking", async ({ clinic, fresh }) => {
  const page = await fresh({ viewport: { width: 820, height: 1180 } });
  await signIn(page, clinic);
  await page.getByRole("link", { name: /Maya Chen/ }).first().click();
  await page.getByRole("button", { name: "Confirm all as last time" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await page.getByRole("button", { name: /Sign as/ }).click();
  await expect(page.getByText(/Signed by/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Book session #6" })).toBeVisible();
  await expect(page.getByText("Maya’s last session. Maintenance package available.")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Wants it" }).click();
  await expect(page.getByText("Maya’s last session. Maintenance package available.")).toBeHidden();
  await page.getByRole("link", { name: MAYA }).click();
  await expect(series(page, "Laser hair removal")).toContainText("wants maintenance");
});

test("the accountant's list has a line for every session delivered; without a network it says so", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await page.goto(`${clinic.url}/billing`);
  await page.getByLabel("From", { exact: true }).fill("2020-01-01");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download the list" }).click()]);
  const lines = readFileSync(await download.path(), "utf8").trim().split("\n");
  expect(lines[0]).toContain("Day,Kind,Client,Series,Session,Of,Provider,Amount,Currency,Billing");
  expect(lines.filter((line) => line.includes(`Session delivered,${MAYA},Laser hair removal,`))).toHaveLength(4);
  expect(lines.some((line) => line.includes(`Session delivered,${MAYA},Laser hair removal,4,6,`) && line.includes(",300,USD,Paid,"))).toBe(true);
  expect(lines.filter((line) => line.includes("Session delivered"))).toHaveLength(
    Number(clinic.ask("select count(distinct counts_for) from treatment where counts_for is not null")),
  );

  await page.getByLabel("From", { exact: true }).fill("2099-01-01");
  await expect(page.getByText("The first day is after the last one.")).toBeVisible();
  await clinic.stop();
  await page.context().setOffline(true);
  await expect(page.getByText("it can be downloaded once the network is back")).toBeVisible();
});

for (const [look, options] of Object.entries({
  "a phone": { viewport: { width: 390, height: 844 }, hasTouch: true },
  "an iPad on its side, dark": { viewport: { width: 1180, height: 820 }, hasTouch: true, colorScheme: "dark" as const },
})) {
  test(`the billing exceptions fit and are accessible: ${look}`, async ({ clinic, fresh }) => {
    const page = await fresh(options);
    await signIn(page, clinic, "desk");
    await page.goto(`${clinic.url}/billing`);
    await expect(page.locator("li.exception").first()).toBeVisible();
    await page.getByRole("button", { name: /^Settle/ }).first().click();
    await accessible(page);
    const { wide, seen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, seen: innerWidth }));
    expect(wide).toBeLessThanOrEqual(seen);
  });
}
