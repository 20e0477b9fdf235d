// What people wait for, measured in real Chromium against the release build, each figure beside the raw floor of the same run;
// and what one clinic's calendar takes.
// Called by `cargo xtask bench`; prints a table and asserts nothing: machines are noisy, only figures of one run compare.

import { chromium } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { openClinic } from "../smoke/clinic.mjs";
import { addTo } from "../tests/sealed.mjs";

const CLIENTS = 5_000;
const SESSIONS = 30_000;
// What a large clinic has after some years.
const MANY_CLIENTS = 17_000;
const MANY_SESSIONS = 100_000;
// Desks and iPads that book at the same time.
const BOOKING = 8;
const PIN = "204816";
const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const rows = [];
let clinic;
let profile;
await measure({ clients: CLIENTS, sessions: SESSIONS }, firstSync, tapToChart, commitToPaint, drain, coldStart);
await measure({ clients: MANY_CLIENTS, sessions: MANY_SESSIONS }, sessionsList, bookings);
print();

/** In a clinic of that size, and a browser that has seen nothing of it yet. */
async function measure(size, ...what) {
  clinic = await openClinic(size);
  profile = mkdtempSync(join(tmpdir(), "cad-bench-"));
  try {
    for (const one of what) await one();
  } finally {
    await clinic.remove();
    rmSync(profile, { recursive: true, force: true });
  }
}

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

async function open() {
  const context = await chromium.launchPersistentContext(profile, { executablePath: EXECUTABLE, args: ARGS, viewport: { width: 820, height: 1180 } });
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

async function signIn(page, who = "osei") {
  await page.goto(clinic.url);
  await page.getByLabel("Email").fill(`${who}@demo.clinic`);
  await page.getByLabel("Password", { exact: true }).fill("cadence-demo");
  await page.getByRole("button", { name: "Sign in" }).click();
}

function settled(page) {
  return page.waitForFunction(() => /at the clinic|attention/.test(document.querySelector("a.sync")?.textContent ?? ""), null, { polling: 20, timeout: 60_000 });
}

// From the first request for charts to a mirror that is whole and stored.
async function firstSync() {
  const { context, page } = await open();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const pulls = new Set();
  let wire = 0;
  let began = 0;
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (!request.url.endsWith("/api/pull")) return;
    began ||= performance.now();
    pulls.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (pulls.has(requestId)) wire += encodedDataLength;
  });
  await signIn(page);
  await settled(page);
  const took = performance.now() - began;
  // The floor: the bytes of the pages that now lie there, written as raw chunks into a database of their own.
  const floor = await page.evaluate(async () => {
    const request = (request) => new Promise((done, failed) => ((request.onsuccess = () => done(request.result)), (request.onerror = () => failed(request.error))));
    const from = await request(indexedDB.open("cadence-2"));
    const pages = await request(from.transaction("pages").objectStore("pages").getAll());
    from.close();
    const opening = indexedDB.open("floor", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("chunks");
    const to = await request(opening);
    const began = performance.now();
    for (const [n, bytes] of pages.entries()) {
      const write = to.transaction("chunks", "readwrite");
      write.objectStore("chunks").put(bytes, n);
      await new Promise((done) => (write.oncomplete = done));
    }
    const took = performance.now() - began;
    to.close();
    indexedDB.deleteDatabase("floor");
    return { took, bytes: pages.reduce((sum, page) => sum + page.byteLength, 0), pages: pages.length };
  });
  row(`first sync of ${CLIENTS} clients, ${SESSIONS} sessions`, ms(took), `${ms(floor.took)} (${(floor.bytes / 1e6).toFixed(1)} MB in ${floor.pages} raw chunks)`, "≤ 1500 ms");
  row("  of that on the wire", `${(wire / 1e6).toFixed(2)} MB`, "", "≤ 3 MB");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.close();
}

// From the tap on a link to the frame in which the chart's readings are painted.
async function tapToChart() {
  const { context, page } = await open();
  await page.goto(clinic.url);
  await settled(page);
  const measured = await page.evaluate(async () => {
    // A message posted before a frame is painted arrives right after.
    const { port1, port2 } = new MessageChannel();
    const frame = () =>
      new Promise((done) =>
        requestAnimationFrame(() => {
          port1.onmessage = () => done();
          port2.postMessage(null);
        }),
      );
    // Noticed in the very task that drew it; painted at the end of the frame that follows.
    const drawn = (...parts) =>
      new Promise((done) => {
        const look = () => parts.every((part) => document.querySelector(part)) && (observer.disconnect(), done());
        const observer = new MutationObserver(look);
        observer.observe(document.body, { childList: true, subtree: true });
      });
    const times = [];
    const wholes = [];
    const floors = [];
    for (let round = 0; round < 40; round++) {
      const links = [...document.querySelectorAll("a[href*='/sessions/']")];
      const link = links[round % links.length];
      await frame();
      const began = performance.now();
      link.click();
      const whole = drawn(".chart-rail");
      await drawn(".chart-head h1", ".readings li, .record");
      await frame();
      times.push(performance.now() - began);
      await whole;
      await frame();
      wholes.push(performance.now() - began);
      history.back();
      while (!document.querySelector("a[href*='/sessions/']")) await frame();
      const empty = performance.now();
      await frame();
      floors.push(performance.now() - empty);
    }
    return { times, wholes, floors };
  });
  row("tap → chart painted, p95", ms(percentile(measured.times, 95)), `${ms(percentile(measured.floors, 95))} (one empty frame)`, "≤ 50 ms");
  row("  with all that is below the fold", ms(percentile(measured.wholes, 95)), "", "");
  await context.close();
}

