import { expect, signIn, test } from "./clinic";
import type { Page } from "@playwright/test";

const LOADED = "/got-in.js";

/** What somebody who got markup into a page would try. Each sets `gotIn` if it runs. */
const MARKUP = `
  <script>window.gotIn = "inline"</script>
  <script nonce="drawn-for-each-page">window.gotIn = "nonce"</script>
  <script src="${LOADED}"></script>
  <script type="module" src="${LOADED}"></script>
  <script src="data:text/javascript,window.gotIn='data'"></script>
  <iframe srcdoc="<script>parent.gotIn = 'frame'</script>"></iframe>
  <img src="/no-such.png" onerror="window.gotIn = 'handler'">
  <svg onload="window.gotIn = 'svg'"></svg>
  <a id="harmful" href="javascript:void(window.gotIn = 'address')">harmful</a>`;

/** Serves every page with that markup in it, under the page's own policy or under none. */
async function getIn(page: Page, url: string, guarded: boolean) {
  await page.route(`${url}/**`, async (route) => {
    if (route.request().url().endsWith(LOADED)) return route.fulfill({ contentType: "text/javascript", body: "window.gotIn = 'file'" });
    if (route.request().resourceType() !== "document") return route.fallback();
    const response = await route.fetch();
    const headers = response.headers();
    if (!guarded) delete headers["content-security-policy"];
    const body = (await response.text()).replace(/<body[^>]*>/, (body) => body + MARKUP);
    return route.fulfill({ response, headers, body });
  });
}

const gotIn = (page: Page) => page.evaluate(() => (window as { gotIn?: string }).gotIn);

test("markup that got into a page runs no script", async ({ clinic, fresh }) => {
  const page = await fresh({ serviceWorkers: "block" });
  const harmful = page.locator("#harmful");

  // Without the policy each page would fall: what follows is worth something.
  await getIn(page, clinic.url, false);
  for (const path of ["/sign-in", "/me"]) {
    await page.goto(clinic.url + path);
    await expect.poll(() => gotIn(page), path).toBeTruthy();
  }
  await page.unrouteAll();

  await getIn(page, clinic.url, true);
  for (const path of ["/sign-in", "/me"]) {
    await page.goto(clinic.url + path, { waitUntil: "networkidle" });
    await harmful.click();
    expect(await gotIn(page), path).toBeUndefined();
  }
  await page.unrouteAll();
  await signIn(page, clinic);
  await getIn(page, clinic.url, true);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await harmful.dispatchEvent("click");
  expect(await gotIn(page), "the staff's pages").toBeUndefined();
});

test("no text becomes markup that runs, a script, or a worker", async ({ clinic, fresh }) => {
  const page = await fresh({ serviceWorkers: "block" });
  await signIn(page, clinic);
  const tried = await page.evaluate(async () => {
    const ways: Record<string, () => unknown> = {
      markup: () => (document.createElement("div").innerHTML = "<img src=/no-such.png onerror='window.gotIn=1'>"),
      eval: () => (0, eval)("window.gotIn = 1"),
      function: () => new Function("window.gotIn = 1")(),
      text: () => (document.createElement("script").text = "window.gotIn = 1"),
      address: () => (document.createElement("script").src = "/got-in.js"),
      worker: () => new Worker("/got-in.js"),
      policy: () => (window as any).trustedTypes.createPolicy("another", {}),
    };
    // What the test's own tools run is let do more than a page is: each way is gone from a timer of the page.
    const ran = (way: () => unknown) =>
      new Promise<boolean>((answer) =>
        setTimeout(() => {
          try {
            way();
            answer(true);
          } catch {
            answer(false);
          }
        }),
      );
    const all = await Promise.all(Object.entries(ways).map(async ([name, way]) => ((await ran(way)) ? name : "")));
    return all.filter((name) => name);
  });
  expect(tried).toEqual([]);
  expect(await gotIn(page)).toBeUndefined();
  // The nonce is not to be read off the page, and no two pages share one.
  expect(await page.evaluate(() => [...document.querySelectorAll("[nonce]")].map((one) => one.getAttribute("nonce")))).not.toContainEqual(expect.stringMatching(/./));
  const nonce = async (path: string) => /'nonce-([0-9a-f]{32})'/.exec((await page.request.get(clinic.url + path)).headers()["content-security-policy"])?.[1];
  const drawn = [await nonce("/"), await nonce("/"), await nonce("/index.html"), await nonce("/sign-in"), await nonce("/me")];
  expect(drawn).not.toContain(undefined);
  expect(new Set(drawn).size).toBe(drawn.length);
});
