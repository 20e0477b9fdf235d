// How long people wait for photographs, in real Chromium against the release build, with the raw floor of the same run beside.
// Called by `cargo xtask bench`; prints a table and asserts nothing.

import { chromium } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeCamera, photograph } from "../camera.mjs";
import { openClinic, until } from "../smoke/clinic.mjs";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const rows = [];
const clinic = await openClinic();
const camera = new FakeCamera();
const profile = mkdtempSync(join(tmpdir(), "cad-bench-"));
const artist = await chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
try {
  const drawing = await artist.newPage();
  await camera.show(drawing);
  const context = await chromium.launchPersistentContext(profile, { executablePath: EXECUTABLE, args: [...ARGS, ...camera.args], viewport: { width: 820, height: 1180 } });
  const page = context.pages()[0];
  await signIn(page);
  await registration(page, drawing);
  await shutterToNext(page, [1]);
  await settled(page);
  await ghost(page);
  await shutterToNext(page, [2, 3, 4, 5]);
  await settled(page);
  await compare(page);
  await context.close();
} finally {
  await artist.close();
  await clinic.remove();
  camera.remove();
  rmSync(profile, { recursive: true, force: true });
}
print();

function row(what, reached, floor, wanted) {
  rows.push({ what, reached, floor, wanted });
  console.error(`  ${what}: ${reached}`);
}

function print() {
  const width = (key) => Math.max(...rows.map((row) => row[key].length), key.length);
  const line = (row) => ["what", "reached", "floor", "wanted"].map((key) => row[key].padEnd(width(key))).join("  ");
  console.log(line({ what: "what", reached: "reached", floor: "floor", wanted: "wanted" }));
  for (const row of rows) console.log(line(row));
}

function ms(number) {
  return `${number.toFixed(number < 10 ? 1 : 0)} ms`;
}

function percentile(values, p) {
  return values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * p) / 100))];
}