// A note is pinned on one iPad; the other, which shows the same chart, paints it.
async function commitToPaint() {
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
  const pages = [];
  for (let n = 0; n < 2; n++) {
    const page = await (await browser.newContext({ viewport: { width: 820, height: 1180 } })).newPage();
    await signIn(page);
    await settled(page);
    await page.getByRole("link", { name: /Maya Chen/ }).first().click();
    await page.locator(".nuances").waitFor();
    pages.push(page);
  }
  const [a, b] = pages;
  // Both pages run on this machine and read the same clock.
  await b.evaluate(() => {
    window.painted = {};
    new MutationObserver(() => {
      for (const found of document.querySelectorAll(".nuances b")) window.painted[found.textContent] ??= (requestAnimationFrame(() => (window.painted[found.textContent] = Date.now())), 0);
    }).observe(document.body, { childList: true, subtree: true });
  });
  const times = [];
  for (let n = 0; n < 30; n++) {
    const words = `Bench ${n}`;
    await a.getByRole("button", { name: /Pin a note/ }).click();
    await a.getByLabel("What works on this device").fill(words);
    const began = await a.evaluate(() => {
      const now = Date.now();
      [...document.querySelectorAll(".nuance-form button")].find((button) => button.type === "submit").click();
      return now;
    });
    await b.waitForFunction((words) => window.painted[words] > 0, words, { polling: 10 });
    times.push((await b.evaluate((words) => window.painted[words], words)) - began);
  }
  const floor = [];
  for (let n = 0; n < 30; n++) {
    floor.push(await a.evaluate(async () => {
      const began = performance.now();
      await fetch("/health");
      return performance.now() - began;
    }));
  }
  row("commit on A → painted on B, p95", ms(percentile(times, 95)), `${ms(percentile(floor, 95))} (one request that asks the database)`, "≤ 100 ms");
  await browser.close();
}

// 500 commands made without a network; from the return of the network to the last answer.
async function drain() {
  const { context, page } = await open();
  await page.goto(clinic.url);
  await settled(page);
  await context.setOffline(true);
  const commands = await page.evaluate(async () => {
    const request = (request) => new Promise((done, failed) => ((request.onsuccess = () => done(request.result)), (request.onerror = () => failed(request.error))));
    const database = await request(indexedDB.open("cadence-2"));
    const meta = database.transaction("meta").objectStore("meta");
    const [installation, who] = [JSON.parse(await request(meta.get("installation"))), JSON.parse(await request(meta.get("signed-in")))];
    const client = location.origin && [...document.querySelectorAll("a[href*='/sessions/']")].map((link) => link.href.match(/clients\/([^/]+)/)[1]);
    database.close();
    return Array.from({ length: 500 }, (_, n) => {
      const change = { CorrectContact: { based_on: Math.floor(n / client.length), phone: `555-01${n % 100}`, email: "" } };
      return { v: 1, id: crypto.randomUUID(), clinic: who.clinic, installation, client: client[n % client.length], by: who.staff, at: Date.now(), change };
    });
  });
  const texts = new Set(commands.map((command) => command.client)).size;
  await addTo(page, "outbox", commands.map((command) => JSON.stringify(JSON.stringify(command))));
  await context.setOffline(false);
  // A start takes up the outbox as it lies there.
  await page.reload();
  await page.waitForFunction(() => /saved here|at the clinic|attention/.test(document.querySelector("a.sync")?.textContent ?? ""), null, { polling: 10 });
  const loaded = performance.now();
  await settled(page);
  row(`500 commands of ${texts} charts drained`, ms(performance.now() - loaded), `${ms(floorOfCommits())} (500 commits of one row by psql)`, "≤ 2000 ms");
  await context.close();
}

