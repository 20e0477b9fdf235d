import { chromium, type Page } from "@playwright/test";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import config from "../playwright.config";
import { FakeCamera } from "../camera.mjs";
import { accessible, allAtTheClinic, type Clinic, drawSignature, expect, keptForOffline, signIn, test } from "./clinic";

const IPAD = { viewport: { width: 820, height: 1180 }, hasTouch: true };

/** A browser with a profile on disk and a camera. Nothing is granted twice: a real iPad remembers too. */
async function openIpad(profile: string, camera: FakeCamera, more: string[] = []) {
  const launch = config.use!.launchOptions!;
  const context = await chromium.launchPersistentContext(profile, { ...launch, args: [...launch.args!, ...camera.args, ...more], ...IPAD });
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
  await context.close();
  await clinic.stop();
  ({ context, page } = await openIpad(profile, camera));
  await page.goto(address);
  await expect(page.locator(".finder.is-live")).toBeVisible();

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

test("without a camera a file goes the same way, and nothing of where it was taken goes with it", async ({ clinic, page }) => {
  const camera = new FakeCamera();
  await signIn(page, clinic);
  const file = await camera.file(page, "IMG_0042.jpg", { width: 2000 });
  // As a phone writes it: where it was taken, and a small picture inside.
  const plain = readFileSync(file);
  const gps = Buffer.from("Exif\0\0MM\0*\0\0\0\x08GPSLatitude 51.5007 GPSLongitude -0.1246");
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, gps.length + 2]), gps]);
  writeFileSync(file, Buffer.concat([plain.subarray(0, 2), segment, plain.subarray(2)]));

  const { client, id } = session(clinic, 1);
  await page.goto(`${clinic.url}/clients/${client}/sessions/${id}/photos`);
  await expect(page.getByText("This device has no camera. Choose a file.")).toBeVisible();
  await accessible(page);
  await page.getByLabel("Picture file").setInputFiles(file);
  await taken(page, "1 of 2 taken");
  // Something that is no picture is told, and nothing is kept.
  const note = join(camera.folder, "note.jpg");
  writeFileSync(note, "not a picture at all");
  await page.getByLabel("Picture file").setInputFiles(note);
  await expect(page.getByText("This file is not a picture this browser can read.")).toBeVisible();
  await taken(page, "1 of 2 taken");
  await allAtTheClinic(page);
  provenAtTheClinic(clinic, 1);
  const stored = clinic.pictures(clinic.ask("select id from photo")).toString("latin1");
  expect(stored).not.toContain("GPS");
  expect(stored).not.toContain("Exif");
  camera.remove();
});

test("pieces that are lost or damaged on the way are sent again, until the picture is there as it was taken", async ({ clinic, page: artist }) => {
  const camera = new FakeCamera();
  await camera.show(artist, { width: 2400 });
  const profile = mkdtempSync(join(tmpdir(), "cad-ipad-"));
  const { context, page } = await openIpad(profile, camera);
  await signIn(page, clinic);
  // The first try of every piece is lost; of the second, a byte is turned; the third goes through.
  const tries = new Map<string, number>();
  await context.route("**/photos/*/upload/*", async (route) => {
    const request = route.request();
    const n = (tries.get(request.url()) ?? 0) + 1;
    tries.set(request.url(), n);
    if (n === 1) return route.abort("connectionreset");
    const body = Buffer.from(request.postDataBuffer()!);
    if (n === 2) body[body.length >> 1] ^= 1;
    return route.continue({ postData: body });
  });
  await openCamera(page, clinic, 1);
  await shutter(page).click();
  await taken(page, "1 of 2 taken");
  await expect(async () => provenAtTheClinic(clinic, 1)).toPass({ timeout: 30_000 });
  await allAtTheClinic(page);
  expect(tries.size).toBeGreaterThan(1);
  expect([...tries.values()].every((n) => n >= 3)).toBe(true);
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  camera.remove();
});

test("every device shows the thumbnail within moments of its arrival, and two tabs of one do not get in each other's way", async ({ clinic, fresh, page: artist }) => {
  const camera = new FakeCamera();
  await camera.show(artist);
  const profile = mkdtempSync(join(tmpdir(), "cad-ipad-"));
  const { context, page } = await openIpad(profile, camera);
  await signIn(page, clinic);
  const second = await context.newPage();
  await second.goto(clinic.url);
  const other = await fresh(IPAD);
  await signIn(other, clinic, "lind");
  const { client, id } = session(clinic, 1);
  await other.goto(`${clinic.url}/clients/${client}/sessions/${id}`);
  await other.getByRole("group", { name: "Show" }).getByRole("button", { name: "Photos" }).click();
  await expect(other.getByText("No photographs of this series yet.")).toBeVisible();

  await openCamera(page, clinic, 1);
  await shutter(page).click();
  await taken(page, "1 of 2 taken");
  await expect(other.locator(".pair img.thumb")).toBeVisible();
  const shown = Date.now();
  const arrived = Number(clinic.ask("select extract(epoch from arrived_at) * 1000 from photo"));
  console.log(`      another device showed the thumbnail ${Math.round(shown - arrived)} ms after the picture had arrived`);
  await allAtTheClinic(second);
  provenAtTheClinic(clinic, 1);
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  camera.remove();
});

