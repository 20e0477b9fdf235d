import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, allAtTheClinic, DESKTOP, expect, keptForOffline, noteForNextTime, openMaya, signIn, test } from "./clinic";
import { choosePin, openByPin, openProfile, PIN, typePin } from "./pin";

const IPAD = { viewport: { width: 820, height: 1180 }, hasTouch: true };

/** Files of a folder, with all folders in it, in which a text stands, in one or two bytes a letter. */
function filesWith(folder: string, text: string): string[] {
  const forms = [Buffer.from(text, "utf8"), Buffer.from(text, "utf16le")];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return paths.filter((path) => {
    const bytes = readFileSync(path);
    return forms.some((form) => bytes.includes(form));
  });
}

test("a copied profile gives away no name, and a browser that was closed opens by PIN, for three days and five tries", async ({ clinic }) => {
  const profile = mkdtempSync(join(tmpdir(), "cad-ipad-"));
  let { context, page } = await openProfile(profile);
  await signIn(page, clinic);
  await keptForOffline(page);
  await choosePin(page, clinic);
  await openMaya(page);
  await noteForNextTime(page).fill("Canary of the draft");
  await expect(page.locator("a.sync")).toBeVisible();
  await page.goto(clinic.url);
  await expect(page.getByRole("link", { name: /Maya Chen/ }).first()).toBeVisible();
  await context.close();

  // The search finds what lies open, so it would find a name that did: the person who may open it is no secret.
  expect(filesWith(profile, "Dr Ama Osei").length).toBeGreaterThan(0);
  for (const secret of ["Maya Chen", "Chen", "Jonas Weber", "Canary of the draft", "Lindenhof"]) expect(filesWith(profile, secret), secret).toEqual([]);

  await clinic.stop();
  ({ context, page } = await openProfile(profile));
  await page.goto(clinic.url);
  await openByPin(page, "135790");
  await expect(page.getByText("This is not the right PIN. 4 more tries.")).toBeVisible();
  await accessible(page);
  await typePin(page);
  await openMaya(page);
  await expect(noteForNextTime(page)).toHaveValue("Canary of the draft");
  await context.close();

  // Three days later only the network helps.
  ({ context, page } = await openProfile(profile));
  await page.clock.install({ time: Date.now() + 73 * 3_600_000 });
  await page.goto(clinic.url);
  await openByPin(page);
  await expect(page.getByText("This device was not at the clinic’s server for too long.")).toBeVisible();
  await context.close();

  // Signed in a while ago, the cookie alone opens nothing.
  await clinic.start();
  clinic.ask("update sign_in set since = since - interval '1 hour'");
  ({ context, page } = await openProfile(profile));
  await page.goto(clinic.url);
  await openByPin(page);
  await openMaya(page);
  await context.close();
  await clinic.stop();

  // Five tries, over restarts; then it is the password's turn, and the right PIN opens nothing.
  for (let n = 1; n <= 5; n++) {
    ({ context, page } = await openProfile(profile));
    await page.goto(clinic.url);
    await openByPin(page, "135790");
    await expect(page.getByText(n < 5 ? /This is not the right PIN/ : /The PIN was wrong 5 times/)).toBeVisible();
    if (n < 5) await context.close();
  }
  await typePin(page);
  await expect(page.getByText("Opening…")).toBeHidden();
  await expect(page.getByText(/The PIN was wrong 5 times/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Today" })).toHaveCount(0);
  await context.close();
  rmSync(profile, { recursive: true, force: true });
});

test("colleagues switch by PIN at one iPad: none sees the other's draft, and every act bears the right name", async ({ clinic, fresh }) => {
  const page = await fresh(IPAD);
  await signIn(page, clinic, "lind");
  await keptForOffline(page);
  await choosePin(page, clinic, "112358");
  await lock(page);
  await expect(page.getByRole("heading", { name: "Sofia Lind" })).toBeVisible();
  await page.getByRole("button", { name: "Sign in with a password" }).click();
  await page.getByLabel("Email").fill("osei@demo.clinic");
  await page.getByLabel("Password", { exact: true }).fill("cadence-demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  await choosePin(page, clinic);
  await openMaya(page);
  await noteForNextTime(page).fill("Only Ama wrote this.");
  await lock(page);

  const began = Date.now();
  await openByPin(page, "112358", "Sofia Lind");
  await expect(page.getByRole("heading", { level: 1, name: "Maya Chen" })).toBeVisible();
  console.log(`      switched in ${Date.now() - began} ms, digits and all`);
  await expect(page.getByText("A. Osei began to chart this session on this device.")).toBeVisible();
  await expect(noteForNextTime(page)).not.toHaveValue("Only Ama wrote this.");
  await noteForNextTime(page).fill("Sofia wrote this.");
  await page.getByRole("button", { name: "Confirm all as last time" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await page.getByRole("button", { name: /Sign as Sofia Lind/ }).click();
  await expect(page.getByText(/Signed by Sofia Lind/)).toBeVisible();
  await allAtTheClinic(page);
  const signed = "select staff.name from signed_session join staff on staff.id = signed_by where note = 'Sofia wrote this.'";
  expect(clinic.ask(signed)).toBe("Sofia Lind");
  expect(clinic.ask("select signed_in = (select id from staff where name = 'Sofia Lind') from receipt order by received_at desc limit 1")).toBe("t");

  await lock(page);
  await openByPin(page, PIN, "Dr Ama Osei");
  // What she had begun is still hers.
  await expect(page.getByText(/S. Lind signed this session .* What you typed is kept here/)).toBeVisible();
  await expect(noteForNextTime(page)).toHaveValue("Only Ama wrote this.");
});

async function lock(page: import("@playwright/test").Page) {
  await page.locator("details.staff > summary").click();
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await expect(page.getByRole("button", { name: "Sign in with a password" })).toBeVisible();
}

test("a screen nobody touches locks itself, in every tab, and the server wants the PIN too", async ({ clinic, fresh }) => {
  const page = await fresh(IPAD);
  await page.clock.install();
  await signIn(page, clinic);
  await keptForOffline(page);
  await choosePin(page, clinic);
  const other = await page.context().newPage();
  await other.goto(clinic.url);
  await expect(other.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await page.clock.fastForward("04:30");
  await page.mouse.move(10, 10);
  await page.clock.fastForward("04:30");
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await page.clock.fastForward("01:00");
  for (const tab of [page, other]) await expect(tab.getByText("Type your PIN.")).toBeVisible();
  expect(clinic.ask("select count(*) from sign_in")).toBe("0");
  await typePin(other);
  await expect(other.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});

test("a lost iPad is emptied: what was only on it is at the clinic, and nothing readable is left", async ({ clinic, fresh }) => {
  const profile = mkdtempSync(join(tmpdir(), "cad-ipad-"));
  let { context, page } = await openProfile(profile);
  await signIn(page, clinic);
  await keptForOffline(page);
  await choosePin(page, clinic);
  await clinic.stop();
  await openMaya(page);
  await noteForNextTime(page).fill("Canary that is only on the iPad");
  await page.getByRole("button", { name: /Pin a note/ }).click();
  await page.getByLabel("What works on this device").fill("Canary in the outbox");
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await expect(page.locator("a.sync")).toContainText("1 saved here");
  await context.close();

  await clinic.start();
  clinic.ask("update staff set role = 'Owner' where name = 'Marcus Bauer'");
  const owner = await fresh(DESKTOP);
  await signIn(owner, clinic, "bauer");
  await owner.goto(`${clinic.url}/settings/installations`);
  const lost = owner.getByRole("listitem").filter({ hasText: "A. Osei" });
  await expect(lost).toBeVisible();
  await accessible(owner);
  await lost.getByRole("button", { name: "Empty" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Empty it" }).click();
  await expect(lost).toContainText("To be emptied");

  // Nobody types a PIN: it is locked, and empties itself all the same.
  ({ context, page } = await openProfile(profile));
  await page.goto(clinic.url);
  await expect(page.getByRole("heading", { name: "This device was emptied by the clinic" })).toBeVisible({ timeout: 20_000 });
  const left = await page.evaluate(async () => [
    ...(await indexedDB.databases()).map((database) => database.name),
    ...(await caches.keys()),
    ...Object.keys(localStorage),
    String((await navigator.serviceWorker.getRegistrations()).length),
  ]);
  expect(left).toEqual(["0"]);
  await context.close();
  const kept = (place: string) => clinic.ask(`select convert_from(body, 'utf8') from quarantine where place = '${place}'`);
  expect(kept("outbox")).toContain("Canary in the outbox");
  expect(kept("drafts")).toContain("Canary that is only on the iPad");
  for (const secret of ["Maya Chen", "Canary"]) expect(filesWith(profile, secret), secret).toEqual([]);
  expect(clinic.ask("select share is null and token_hash is null and wiped_at is not null from installation where wipe_asked_at is not null")).toBe("t");

  await owner.reload();
  await expect(lost).toContainText("Emptied");
  const saved = owner.waitForEvent("download");
  await lost.getByRole("link", { name: /things were only on it/ }).click();
  expect(execFileSync("cat", [await (await saved).path()]).toString()).toContain("Canary that is only on the iPad");
  rmSync(profile, { recursive: true, force: true });
});
