import { expect, openMaya, signIn, test } from "./clinic";
import { kept } from "./sealed.mjs";

test("what the version before kept open is taken over sealed, and its database is gone", async ({ clinic, page }) => {
  await page.goto(`${clinic.url}/sign-in`);
  // As that version laid it out, with an entry nobody has sent, a picture that waits, and a text that is half typed.
  await page.evaluate(
    () =>
      new Promise<void>((done, failed) => {
        localStorage.setItem("typed/nobody/contact/1", "half typed");
        const opening = indexedDB.open("cadence", 2);
        opening.onupgradeneeded = () => {
          const make = (store: string) => opening.result.createObjectStore(store);
          for (const store of ["meta", "pages", "drafts"]) make(store);
          const outbox = opening.result.createObjectStore("outbox", { autoIncrement: true });
          outbox.add(JSON.stringify({ text: "an entry from yesterday", answer: null }));
          const [waiting, pictures, thumbnails] = ["photos-waiting", "pictures", "thumbnails"].map(make);
          const [photo, copy] = ["0192a8b0-0000-7000-8000-000000000001", "0192a8b0-0000-7000-8000-000000000002"];
          waiting.put(JSON.stringify({ photo, client: photo, bytes: 3, trouble: "NotAPicture" }), photo);
          for (const store of [pictures, thumbnails]) {
            store.put(new TextEncoder().encode("waits").buffer, photo);
            store.put(new TextEncoder().encode("a copy").buffer, copy);
          }
        };
        opening.onsuccess = () => {
          // Held open, as a tab does.
          (window as unknown as { older: IDBDatabase }).older = opening.result;
          done();
        };
        opening.onerror = () => failed(opening.error);
      }),
  );
  const newer = await page.context().newPage();
  await signInWithLeftovers(newer, clinic.url);
  expect(await kept(newer, "outbox")).toEqual([JSON.stringify("an entry from yesterday")]);
  expect(await kept(newer, "pictures")).toEqual(["waits"]);
  expect(await kept(newer, "thumbnails")).toEqual(["waits"]);
  expect(await kept(newer, "typed")).toEqual([JSON.stringify("half typed")]);
  expect(await newer.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("typed/")))).toEqual([]);
  await newer.goto(`${clinic.url}/attention`);
  await expect(newer.getByText("an entry from yesterday").first()).toBeVisible();

  await page.evaluate(() => (window as unknown as { older: IDBDatabase }).older.close());
  const names = () => newer.evaluate(async () => (await indexedDB.databases()).map((database) => database.name));
  await expect.poll(names).toEqual(["cadence-2"]);
});

async function signInWithLeftovers(page: import("@playwright/test").Page, url: string) {
  await page.goto(url);
  await page.getByLabel("Email").fill("osei@demo.clinic");
  await page.getByLabel("Password", { exact: true }).fill("cadence-demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
}

test("a tab makes way for a newer version of the app, and says so", async ({ clinic, page }) => {
  await signIn(page, clinic);
  await openMaya(page);
  const newer = await page.context().newPage();
  await newer.goto(`${clinic.url}/health`);
  const version = await newer.evaluate(
    () =>
      new Promise<number>((done, failed) => {
        const opening = indexedDB.open("cadence-2", 99);
        opening.onsuccess = () => done(opening.result.version);
        opening.onblocked = () => failed(new Error("the older tab holds on"));
        opening.onerror = () => failed(opening.error);
      }),
  );
  expect(version).toBe(99);
  await expect(page.getByRole("alert").filter({ hasText: "Cadence was updated" })).toBeVisible();
});
