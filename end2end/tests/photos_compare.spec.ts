import { type Locator, type Page } from "@playwright/test";
import { allAtTheClinic, type Clinic, expect, signIn } from "./clinic";
import { compareFront, IPAD, type Ipad, openCamera, ready, shutter, taken, test } from "./photographs";
import type { FakeCamera } from "../camera.mjs";

/** Session 1, and session 5 from a little nearer and turned, on the table side by side. */
async function thenAndNow(clinic: Clinic, camera: FakeCamera, ipad: Ipad, artist: Page) {
  const { page } = ipad;
  await signIn(page, clinic);
  await openCamera(page, clinic, 1);
  await shutter(page).click();
  await taken(page, "1 of 2 taken");
  await camera.show(artist, { scale: 1.03, degrees: 3, right: 0.03 });
  await openCamera(page, clinic, 5);
  await ready(page);
  await shutter(page).click();
  await taken(page, "1 of 2 taken");
  await compareFront(page, clinic);
  await expect(page.getByRole("button", { name: "Registered" })).toHaveAttribute("aria-pressed", "true");
  return page;
}

const frames = (page: Page) => page.locator(".frame");

/** How near, and where: the same in both frames. */
async function gaze(page: Page) {
  const transforms = await frames(page).locator(".moved").evaluateAll((all) => all.map((one) => (one as HTMLElement).style.transform));
  expect(new Set(transforms).size).toBe(1);
  const [, x, y, zoom] = /translate\((-?[\d.]+)cqw, (-?[\d.]+)cqw\) scale\(([\d.]+)\)/.exec(transforms[0])!;
  return { x: Number(x), y: Number(y), zoom: Number(zoom) };
}

async function middle(element: Locator) {
  const box = (await element.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width };
}

test("both pictures are moved together by wheel, mouse, fingers and keys", async ({ clinic, camera, ipad, page: artist }) => {
  const page = await thenAndNow(clinic, camera, ipad, artist);
  const frame = frames(page).first();
  const { x, y, width } = await middle(frame);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -400);
  await expect(async () => expect((await gaze(page)).zoom).toBeCloseTo(Math.E, 2)).toPass();
  await page.mouse.down();
  await page.mouse.move(x + width / 10, y - width / 5, { steps: 4 });
  await page.mouse.up();
  await expect(async () => expect(await gaze(page)).toMatchObject({ x: expect.closeTo(10, 0), y: expect.closeTo(-20, 0) })).toPass();
  await page.getByRole("button", { name: "All of it" }).click();
  expect(await gaze(page)).toEqual({ x: 0, y: 0, zoom: 1 });

  const devtools = await ipad.context.newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...away: number[]) =>
    devtools.send("Input.dispatchTouchEvent", { type, touchPoints: away.map((away, id) => ({ x: x + away, y, id })) });
  await touch("touchStart", -40, 40);
  for (const away of [50, 60, 70, 80]) await touch("touchMove", -away, away);
  await touch("touchEnd");
  await expect(async () => expect(await gaze(page)).toMatchObject({ x: expect.closeTo(0, 0), zoom: expect.closeTo(2, 1) })).toPass();

  // From the other frame, by keys.
  await frames(page).nth(1).focus();
  await page.keyboard.press("0");
  expect(await gaze(page)).toEqual({ x: 0, y: 0, zoom: 1 });
  for (const key of ["+", "+", "ArrowLeft"]) await page.keyboard.press(key);
  expect(await gaze(page)).toEqual({ x: 8, y: 0, zoom: expect.closeTo(1.25 ** 2, 3) });
  await page.keyboard.press("0");

  // Slider: what is dragged is the line.
  await page.getByRole("button", { name: "Slider", exact: true }).click();
  const line = page.locator(".slider-line");
  const before = (await middle(line)).x;
  const stage = await middle(frames(page));
  await page.mouse.move(stage.x, stage.y);
  await page.mouse.down();
  await page.mouse.move(stage.x + stage.width / 4, stage.y, { steps: 4 });
  await page.mouse.up();
  await expect(async () => expect((await middle(line)).x - before).toBeCloseTo(stage.width / 4, -1)).toPass();
});

test("a mark stays at its place of the picture, however it lies, and goes to every device", async ({ clinic, camera, ipad, fresh, page: artist }) => {
  const page = await thenAndNow(clinic, camera, ipad, artist);
  const later = frames(page).nth(1);
  const { x, y, width } = await middle(later);
  const tapped = { x: x + width / 5, y: y - width / 10 };
  await page.getByRole("button", { name: "Mark", exact: true }).click();
  await page.mouse.click(tapped.x, tapped.y);
  await page.getByLabel("What is to be seen here?").fill("Redness is gone");
  await page.getByRole("button", { name: "Keep the mark" }).click();

  const ring = page.getByRole("button", { name: "Mark: Redness is gone" });
  await expect(ring).toBeVisible();
  const near = async (place: { x: number; y: number }) => {
    const found = await middle(ring);
    return Math.hypot(found.x - place.x, found.y - place.y);
  };
  expect(await near(tapped)).toBeLessThan(3);
  // As it was taken the picture lies elsewhere, and the mark with it.
  await page.getByRole("button", { name: "Registered" }).click();
  await expect(async () => expect(await near(tapped)).toBeGreaterThan(8)).toPass();
  await page.getByRole("button", { name: "Original" }).click();
  await expect(async () => expect(await near(tapped)).toBeLessThan(3)).toPass();

  await allAtTheClinic(page);
  const other = await fresh(IPAD);
  await signIn(other, clinic, "lind");
  await compareFront(other, clinic);
  const there = other.getByRole("button", { name: "Mark: Redness is gone" });
  await there.click();
  await expect(other.getByRole("dialog")).toContainText("Redness is gone");
  await other.keyboard.press("Escape");
  await expect(other.getByRole("dialog")).toBeHidden();
  await there.click();
  await other.getByRole("button", { name: "Remove the mark" }).click();
  await expect(there).toBeHidden();
  await expect(ring).toBeHidden();
});