// The same Postgres, asked for nothing but 500 durable commits.
function floorOfCommits() {
  const sql = ["create table if not exists bench_floor (n int)", ...Array.from({ length: 500 }, (_, n) => `insert into bench_floor values (${n})`)].join(";\n");
  const began = performance.now();
  execFileSync(clinic.psql[0], [...clinic.psql.slice(1), "-q"], { input: `${sql};\n` });
  return performance.now() - began;
}

// The browser is closed and the server stopped: from the address to the PIN, and from its last digit to a list one can tap.
async function coldStart() {
  {
    const { context, page } = await open();
    await page.goto(`${clinic.url}/pin`);
    await page.getByText("Type six digits").waitFor();
    await page.keyboard.type(PIN);
    await page.getByText("And once more.").waitFor();
    await page.keyboard.type(PIN);
    await page.getByText("Your PIN opens this device.").waitFor();
    await context.close();
  }
  await clinic.stop();
  const [asked, times] = [[], []];
  const floors = [];
  for (let n = 0; n < 5; n++) {
    const { context, page } = await open();
    const began = performance.now();
    await page.goto(clinic.url);
    await page.locator(".pin-pad").waitFor();
    asked.push(performance.now() - began);
    await page.keyboard.type(PIN.slice(0, -1));
    const typed = performance.now();
    await page.keyboard.type(PIN.slice(-1));
    await page.locator("a[href*='/sessions/']").first().waitFor();
    times.push(performance.now() - typed);
    const blank = performance.now();
    await page.goto("about:blank");
    floors.push(performance.now() - blank);
    await context.close();
  }
  await clinic.start();
  const [first, second] = [percentile(asked, 50), percentile(times, 50)];
  row("offline cold start → the PIN is asked for, median", ms(first), `${ms(percentile(floors, 50))} (an empty page)`, "");
  row("  last digit → usable, median", ms(second), "", "≤ 2000 ms");
  row("  both", ms(first + second), "", "≤ 1000 ms");
}

// All sessions of a large clinic: from the tap on the page's name to its rows; and from a keystroke, or a tap on a scope or a
// status, to the rows that fit.
async function sessionsList() {
  const { context, page } = await open();
  await signIn(page);
  await settled(page);
  await page.evaluate(watchPaints);
  const opened = [];
  for (let round = 0; round < 10; round++) {
    opened.push(await page.evaluate(() => window.openSessions()));
    await page.evaluate(() => history.back());
    await page.locator(".sessions-body").waitFor({ state: "detached" });
  }
  await page.evaluate(() => window.openSessions());
  const count = await page.locator("[role=table][aria-rowcount]").getAttribute("aria-rowcount");

  const search = page.locator("#session-search");
  await search.focus();
  await page.evaluate(() => window.watchInputs("#session-search", "input"));
  const typed = ["ma", "chen", "laser hair", "an", "s", "pe", "jo"];
  for (const words of typed) {
    for (const letter of words) await press(page, letter);
    for (let n = 0; n < words.length; n++) await press(page, "Backspace");
  }
  const keystrokes = await page.evaluate(() => window.taken());

  await page.evaluate(() => window.watchInputs(".sessions-tools", "click"));
  const taps = ["Upcoming", "Past", "All", "Awaiting booking", "Booked", "Completed", "Not documented", "Not documented"];
  for (let round = 0; round < 4; round++) {
    for (const name of taps) {
      await page.locator(".sessions-tools button", { hasText: new RegExp(`^\\s*${name}\\b`) }).click();
      await page.evaluate(() => window.quiet());
    }
  }
  const changes = await page.evaluate(() => window.taken());
  const floor = await page.evaluate(() => window.emptyFrames(40));

  const frame = `${ms(percentile(floor, 95))} (one empty frame)`;
  row(`list of ${Number(count) - 1} sessions opened the first time`, ms(opened[0]), frame, "");
  row("  opened again, p95", ms(percentile(opened.slice(1), 95)), frame, "≤ 100 ms");
  row(`  keystroke → rows painted, p95 of ${keystrokes.length}`, ms(percentile(keystrokes, 95)), frame, "≤ 100 ms");
  row(`  scope or status → rows painted, p95 of ${changes.length}`, ms(percentile(changes, 95)), frame, "≤ 100 ms");
  await context.close();
}

async function press(page, key) {
  await page.keyboard.press(key);
  await page.evaluate(() => window.quiet());
}

