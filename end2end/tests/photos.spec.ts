import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessible, allAtTheClinic, drawSignature, expect, signIn } from "./clinic";
import { compareFront, openCamera, photographThenAndNow, provenAtTheClinic, ready, session, shutter, taken, test } from "./photographs";

test("the same view every time: baseline, ghost, hints, a questioned photograph, and then and now in two taps", async ({ clinic, camera, ipad, page: artist }) => {
  const { page } = ipad;
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
  await compareFront(page, clinic);
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
});

test("without a camera a file goes the same way, and nothing of where it was taken goes with it", async ({ clinic, camera, page }) => {
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
});

test("a picture to be shown is made only under a live consent, and dies with it", async ({ clinic, ipad, request }) => {
  // Many pages, each a cold start.
  test.slow();
  const { page } = ipad;
  await signIn(page, clinic);
  await photographThenAndNow(page, clinic);
  const { client } = session(clinic, 5);
  const compare = async () => {
    await compareFront(page, clinic);
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
});

test("a camera that was taken away in the background is there again", async ({ clinic, ipad }) => {
  const { page } = ipad;
  await signIn(page, clinic);
  await openCamera(page, clinic, 1);
  // As iPadOS does it: the page is hidden, and its tracks have ended when it comes back.
  const track = () =>
    page.evaluate(() => {
      const video = document.querySelector("video")!;
      return (video.srcObject as MediaStream).getVideoTracks()[0].readyState;
    });
  await page.evaluate(() => {
    const video = document.querySelector("video")!;
    for (const track of (video.srcObject as MediaStream).getTracks()) track.stop();
  });
  expect(await track()).toBe("ended");
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  await expect(async () => expect(await track()).toBe("live")).toPass();
  await expect(page.locator(".finder.is-live")).toBeVisible();
  await shutter(page).click();
  await taken(page, "1 of 2 taken");
});
