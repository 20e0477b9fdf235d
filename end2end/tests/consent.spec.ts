import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import { accessible, allAtTheClinic, type Clinic, DESKTOP, drawSignature, expect, keptForOffline, noteForNextTime, openMaya, signIn, test } from "./clinic";

const MAYA = "Maya Chen";
const LASER = "Laser and light treatment";

async function openClient(page: Page, name: string) {
  await page.getByRole("link", { name: "Clients" }).click();
  await page.getByLabel("Find a client").fill(name);
  await page.getByRole("link", { name: new RegExp(name.split(" ").reverse().join(", ")) }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** Some pixels of the pad are painted. */
function painted(page: Page) {
  return page.getByRole("img", { name: "Signature" }).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, i) => i % 4 === 3 && value > 0);
  });
}

function sign(page: Page) {
  return page.getByRole("button", { name: "Sign", exact: true });
}

async function signed(page: Page) {
  await sign(page).click();
  await expect(page.getByText("Signed. Saved here; the document is kept once the clinic’s server has it.")).toBeVisible();
}

/** The document behind a signature's link is the one whose fingerprint is shown. */
async function documentIsTheOneShown(page: Page, clinic: Clinic, card: ReturnType<Page["locator"]>) {
  await card.getByRole("button", { name: /Show its fingerprint/ }).click();
  await expect(card.locator("code")).toBeVisible();
  const shown = (await card.locator("code").textContent())!.replace(/\s/g, "");
  const address = await card.getByRole("link", { name: /Open the document/ }).getAttribute("href");
  const response = await page.request.get(clinic.url + address);
  expect(response.status()).toBe(200);
  expect(response.headers()["content-type"]).toBe("application/pdf");
  const body = await response.body();
  expect(body.subarray(0, 4).toString()).toBe("%PDF");
  expect(createHash("sha256").update(body).digest("hex")).toBe(shown);
  return clinic.url + address;
}

test("a form that lacks an element is not published; a whole one is signed from then on", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Consent forms" }).click();
  await page.getByRole("link", { name: /Chemical peel/ }).click();
  const publish = page.getByRole("button", { name: "Publish as version 2" });
  await expect(publish).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByText("This is version 1, which is signed now.")).toBeVisible();
  const risks = page.getByLabel("Risks", { exact: true });
  await risks.fill(" ");
  await expect(page.getByText("Still missing: Risks.")).toBeVisible();
  await publish.click({ force: true });
  await accessible(page);
  expect(clinic.ask("select count(*) from consent_version v join consent_form f on f.id = v.form_id where f.name = 'Chemical peel'")).toBe("1");

  await risks.fill("Burning for minutes, redness and flaking for days. Rarely scars.");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.getByLabel(/This says something material/).check();
  await expect(page.getByText("From now on version 2 is signed. Whoever signed an earlier one stays on it.")).toBeVisible();
  await publish.click();
  await expect(page.locator(".set-form > header")).toContainText("version 2 is signed");
  await expect(page.getByText(/^Version 2 · .* · material/)).toBeVisible();
  await page.getByText(/^Version 1 · /).click();
  await expect(page.getByText("Crusts, infection, lighter or darker spots", { exact: false }).first()).toBeVisible();
  await accessible(page);
  expect(clinic.ask("select v.number || ' ' || v.material from consent_version v join consent_form f on f.id = v.form_id where f.name = 'Chemical peel' order by 1")).toBe("1 false\n2 true");

  // A new form, asked for by a package.
  await page.getByRole("button", { name: "Add a form" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Needling");
  for (const element of ["What is done", "Risks", "Alternatives", "What to expect", "Aftercare", "Your right to ask and to withdraw"])
    await page.getByLabel(element, { exact: true }).fill(`${element}, in words.`);
  await page.getByRole("button", { name: "Publish as version 1" }).click();
  await expect(page.locator(".set-form > header")).toContainText("version 1 is signed");
  await page.getByRole("link", { name: "Packages" }).click();
  await page.getByRole("link", { name: /Chemical peel/ }).click();
  await expect(page.getByRole("checkbox", { name: "Chemical peel", exact: true })).toBeChecked();
  await page.getByRole("checkbox", { name: "Needling", exact: true }).check();
  await page.getByLabel("Done with").selectOption({ index: 1 });
  await accessible(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  expect(clinic.ask("select count(*) from package_consent c join package p on p.id = c.package_id where p.name = 'Chemical peel'")).toBe("2");
});

test("a new series cannot be charted before its consent is signed; the document is kept as it was signed", async ({ clinic, fresh, request }) => {
  const page = await fresh();
  await signIn(page, clinic);
  await openClient(page, MAYA);
  await page.getByRole("button", { name: "Sell a package" }).click();
  await page.getByRole("radio", { name: /Chemical peel/ }).check();
  await page.getByRole("button", { name: "Sell", exact: true }).click();
  const asked = page.locator(".asked-item").filter({ hasText: "Not signed: no session of this series can be signed before." });
  await expect(asked).toContainText("Chemical peel");
  await accessible(page);

  await page.locator("li.plan-card").filter({ hasText: "Chemical peel" }).getByRole("link", { name: "Chart session #1" }).click();
  await expect(page.locator(".chart-head")).toContainText("consent missing");
  await noteForNextTime(page).fill("Typed before it was signed.");
  await expect(page.getByRole("link", { name: "Consent “Chemical peel” is not signed" })).toBeVisible();
  // Playwright takes aria-disabled for a reason not to click.
  await sign(page).click({ force: true });

  await expect(page.getByRole("heading", { level: 1, name: "Chemical peel" })).toBeVisible();
  await expect(page.locator(".consent-head")).toContainText("Maya Chen, born 14 Mar 1991");
  await expect(page.locator(".consent-text h2")).toHaveCount(6);
  await accessible(page);
  await sign(page).click();
  await expect(page.getByRole("alert")).toContainText("There is no signature yet.");
  await drawSignature(page);
  expect(await painted(page)).toBe(true);
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page.getByText("Sign above with finger, pencil or mouse.")).toBeVisible();
  await drawSignature(page);
  await page.getByLabel("Signed by someone else for the client").fill("Anna Chen");

  // The ink outlives a look elsewhere; what was typed outlives a reload, too.
  await page.getByRole("link", { name: "Back", exact: true }).click();
  await expect(noteForNextTime(page)).toHaveValue("Typed before it was signed.");
  await page.getByRole("link", { name: "Consent “Chemical peel” is not signed" }).click();
  await expect(page.getByText("Signature drawn.")).toBeVisible();
  await expect.poll(() => painted(page)).toBe(true);
  await page.reload();
  await expect(page.getByLabel("Signed by someone else for the client")).toHaveValue("Anna Chen");
  await drawSignature(page);
  await signed(page);

  // Back at the chart, with all that was typed.
  await expect(noteForNextTime(page)).toHaveValue("Typed before it was signed.");
  await expect(page.locator(".chart-head")).not.toContainText("consent missing");
  await expect(page.getByRole("link", { name: /is not signed/ })).toHaveCount(0);
  await allAtTheClinic(page);
  expect(clinic.ask("select signer from consent where signer is not null")).toBe("Anna Chen");

  await page.locator(".chart-head").getByRole("link", { name: MAYA }).click();
  const card = page.locator("li.signature").first();
  await expect(card).toContainText("Chemical peel, version 1");
  await expect(card).toContainText("by Anna Chen for the client");
  const address = await documentIsTheOneShown(page, clinic, card);
  await accessible(page);
  // Nobody else sees it.
  expect((await request.get(address)).status()).toBe(401);
});