test("a picture to be shown is made only under a live consent, and dies with it", async ({ clinic, page: artist, request }) => {
  // Many pages, each a cold start.
  test.slow();
  const camera = new FakeCamera();
  await camera.show(artist);
  const profile = mkdtempSync(join(tmpdir(), "cad-ipad-"));
  const { context, page } = await openIpad(profile, camera);
  await signIn(page, clinic);
  for (const number of [1, 5]) {
    await openCamera(page, clinic, number);
    await shutter(page).click();
    await taken(page, "1 of 2 taken");
  }
  await allAtTheClinic(page);
  const { client, id } = session(clinic, 5);
  const compare = async () => {
    await page.goto(`${clinic.url}/clients/${client}/sessions/${id}`);
    await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "Photos" }).click();
    await page.getByRole("link", { name: /Legs: Front/ }).click();
    await page.getByRole("button", { name: "Share" }).click();
  };
  await compare();
  await expect(page.getByRole("dialog")).toContainText("Nothing can be shared.");

  await page.goto(`${clinic.url}/clients/${client}`);
  await page.getByRole("link", { name: "Sign photo consent" }).click();
  await drawSignature(page);
  await page.getByLabel("In my treatment record").check();
  await page.getByLabel("The clinic’s website").check();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await expect(page.getByText(/Signed on|version 1/).first()).toBeVisible();
  await allAtTheClinic(page);

  await compare();
  await page.getByLabel("The clinic’s website").check();
  await accessible(page);
  await page.getByRole("button", { name: "Make the picture" }).click();
  const address = await page.getByLabel("Address of the picture").inputValue();
  await allAtTheClinic(page);
  const shown = await request.get(address);
  expect(shown.status()).toBe(200);
  const text = await shown.text();
  expect(text).not.toContain("Maya");
  const picture = await request.get(`${address}/picture`);
  expect(picture.status()).toBe(200);
  expect(picture.headers()["content-type"]).toBe("image/jpeg");
  expect(picture.headers()["cache-control"]).toContain("no-store");

  await page.goto(`${clinic.url}/clients/${client}`);
  const card = page.locator("li.signature").filter({ hasText: "Photographs, version 1" }).first();
  await card.locator("summary").filter({ hasText: "Withdraw" }).click();
  await card.getByLabel(/Why it is withdrawn/).fill("She changed her mind");
  await card.getByRole("button", { name: "Withdraw it" }).click();
  await expect(page.getByText("Not shown any more")).toBeVisible();
  await accessible(page);
  await allAtTheClinic(page);
  expect((await request.get(address)).status()).toBe(404);
  expect((await request.get(`${address}/picture`)).status()).toBe(404);
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  camera.remove();
});

test("a device of the version before photographs keeps what it holds, and waits for an older tab to close", async ({ clinic, page }) => {
  await page.goto(`${clinic.url}/sign-in`);
  // As the version before laid it out, with an entry nobody has sent.
  await page.evaluate(
    () =>
      new Promise<void>((done, failed) => {
        const opening = indexedDB.open("cadence", 1);
        opening.onupgradeneeded = () => {
          for (const store of ["meta", "pages", "drafts"]) opening.result.createObjectStore(store);
          const outbox = opening.result.createObjectStore("outbox", { autoIncrement: true });
          outbox.add(JSON.stringify({ text: "an entry from yesterday", answer: null }));
        };
        opening.onsuccess = () => {
          // Held open, as a tab does.
          (window as unknown as { older: IDBDatabase }).older = opening.result;
          done();
        };
        opening.onerror = () => failed(opening.error);
      }),
  );
  const newer = await page.context().newPage();
  await newer.goto(clinic.url);
  await newer.getByLabel("Email").fill("osei@demo.clinic");
  await newer.getByLabel("Password", { exact: true }).fill("cadence-demo");
  await newer.getByRole("button", { name: "Sign in" }).click();
  await expect(newer.getByText("Another tab still has the version before.")).toBeVisible();
  await page.evaluate(() => (window as unknown as { older: IDBDatabase }).older.close());
  await expect(newer.getByText("Another tab still has the version before.")).toBeHidden();
  const kept = await newer.evaluate(
    () =>
      new Promise<[number, string[]]>((done) => {
        const opening = indexedDB.open("cadence");
        opening.onsuccess = () => {
          const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
          all.onsuccess = () => {
            opening.result.close();
            done([opening.result.version, all.result]);
          };
        };
      }),
  );
  expect(kept[0]).toBe(2);
  expect(kept[1]).toEqual([JSON.stringify({ text: "an entry from yesterday", answer: null })]);
});
