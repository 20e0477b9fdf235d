import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allAtTheClinic, DESKTOP, expect, keptForOffline, noteForNextTime, openMaya, SIGNED, signIn, test } from "./clinic";
import { choosePin, openByPin, openProfile } from "./pin";

test("a whole session without the network, through cold starts and a killed browser; then it is all at the clinic", async ({ clinic, fresh }) => {
  const profile = mkdtempSync(join(tmpdir(), "cad-ipad-"));
  let { context, page } = await openProfile(profile);
  await signIn(page, clinic);
  await keptForOffline(page);
  await choosePin(page, clinic);
  await openMaya(page);
  const deepLink = page.url();
  await context.close();

  const desk = await fresh(DESKTOP);
  await signIn(desk, clinic, "desk");
  const row = desk.getByRole("row", { name: /Maya Chen/ });
  await expect(row).not.toContainText(SIGNED);

  await clinic.stop();

  // A cold start at a deep link, with no server.
  ({ context, page } = await openProfile(profile));
  await page.goto(deepLink);
  await openByPin(page);
  await expect(page.getByRole("heading", { level: 1, name: "Maya Chen" })).toBeVisible();
  await expect(page.locator("a.sync")).toContainText("Offline");
  await page.getByRole("button", { name: /Apply 18 to 20/ }).click();
  await noteForNextTime(page).pressSequentially("Typed with no network at al");

  // A reload in the middle of a word loses not one keystroke.
  await page.reload();
  await expect(noteForNextTime(page)).toHaveValue("Typed with no network at al");
  await noteForNextTime(page).press("End");
  await noteForNextTime(page).pressSequentially("l.");

  // Nor does a browser that is killed at once.
  const note = noteForNextTime(page);
  await expect(note).toHaveValue("Typed with no network at all.");
  const gone = context.waitForEvent("close");
  execFileSync("pkill", ["-KILL", "-f", profile]);
  await gone;
  ({ context, page } = await openProfile(profile));
  await page.goto(deepLink);
  await openByPin(page);
  await expect(noteForNextTime(page)).toHaveValue("Typed with no network at all.");
  await expect(page.locator("[data-field=fluence] b")).toHaveText("20");

  await page.getByRole("button", { name: "Confirm all as last time" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await page.getByRole("button", { name: /Sign as/ }).click();
  await expect(page.getByText(/Signed by/)).toBeVisible();
  await expect(page.locator("a.sync")).toContainText("Offline, 1 saved here");
  await page.getByLabel("Add to this record").fill("Added while offline.");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.locator("a.sync")).toContainText("Offline, 2 saved here");

  // The server comes back: the desk's page, open all the while, shows it without a reload.
  await expect(desk.locator("a.sync")).toContainText("Offline");
  await clinic.start();
  const back = Date.now();
  await expect(row).toContainText(SIGNED, { timeout: 15_000 });
  console.log(`      the desk's page showed it ${Date.now() - back} ms after the server was ready`);
  await allAtTheClinic(page);
  expect(clinic.ask("select note from signed_session order by signed_at desc limit 1")).toBe("Typed with no network at all.");
  expect(clinic.ask("select text from addendum order by written_at desc limit 1")).toBe("Added while offline.");

  // Killed outright, the server starts again and has lost nothing.
  await clinic.stop("SIGKILL");
  await clinic.start();
  expect(clinic.ask("select note from signed_session order by signed_at desc limit 1")).toBe("Typed with no network at all.");
  await context.close();
  rmSync(profile, { recursive: true, force: true });
});

test("what could not be kept at the first visit is tried again during it", async ({ clinic, page }) => {
  const devtools = await page.context().newCDPSession(page);
  const origin = clinic.url;
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 100_000 });
  const fails = page.waitForEvent("console", (said) => said.text().includes("could not be kept for offline use"));
  await page.goto(`${clinic.url}/sign-in`);
  await fails;
  await devtools.send("Storage.overrideQuotaForOrigin", { origin });
  await keptForOffline(page);
});
