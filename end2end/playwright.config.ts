import { defineConfig } from "@playwright/test";

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** One worker: each file has a clinic of its own, with its own Postgres, and two cores are soon busy. */
export default defineConfig({
  testDir: "tests",
  outputDir: "../var/test/e2e",
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  forbidOnly: true,
  use: {
    viewport: { width: 820, height: 1180 },
    hasTouch: true,
    colorScheme: "light",
    locale: "en-GB",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
