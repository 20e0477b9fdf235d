import { type Page } from "@playwright/test";
import { accessible, allAtTheClinic, expect, keptForOffline, signIn } from "./clinic";
import { cameraAddress, compareFront, IPAD, openCamera, photographThenAndNow, provenAtTheClinic, session, shutter, taken, test } from "./photographs";
import { choosePin, openByPin } from "./pin";

test("a photograph taken without a network outlives a reload and a killed browser, and arrives by itself", async ({ clinic, ipad }) => {
  await signIn(ipad.page, clinic);
  await keptForOffline(ipad.page);
  await choosePin(ipad.page, clinic);
  const address = cameraAddress(clinic, 1);
  await openCamera(ipad.page, clinic, 1);
  await ipad.stop();
  await clinic.stop();
  await ipad.start();
  await ipad.page.goto(address);
  await openByPin(ipad.page);
  await expect(ipad.page.locator(".finder.is-live")).toBeVisible();

  await shutter(ipad.page).click();
  await taken(ipad.page, "1 of 2 taken");
  await expect(ipad.page.locator("a.sync")).toContainText("Offline, 2 saved here");
  await ipad.page.reload();
  await taken(ipad.page, "1 of 2 taken");
  await expect(ipad.page.locator(".film.is-taken img")).toBeVisible();

  await ipad.kill();
  await ipad.start();
  await ipad.page.goto(address);
  await openByPin(ipad.page);
  await taken(ipad.page, "1 of 2 taken");
  await expect(ipad.page.locator(".film.is-taken img")).toBeVisible();

  await clinic.start();
  await allAtTheClinic(ipad.page);
  provenAtTheClinic(clinic, 1);
});

test("an upload whose browser is killed in the middle goes on where it was", async ({ clinic, camera, ipad, page: artist }) => {
  await camera.show(artist, { width: 2400 });
  await signIn(ipad.page, clinic);
  // A browser that is killed forgets what it was just told, cookies too.
  await ipad.stop();
  await ipad.start();
  const pieces = "**/photos/*/upload/*";
  const [through, held] = [[] as string[], [] as string[]];
  await ipad.context.route(pieces, async (route) => {
    const piece = route.request().url();
    // Everything after the first piece hangs, as in a room whose Wi-Fi is bad.
    if (through.length > 0) return void held.push(piece);
    through.push(piece);
    await route.continue();
  });
  await openCamera(ipad.page, clinic, 1);
  await shutter(ipad.page).click();
  await expect(() => expect(held).toHaveLength(1)).toPass();
  expect(clinic.ask("select count(*) from photo where arrived_at is not null")).toBe("0");

  await ipad.kill();
  await ipad.start();
  const sent: string[] = [];
  ipad.context.on("request", (request) => {
    if (request.url().includes("/upload/")) sent.push(request.url());
  });
  await ipad.page.goto(clinic.url);
  await expect(async () => provenAtTheClinic(clinic, 1)).toPass({ timeout: 30_000 });
  await allAtTheClinic(ipad.page);
  expect(sent).toContain(held[0]);
  expect(sent).not.toContain(through[0]);
});

test("two tabs that photograph at once lose nothing to each other", async ({ clinic, ipad }) => {
  const first = ipad.page;
  await signIn(first, clinic);
  const second = await ipad.context.newPage();
  for (const tab of [first, second]) await openCamera(tab, clinic, 1);
  await Promise.all([first, second].map((tab) => shutter(tab).click()));
  for (const tab of [first, second]) await taken(tab, "1 of 2 taken");
  await Promise.all([first, second].map((tab) => shutter(tab).click()));
  for (const tab of [first, second]) await taken(tab, "2 of 2 taken");
  await expect(async () => provenAtTheClinic(clinic, 4)).toPass({ timeout: 30_000 });
  for (const tab of [first, second]) await allAtTheClinic(tab);
});