async function signIn(page) {
  await page.goto(clinic.url);
  await page.getByLabel("Email").fill("osei@demo.clinic");
  await page.getByLabel("Password", { exact: true }).fill("cadence-demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  await settled(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
}

/** The pill: nothing waits on this device. */
async function settled(page) {
  await until("everything is at the clinic", async () => !/saved here|Fetching|Connecting|Offline/.test(await page.locator("a.sync").innerText()));
}

function session(number) {
  const [psql, ...args] = clinic.psql;
  const sql = `select s.client_id || '/sessions/' || s.id from session s join client c on c.clinic_id = s.clinic_id and c.id = s.client_id
    join plan p on p.clinic_id = s.clinic_id and p.id = s.plan_id
    where c.name = 'Maya Chen' and p.name = 'Laser hair removal' and s.number = ${number}`;
  return execFileSync(psql, [...args, "-Atc", sql]).toString().trim();
}

// Two pictures of 1,600 pixels through the darkroom, as the page that compares asks it; the floor is reading their pixels.
async function registration(page, drawing) {
  const pictures = [await photograph(drawing, { width: 1600 }), await photograph(drawing, { width: 1600, scale: 1.07, degrees: 6, right: 0.05, ev: 0.4 })];
  const measured = await page.evaluate(async (pictures) => {
    const bytes = pictures.map((text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
    const worker = new Worker(document.querySelector("meta[name=darkroom]").content, { type: "module" });
    const next = () => new Promise((done) => worker.addEventListener("message", (event) => done(event.data), { once: true }));
    await next();
    const [took, floor] = [[], []];
    let answer;
    for (let n = 0; n < 12; n++) {
      const parts = bytes.map((one) => one.slice().buffer);
      let began = performance.now();
      const answered = next();
      worker.postMessage([n, '"Lay"', parts], parts);
      answer = (await answered)[1];
      took.push(performance.now() - began);
      began = performance.now();
      for (const one of bytes) {
        const bitmap = await createImageBitmap(new Blob([one]));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
        canvas.drawImage(bitmap, 0, 0);
        canvas.getImageData(0, 0, bitmap.width, bitmap.height);
      }
      floor.push(performance.now() - began);
    }
    worker.terminate();
    return { took, floor, answer };
  }, pictures.map((picture) => picture.toString("base64")));
  if (!measured.answer.includes("scale")) throw new Error(`they were not registered: ${measured.answer}`);
  const [first, ...others] = measured.took;
  row("registration of two pictures of 1,600 px, median of 11", ms(percentile(others, 50)), `${ms(percentile(measured.floor, 50))} to read their pixels`, "≤ 250 ms");
  row("  the first, while the browser still compiles", ms(first), "", "");
}

async function openCamera(page, number) {
  await page.goto(`${clinic.url}/clients/${session(number)}/photos`);
  await page.locator(".finder.is-live").waitFor();
  await until("the camera's page is ready", () => page.evaluate(() => document.querySelector(".shutter")?.getAttribute("aria-disabled") === "false"));
  // What the first look compiles is not what somebody waits for who has aimed.
  await page.waitForTimeout(1500);
}

// From the tap on the shutter until the photograph is kept and the next one can be taken: both views of each session.
async function shutterToNext(page, numbers) {
  const took = [];
  for (const number of numbers) {
    await openCamera(page, number);
    for (let n = 1; n <= 2; n++) {
      const measured = await page.evaluate(async (n) => {
        const frame = () => new Promise((done) => requestAnimationFrame(done));
        const shutter = document.querySelector(".shutter");
        const began = performance.now();
        shutter.click();
        do {
          await frame();
          const problem = document.querySelector("dialog, [role=alert]")?.innerText;
          if (problem || performance.now() - began > 5000) throw new Error(problem ?? "the next view did not get ready");
        } while (document.querySelectorAll(".film.is-taken").length < n || shutter.getAttribute("aria-disabled") === "true");
        return performance.now() - began;
      }, n);
      took.push(measured);
      await page.waitForTimeout(400);
    }
  }
  const against = numbers.includes(1) ? "" : ", against the baseline";
  row(`shutter to next view ready${against}, median (slowest) of ${took.length}`, `${ms(percentile(took, 50))} (${ms(percentile(took, 100))})`, "", "≤ 300 ms");
}

// Frames of the page while the ghost lies over the live picture and the darkroom looks at it.
async function ghost(page) {
  await openCamera(page, 5);
  await page.locator(".finder .ghost").waitFor();
  const frames = (seconds) =>
    page.evaluate(async (seconds) => {
      const times = [];
      const end = performance.now() + seconds * 1000;
      let last = await new Promise((done) => requestAnimationFrame(done));
      while (last < end) {
        const now = await new Promise((done) => requestAnimationFrame(done));
        times.push(now - last);
        last = now;
      }
      return times;
    }, seconds);
  const over = await frames(5);
  await page.evaluate(() => document.querySelector(".finder .ghost").remove());
  const without = await frames(3);
  row("frame of the finder with ghost and looks, p95", ms(percentile(over, 95)), `${ms(percentile(without, 95))} without the ghost`, "≤ 33 ms");
}

// From the tap on a pair to both pictures painted; they lie on the device.
async function compare(page) {
  const took = [];
  for (let n = 0; n < 6; n++) {
    await page.goto(`${clinic.url}/clients/${session(5)}`);
    await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "Photos" }).click();
    await page.locator(".pair").first().waitFor();
    await page.waitForTimeout(500);
    took.push(
      await page.evaluate(async () => {
        const frame = () => new Promise((done) => requestAnimationFrame(done));
        const began = performance.now();
        document.querySelector(".pair").click();
        const pictures = () => [...document.querySelectorAll(".laid-picture img")];
        while (pictures().length < 2) await frame();
        await Promise.all(pictures().map((picture) => picture.decode()));
        await frame();
        return performance.now() - began;
      }),
    );
  }
  row("compare opened from the device, median (slowest) of 6", `${ms(percentile(took, 50))} (${ms(percentile(took, 100))})`, "", "≤ 150 ms");
}
