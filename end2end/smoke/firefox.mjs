// "Any browser" at the front desk: its pages in Firefox.

import puppeteer from "puppeteer-core";
import { openClinic, until } from "./clinic.mjs";

const clinic = await openClinic();
const executablePath = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, args: ["--width=1440", "--height=900"] });
try {
  const page = await browser.newPage();
  await page.goto(clinic.url);
  await page.waitForSelector("#email");
  await page.type("#email", "desk@demo.clinic");
  await page.type("#password", "cadence-demo");
  await page.click("button[type=submit]");
  const text = (selector) => page.$$eval(selector, (found) => found.map((one) => one.textContent).join("\n"));
  await until("the day's board", async () => (await text("table.grid")).includes("Maya Chen"));
  await until("all fetched", async () => !/Fetching|Connecting/.test(await text("a.sync")));

  await page.goto(`${clinic.url}/clients`);
  await until("the list of clients", async () => (await text(".client-row")).length > 0);
  await page.type("input[type=search]", "maya chen");
  await until("Maya is found", async () => (await text(".client-row")).includes("Chen"));
  await page.evaluate(() => document.querySelector(".client-row a").click());
  await until("her page", async () => (await text("body")).includes("2 of 6 sessions remaining. Next session is #5."));

  await page.goto(`${clinic.url}/attention`);
  await until("what needs attention", async () => (await text("h1")).includes("Needs attention"));
  console.log("firefox: the desk's board, clients, a client's page and what needs attention work");
} finally {
  await browser.close();
  await clinic.remove();
}
