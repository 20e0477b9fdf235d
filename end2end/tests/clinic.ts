import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const program = process.env.CADENCE ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release/cadence");

/** A demo clinic of its own: server, Postgres and address. The server can be stopped, killed and started again. */
export class Clinic {
  private process?: ChildProcess;
  private readonly data = mkdtempSync(join(tmpdir(), "cad-"));
  private port = 0;

  /** With another's data: that of a clinic which has been stopped. */
  static like(other: Clinic): Clinic {
    const clinic = new Clinic();
    // With their owners: Postgres opens only what is its own.
    execFileSync("cp", ["-a", `${other.data}/.`, clinic.data]);
    return clinic;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    // The server gives up root for Postgres, which then has to be able to enter.
    chmodSync(this.data, 0o755);
    this.port ||= await freePort();
    const listen = `127.0.0.1:${this.port}`;
    const env = { ...process.env, DATABASE_URL: undefined };
    const site = join(root, "var/site");
    const child = spawn(program, ["serve", "--demo", "--data", this.data, "--listen", listen, "--site", site], { env, stdio: ["ignore", "pipe", "inherit"] });
    this.process = child;
    await new Promise<void>((ready, failed) => {
      let said = "";
      child.stdout!.on("data", (chunk) => {
        said += chunk;
        if (said.includes("Cadence is ready")) ready();
      });
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
    });
  }

  /** Ends the server with a signal, and waits until it has. */
  async stop(signal: NodeJS.Signals = "SIGTERM") {
    const child = this.process;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
    this.process = undefined;
  }

  /** One value from the clinic's own Postgres. */
  ask(sql: string): string {
    const bin = execFileSync("sh", ["-c", "ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1"]).toString().trim();
    const args = ["-h", join(this.data, "socket"), "-U", "cadence_owner", "-d", "cadence", "-Atc", sql];
    return execFileSync(join(bin, "psql"), args).toString().trim();
  }

  /** The file the photo store keeps of a photograph. */
  pictures(photo: string): Buffer {
    const found = execFileSync("find", [join(this.data, "photos"), "-path", "*/pictures/*", "-name", `*${photo}*`, "-type", "f"]).toString().trim().split("\n");
    expect(found).toHaveLength(1);
    return readFileSync(found[0]);
  }

  async remove() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolved) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolved(port));
    });
  });
}

const QUARTER_OF_AN_HOUR_MS = 15 * 60_000;

type Fixtures = { clinic: Clinic; fresh: (options?: object) => Promise<Page> };

/** Each test has a clinic of its own, and may open as many devices on it as it likes. */
export const test = base.extend<Fixtures, { drawnUp: () => Promise<Clinic> }>({
  /**
   * A clinic as its first start left it, which takes longer than most tests. It is drawn up for the hour, so it serves only those of the
   * same quarter of an hour: no day ends within one, in any zone.
   */
  drawnUp: [
    async ({}, use) => {
      let clinic: Clinic | undefined;
      let quarter: number | undefined;
      await use(async () => {
        const current = Math.floor(Date.now() / QUARTER_OF_AN_HOUR_MS);
        if (!clinic || quarter !== current) {
          await clinic?.remove();
          [clinic, quarter] = [new Clinic(), current];
          await clinic.start();
          await clinic.stop();
        }
        return clinic;
      });
      await clinic?.remove();
    },
    { scope: "worker" },
  ],
  clinic: async ({ drawnUp }, use) => {
    const clinic = Clinic.like(await drawnUp());
    await clinic.start();
    await use(clinic);
    await clinic.remove();
  },
  fresh: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

export { expect };

export const DESKTOP = { viewport: { width: 1440, height: 900 }, hasTouch: false };

export async function signIn(page: Page, clinic: Clinic, who = "osei") {
  await page.goto(clinic.url);
  await page.getByLabel("Email").fill(`${who}@demo.clinic`);
  await page.getByLabel("Password", { exact: true }).fill("cadence-demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await allAtTheClinic(page);
}

/** The pill: nothing waits on this device. */
export async function allAtTheClinic(page: Page) {
  await expect(page.locator("a.sync")).not.toContainText(/saved here|Fetching|Connecting|Offline/);
}

/** The service worker has the app, so that it opens without a server. */
export async function keptForOffline(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((wait) => setTimeout(wait, 50));
  });
}

export async function openMaya(page: Page) {
  await page.getByRole("link", { name: /Maya Chen/ }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Maya Chen" })).toBeVisible();
  // A page is drawn before its address stands in the bar.
  await expect(page).not.toHaveURL(/\/(day\/[^/]*)?$/);
}

export function noteForNextTime(page: Page) {
  return page.getByRole("textbox", { name: "Note for next time" });
}

/** The front desk's row says when it was signed; before, it says planned, or not signed when its time has passed. */
export const SIGNED = /signed \d\d:\d\d/;

/** Axe finds nothing. */
export async function accessible(page: Page) {
  // Half-way from one colour to the next, contrast is nobody's. What never ends, or stands still in a page that nobody sees, is not
  // waited for.
  await page.evaluate(() => {
    const ends = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    const ended = Promise.all(ends.map((one) => one.finished.catch(() => undefined)));
    return Promise.race([ended, new Promise((done) => setTimeout(done, 500))]);
  });
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" | ").slice(0, 400)}`)).toEqual([]);
}

/** A line that could be a name. */
export async function drawSignature(page: Page) {
  const pad = page.getByRole("img", { name: "Signature" });
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  const place = (step: number) => [box.x + box.width * (0.1 + step * 0.035), box.y + box.height * (0.5 + 0.3 * Math.sin(step))] as const;
  await page.mouse.move(...place(0));
  await page.mouse.down();
  for (let step = 1; step <= 20; step++) await page.mouse.move(...place(step));
  await page.mouse.up();
  await expect(page.getByText("Signature drawn.")).toBeVisible();
}
