import { chromium, type Page } from "@playwright/test";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeCamera } from "./camera";
import { accessible, allAtTheClinic, type Clinic, expect, keptForOffline, openMaya, signIn, test } from "./clinic";

const IPAD = { viewport: { width: 820, height: 1180 }, hasTouch: true };

/** A browser with a profile on disk and a camera. Nothing is granted twice: a real iPad remembers too. */
async function openIpad(profile: string, camera: FakeCamera, more: string[] = []) {
  const context = await chromium.launchPersistentContext(profile, { ...camera.options(more), ...IPAD });
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

/** Maya's hair removal: her id, and that of one of its sessions. */
function session(clinic: Clinic, number: number): { client: string; id: string } {
  const row = clinic.ask(
    `select s.client_id, s.id from session s join client c on c.clinic_id = s.clinic_id and c.id = s.client_id
     join plan p on p.clinic_id = s.clinic_id and p.id = s.plan_id
     where c.name = 'Maya Chen' and p.name = 'Laser hair removal' and s.number = ${number}`,
  );
  const [client, id] = row.split("|");
  return { client, id };
}

async function openCamera(page: Page, clinic: Clinic, number: number) {
  const { client, id } = session(clinic, number);
  await page.goto(`${clinic.url}/clients/${client}/sessions/${id}/photos`);
  await expect(page.locator(".finder.is-live")).toBeVisible();
}

const shutter = (page: Page) => page.getByRole("button", { name: "Take the photograph" });
const taken = (page: Page, words: string) => expect(page.locator(".filmstrip-head p")).toHaveText(words);
/** The darkroom holds the view's baseline. */
const ready = (page: Page) => expect(page.locator(".finder .ghost")).toBeVisible();

/** What the clinic's store holds is what the record names, byte for byte. */
function provenAtTheClinic(clinic: Clinic, count: number) {
  const rows = clinic.ask("select id, sha256 from photo where arrived_at is not null order by taken_at").split("\n").filter(Boolean);
  expect(rows).toHaveLength(count);
  for (const row of rows) {
    const [id, sha256] = row.split("|");
    const stored = clinic.pictures(id);
    expect(createHash("sha256").update(stored).digest("hex")).toBe(sha256);
  }
}

test("the same view every time: baseline, ghost, hints, a questioned photograph, and then and now in two taps", async ({ clinic, page: artist }) => {
  const camera = new FakeCamera();
  await camera.show(artist);
  const profile = mkdtempSync(join(tmpdir(), "cad-ipad-"));
  const { context, page } = await openIpad(profile, camera);
  await signIn(page, clinic);

  // Session 1: nothing to be held against yet.
  await openCamera(page, clinic, 1);
  await expect(page.getByText("it becomes the baseline")).toBeVisible();
  await accessible(page);
  await taken(page, "0 of 2 taken");
  await shutter(page).click();
  await taken(page, "1 of 2 taken");
  await expect(page.locator(".finder-view")).toHaveText("Legs: Back");
  await allAtTheClinic(page);
  provenAtTheClinic(clinic, 1);

  // Session 5, from nearer, turned and darker: told live, and questioned before it is kept.
  await camera.show(artist, { scale: 1.12, degrees: 8, ev: -0.6 });
  await openCamera(page, clinic, 5);
  await ready(page);
  await expect(page.locator(".finder-hints")).toContainText(/Go farther away, 1\d\.\d %/);
  await expect(page.locator(".finder-hints")).toContainText(/Turn the camera clockwise, [78]\.\d°/);
  await shutter(page).click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByRole("heading")).toContainText("taken from nearer");
  await expect(sheet.getByRole("heading")).toContainText("turned clockwise");
  await expect(sheet.getByRole("heading")).toContainText("darker");
  await accessible(page);
  await sheet.getByRole("button", { name: "Keep it" }).click();
  await expect(sheet.getByText("Say why it is kept")).toBeVisible();
  await sheet.getByRole("button", { name: "Take it again" }).click();
  await taken(page, "0 of 2 taken");

  // Nearly as the baseline: kept without a word.
  await camera.show(artist, { scale: 1.02, degrees: 1.5, right: 0.02, ev: -0.1 });
  await page.reload();
  await ready(page);
  await expect(page.locator(".finder-hints")).toContainText("As the baseline");
  await shutter(page).click();
  await taken(page, "1 of 2 taken");
  await allAtTheClinic(page);
  provenAtTheClinic(clinic, 2);

  // From the chart in two taps.
  const { client, id } = session(clinic, 5);
  await page.goto(`${clinic.url}/clients/${client}/sessions/${id}`);
  await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "Photos" }).click();
  await page.getByRole("link", { name: /Legs: Front/ }).click();
  const registered = page.getByRole("button", { name: "Registered" });
  await expect(registered).toHaveAttribute("aria-pressed", "true");
  const later = page.locator(".frame-of-picture").nth(1).locator(".laid-picture");
  const place = await later.evaluate((element) => (element as HTMLElement).style.transform);
  const [, turned] = /rotate\((-?[\d.e-]+)rad\)/.exec(place)!;
  const [, scale] = /scale\(([\d.]+)\)/.exec(place)!;
  expect(Math.abs((Number(turned) * 180) / Math.PI + 1.5)).toBeLessThan(0.1);
  expect(Math.abs(Number(scale) - 1 / 1.02)).toBeLessThan(0.003);
  await accessible(page);
  await registered.click();
  await expect(page.getByRole("button", { name: "Original" })).toBeVisible();
  await expect(later).toHaveCSS("transform", /^matrix\(1, 0, 0, 1,/);
  for (const mode of ["Slider", "Overlay", "All"]) {
    await page.getByRole("button", { name: mode, exact: true }).click();
    await accessible(page);
  }
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  camera.remove();
});

test("a photograph taken without a network outlives a reload and a killed browser, and arrives by itself", async ({ clinic, page: artist }) => {
  const camera = new FakeCamera();
  await camera.show(artist);
  const profile = mkdtempSync(join(tmpdir(), "cad-ipad-"));
  let { context, page } = await openIpad(profile, camera);
  await signIn(page, clinic);
  await keptForOffline(page);
  await openCamera(page, clinic, 1);
  const address = page.url();
  await clinic.stop();

  await shutter(page).click();
  await taken(page, "1 of 2 taken");
  await expect(page.locator("a.sync")).toContainText("Offline, 2 saved here");
  await page.reload();
  await taken(page, "1 of 2 taken");
  await expect(page.locator(".film.is-taken img")).toBeVisible();

  const gone = context.waitForEvent("close");
  execFileSync("pkill", ["-KILL", "-f", profile]);
  await gone;
  ({ context, page } = await openIpad(profile, camera));
  await page.goto(address);
  await taken(page, "1 of 2 taken");
  await expect(page.locator(".film.is-taken img")).toBeVisible();

  await clinic.start();
  await allAtTheClinic(page);
  provenAtTheClinic(clinic, 1);
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  camera.remove();
});
