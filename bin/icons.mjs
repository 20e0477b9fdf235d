#!/usr/bin/env node
// Draws the PNG icons from public/icons/mark.svg. Run it after changing the mark: `node bin/icons.mjs`.
// Needs what `bin/setup test` brings: Chromium and the packages of end2end/.

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";

const { default: puppeteer } = createRequire(new URL("../end2end/", import.meta.url))("puppeteer-core");
const icons = new URL("../public/icons/", import.meta.url);
const mark = (await readFile(new URL("mark.svg", icons))).toString("base64");

// `part` is how much of the square the mark takes; the rest is filled with its ground, for systems that cut icons to
// their own shape.
const wanted = [
  { name: "icon-192.png", size: 192, part: 1, ground: "transparent" },
  { name: "icon-512.png", size: 512, part: 1, ground: "transparent" },
  { name: "icon-maskable-512.png", size: 512, part: 0.82, ground: "#0d6758" },
  { name: "apple-touch-icon.png", size: 180, part: 0.94, ground: "#0d6758" },
];

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
});
try {
  const page = await browser.newPage();
  for (const { name, size, part, ground } of wanted) {
    await page.setViewport({ width: size, height: size });
    await page.setContent(`
      <style>
        body { margin: 0; height: 100vh; display: grid; place-items: center; background: ${ground} }
        img { width: ${part * 100}%; height: ${part * 100}% }
      </style>
      <img src="data:image/svg+xml;base64,${mark}">`);
    await page.waitForFunction(() => document.images[0].complete);
    await writeFile(new URL(name, icons), await page.screenshot({ omitBackground: ground === "transparent" }));
    console.log(`public/icons/${name}`);
  }
} finally {
  await browser.close();
}
