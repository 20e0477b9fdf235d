import { chromium, type BrowserContext, type Page } from "@playwright/test";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import config from "../playwright.config";
import { FakeCamera } from "../camera.mjs";
import { allAtTheClinic, type Clinic, expect, test as base } from "./clinic";

export const IPAD = { viewport: { width: 820, height: 1180 }, hasTouch: true };

/** A browser with a profile on disk and a camera. Nothing is granted twice: a real iPad remembers too. */
export class Ipad {
  private readonly profile = mkdtempSync(join(tmpdir(), "cad-ipad-"));
  private open?: BrowserContext;

  constructor(private readonly camera: FakeCamera) {}

  get context() {
    return this.open!;
  }

  get page() {
    return this.context.pages()[0];
  }

  async start() {
    const launch = config.use!.launchOptions!;
    this.open = await chromium.launchPersistentContext(this.profile, { ...launch, args: [...launch.args!, ...this.camera.args], ...IPAD });
  }

  async stop() {
    await this.open?.close();
    this.open = undefined;
  }

  /** As the system does it: without a word to the page. */
  async kill() {
    const gone = this.context.waitForEvent("close");
    execFileSync("pkill", ["-KILL", "-f", this.profile]);
    await gone;
    this.open = undefined;
  }

  async discard() {
    await this.stop();
    rmSync(this.profile, { recursive: true, force: true });
  }
}

type Fixtures = { camera: FakeCamera; ipad: Ipad };

/** `page` has no camera, and draws what the iPad's shows. */
export const test = base.extend<Fixtures>({
  camera: async ({ page }, use) => {
    const camera = new FakeCamera();
    await camera.show(page);
    await use(camera);
    camera.remove();
  },
  ipad: async ({ camera }, use) => {
    const ipad = new Ipad(camera);
    await ipad.start();
    await use(ipad);
    await ipad.discard();
  },
});

/** Maya's hair removal: her id, and that of one of its sessions. */
export function session(clinic: Clinic, number: number): { client: string; id: string } {
  const row = clinic.ask(
    `select s.client_id, s.id from session s join client c on c.clinic_id = s.clinic_id and c.id = s.client_id
     join plan p on p.clinic_id = s.clinic_id and p.id = s.plan_id
     where c.name = 'Maya Chen' and p.name = 'Laser hair removal' and s.number = ${number}`,
  );
  const [client, id] = row.split("|");
  return { client, id };
}

export function cameraAddress(clinic: Clinic, number: number) {
  const { client, id } = session(clinic, number);
  return `${clinic.url}/clients/${client}/sessions/${id}/photos`;
}

export async function openCamera(page: Page, clinic: Clinic, number: number) {
  await page.goto(cameraAddress(clinic, number));
  await expect(page.locator(".finder.is-live")).toBeVisible();
}

/** The legs' front in sessions 1 and 5. */
export async function photographThenAndNow(page: Page, clinic: Clinic) {
  for (const number of [1, 5]) {
    await openCamera(page, clinic, number);
    await shutter(page).click();
    await taken(page, "1 of 2 taken");
  }
  await allAtTheClinic(page);
}

/** The photographs of session 5's series, and from there the legs' front, then and now: two taps. */
export async function compareFront(page: Page, clinic: Clinic, { client, id } = session(clinic, 5)) {
  await page.goto(`${clinic.url}/clients/${client}/sessions/${id}`);
  await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "Photos" }).click();
  await page.getByRole("link", { name: /Legs: Front/ }).click();
}

export const shutter = (page: Page) => page.getByRole("button", { name: "Take the photograph" });
export const taken = (page: Page, words: string) => expect(page.locator(".filmstrip-head p")).toHaveText(words);
/** The darkroom holds the view's baseline. */
export const ready = (page: Page) => expect(page.locator(".finder .ghost")).toBeVisible();

/** What the clinic's store holds is what the record names, byte for byte. */
export function provenAtTheClinic(clinic: Clinic, count: number) {
  const rows = clinic.ask("select id, sha256 from photo where arrived_at is not null order by taken_at").split("\n").filter(Boolean);
  expect(rows).toHaveLength(count);
  for (const row of rows) {
    const [id, sha256] = row.split("|");
    const stored = clinic.pictures(id);
    expect(createHash("sha256").update(stored).digest("hex")).toBe(sha256);
  }
}
