import { chromium } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import config from "../playwright.config";
import { allAtTheClinic, expect, keptForOffline, noteForNextTime, openMaya, signIn, test } from "./clinic";
import { kept } from "./sealed.mjs";

const NO_ROOM = /This device has no room left/;

/** A disk of its own for a browser's profile, small enough to be filled. */
class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), "cad-disk-"));
  private readonly filler = join(this.folder, "filler");
  private letGo = () => {};

  constructor() {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=160m", "none", this.folder]);
  }

  /** Takes all there is, and from then on at once whatever the browser gives up by tidying: the disk stays full. */
  fill() {
    const file = openSync(this.filler, "w");
    const take = () => {
      for (let block = 1024 * 1024; block >= 1; block = Math.floor(block / 2)) {
        try {
          for (;;) writeSync(file, Buffer.alloc(block));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        }
      }
    };
    take();
    const taking = setInterval(take, 10);
    this.letGo = () => {
      clearInterval(taking);
      closeSync(file);
      this.letGo = () => {};
    };
    expect(statfsSync(this.folder).bfree).toBe(0);
  }

  free() {
    this.letGo();
    unlinkSync(this.filler);
  }

  remove() {
    this.letGo();
    execFileSync("umount", ["--lazy", this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

test("a full disk is said at once, keeps what is on the screen, and goes on once there is room", async ({ clinic }) => {
  test.skip(process.getuid?.() !== 0, "only root can mount a disk small enough to fill");
  const disk = new SmallDisk();
  try {
    const context = await chromium.launchPersistentContext(join(disk.folder, "profile"), { ...config.use!.launchOptions, viewport: { width: 820, height: 1180 } });
    const page = context.pages()[0];
    await signIn(page, clinic);
    await keptForOffline(page);
    await openMaya(page);
    const said = page.getByRole("alert").filter({ hasText: NO_ROOM });
    await noteForNextTime(page).fill("Before the disk was full.");

    disk.fill();
    // Longer than what the last page of a file may still take on a full disk.
    const after = " And after".repeat(500);
    await noteForNextTime(page).fill(`Before the disk was full.${after}`);
    await expect(said).toBeVisible();
    await expect(noteForNextTime(page)).toHaveValue(`Before the disk was full.${after}`);

    // Signing is refused rather than half done: the record stays open.
    await page.getByRole("button", { name: "Confirm all as last time" }).click();
    await page.getByRole("button", { name: "Sign", exact: true }).click();
    await page.getByRole("button", { name: /Sign as/ }).click();
    await expect(page.getByText(NO_ROOM).first()).toBeVisible();
    expect(clinic.ask("select count(*) from signed_session where note like 'Before%'")).toBe("0");

    disk.free();
    await page.keyboard.press("Escape");
    await noteForNextTime(page).press("End");
    await noteForNextTime(page).pressSequentially(".");
    await expect(said).toBeHidden();
    await page.reload();
    await expect(noteForNextTime(page)).toHaveValue(`Before the disk was full.${after}.`);
    await context.close();
  } finally {
    disk.remove();
  }
});

test("what the device keeps is whole: pages and cursor together, the outbox until it is answered", async ({ clinic, fresh }) => {
  const page = await fresh({ viewport: { width: 820, height: 1180 } });
  await signIn(page, clinic);
  await keptForOffline(page);
  await openMaya(page);
  await page.context().setOffline(true);
  await page.getByRole("button", { name: /Pin a note/ }).click();
  await page.getByLabel("What works on this device").fill("Kept in the outbox.");
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await expect(page.locator(".nuances")).toContainText("Kept in the outbox.");

  const before = await stored(page);
  expect(before.pages).toBeGreaterThan(0);
  expect(before.cursor.whole).toBe(true);
  expect(before.outbox).toHaveLength(1);
  expect(before.outbox[0].change.PinDeviceNote.text).toBe("Kept in the outbox.");
  expect(before.answers).toHaveLength(0);

  // A restart takes up exactly what lies there.
  await page.reload();
  await expect(page.locator(".nuances")).toContainText("Kept in the outbox.");
  await page.context().setOffline(false);
  await allAtTheClinic(page);
  await expect.poll(async () => (await stored(page)).outbox.length).toBe(0);
  expect((await stored(page)).cursor.version).toBeGreaterThan(before.cursor.version);
});

/** What lies in this browser's IndexedDB. */
async function stored(page: import("@playwright/test").Page) {
  const [pages, outbox, answers] = [await kept(page, "pages"), await kept(page, "outbox"), await kept(page, "answers")];
  const cursor = await page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const database = await answer(indexedDB.open("cadence-2"));
    const cursor = await answer(database.transaction("meta").objectStore("meta").get("cursor"));
    database.close();
    return JSON.parse(cursor);
  });
  return { pages: pages.length, cursor, outbox: outbox.map((text) => JSON.parse(JSON.parse(text))), answers };
}
