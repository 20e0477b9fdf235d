// Safari's engine, as near as a Linux machine has it: sign-in, an offline start at a deep link, charting, and coming back.
// Speaks WebDriver to WebKitWebDriver directly.

import { spawn } from "node:child_process";
import { openClinic, until } from "./clinic.mjs";

// This engine now and then does not hand a page that is open already to the worker, although that is in charge; what is opened
// from then on is the worker's either way, with or without a network.
const WORKER = `
  const done = arguments[arguments.length - 1];
  const states = (it) => ["installing", "waiting", "active"].map((which) => which + " " + it?.[which]?.state).join(", ");
  navigator.serviceWorker.getRegistration().then((it) => done(states(it)), (error) => done(String(error)));
`;
const PIN = "204816";
/** Longer than the app waits for an answer that does not come (20 s), before it asks again. */
const PATIENCE = 45_000;
const PORT = 4720 + Math.floor(Math.random() * 200);
const driver = spawn("WebKitWebDriver", [`--port=${PORT}`], { stdio: "ignore" });
const clinic = await openClinic();
let session;
try {
  await until("WebKitWebDriver answers", () => fetch(`http://127.0.0.1:${PORT}/status`).then((answer) => answer.ok));
  const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { args: ["--automation"] } } };
  session = (await call("POST", "/session", { capabilities })).sessionId;
  await run();
  console.log("webkit: sign-in, offline start, charting and reconnecting work");
} catch (error) {
  const page = await script("return location.href + '\\n' + document.body.innerText").catch(() => "nothing");
  console.error(`The page showed: ${page.slice(0, 2000)}`);
  console.error(`Its worker: ${await worker().catch(String)}`);
  throw error;
} finally {
  if (session) await call("DELETE", "").catch(() => {});
  driver.kill();
  await clinic.remove();
}

async function run() {
  await go(clinic.url);
  await until("the sign-in page", () => script("return !!document.querySelector('#email')"));
  await type("#email", "osei@demo.clinic");
  await type("#password", "cadence-demo");
  await click("button[type=submit]");
  await until("Today", () => has("h1", "Today"));
  await until("everything is fetched", () => script("return !/Fetching|Connecting/.test(document.querySelector('a.sync').textContent)"));
  await until("the app is kept for offline use", async () => (await worker()).includes("active activated"), PATIENCE);
  await choosePin();
  await until("Maya on the day's list", () =>
    script("const link = [...document.querySelectorAll('a')].find((link) => link.textContent.includes('Maya Chen')); link?.click(); return !!link"),
  );
  await until("Maya's chart", () => has("h1", "Maya Chen"));
  // A page is drawn before its address stands in the bar.
  await until("its address", () => script("return location.pathname.startsWith('/clients/')"));
  const deepLink = await script("return location.href");

  await clinic.stop();
  await go(deepLink);
  await byPin("the chart opens without a server", () => has("h1", "Maya Chen"));
  await until("the pill says so", () => has("a.sync", "Offline"));
  await script("[...document.querySelectorAll('button')].find((button) => button.textContent.includes('Apply')).click()");
  await until("20 stands there", () => has("[data-field=fluence] b", "20"));
  await type("#next-text", "Typed in WebKit");
  await go(deepLink);
  await byPin("the draft is there after a reload", () => script("return document.querySelector('#next-text')?.value === 'Typed in WebKit'"));
  await click(".confirm-all");
  await script("[...document.querySelectorAll('.sign-bar button')].at(-1).click()");
  await until("the sheet", () => has("dialog h2", "Sign session 5 of 6"));
  await script("[...document.querySelectorAll('dialog button')].at(-1).click()");
  await until("it is signed", () => has(".signed-by", "Signed by"));
  await until("it is saved here", () => has("a.sync", "1 saved here"));

  await clinic.start();
  const isSent = () => script("return !/saved here|Offline/.test(document.querySelector('a.sync').textContent)");
  await until("it is at the clinic", isSent, PATIENCE);
}

function worker() {
  return call("POST", "/execute/async", { script: WORKER, args: [] });
}

async function choosePin() {
  await go(`${clinic.url}/pin`);
  for (const asked of ["Type six digits", "And once more"]) {
    await until(asked, () => has(".pin-card p", asked));
    await typePin();
  }
  await until("the PIN is chosen", () => has(".pin-page", "Your PIN opens this device"));
  await script("[...document.querySelectorAll('a')].find((link) => link.textContent.includes('Go to Today')).click()");
  await until("Today", () => has("h1", "Today"));
}

async function typePin() {
  for (const digit of PIN) await script(`[...document.querySelectorAll('.pin-key')].find((key) => key.textContent.trim() === '${digit}').click()`);
}

/** A page that the worker no longer holds the keys for asks for the PIN. */
async function byPin(what, ask) {
  let typed = false;
  await until(what, async () => {
    if (!typed && (await has(".lock p", "Type your PIN"))) {
      typed = true;
      console.log("  (the PIN was asked for)");
      await typePin();
    }
    return ask();
  });
}

async function call(method, path, body) {
  const address = `http://127.0.0.1:${PORT}${path.startsWith("/session") ? path : `/session/${session}${path}`}`;
  const answer = await fetch(address, { method, body: method === "POST" ? JSON.stringify(body ?? {}) : undefined });
  const { value } = await answer.json();
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

function go(url) {
  return call("POST", "/url", { url });
}

function script(text) {
  return call("POST", "/execute/sync", { script: text, args: [] });
}

function has(selector, text) {
  const found = `[...document.querySelectorAll(${JSON.stringify(selector)})]`;
  return script(`return ${found}.some((one) => one.textContent.includes(${JSON.stringify(text)}))`);
}

async function find(selector) {
  const found = await until(selector, () => call("POST", "/element", { using: "css selector", value: selector }));
  return Object.values(found)[0];
}

async function click(selector) {
  await call("POST", `/element/${await find(selector)}/click`);
}

async function type(selector, text) {
  await call("POST", `/element/${await find(selector)}/value`, { text });
}