// Runs in the page: notes for each event how long it took until what it changed was painted.
function watchPaints() {
  const { port1, port2 } = new MessageChannel();
  // A message posted before a frame is painted arrives right after. Says when the frame's work began.
  const frame = () =>
    new Promise((done) =>
      requestAnimationFrame((began) => {
        const at = Math.max(began, performance.now());
        port1.onmessage = () => done(at);
        port2.postMessage(null);
      }),
    );
  // The frame that follows the last change, or nothing changed for this long.
  const PATIENCE = 60;
  const painted = async (changed) => {
    for (let n = 0; n < PATIENCE; n++) {
      const began = await frame();
      const at = changed();
      if (at && at <= began) return performance.now();
    }
    return undefined;
  };
  let times = [];
  let under_way = Promise.resolve();
  let stop = () => {};
  window.watchInputs = (selector, kind) => {
    stop();
    const target = document.querySelector(selector);
    const listen = (event) => {
      const began = event.timeStamp;
      let changed;
      // The rows, or how many there are. What only shows that a button is pressed is no answer yet.
      const observer = new MutationObserver(() => (changed ??= performance.now()));
      for (const part of document.querySelectorAll(".page-head [role=status], .sessions-body")) observer.observe(part, { childList: true, subtree: true, characterData: true });
      under_way = painted(() => changed).then((at) => {
        observer.disconnect();
        if (at) times.push(at - began);
      });
    };
    target.addEventListener(kind, listen, { capture: true });
    stop = () => target.removeEventListener(kind, listen, { capture: true });
  };
  window.quiet = () => under_way;
  window.taken = () => {
    const taken = times;
    times = [];
    return taken;
  };
  window.openSessions = async () => {
    await frame();
    let changed;
    const observer = new MutationObserver(() => document.querySelector(".sessions-body .session-row a") && (changed ??= performance.now()));
    observer.observe(document.body, { childList: true, subtree: true });
    const began = performance.now();
    document.querySelector("a[href='/sessions']").click();
    while (!changed) await frame();
    const at = await painted(() => changed);
    observer.disconnect();
    return at - began;
  };
  window.emptyFrames = async (many) => {
    const floors = [];
    for (let n = 0; n < many; n++) {
      const empty = performance.now();
      await frame();
      floors.push(performance.now() - empty);
    }
    return floors;
  };
}

// Several devices book free quarter hours in one calendar, for five seconds; then the same Postgres is asked for as many bare
// transactions, each of one row, into a table with the same constraints.
async function bookings() {
  const driver = join(process.env.CARGO_TARGET_DIR ?? resolve(import.meta.dirname, "../../target"), "release/examples/bookings");
  for (const batch of [1, 25]) {
    const told = JSON.parse(execFileSync(driver, [clinic.url, "--devices", String(BOOKING), "--batch", String(batch)]).toString());
    const others = Object.values(told.others).reduce((sum, n) => sum + n, 0);
    const [together, alone] = [BOOKING, 1].map((connections) => floorOfBookings(told.bookings, connections));
    const ratio = (told.per_second / together).toFixed(2);
    row(
      `bookings a second, one calendar, ${BOOKING} devices, ${batch === 1 ? "one by one" : `${batch} in a request`}`,
      `${told.per_second.toFixed(0)} (${told.bookings} booked, ${others} not; answered in ${ms(told.p50_ms)}, p95 ${ms(told.p95_ms)})`,
      `${together.toFixed(0)} (as many bare inserts under the same constraints, ${BOOKING} at a time: ratio ${ratio}; one at a time ${alone.toFixed(0)})`,
      "",
    );
  }
}

// By pgbench, which comes with Postgres.
function floorOfBookings(many, connections) {
  const psql = (sql) => execFileSync(clinic.psql[0], [...clinic.psql.slice(1), "-q", "-v", "ON_ERROR_STOP=1"], { input: sql });
  psql(`drop table if exists bench_calendar; drop sequence if exists bench_time;
    create table bench_calendar (like appointment including all); create sequence bench_time;`);
  const script = join(profile, "booking.sql");
  // The next free quarter hour of the next provider and room, of sixty.
  const sql = `
    insert into bench_calendar (clinic_id, id, session_id, provider_id, room_id, starts_at, minutes, client_id, ends_at)
    select one.clinic, gen_random_uuid(), gen_random_uuid(), one.id, one.id, one.at, 15, gen_random_uuid(), one.at + interval '15 minutes'
    from nextval('bench_time') n, lateral (
      select '00000000-0000-0000-0000-000000000000'::uuid as clinic, lpad((n % 60)::text, 32, '0')::uuid as id,
        timestamptz '2030-01-01' + (n / 60) * interval '15 minutes' as at
    ) one;`;
  writeFileSync(script, sql.replaceAll(/\s+/g, " "));
  const args = [...clinic.psql.slice(1, -2), "-n", "-f", script, "-c", String(connections), "-j", "1", "-t", String(Math.ceil(many / connections)), "cadence"];
  const said = execFileSync(clinic.psql[0].replace(/psql$/, "pgbench"), args, { stdio: ["ignore", "pipe", "ignore"] }).toString();
  return Number(/tps = ([\d.]+)/.exec(said)[1]);
}