test("a withdrawn consent holds up the next session until it is signed again", async ({ clinic, fresh }) => {
  const page = await fresh();
  await signIn(page, clinic);
  await openClient(page, MAYA);
  const card = page.locator("li.signature").filter({ hasText: LASER }).filter({ hasText: "Laser hair removal, sold" }).last();
  await card.getByText("Withdraw", { exact: false }).first().click();
  await card.getByRole("button", { name: "Withdraw it" }).click();
  await expect(card.getByRole("alert")).toContainText("Say why first");
  await card.getByLabel(/Why it is withdrawn/).fill("Wants to think about it");
  await card.getByRole("button", { name: "Withdraw it" }).click();
  await expect(page.locator("li.signature").filter({ hasText: "Wants to think about it" })).toContainText("withdrawn");
  await allAtTheClinic(page);
  await accessible(page);

  await page.getByRole("link", { name: "Today" }).first().click();
  await expect(page.locator("li.appt").filter({ hasText: MAYA }).first()).toContainText("consent missing");
  await accessible(page);
  await openMaya(page);
  await page.getByRole("button", { name: "Confirm all as last time" }).click();
  await accessible(page);
  await page.getByRole("link", { name: `Consent “${LASER}” is not signed` }).click();
  await drawSignature(page);
  await signed(page);
  await expect(page.getByText("Everything is here")).toBeVisible();
  await sign(page).click();
  await page.getByRole("button", { name: /Sign as/ }).click();
  await expect(page.getByText(/Signed by/)).toBeVisible();
  await allAtTheClinic(page);
  expect(clinic.ask("select count(*) from consent_document where signed_at > now() - interval '1 hour'")).toBe("1");
});

test("photographs: signed without a network for some uses, kept with their document later, and withdrawn", async ({ clinic, fresh }) => {
  const page = await fresh();
  await signIn(page, clinic);
  await keptForOffline(page);
  await openClient(page, MAYA);
  await page.context().setOffline(true);
  await page.getByRole("link", { name: "Sign photo consent" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Photographs" })).toBeVisible();
  await drawSignature(page);
  await sign(page).click();
  await expect(page.getByRole("alert")).toContainText("Tick what the photographs may be used for");
  await page.getByLabel("In my treatment record").check();
  await page.getByLabel("Teaching of staff").check();
  await page.getByLabel(/^Until/).fill("2035-03-01");
  await accessible(page);
  await signed(page);

  const card = page.locator("li.signature").filter({ hasText: "Photographs, version 1" }).first();
  await expect(card).toContainText("In my treatment record, Teaching of staff; until 1 Mar 2035");
  await expect(card).toContainText("Saved here; the document is kept once the clinic’s server has it.");
  expect(clinic.ask("select count(*) from consent_document where signed_at > now() - interval '1 hour'")).toBe("0");
  await page.context().setOffline(false);
  await allAtTheClinic(page);
  await documentIsTheOneShown(page, clinic, card);
  expect(clinic.ask("select photo->>'until' from consent where photo is not null")).toBe("2035-03-01");

  await card.getByText("Withdraw", { exact: false }).first().click();
  await card.getByLabel(/Why it is withdrawn/).fill("Does not want to be taught with");
  await card.getByRole("button", { name: "Withdraw it" }).click();
  await expect(card).toContainText("Does not want to be taught with");
  await allAtTheClinic(page);
  expect(clinic.ask("select withdrawn_text from consent where photo is not null")).toBe("Does not want to be taught with");
  await accessible(page);
});