/** Takes all the room the browser gives this origin, as other pictures and pages do. */
function fill(page: Page) {
  return page.evaluate(async () => {
    const store = await new Promise<IDBDatabase>((done) => {
      const opening = indexedDB.open("filler", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("blocks", { autoIncrement: true });
      opening.onsuccess = () => done(opening.result);
    });
    const take = (bytes: number) =>
      new Promise<boolean>((done) => {
        const taking = store.transaction("blocks", "readwrite");
        taking.objectStore("blocks").add(crypto.getRandomValues(new Uint8Array(bytes)));
        taking.oncomplete = () => done(true);
        taking.onabort = () => done(false);
      });
    let taken = 0;
    for (const bytes of [65_536, 8_192, 1_024]) while (await take(bytes)) taken += bytes;
    store.close();
    return taken;
  });
}

function makeRoom(page: Page) {
  return page.evaluate(
    () =>
      new Promise<void>((done) => {
        indexedDB.deleteDatabase("filler").onsuccess = () => done();
      }),
  );
}

test("a full store is said, and what was photographed is kept on the screen until there is room", async ({ clinic, ipad }) => {
  const { page } = ipad;
  const devtools = await ipad.context.newCDPSession(page);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: clinic.url, quotaSize: 30_000_000 });
  await signIn(page, clinic);
  await openCamera(page, clinic, 1);
  expect(await fill(page)).toBeGreaterThan(1_000_000);
  await shutter(page).click();
  const sheet = page.getByRole("dialog");
  const said = sheet.getByRole("alert").filter({ hasText: "This device has no room left" });
  await expect(said).toBeVisible();
  await accessible(page);
  await taken(page, "0 of 2 taken");
  const keep = sheet.getByRole("button", { name: "Keep it" });
  await keep.click();
  // Its words stand there while it tries: room that is made meanwhile would be taken at once.
  await expect(keep).not.toHaveAttribute("aria-disabled", "true");
  await expect(said).toBeVisible();

  await makeRoom(page);
  await keep.click();
  await taken(page, "1 of 2 taken");
  await expect(sheet).toBeHidden();
  await allAtTheClinic(page);
  provenAtTheClinic(clinic, 1);
});

test("pieces that are lost or damaged on the way are sent again, until the picture is there as it was taken", async ({ clinic, camera, ipad, page: artist }) => {
  await camera.show(artist, { width: 2400 });
  const { page } = ipad;
  await signIn(page, clinic);
  // The first try of every piece is lost; of the second, a byte is turned; the third goes through.
  const tries = new Map<string, number>();
  await ipad.context.route("**/photos/*/upload/*", async (route) => {
    const request = route.request();
    const n = (tries.get(request.url()) ?? 0) + 1;
    tries.set(request.url(), n);
    if (n === 1) return route.abort("connectionreset");
    const body = Buffer.from(request.postDataBuffer()!);
    if (n === 2) body[body.length >> 1] ^= 1;
    return route.continue({ postData: body });
  });
  await openCamera(page, clinic, 1);
  await shutter(page).click();
  await taken(page, "1 of 2 taken");
  await expect(async () => provenAtTheClinic(clinic, 1)).toPass({ timeout: 30_000 });
  await allAtTheClinic(page);
  expect(tries.size).toBeGreaterThan(1);
  expect([...tries.values()].every((n) => n >= 3)).toBe(true);
});

test("every device shows the thumbnail within moments of its arrival, and two tabs of one do not get in each other's way", async ({ clinic, ipad, fresh }) => {
  const { page } = ipad;
  await signIn(page, clinic);
  const second = await ipad.context.newPage();
  await second.goto(clinic.url);
  const other = await fresh(IPAD);
  await signIn(other, clinic, "lind");
  const { client, id } = session(clinic, 1);
  await other.goto(`${clinic.url}/clients/${client}/sessions/${id}`);
  await other.getByRole("group", { name: "Show" }).getByRole("button", { name: "Photos" }).click();
  await expect(other.getByText("No photographs of this series yet.")).toBeVisible();

  await openCamera(page, clinic, 1);
  await shutter(page).click();
  await taken(page, "1 of 2 taken");
  await expect(other.locator(".pair img.thumb")).toBeVisible();
  const shown = Date.now();
  const arrived = Number(clinic.ask("select extract(epoch from arrived_at) * 1000 from photo"));
  console.log(`      another device showed the thumbnail ${Math.round(shown - arrived)} ms after the picture had arrived`);
  await allAtTheClinic(second);
  provenAtTheClinic(clinic, 1);
});

test("the photographs of today's clients lie on every device before anybody asks for them", async ({ clinic, ipad, fresh }) => {
  const { page } = ipad;
  await signIn(page, clinic);
  await photographThenAndNow(page, clinic);

  const other = await fresh(IPAD);
  await signIn(other, clinic, "lind");
  await keptForOffline(other);
  const copies = () =>
    other.evaluate(
      () =>
        new Promise<number>((done) => {
          const opening = indexedDB.open("cadence-2");
          opening.onsuccess = () => {
            const counting = opening.result.transaction("pictures").objectStore("pictures").count();
            counting.onsuccess = () => {
              opening.result.close();
              done(counting.result);
            };
          };
        }),
    );
  await expect(async () => expect(await copies()).toBe(2)).toPass({ timeout: 10_000 });
  const fifth = session(clinic, 5);
  await clinic.stop();
  await compareFront(other, clinic, fifth);
  for (const alt of [/^Before: Session 1/, /^After: Session 5/]) {
    await expect(other.getByRole("img", { name: alt })).toHaveJSProperty("complete", true);
    await expect(other.getByRole("img", { name: alt })).not.toHaveJSProperty("naturalWidth", 0);
  }
  await clinic.start();
});
