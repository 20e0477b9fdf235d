import { accessible, allAtTheClinic, DESKTOP, expect, noteForNextTime, openMaya, SIGNED, signIn, test } from "./clinic";

test("a session is charted from the last one, changed, combined, signed, and then only added to", async ({ clinic, fresh }) => {
  const ipad = await fresh();
  await signIn(ipad, clinic);
  await expect(ipad.getByText("Laser hair removal · 5 of 6").first()).toBeVisible();
  await accessible(ipad);
  await openMaya(ipad);
  await expect(ipad.getByText("Session 5 of 6 · 2 remaining")).toBeVisible();

  // Session 4's settings, each with where it comes from.
  const fluence = ipad.locator("[data-field=fluence]");
  await expect(fluence).toContainText("18");
  await expect(fluence).toContainText("J/cm²");
  await expect(fluence).toContainText(/session 4 · .* · A\. Osei/);
  await expect(fluence).toHaveClass(/is-carried/);
  await accessible(ipad);

  // An unconfirmed value cannot be signed: the button leads to what is open.
  // (Playwright takes aria-disabled for a reason not to click; a finger does not.)
  await ipad.getByRole("button", { name: "Sign", exact: true }).click({ force: true });
  await expect(ipad.getByRole("dialog")).toHaveCount(0);

  // The note from last time, applied with one tap.
  await ipad.getByRole("button", { name: /Apply 18 to 20/ }).click();
  await expect(fluence).toHaveClass(/is-changed/);
  await expect(fluence.locator("s")).toContainText("18");
  await expect(fluence.locator("b")).toHaveText("20");
  // The rest is confirmed with one more.
  await ipad.getByRole("button", { name: "Confirm all as last time" }).click();
  await expect(ipad.locator(".reading.is-carried")).toHaveCount(0);

  // Pulses for each area.
  await ipad.getByLabel("Pulses, Cheek, left").last().fill("42");
  await ipad.getByRole("listitem").filter({ hasText: "Cheek, right" }).getByRole("button", { name: "As last time" }).click();

  // A second procedure with another device on another area, for its own series.
  await ipad.getByRole("button", { name: "Treatment", exact: true }).click();
  await expect(ipad.getByRole("combobox", { name: "Counts for" })).toContainText("IPL photofacial");
  await expect(ipad.getByRole("combobox", { name: "Device", exact: true }).locator("option:checked")).toContainText("Stellar M22");
  await ipad.getByRole("button", { name: "Confirm all as last time" }).click();
  await ipad.getByRole("group", { name: "Figure" }).getByRole("button", { name: "Front" }).click();
  await ipad.getByRole("button", { name: "Shoulder, left" }).click();
  await expect(ipad.getByRole("listitem").filter({ hasText: "Shoulder, left" })).toBeVisible();

  // Her last IPL on the face was two weeks ago: signing wants a reason, which is kept.
  const spacing = ipad.getByRole("region", { name: "Too soon?" });
  await expect(spacing).toContainText(/IPL on the face 14 days before; 21 are usual\./);
  await spacing.getByLabel("Why nevertheless?").fill("Agreed with her, before the wedding.");

  // The skin's response and a note for next time.
  await ipad.getByRole("radio", { name: /2 ?mild/ }).check();
  await ipad.getByRole("group", { name: "Oedema" }).getByRole("radio", { name: "Mild" }).check();
  await noteForNextTime(ipad).fill("Cheeks took 20 well.");
  await accessible(ipad);

  await ipad.getByRole("button", { name: "Sign", exact: true }).click();
  const sheet = ipad.getByRole("dialog", { name: "Sign session 5 of 6" });
  await expect(sheet).toContainText("Fluence 18 → 20 J/cm²");
  await expect(sheet).toContainText("Agreed with her, before the wedding.");
  await accessible(ipad);
  await sheet.getByRole("button", { name: /Sign as/ }).click();
  await expect(ipad.getByText(/Signed by/)).toBeVisible();
  await expect(ipad.getByText("Nevertheless: Agreed with her, before the wedding.")).toBeVisible();
  await accessible(ipad);
  await allAtTheClinic(ipad);

  // Locked: nothing can be changed, only added.
  await expect(ipad.locator(".reading-open")).toHaveCount(0);
  await ipad.getByLabel("Add to this record").fill("No redness after four hours.");
  await ipad.getByRole("button", { name: "Add", exact: true }).click();
  await expect(ipad.locator(".addendum")).toContainText("No redness after four hours.");
  await allAtTheClinic(ipad);

  // Both series count, and one timeline shows both devices.
  expect(clinic.ask("select count(*) from delivery d join signed_session s on s.session_id = d.visit_id where s.signed_at > now() - interval '1 hour'")).toBe("2");
  await ipad.getByRole("link", { name: "Maya Chen" }).click();
  await expect(ipad.getByText("1 of 6 sessions remaining").first()).toBeVisible();
  await expect(ipad.locator(".timeline .visit").first()).toContainText("Stellar M22");
  await expect(ipad.locator(".timeline .visit").first()).toContainText("Clarity II");
  await accessible(ipad);

  // And the front desk sees it.
  const desk = await fresh(DESKTOP);
  await signIn(desk, clinic, "desk");
  await expect(desk.getByRole("row", { name: /Maya Chen/ })).toContainText(SIGNED);
  await accessible(desk);
});

test("200 for 20 is refused and says which limit; outside the usual range warns", async ({ clinic, fresh }) => {
  const ipad = await fresh();
  await signIn(ipad, clinic);
  await ipad.getByRole("link", { name: /Jonas Weber/ }).first().click();
  const fluence = ipad.locator("[data-field=fluence]");
  await fluence.locator(".reading-open").click();
  const pad = ipad.getByRole("dialog");
  for (const key of ["2", "0", "0"]) await pad.getByRole("button", { name: key, exact: true }).click();
  await expect(pad.getByText(/Over the hard limit of \d+ J\/cm²/)).toBeVisible();
  await expect(pad.getByRole("button", { name: "Use 200 J/cm²" })).toBeDisabled();
  await accessible(ipad);
  await pad.getByRole("button", { name: "Delete the last digit" }).click();
  await pad.getByRole("button", { name: "Delete the last digit" }).click();
  await expect(pad.getByText(/Below usual/)).toBeVisible();
  await ipad.keyboard.press("Escape");
  await expect(pad).toHaveCount(0);
  // By keyboard, too.
  await fluence.locator(".reading-open").press("Enter");
  await ipad.keyboard.type("13");
  await ipad.getByRole("button", { name: "Use 13 J/cm²" }).press("Enter");
  await expect(fluence.locator("b")).toHaveText("13");
});
